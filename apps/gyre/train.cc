// gyre train: a policy from demonstrations and recordings, from nothing or on from another policy.
#include "gyre/train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/frame_set.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/label.h"
#include "gyre/policy/image_transform.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/demonstrate.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct TrainOptions {
  std::string out;
  std::string start;
  std::string vocabulary = "assets/vocabulary/nano.model";
  std::vector<std::string> data;
  std::vector<int64_t> without;
  std::vector<std::string> simulate;
  std::vector<std::string> practise;
  double practice_share = 0.4;
  std::vector<std::string> embodiments = {"so101/ee", "panda/ee"};
  bool resume = false;
  FolderOptions given;
  std::string json;
  train::TrainConfig config;
};

struct Order {
  std::vector<sim::TaskPtr> tasks;
  int episodes = 0;
};

// "trained:800": so many episodes of a suite, or of one family of the trained tasks.
Order parse_order(const std::string& option, const std::string& text) {
  const size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const std::string number = colon == std::string::npos ? "" : text.substr(colon + 1);
  Order batch;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), batch.episodes);
  if (error != std::errc() || end != number.data() + number.size() || batch.episodes <= 0) {
    throw Error(option + " " + text, "is not NAME:EPISODES", "write trained:800, for example");
  }
  for (const sim::TaskPtr& task : sim::suite("trained")) {
    if (task->family() == name) batch.tasks.push_back(task);
  }
  if (batch.tasks.empty()) batch.tasks = sim::suite(name);
  return batch;
}

// Demonstrations that succeeded; the n-th batch has the seeds from n million, of 100 million that
// are the run's own. False after Ctrl-C.
bool simulate(const TrainOptions& options, data::FrameSet& frames) {
  const int workers = options.config.workers > 0
                          ? options.config.workers
                          : static_cast<int>(std::thread::hardware_concurrency());
  uint64_t seed = (options.config.seed - 1) * 100'000'000;
  for (const std::string& text : options.simulate) {
    const Order batch = parse_order("--simulate", text);
    seed += 1'000'000;
    Progress progress("demonstrations " + text, batch.episodes, "episodes");
    int64_t made = 0, failed = 0;
    sim::demonstrate_all(batch.tasks, options.embodiments, batch.episodes, seed, workers,
                         {.image_size = frames.image_width()}, [&](data::EpisodeRows&& episode) {
                           if (episode.success.value_or(false)) {
                             frames.add(frames.add_embodiment(sim::find_embodiment(
                                            episode.embodiment, frames.image_width())),
                                        episode);
                           } else {
                             ++failed;
                           }
                           progress.update(++made, fmt::format("{} failed", failed));
                           return !stop_requested();
                         });
    if (stop_requested()) return false;
  }
  return true;
}

// All episodes of the datasets that are here and were not judged a failure. False after Ctrl-C.
// Policies of other projects see the whole picture, with bands beside it.
bool read_data(const TrainOptions& options, bool with_bands, data::FrameSet& frames) {
  const int width = frames.image_width(), height = frames.image_height();
  for (const std::string& folder : options.data) {
    require_folder("dataset", folder);
    const data::Dataset dataset(folder);
    const int embodiment = frames.add_embodiment(dataset.embodiment());
    const std::vector<int64_t> present = dataset.present();
    Progress progress("reading " + folder, std::ssize(present), "episodes");
    int64_t done = 0;
    for (const int64_t index : present) {
      if (stop_requested()) return false;
      progress.update(++done);
      const auto& without = options.without;
      if (std::find(without.begin(), without.end(), index) != without.end()) continue;
      data::ReadOptions wanted;
      if (!with_bands) wanted = {.image_width = width, .image_height = height};
      data::EpisodeRows episode = dataset.read(index, wanted);
      for (data::Row& step : episode.rows) {
        if (!with_bands) break;
        for (Image& image : step.images) image = resize_with_pad(image, width, height);
      }
      if (episode.success.value_or(true)) frames.add(embodiment, episode);
    }
  }
  return true;
}

// Attempts of the policy that the run starts from, corrected by the expert; `targets` says which
// steps are worth learning from. False after Ctrl-C.
bool practise(const TrainOptions& options, data::FrameSet& frames, std::vector<float>& targets) {
  if (options.practise.empty()) return true;
  const auto engine = infer::open_engine(options.start);
  uint64_t batch = 0;
  for (const std::string& text : options.practise) {
    const Order order = parse_order("--practise", text);
    const uint64_t seed =
        Rng::stream(options.config.seed, "practice/" + std::to_string(++batch)).bits();
    const auto attempts = flywheel::deal(order.tasks, options.embodiments, order.episodes, seed);
    const auto take = [&](data::EpisodeRows&& episode) {
      frames.add(
          frames.add_embodiment(sim::find_embodiment(episode.embodiment, frames.image_width())),
          episode);
      const auto labels = flywheel::label_episode(episode, flywheel::Recipe::kCorrections);
      targets.insert(targets.end(), labels.target.begin(), labels.target.end());
    };
    if (!flywheel::collect(*engine, attempts, {.workers = options.config.workers}, take)) {
      return false;
    }
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

void report(const TrainOptions& options, const train::TrainResult& result) {
  nlohmann::json json = {{"out", options.out},        {"steps", result.rows},
                         {"minutes", result.minutes}, {"samples_per_s", result.samples_per_s},
                         {"loss", result.loss},       {"stopped", result.stopped}};
  std::string text =
      fmt::format("{}: {} steps in {:.1f} min, {:.0f} samples/s, loss {:.4f}", options.out,
                  result.rows, result.minutes, result.samples_per_s, result.loss);
  if (result.held_out_error) {
    json["held_out_error"] = *result.held_out_error;
    text += fmt::format(", held-out chunk error {:.4f}", *result.held_out_error);
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
  if (start.processors && !(options.simulate.empty() && options.practise.empty())) {
    throw Error(options.start, "was not trained on the simulated arms", "give --data DIR");
  }
  const int side = start.config.vision.image_size;
  data::FrameSet frames(side, side), practice(side, side);
  std::vector<float> targets;
  if (!practise(options, practice, targets) ||
      !read_data(options, start.processors.has_value(), frames) || !simulate(options, frames)) {
    throw Error("train", "was interrupted before it began", "start it again");
  }
  if (options.start.empty()) start.config = fitting(start.config, frames);
  start.config.validate();
  std::vector<train::Source> sources = {{.frames = &frames, .weight = 1, .targets = {}}};
  if (!targets.empty()) {
    sources[0].weight = 1 - options.practice_share;
    sources.push_back({.frames = &practice, .weight = options.practice_share, .targets = targets});
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
      ->delimiter(',')
      ->type_name("DIR,...");
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
