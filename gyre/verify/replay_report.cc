#include "gyre/verify/replay_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace gyre::verify {
namespace {

using Verdict = ReplayedDecision::Verdict;

std::string largest_text(const Replay& replay, const ReplayedDecision& decision) {
  for (const Replay::Robot& robot : replay.robots) {
    if (robot.embodiment != decision.embodiment || decision.fields.empty()) continue;
    const auto most = std::ranges::max_element(
        decision.fields, {}, [](const FieldDifference& one) { return one.largest; });
    const auto i = static_cast<size_t>(most - decision.fields.begin());
    return fmt::format(", at most {:.3g} {} in {}", most->largest, robot.units[i], robot.names[i]);
  }
  return "";
}

std::string verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kEqual:
      return "equal";
    case Verdict::kDiffers:
      return "differs";
    case Verdict::kCompared:
      return "compared";
    case Verdict::kLost:
      return "lost";
  }
  return "";
}

}  // namespace

void to_json(nlohmann::json& json, const Replay& replay) {
  const auto differences = [](const Replay::Robot& robot,
                              const std::vector<FieldDifference>& fields) {
    nlohmann::json all = nlohmann::json::object();
    for (size_t i = 0; i < std::min(fields.size(), robot.names.size()); ++i) {
      all[robot.names[i]] = {{"rms", fields[i].rms()}, {"largest", fields[i].largest}};
    }
    return all;
  };
  json = {{"policy", replay.policy},         {"policy_hash", replay.policy_hash},
          {"equal", replay.equal},           {"differing", replay.differing},
          {"compared", replay.compared},     {"lost", replay.lost},
          {"all_equal", replay.all_equal()}, {"losses", replay.losses.size()}};
  json["lost_parts"] = nlohmann::json::array();
  for (const data::JournalLoss& loss : replay.losses) json["lost_parts"].push_back(loss.text());
  json["fields"] = nlohmann::json::object();
  for (const Replay::Robot& robot : replay.robots) {
    json["fields"][robot.embodiment] = differences(robot, robot.fields);
  }
  json["decisions"] = nlohmann::json::array();
  for (const ReplayedDecision& decision : replay.decisions) {
    nlohmann::json one = {{"episode", decision.episode},
                          {"step", decision.step},
                          {"request", decision.request_id},
                          {"time_s", decision.time_s},
                          {"embodiment", decision.embodiment},
                          {"why", decision.why},
                          {"verdict", verdict_name(decision.verdict)}};
    for (const Replay::Robot& robot : replay.robots) {
      if (robot.embodiment == decision.embodiment) {
        one["fields"] = differences(robot, decision.fields);
      }
    }
    json["decisions"].push_back(std::move(one));
  }
}

std::string replay_table(const Replay& replay) {
  constexpr size_t kMostLines = 10;
  std::string text =
      fmt::format("{} decisions asked again of {} ({})\n", replay.decisions.size(),
                  replay.policy.empty() ? "no policy" : replay.policy, replay.policy_hash);
  text += fmt::format("  {} equal, {} differ, {} compared only, {} lost\n", replay.equal,
                      replay.differing, replay.compared, replay.lost);
  std::string reason;
  size_t lines = 0;
  for (const ReplayedDecision& decision : replay.decisions) {
    // One reason may hold for all of them.
    if (decision.why.empty() ||
        (decision.verdict == Verdict::kCompared && decision.why == reason)) {
      continue;
    }
    reason = decision.why;
    if (++lines > kMostLines) continue;
    const std::string where =
        decision.episode < 0 ? fmt::format("request {}", decision.request_id)
                             : fmt::format("episode {}, step {}", decision.episode, decision.step);
    text += fmt::format("  {}: {}{}\n", where, decision.why, largest_text(replay, decision));
  }
  if (lines > kMostLines) {
    text += fmt::format("  ... and {} more (--json has all)\n", lines - kMostLines);
  }
  for (const data::JournalLoss& loss : replay.losses) text += "  " + loss.text() + '\n';
  if (replay.differing + replay.compared == 0) return text;
  for (const Replay::Robot& robot : replay.robots) {
    text += fmt::format("  {:<28} {:>12} {:>12} {:>18}\n", robot.embodiment, "rms", "largest",
                        "largest, of range");
    for (size_t i = 0; i < robot.fields.size(); ++i) {
      const FieldDifference& field = robot.fields[i];
      text += fmt::format("    {:<26} {:>12.4g} {:>12.4g} {:>16.2f} %\n",
                          robot.names[i] + " (" + robot.units[i] + ")", field.rms(), field.largest,
                          100 * field.largest / robot.ranges[i]);
    }
  }
  return text;
}

}  // namespace gyre::verify
