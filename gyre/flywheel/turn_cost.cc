#include "gyre/flywheel/turn_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "gyre/flywheel/stages/stage_names.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// A turn's order and its cost.
struct MeasuredTurn {
  double trained = 0, frontier = 0, collected = 0, replayed = 0;  // episodes
  double learn_s = 0, learn_steps = 0;
  std::map<std::string, double> seconds;  // by stage
  double collected_bytes = 0, other_bytes = 0;
  std::string basis;
};

// `gyre demo` on two cores (docs/turn.md): 7:57 with 6 minutes of learning. The rest is shared
// alike by its 1,136 attempts: 120 + 48 before and after, 80 helped ones, 720 demonstrations.
MeasuredTurn demo_turn() {
  constexpr double kLearn = 360, kAttempt = (477 - kLearn) / 1136;
  return {.trained = 120,
          .frontier = 48,
          .collected = 80,
          .replayed = 720,
          .learn_s = kLearn,
          .learn_steps = 2123,
          .seconds = {{stage::evaluate("before", "trained"), 120 * kAttempt},
                      {stage::evaluate("before", "frontier"), 48 * kAttempt},
                      {stage::kCollect, 80 * kAttempt},
                      {stage::kLearn, kLearn + 720 * kAttempt},
                      {stage::evaluate("after", "trained"), 120 * kAttempt},
                      {stage::evaluate("after", "frontier"), 48 * kAttempt}},
          .basis = "the demo on two cores; no turn was finished here yet"};
}

double bytes_of(const fs::path& folder) {
  double bytes = 0;
  std::error_code code;
  for (fs::recursive_directory_iterator at(folder, code), end; !code && at != end;
       at.increment(code)) {
    std::error_code unknown;
    if (at->is_regular_file(unknown)) bytes += static_cast<double>(at->file_size(unknown));
  }
  return bytes;
}

// None for a run that was not finished, learnt nothing, or took a recording.
std::optional<MeasuredTurn> measured_turn(const fs::path& run) {
  std::ifstream in(run / "state.json");
  const json state = json::parse(in, nullptr, false);
  if (!state.is_object() || !state.value("finished", false)) return std::nullopt;
  try {
    const json& config = state.at("order").at("config");
    MeasuredTurn turn{.trained = config.at("trained_episodes"),
                      .frontier = config.at("frontier_episodes"),
                      .collected = config.at("collect_episodes"),
                      .replayed = config.at("replay_episodes"),
                      .basis = "the turn " + run.filename().string() + " here"};
    for (const json& entry : state.at("seconds")) {
      std::string name = entry.at(0);
      // The turn's own recipe is the first that is learnt.
      if (name.starts_with(stage::kLearn)) name = stage::kLearn;
      turn.seconds.emplace(name, entry.at(1));
    }
    const std::string recipe = config.at("recipe");
    for (const auto& [name, result] : state.at("results").items()) {
      if (!name.starts_with(stage::kLearn) || !result.at("result").is_object()) continue;
      const json& learnt = result.at("result");
      std::string key = learnt.at("folder");
      if (!key.ends_with("/" + recipe)) continue;
      turn.learn_s = 60 * learnt.at("minutes").get<double>();
      turn.learn_steps = learnt.at("steps");
    }
    const bool whole = turn.learn_s > 0 && turn.learn_steps > 0 && turn.collected > 0 &&
                       turn.seconds.contains(stage::kCollect);
    if (!whole) return std::nullopt;
    turn.collected_bytes = bytes_of(run / "journal") + bytes_of(run / "data");
    turn.other_bytes = bytes_of(run) - turn.collected_bytes;
    return turn;
  } catch (const json::exception&) {
    return std::nullopt;  // of another version
  }
}

MeasuredTurn newest_measured_turn(const fs::path& runs) {
  std::error_code code;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(runs, code)) {
    if (entry.is_directory(code)) folders.push_back(entry.path());
  }
  std::ranges::sort(folders, std::greater());
  for (const fs::path& folder : folders) {
    if (auto turn = measured_turn(folder)) return *std::move(turn);
  }
  return demo_turn();
}

// The most attempts of the gate: of two policies, for six trained families.
double gate_attempts(const GateConfig& gate) {
  constexpr double kFamilies = 7;  // with the held-out tasks
  const double old = gate.quick ? gate.quick_pairs : kFamilies * gate.family_pairs;
  return 2 * (gate.frontier_pairs + old);
}

}  // namespace

double TurnCost::seconds() const {
  double sum = 0;
  for (const StageCost& stage : stages) sum += stage.seconds;
  return sum;
}

TurnCost expected_cost(const TurnConfig& config, const fs::path& runs) {
  const MeasuredTurn measured = newest_measured_turn(runs);
  const auto took = [&](const std::string& stage) {
    const auto found = measured.seconds.find(stage);
    return found == measured.seconds.end() ? 0 : found->second;
  };
  const bool records = config.record.empty();
  const double trained = config.trained_episodes / measured.trained;
  const double frontier = config.frontier_episodes / measured.frontier;
  const double collected = config.collect_episodes / measured.collected;
  const double learn = config.learn.steps > 0 ? static_cast<double>(config.learn.steps) *
                                                    measured.learn_s / measured.learn_steps
                                              : 60 * config.learn.minutes;
  const double replay = config.replay.empty() ? config.replay_episodes / measured.replayed : 0;
  const double making = std::max(0.0, took(stage::kLearn) - measured.learn_s) * replay;
  const double attempt =
      took(stage::evaluate("before", "trained")) / std::max(1.0, measured.trained);
  const std::string learning = stage::learn(find_recipe(standard_recipes(), config.recipe).name);
  const auto evaluation = [&](const char* who, const char* tasks, double share) {
    const std::string name = stage::evaluate(who, tasks);
    return StageCost{name, took(name) * share};
  };
  return {
      .stages = {{stage::kFirstLook, took(stage::kFirstLook)},
                 evaluation("before", "trained", trained),
                 evaluation("before", "frontier", frontier),
                 {stage::kCollect, records ? took(stage::kCollect) * collected : 0},
                 {stage::kStore, took(stage::kStore) * collected},
                 {learning, learn + making},
                 evaluation("after", "trained", trained),
                 evaluation("after", "frontier", frontier),
                 {stage::kGate, attempt * gate_attempts(config.gate)},
                 {stage::kFilm, took(stage::kFilm)},
                 {stage::kPromote, took(stage::kPromote)}},
      .bytes = static_cast<int64_t>(measured.collected_bytes * collected + measured.other_bytes),
      .basis = measured.basis};
}

}  // namespace gyre::flywheel
