// gyre train: a policy from demonstrations and recordings, from nothing or on from another policy.
#include "gyre/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "dataset_flags.h"
#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_frames.h"
#include "gyre/data/non_finite.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/flywheel/label.h"
#include "gyre/infer/engine.h"
#include "gyre/policy/image_transform.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct TrainOptions {
  std::string out;
  std::string start;
  std::string vocabulary = "assets/vocabulary/nano.model";
  std::vector<std::string> data;
  DatasetFlags dataset;
  std::vector<int64_t> without;
  bool drop_non_finite = false;
  int64_t memory_mib = 2048;
  std::vector<std::string> simulate;
  std::vector<std::string> practise;
  double practice_share = 0.4;
  std::vector<std::string> embodiments = {"so101/ee", "panda/ee"};
  bool resume = false;
  bool new_normaliser = false;
  FolderOptions given;
  std::string json;
  train::TrainConfig config;
};

// Frames of one source, and the datasets that they are from.
struct LearningData {
  explicit LearningData(int side, data::LoadOptions options = {})
      : frames(side, side, std::move(options)) {}
  data::DatasetFrames frames;
  std::vector<train::DataOrigin> origins;
  std::vector<float> targets;  // as of train::Source
};

struct Order {
  std::string name;  // a suite, or one family of the trained tasks
  int64_t episodes = 0;
};

// "trained:800".
Order parse_order(const std::string& option, const std::string& text) {
  const size_t colon = text.find(':');
  const std::string number = colon == std::string::npos ? "" : text.substr(colon + 1);
  Order order{.name = text.substr(0, colon)};
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), order.episodes);
  if (error != std::errc() || end != number.data() + number.size() || order.episodes <= 0) {
    throw Error(option + " " + text, "is not NAME:EPISODES", "write trained:800, for example");
  }
  return order;
}

std::vector<run::Attempt> deal(const run::Arena& arena, const TrainOptions& options,
                               const Order& order, uint64_t seed) {
  return flywheel::deal_family(arena, order.name, "trained", options.embodiments, order.episodes,
                               seed);
}

// Adds episodes of the simulated robots, whose contracts it looks up once.
class EpisodeAdder {
 public:
  EpisodeAdder(const run::Arena& arena, const TrainOptions& options, data::FrameSet& frames)
      : frames_(frames) {
    for (const std::string& robot : options.embodiments) {
      contracts_.push_back(arena.contract(robot, frames.image_width()));
    }
  }
  void add(const data::EpisodeRows& episode) {
    const auto contract = std::ranges::find(contracts_, episode.embodiment, &Embodiment::name);
    frames_.add(frames_.add_embodiment(*contract), episode);
  }

 private:
  data::FrameSet& frames_;
  std::vector<Embodiment> contracts_;
};

// Demonstrations that succeeded; the n-th batch has the seeds from n million, of 100 million that
// are the run's own. False after Ctrl-C.
bool simulate(const TrainOptions& options, const run::Arena& arena, LearningData& data) {
  if (options.simulate.empty()) return true;
  uint64_t seed = (options.config.seed - 1) * 100'000'000;
  EpisodeAdder adder(arena, options, data.frames);
  for (const std::string& text : options.simulate) {
    seed += 1'000'000;
    train::DataOrigin origin{.name = "demonstrations " + text};
    Sha256 hash;
    const auto attempts = flywheel::counted_from(
        seed, deal(arena, options, parse_order("--simulate", text), options.config.seed));
    const bool complete = flywheel::make_episodes(
        arena, nullptr, attempts, flywheel::demonstration(data.frames.image_width()),
        options.config.workers, origin.name, [&](int64_t, data::EpisodeRows&& episode) {
          if (!episode.success.value_or(false)) return true;
          adder.add(episode);
          hash.update(episode.hash());
          ++origin.episodes;
          origin.frames += std::ssize(episode.rows);
          return true;
        });
    if (!complete) return false;
    origin.hash = hash.hex();
    data.origins.push_back(std::move(origin));
  }
  return true;
}

// "A,B" is two folders, unless it is the name of one.
std::vector<std::string> folders_of(const std::vector<std::string>& texts) {
  std::vector<std::string> folders;
  for (const std::string& text : texts) {
    std::istringstream parts(text);
    if (std::filesystem::exists(text)) {
      folders.push_back(text);
    } else {
      for (std::string part; std::getline(parts, part, ',');) folders.push_back(part);
    }
  }
  return folders;
}

// A number that no dataset has is a slip, not a wish.
void require_known(const TrainOptions& options, const std::vector<std::string>& folders) {
  if (options.without.empty()) return;
  std::set<int64_t> known;
  for (const std::string& folder : folders) {
    const data::Dataset dataset(folder, {.keys = options.dataset.open_options().keys});
    for (const data::DatasetEpisode& episode : dataset.episodes()) known.insert(episode.index);
  }
  for (const int64_t index : options.without) {
    if (known.contains(index)) continue;
    throw Error(fmt::format("--without {}", index), "no dataset has this episode",
                "`gyre data info DIR` lists those that are there");
  }
}

// Adds an episode, without its rows that hold a value that is not finite where the options say so.
// Returns how many those are.
int64_t add_episode(const TrainOptions& options, const data::Dataset& dataset, int64_t index,
                    int embodiment, data::EpisodeOnDisk episode, data::DatasetFrames& frames) {
  const std::vector<data::Row>& rows = episode.rows.rows;
  if (!options.drop_non_finite) {
    data::require_finite(episode.rows, dataset.embodiment(), dataset.folder().string(), index,
                         fmt::format("leave such frames out with --drop-non-finite, or the episode "
                                     "with --without {}",
                                     index));
  }
  const auto holes = std::ranges::count_if(
      rows, [](const data::Row& row) { return data::non_finite_in(row).has_value(); });
  if (holes < std::ssize(rows)) {
    frames.add_on_disk(embodiment, dataset, index, std::move(episode), data::NonFiniteRows::kDrop);
  }
  return holes;
}

// Before hours of reading: cameras, joints and normaliser of a policy from elsewhere fit the
// recording. Throws Error; prints what was guessed.
void require_fits(const Checkpoint& start, const Embodiment& contract) {
  Checkpoint policy = start;
  policy.warnings.clear();
  if (policy.processors->has_normaliser()) {
    policy.adopt(contract);
  } else {
    policy.warnings =
        match_cameras(policy.processors->cameras, contract, "policy " + policy.folder.string())
            .notes;
  }
  print_warnings(policy.warnings);
}

// The normaliser of a policy that is trained on stays, unless the user wants another: one that is
// half there is no normaliser that the data may replace unasked.
void settle_normaliser(const TrainOptions& options, Checkpoint& start) {
  if (options.new_normaliser && !options.given.stats.empty()) {
    throw Error("--new-normaliser", "takes the statistics of the data", "leave out --stats");
  }
  if (options.new_normaliser) {
    start.embodiments.clear();
    if (start.processors) start.processors->state = start.processors->action = std::nullopt;
    return;
  }
  if (!start.processors || start.processors->has_normaliser()) return;
  if (!start.processors->state && !start.processors->action) return;
  throw Error(
      options.start,
      fmt::format("holds a normaliser of the {} alone",
                  start.processors->state ? "state" : "actions"),
      "--new-normaliser takes the data's statistics for both, --stats FILE those of a file");
}

// Policies of other projects see the whole picture, with bands beside it.
data::LoadOptions load_options(const TrainOptions& options, const Checkpoint& start) {
  data::LoadOptions load{.memory_bytes = static_cast<size_t>(options.memory_mib) << 20};
  if (!start.processors) return load;
  load.fit = [](const Image& image, int width, int height) {
    return resize_with_pad(image, width, height);
  };
  return load;
}

// All episodes of the datasets that are here and were not judged a failure; their pictures stay in
// their files. False after Ctrl-C.
bool read_data(const TrainOptions& options, const Checkpoint& start, LearningData& data) {
  const std::vector<std::string> folders = folders_of(options.data);
  for (const std::string& folder : folders) require_folder("dataset", folder);
  require_known(options, folders);
  data::OpenOptions open = options.dataset.open_options();
  open.cameras = recorded_cameras(options.given);
  for (const std::string& folder : folders) {
    const data::Dataset dataset(folder, open);
    print_warnings(dataset.picture_warnings());
    if (start.processors) require_fits(start, dataset.embodiment());
    const int embodiment = data.frames.add_embodiment(dataset.embodiment());
    train::DataOrigin origin{.name = folder, .hash = dataset.hash()};
    const std::vector<int64_t> present = dataset.present();
    Progress progress("reading " + folder, std::ssize(present), "episodes");
    int64_t done = 0, dropped = 0;
    for (const int64_t index : present) {
      if (stop_requested()) return false;
      progress.update(++done);
      const auto& without = options.without;
      if (std::find(without.begin(), without.end(), index) != without.end()) continue;
      data::EpisodeOnDisk episode = dataset.read_on_disk(index);
      if (!episode.rows.success.value_or(true)) continue;
      const auto rows = std::ssize(episode.rows.rows);
      const int64_t holes =
          add_episode(options, dataset, index, embodiment, std::move(episode), data.frames);
      dropped += holes;
      ++origin.episodes;
      origin.frames += rows - holes;
    }
    if (dropped > 0) {
      fmt::print(stderr,
                 "warning: {}: {} frames are left out, whose state or action is not finite\n",
                 folder, dropped);
    }
    if (const std::string hash = dataset.hash(); hash != origin.hash) {
      throw Error(folder,
                  fmt::format("was changed while it was read, from {} to {}", origin.hash, hash),
                  "start again");
    }
    data.origins.push_back(std::move(origin));
  }
  data.frames.check_videos(stop_requested);
  return !stop_requested();
}

// Attempts of the policy that the run starts from, corrected by the expert, with targets. False
// after Ctrl-C.
bool practise(const TrainOptions& options, const run::Arena& arena, LearningData& data) {
  if (options.practise.empty()) return true;
  const auto engine = infer::open_engine(options.start);
  const auto labeler = flywheel::corrections_labeler();
  EpisodeAdder adder(arena, options, data.frames);
  uint64_t batch = 0;
  for (const std::string& text : options.practise) {
    const uint64_t seed =
        Rng::stream(options.config.seed, "practice/" + std::to_string(++batch)).bits();
    const bool complete = flywheel::make_episodes(
        arena, engine.get(), deal(arena, options, parse_order("--practise", text), seed),
        flywheel::helped_attempt({}, {}), options.config.workers, "practice " + text,
        [&](int64_t, data::EpisodeRows&& episode) {
          adder.add(episode);
          const auto labels = labeler->label(episode);
          data.targets.insert(data.targets.end(), labels.target.begin(), labels.target.end());
          return true;
        });
    if (!complete) return false;
  }
  return true;
}

// nano with room for these contracts.
ModelConfig fitting(ModelConfig model, const data::FrameSet& frames) {
  model.cameras = frames.cameras();
  for (const Embodiment& contract : frames.embodiments()) {
    model.max_state_dim = std::max(model.max_state_dim, static_cast<int>(contract.state.size()));
    model.max_action_dim = std::max(model.max_action_dim, static_cast<int>(contract.action.size()));
  }
  return model;
}

Checkpoint starting_point(const TrainOptions& options) {
  if (!options.start.empty()) {
    require_folder("policy", options.start);
    return Checkpoint::open(options.start, options.given);
  }
  Checkpoint start;
  start.config = ModelConfig::nano();
  start.tokenizer = Tokenizer::open(options.vocabulary);
  start.config.vocab_size = start.tokenizer->vocab_size();
  start.config.horizon = options.given.horizon.value_or(start.config.horizon);
  return start;
}

// A policy of Gyre's own may go on with chunks of another length: no weight depends on it.
void settle_horizon(const TrainOptions& options, Checkpoint& start) {
  const int horizon = options.given.horizon.value_or(start.config.horizon);
  if (start.processors || horizon == start.config.horizon) return;
  start.config.horizon = horizon;
  for (const auto& [name, trained] : start.embodiments) {
    if (trained.relative_to.empty()) continue;
    throw Error(options.start, "normalises each action of a chunk by statistics of its own",
                "leave out --horizon, or add --new-normaliser");
  }
}

void report(const TrainOptions& options, const train::TrainResult& result) {
  nlohmann::json json = {{"out", options.out},        {"steps", result.steps},
                         {"minutes", result.minutes}, {"samples_per_s", result.samples_per_s},
                         {"loss", result.loss},       {"stopped", result.stopped}};
  std::string text =
      fmt::format("{}: {} steps in {:.1f} min, {:.0f} samples/s, loss {:.4f}", options.out,
                  result.steps, result.minutes, result.samples_per_s, result.loss);
  if (result.held_out_error) {
    json["held_out_error"] = *result.held_out_error;
    text += fmt::format(", held-out chunk error {:.4f}", *result.held_out_error);
  }
  for (const auto& [delay, error] : result.continued_errors) {
    json[fmt::format("held_out_error_delay_{}", delay)] = error;
    text += fmt::format(", {:.4f} with {} actions given", error, delay);
  }
  if (result.stopped) text += "; stopped early, --resume goes on";
  print_result(text + "\n", json, options.json);
}

void run(TrainOptions& options) {
  for (std::string& name : options.embodiments) name = full_embodiment_name(name);
  options.config.validate();
  if (options.simulate.empty() && options.data.empty()) {
    throw Error("train", "there is nothing to learn from", "give --data DIR or --simulate NAME:N");
  }
  for (const std::string& text : options.simulate) parse_order("--simulate", text);
  for (const std::string& text : options.practise) parse_order("--practise", text);
  if (!options.practise.empty() && options.start.empty()) {
    throw Error("--practise", "needs a policy that acts", "name one with --start DIR");
  }
  if (!options.resume && train::holds_run(options.out)) {
    throw Error(options.out, "holds a training run already", "add --resume or name another folder");
  }
  Checkpoint start = starting_point(options);
  settle_normaliser(options, start);
  settle_horizon(options, start);
  print_warnings(start.warnings);
  if (start.processors && !(options.simulate.empty() && options.practise.empty())) {
    throw Error(options.start, "was not trained on the simulated arms", "give --data DIR");
  }
  const int side = start.config.vision.image_size;
  const sim::KitchenArena arena;
  LearningData data(side, load_options(options, start)), practice(side);
  if (!practise(options, arena, practice) || !read_data(options, start, data) ||
      !simulate(options, arena, data)) {
    throw Interrupted("train", "was interrupted before it began", "start it again");
  }
  if (start.processors && data.frames.embodiments().size() > 1) {
    throw Error(options.start,
                fmt::format("holds the normaliser of one robot, the datasets are of {}",
                            data.frames.embodiments().size()),
                "train on recordings of one contract");
  }
  if (options.start.empty()) start.config = fitting(start.config, data.frames);
  start.config.validate();
  std::vector<train::Source> sources = {
      {.frames = &data.frames, .targets = data.frames.targets(), .origins = data.origins}};
  if (!practice.targets.empty()) {
    sources[0].weight = 1 - options.practice_share;
    sources.push_back({.frames = &practice.frames,
                       .weight = options.practice_share,
                       .targets = practice.targets});
  }
  report(options,
         train::train(options.config, std::move(start), sources, options.out,
                      options.resume ? train::IfExists::kResume : train::IfExists::kRefuse));
}

}  // namespace

void add_train(CLI::App& app) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* verb = app.add_subcommand("train", "train a policy, from nothing or on from another");
  verb->add_option("--out", options->out, "checkpoint folder to write")
      ->type_name("DIR")
      ->required();
  verb->add_option("--start", options->start, "policy to go on from; none: nano, from nothing")
      ->type_name("DIR");
  verb->add_option("--data", options->data, "LeRobot datasets to learn from, comma-separated")
      ->allow_extra_args(false)  // a path may begin with a bracket
      ->type_name("DIR,...");
  add_dataset_flags(*verb, options->dataset);
  verb->add_flag("--drop-non-finite", options->drop_non_finite,
                 "leave out frames whose state or action is not finite, as observations and as "
                 "actions to learn");
  verb->add_option("--memory-mib", options->memory_mib,
                   "most memory for the datasets: rows, decoded pictures, open videos")
      ->check(at_least(1))
      ->type_name("MIB");
  verb->add_option("--without", options->without, "episodes of the datasets to leave out")
      ->delimiter(',')
      ->type_name("INDEX,...");
  verb->add_option("--simulate", options->simulate,
                   "demonstrations to make: episodes of a suite or a family of tasks")
      ->delimiter(',')
      ->type_name("NAME:N,...");
  verb->add_option("--practise", options->practise,
                   "attempts of the --start policy with an expert who corrects it: episodes of a "
                   "suite or a family of tasks")
      ->delimiter(',')
      ->type_name("NAME:N,...");
  verb->add_option("--practice-share", options->practice_share, "of a batch (0..1)")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("NUMBER");
  verb->add_option("--embodiments", options->embodiments, "robots of the simulation")
      ->delimiter(',')
      ->type_name("NAME,...");
  verb->add_option("--vocabulary", options->vocabulary, "sentencepiece model, without --start")
      ->type_name("FILE");
  verb->add_flag("--new-normaliser", options->new_normaliser,
                 "normalise by the data's statistics instead of those of --start");
  verb->add_flag("--resume", options->resume, "go on with the run in --out, exactly");
  add_folder_flags(*verb, options->given);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->config);
  verb->callback([options, resolve] {
    resolve();
    run(*options);
  });
}

}  // namespace gyre::apps
