#include "gyre/flywheel/turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <thread>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/evaluate.h"
#include "gyre/flywheel/experience.h"
#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/run_state.h"
#include "gyre/flywheel/suites.h"
#include "gyre/flywheel/turn_data.h"
#include "gyre/flywheel/video_recorder.h"
#include "gyre/infer/engine.h"
#include "gyre/io/config.h"
#include "gyre/io/file.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/suite.h"
#include "gyre/train/trainer.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Ends a stage that Ctrl-C interrupted; what it has made so far is kept.
struct Interrupted {};

// The loss over steps, as the trainer wrote it down.
std::vector<Series> learning_curves(const fs::path& candidate) {
  Series flow{"actions (flow)", {}}, grounding{"grounding", {}}, held_out{"held-out error", {}};
  if (!fs::exists(candidate / "metrics.jsonl")) return {};
  std::istringstream lines(io::read_text(candidate / "metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const json row = json::parse(line, nullptr, false);
    if (!row.is_object() || !row.contains("step")) continue;
    const double step = row.at("step");
    if (row.contains("flow")) flow.points.emplace_back(step, row.at("flow"));
    if (row.contains("grounding")) grounding.points.emplace_back(step, row.at("grounding"));
    if (row.contains("held_out_error")) {
      held_out.points.emplace_back(step, row.at("held_out_error"));
    }
  }
  std::vector<Series> series;
  for (Series& one : {std::ref(flow), std::ref(grounding), std::ref(held_out)}) {
    if (one.points.size() > 1) series.push_back(std::move(one));
  }
  return series;
}

// The robots' contracts. Throws Error when the policy was not trained on one of them, or when there
// are no old data of it.
std::vector<Embodiment> known_contracts(const TurnConfig& config, const Checkpoint& policy) {
  std::vector<Embodiment> contracts;
  for (const std::string& name : config.embodiments) {
    contracts.push_back(sim::find_embodiment(name, policy.config.vision.image_size));
    policy.trained_on(contracts.back());
  }
  if (!config.replay.empty()) replay_folders(config.replay, contracts);
  return contracts;
}

// The run of the same order that was interrupted, or a new one.
RunState open_state(TurnConfig config, const Checkpoint& start) {
  const json order = {{"config", dump_json(config_entries(config))},
                      {"policy", start.weights_hash}};
  if (auto unfinished = RunState::find_unfinished(config.runs, order)) {
    std::cerr << "going on with " << unfinished->folder().string() << "\n";
    return std::move(*unfinished);
  }
  return RunState::create(config.runs, order);
}

class Turn {
 public:
  Turn(const TurnConfig& config, std::string command);
  Report run();
  std::string folder() const { return state_.folder().string(); }

 private:
  // Runs `work` once in the life of the run and remembers what it returned.
  template <class Work>
  json stage(const std::string& name, const Work& work);

  void first_look();
  Evaluation evaluate_suite(const std::string& who, const std::string& suite,
                            const fs::path& policy);
  Suites evaluate_policy(const std::string& who, const fs::path& policy);
  void collect_with_help();
  json store_and_label();
  fs::path learn(Recipe recipe, const json& collected);
  Suites evaluate_learnt(const std::string& who, const fs::path& candidate, const Suites& before);
  Decision judge_learnt(const fs::path& candidate, const Suites& before, const Suites& after) const;
  void enter_evaluation(const Evaluation& evaluation, const std::string& suite,
                        const std::string& policy);
  BaselineResult baseline(Recipe recipe, const Suites& before, const json& collected);
  void promote(const fs::path& candidate, const Report& report, const json& collected);
  std::vector<Clip> film(const Suites& before, const Suites& after, const fs::path& candidate);
  void fill_provenance(Report& report, const fs::path& candidate, const json& collected) const;

  TurnConfig config_;
  std::string command_;
  Checkpoint start_;
  std::vector<Embodiment> contracts_;
  RunState state_;
  Ledger ledger_;
  std::optional<TurnData> old_;  // made when first needed
};

Turn::Turn(const TurnConfig& config, std::string command)
    : config_(config),
      command_(std::move(command)),
      start_(Checkpoint::open(config.policy)),
      contracts_(known_contracts(config_, start_)),
      state_(open_state(config_, start_)),
      ledger_(fs::path(config.runs) / "ledger.db") {}

template <class Work>
json Turn::stage(const std::string& name, const Work& work) {
  if (state_.done(name)) return state_.result(name);
  if (stop_requested()) throw Interrupted();
  std::cerr << "-- " << name << "\n";
  const auto began = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  };
  try {
    json result = work();
    state_.finish(name, result, seconds());
    return result;
  } catch (const Interrupted&) {
    state_.spend(name, seconds());
    throw;
  }
}

// One filmed attempt before everything else, so that there is something to look at.
void Turn::first_look() {
  stage("first look", [&] {
    const auto engine = infer::open_engine(config_.policy);
    const Attempt attempt = deal(sim::suite("frontier"), config_.embodiments, 1, config_.seed)[0];
    const fs::path video = state_.folder() / "first_look.mp4";
    const RolloutResult result =
        rollout(engine.get(), attempt, {.loop = config_.loop, .observe = record_video(video)});
    std::cerr << fmt::format("first attempt, before learning: \"{}\" with {} {}; {}\n",
                             result.episode.instruction, attempt.embodiment,
                             *result.episode.success ? "succeeded" : "failed", video.string());
    return json(*result.episode.success);
  });
}

Evaluation Turn::evaluate_suite(const std::string& who, const std::string& suite,
                                const fs::path& policy) {
  const fs::path file = state_.folder() / "evaluations" / who / (suite + ".json");
  stage(fmt::format("evaluate {}: {}", who, suite), [&] {
    const auto engine = infer::open_engine(policy.string());
    const Evaluation evaluation = evaluate(
        *engine, sim::suite(suite),
        {.episodes = suite == "trained" ? config_.trained_episodes : config_.frontier_episodes,
         .seed = config_.seed,
         .embodiments = config_.embodiments,
         .workers = config_.workers,
         .loop = config_.loop});
    if (evaluation.interrupted) throw Interrupted();
    fs::create_directories(file.parent_path());
    io::write_atomically(file, json(evaluation).dump(1) + "\n");
    enter_evaluation(evaluation, suite, engine->checkpoint().weights_hash);
    return json(evaluation.hash());
  });
  return json::parse(io::read_text(file)).get<Evaluation>();
}

Suites Turn::evaluate_policy(const std::string& who, const fs::path& policy) {
  Suites suites;
  suites.trained = evaluate_suite(who, "trained", policy);
  suites.frontier = evaluate_suite(who, "frontier", policy);
  return suites;
}

void Turn::enter_evaluation(const Evaluation& evaluation, const std::string& suite,
                            const std::string& policy) {
  EvaluationEntry entry{.policy = policy,
                        .suite = suite,
                        .seed = config_.seed,
                        .hash = sha256_hex(policy + suite + evaluation.hash(), 16),
                        .rate = evaluation.rate(),
                        .scope = {}};
  std::map<std::pair<std::string, std::string>, Evaluation> cells;
  for (const EvaluatedEpisode& episode : evaluation.episodes) {
    cells[{episode.embodiment, episode.family}].episodes.push_back(episode);
  }
  for (const auto& [cell, part] : cells) {
    entry.scope.push_back({cell.first, cell.second, part.rate()});
  }
  ledger_.add_evaluation(entry);
}

// The policy acts on the frontier, the helper corrects; every episode is in a journal when it ends.
void Turn::collect_with_help() {
  stage("collect with help", [&] {
    const auto engine = infer::open_engine(config_.policy);
    Experience experience(state_.folder() / "journals", contracts_);
    std::vector<Attempt> attempts =
        deal(sim::suite("frontier"), config_.embodiments, config_.collect_episodes,
             Rng::stream(config_.seed, "collect").bits() >> 11);
    std::erase_if(attempts, [&](const Attempt& attempt) { return experience.has(attempt.seed); });
    const bool complete = collect(
        *engine, attempts, {.loop = config_.loop, .help = config_.help, .workers = config_.workers},
        [&](data::EpisodeRows&& episode) { experience.add(episode); });
    if (!complete) throw Interrupted();
    return json(experience.episodes());
  });
}

// Makes datasets of the journals and writes down which actions are worth learning from.
json Turn::store_and_label() {
  return stage("store and label", [&] {
    const Experience experience(state_.folder() / "journals", contracts_);
    std::vector<Recipe> recipes = {Recipe::kCorrections};
    if (config_.baselines) {
      recipes = {Recipe::kCorrections, Recipe::kFilteredCloning, Recipe::kCloningEverything};
    }
    json collected = json::array();
    for (const Embodiment& contract : contracts_) {
      if (stop_requested()) throw Interrupted();
      const StoredData stored =
          store(experience, contract, recipes, state_.folder() / "data" / file_name(contract.name));
      ledger_.add_dataset({.hash = stored.hash,
                           .folder = stored.folder.string(),
                           .embodiment = contract.name,
                           .episodes = stored.episodes});
      int64_t steps = 0, helped = 0;
      for (const EpisodeEntry& episode : stored.episodes) {
        steps += episode.rows;
        helped += episode.helped_steps;
      }
      collected.push_back({{"embodiment", contract.name},
                           {"folder", stored.folder.string()},
                           {"hash", stored.hash},
                           {"episodes", stored.episodes.size()},
                           {"steps", steps},
                           {"helped_steps", helped}});
    }
    return collected;
  });
}

// Learns from the first policy on old and new data; returns the candidate's folder, that of the
// first policy when nothing that was collected is worth learning from.
fs::path Turn::learn(Recipe recipe, const json& collected) {
  const fs::path candidate = state_.folder() / "candidates" / recipe_key(recipe);
  const json learnt = stage("learn by " + recipe_name(recipe), [&] {
    std::vector<fs::path> folders;
    for (const json& data : collected) folders.push_back(data.at("folder").get<std::string>());
    const TurnData fresh = read_stored(folders, contracts_, recipe);
    if (!old_) {
      old_ = config_.replay.empty()
                 ? demonstrate_again(contracts_, config_.replay_episodes, config_.workers)
                 : read_replay(replay_folders(config_.replay, contracts_), contracts_);
    }
    if (!fresh.frames || !old_->frames) throw Interrupted();
    if (std::count(fresh.targets.begin(), fresh.targets.end(), 1.F) == 0) return json();
    const train::TrainResult result = train::train(
        config_.learn, start_,
        {{.frames = old_->frames.get(), .weight = config_.old_share, .targets = old_->targets},
         {.frames = fresh.frames.get(), .weight = 1 - config_.old_share, .targets = fresh.targets}},
        candidate, train::IfExists::kResume);
    if (result.stopped) throw Interrupted();
    const Checkpoint learnt = Checkpoint::open(candidate);
    ledger_.add_policy({.hash = learnt.weights_hash,
                        .folder = candidate.string(),
                        .parent = start_.weights_hash,
                        .recipe = learnt.about.dump()});
    return json{{"steps", result.rows}, {"minutes", result.minutes}, {"loss", result.loss}};
  });
  return learnt.is_null() ? fs::path(config_.policy) : candidate;
}

Suites Turn::evaluate_learnt(const std::string& who, const fs::path& candidate,
                             const Suites& before) {
  return candidate == config_.policy ? before : evaluate_policy(who, candidate);
}

Decision Turn::judge_learnt(const fs::path& candidate, const Suites& before,
                            const Suites& after) const {
  if (candidate != config_.policy) return judge(before, after, config_.gate);
  return {false,
          "kept: nothing that was collected is worth learning from; collect more episodes "
          "(--collect-episodes)"};
}

BaselineResult Turn::baseline(Recipe recipe, const Suites& before, const json& collected) {
  const fs::path candidate = learn(recipe, collected);
  const Suites after = evaluate_learnt(recipe_name(recipe), candidate, before);
  return {.name = recipe_name(recipe),
          .policy_hash = Checkpoint::open(candidate).weights_hash,
          .trained = compare(before.trained, after.trained),
          .frontier = compare(before.frontier, after.frontier),
          .decision = judge_learnt(candidate, before, after)};
}

// For each robot the first frontier attempt that was won by learning (else the first at all),
// filmed with the policy before and after.
std::vector<Clip> Turn::film(const Suites& before, const Suites& after, const fs::path& candidate) {
  const json filmed = stage("film", [&] {
    const std::vector<Attempt> attempts =
        deal(sim::suite("frontier"), config_.embodiments, config_.frontier_episodes, config_.seed);
    json clips = json::array();
    fs::create_directories(state_.folder() / "clips");
    for (const Embodiment& contract : contracts_) {
      std::optional<size_t> chosen;
      for (size_t i = 0; i < attempts.size(); ++i) {
        if (attempts[i].embodiment != contract.name) continue;
        const bool won = !before.frontier.episodes[i].success && after.frontier.episodes[i].success;
        if (!chosen) chosen = i;
        if (won) {
          chosen = i;
          break;
        }
      }
      if (!chosen) continue;
      for (const bool learnt : {false, true}) {
        if (stop_requested()) throw Interrupted();
        const auto engine = infer::open_engine(learnt ? candidate.string() : config_.policy);
        const fs::path file =
            state_.folder() / "clips" /
            fmt::format("{}_{}.mp4", file_name(contract.name), learnt ? "after" : "before");
        const RolloutResult result = rollout(engine.get(), attempts[*chosen],
                                             {.loop = config_.loop, .observe = record_video(file)});
        const data::EpisodeRows& episode = result.episode;
        clips.push_back(
            {{"title", fmt::format("{}: {}", learnt ? "After" : "Before", episode.instruction)},
             {"caption", fmt::format("{} after {:.1f} s; {}, seed {}",
                                     *episode.success ? "succeeded" : "failed",
                                     std::ssize(episode.rows) * contract.action_period_s, contract.name,
                                     episode.seed)},
             {"file", file.string()}});
      }
    }
    return clips;
  });
  std::vector<Clip> clips;
  for (const json& clip : filmed) {
    clips.push_back({clip.at("title"), clip.at("caption"), clip.at("file").get<std::string>()});
  }
  return clips;
}

// Copies the candidate, without what only learning needs, and writes into it why it was promoted.
void Turn::promote(const fs::path& candidate, const Report& report, const json& collected) {
  const fs::path policy = state_.folder() / "policy";
  const fs::path partial = state_.folder() / "policy.partial";
  fs::remove_all(partial);
  fs::remove_all(policy);
  fs::create_directories(partial);
  fs::copy_file(candidate / "model.safetensors", partial / "model.safetensors");
  Checkpoint promoted = Checkpoint::open(candidate);
  json evidence = report_json(report);
  promoted.about["parent"] = start_.weights_hash;
  promoted.about["turn"] = {{"run", report.run},
                            {"data", collected},
                            {"reason", report.decision.reason},
                            {"evaluation",
                             {{"trained", evidence.at("trained").at("after")},
                              {"frontier", evidence.at("frontier").at("after")}}}};
  promoted.write(partial);
  fs::rename(partial, policy);
}

void Turn::fill_provenance(Report& report, const fs::path& candidate, const json& collected) const {
  report.hashes.push_back({"policy before", config_.policy, start_.weights_hash, ""});
  report.hashes.push_back(
      {"policy after", (report.decision.promoted ? state_.folder() / "policy" : candidate).string(),
       Checkpoint::open(candidate).weights_hash,
       fmt::format("learnt in {:.1f} minutes", config_.learn.minutes)});
  for (const json& data : collected) {
    const int64_t steps = data.at("steps"), helped = data.at("helped_steps");
    report.hashes.push_back(
        {fmt::format("collected, {}", data.at("embodiment").get<std::string>()), data.at("folder"),
         data.at("hash"),
         fmt::format("{} episodes, {} steps", data.at("episodes").get<int64_t>(), steps)});
    report.episodes_collected += data.at("episodes").get<int64_t>();
    report.steps_by_helper += helped;
    report.steps_by_policy += steps - helped;
  }
  report.learning = learning_curves(candidate);
  for (const auto& [name, seconds] : state_.seconds()) report.stages.push_back({name, seconds});
}

Report Turn::run() {
  ledger_.add_order(state_.name(), command_);
  ledger_.add_policy({.hash = start_.weights_hash,
                      .folder = config_.policy,
                      .parent = "",
                      .recipe = start_.about.dump()});
  first_look();
  const Suites before = evaluate_policy("before", config_.policy);
  collect_with_help();
  const json collected = store_and_label();
  const fs::path candidate = learn(Recipe::kCorrections, collected);
  const Suites after = evaluate_learnt("after", candidate, before);

  Report report{.run = state_.name(),
                .command = command_,
                .machine = fmt::format("{} cores", std::thread::hardware_concurrency()),
                .trained = compare(before.trained, after.trained),
                .frontier = compare(before.frontier, after.frontier),
                .trained_families = compare_families(before.trained, after.trained),
                .frontier_families = compare_robots(before.frontier, after.frontier),
                .decision = judge_learnt(candidate, before, after)};
  if (config_.baselines) {
    report.baselines = {baseline(Recipe::kFilteredCloning, before, collected),
                        baseline(Recipe::kCloningEverything, before, collected)};
  }
  report.clips = film(before, after, candidate);
  fill_provenance(report, candidate, collected);
  if (report.decision.promoted) promote(candidate, report, collected);
  const json evidence = report_json(report);
  ledger_.add_promotion(
      {.run = state_.name(),
       .before = start_.weights_hash,
       .after = Checkpoint::open(candidate).weights_hash,
       .promoted = report.decision.promoted,
       .reason = report.decision.reason,
       .evidence = json{{"trained", evidence.at("trained")}, {"frontier", evidence.at("frontier")}}
                       .dump()});
  write_report(report, state_.folder());
  state_.finish_run();
  return report;
}

}  // namespace

Report run_turn(const TurnConfig& config, const std::string& command) {
  config.validate();
  Turn turn(config, command);
  try {
    return turn.run();
  } catch (const Interrupted&) {
    throw Error(turn.folder(), "interrupted; what is done so far is kept",
                "give the same command again to go on");
  }
}

}  // namespace gyre::flywheel
