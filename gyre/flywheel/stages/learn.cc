#include "gyre/flywheel/stages/learn.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/data/dataset.h"
#include "gyre/flywheel/made.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json json_of(const Candidate& candidate) {
  return {{"folder", candidate.folder},
          {"policy", candidate.policy_hash},
          {"steps", candidate.steps},
          {"minutes", candidate.minutes},
          {"diverged", candidate.diverged}};
}

std::optional<Candidate> candidate_of(const json& result) {
  if (result.is_null()) return std::nullopt;
  return Candidate{.folder = result.at("folder"),
                   .policy_hash = result.at("policy"),
                   .steps = result.at("steps"),
                   .minutes = result.at("minutes"),
                   .diverged = result.at("diverged")};
}

// What identifies the old data: the datasets' hashes, or how they are demonstrated again.
json old_data_inputs(const TurnContext& turn) {
  const TurnConfig& config = turn.config;
  if (config.replay.empty()) {
    return {{"attempts", hash_of(demonstrated(turn.arena, config.trained_suite, config.embodiments,
                                              config.replay_episodes))}};
  }
  json hashes = json::array();
  for (const fs::path& folder : replay_folders(config.replay, turn.contracts)) {
    hashes.push_back(data::Dataset(folder).hash());
  }
  return hashes;
}

const TurnData& old_data(TurnContext& turn) {
  const TurnConfig& config = turn.config;
  if (!turn.old_data) {
    TurnData data =
        config.replay.empty()
            ? demonstrate_again(turn.arena, config.trained_suite, config.embodiments,
                                turn.contracts, config.replay_episodes, config.workers)
            : read_datasets(replay_folders(config.replay, turn.contracts), turn.contracts, "");
    if (!data.frames) turn.stages.interrupt();
    turn.old_data = std::move(data);
  }
  return *turn.old_data;
}

json learn_into(TurnContext& turn, const Recipe& recipe, const std::vector<StoredData>& collected,
                const std::string& folder) {
  turn.policies.drop_engines();
  std::vector<fs::path> datasets;
  for (const StoredData& data : collected) datasets.push_back(turn.folder() / data.folder);
  const TurnData& old = old_data(turn);
  std::vector<Pace> paces;
  for (size_t contract = 0; contract < turn.contracts.size(); ++contract) {
    paces.push_back(pace_of(*old.frames, static_cast<int>(contract)));
  }
  const TurnData fresh =
      read_datasets(datasets, turn.contracts, std::string(recipe.labeler->name()), paces);
  if (!fresh.frames) turn.stages.interrupt();
  if (std::ranges::none_of(fresh.targets, [](float target) { return target > 0; })) return {};
  const Learnt learnt =
      recipe.learner->learn({.config = turn.config.learn,
                             .start = turn.start(),
                             .sources = {source_of(old, turn.config.old_share),
                                         source_of(fresh, 1 - turn.config.old_share)},
                             .out = turn.folder() / folder});
  if (learnt.stopped) turn.stages.interrupt();
  if (learnt.diverged) {
    turn.note(recipe.name + ": learning diverged; the candidate has its last good weights");
  }
  const Checkpoint& policy = turn.policies.checkpoint(turn.folder() / folder);
  turn.ledger.add_policy({.hash = policy.policy_hash,
                          .folder = (turn.folder() / folder).string(),
                          .parent = turn.start().policy_hash,
                          .recipe = policy.about.dump()});
  return json_of({.folder = folder,
                  .policy_hash = policy.policy_hash,
                  .steps = learnt.steps,
                  .minutes = learnt.minutes,
                  .diverged = learnt.diverged});
}

}  // namespace

std::optional<Candidate> learn(TurnContext& turn, const Recipe& recipe,
                               const std::vector<StoredData>& collected) {
  const std::string folder = "candidates/" + recipe.key();
  const std::string labeler(recipe.labeler->name());
  json inputs = {{"policy", turn.start().policy_hash},
                 {"old", old_data_inputs(turn)},
                 {"collected", json::array()},
                 {"recipe", {labeler, recipe.learner->name()}},
                 {"old_share", turn.config.old_share},
                 {"learn", config_json(turn.config.learn)},
                 {"pace", kPaceVersion}};
  for (const StoredData& data : collected) {
    inputs["collected"].push_back(
        {data.hash, data.labels.at(labeler), data.labels.at(kKnownSubtasks)});
  }
  return candidate_of(turn.stages.run<json>(
      {.name = stage::learn(recipe.name), .inputs = inputs, .outputs = {folder}},
      [&] { return learn_into(turn, recipe, collected, folder); },
      [&](const json& result) {
        return result.is_null() || turn.holds_policy(folder, result.at("policy"));
      }));
}

std::vector<Series> learning_curves(const fs::path& folder) {
  Series flow{"actions (flow)", {}}, grounding{"grounding", {}}, held_out{"held-out error", {}};
  if (!fs::exists(folder / "metrics.jsonl")) return {};
  std::istringstream lines(io::read_text(folder / "metrics.jsonl"));
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
  for (Series* one : {&flow, &grounding, &held_out}) {
    if (one->points.size() > 1) series.push_back(std::move(*one));
  }
  return series;
}

}  // namespace gyre::flywheel
