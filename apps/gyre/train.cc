// gyre train: a policy from demonstrations and recordings, from nothing or on from another policy.
#include "gyre/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/frame_set.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/flywheel/from_nothing.h"
#include "gyre/flywheel/label.h"
#include "gyre/flywheel/simulated.h"
#include "gyre/infer/engine.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "train_data.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct TrainOptions {
  std::string out;
  std::string start;
  std::string vocabulary = "assets/vocabulary/nano.model";
  DataFlags data;
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
  flywheel::Simulated wanted{.robots = options.embodiments,
                             .seed = options.config.seed,
                             .image_size = data.frames.image_width()};
  EpisodeAdder adder(arena, options, data.frames);
  uint64_t batch = 0;
  for (const std::string& text : options.simulate) {
    const Order order = parse_order("--simulate", text);
    wanted.name = order.name;
    wanted.episodes = order.episodes;
    wanted.first_seed = flywheel::first_simulated_seed(options.config.seed, ++batch);
    train::DataOrigin origin{.name = "demonstrations " + text, .made = {{"simulated", wanted}}};
    const auto hash = flywheel::make_simulated(arena, wanted, options.config.workers, origin.name,
                                               [&](const data::EpisodeRows& episode) {
                                                 adder.add(episode);
                                                 ++origin.episodes;
                                                 origin.frames += std::ssize(episode.rows);
                                               });
    if (!hash) return false;
    origin.hash = *hash;
    data.origins.push_back(std::move(origin));
  }
  return true;
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
          const auto known = flywheel::known_subtasks(episode);
          data.text.insert(data.text.end(), known.begin(), known.end());
          return true;
        });
    if (!complete) return false;
  }
  return true;
}

Checkpoint starting_point(const TrainOptions& options) {
  if (!options.start.empty()) {
    require_folder("policy", options.start);
    return Checkpoint::open(options.start, options.given);
  }
  Checkpoint start = flywheel::nano_from_nothing(options.vocabulary);
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
  if (result.held_out_thoughts) {
    json["held_out_thoughts"] = *result.held_out_thoughts;
    text += fmt::format(", {:.1f} % of held-out subtasks named", 100 * *result.held_out_thoughts);
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
  if (options.simulate.empty() && options.data.folders.empty()) {
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
  LearningData data(side, load_options(options.data, start)), practice(side);
  if (!practise(options, arena, practice) ||
      !read_data(options.data, recorded_cameras(options.given), start, data) ||
      !simulate(options, arena, data)) {
    throw Interrupted("train", "was interrupted before it began", "start it again");
  }
  if (start.processors && data.frames.embodiments().size() > 1) {
    throw Error(options.start,
                fmt::format("holds the normaliser of one robot, the datasets are of {}",
                            data.frames.embodiments().size()),
                "train on recordings of one contract");
  }
  if (options.start.empty()) start.config = flywheel::with_room_for(start.config, data.frames);
  start.config.validate();
  std::vector<train::Source> sources = {source_of(data)};
  if (!practice.targets.empty()) {
    sources[0].weight = 1 - options.practice_share;
    sources.push_back({.frames = &practice.frames,
                       .weight = options.practice_share,
                       .targets = practice.targets,
                       .text = practice.text});
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
  add_data_flags(*verb, options->data);
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
