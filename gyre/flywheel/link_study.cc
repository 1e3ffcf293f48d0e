#include "gyre/flywheel/link_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

constexpr double kMoreTime = 2;
constexpr double kStopAfterS = 0.5;  // "stop": without an action for so long

// Measures one attempt's commands.
class ChangeSink : public run::TapeSink {
 public:
  using Take = std::function<void(const CommandChanges&)>;
  ChangeSink(const Embodiment& contract, Take take) : contract_(contract), take_(std::move(take)) {}
  std::string_view name() const override { return "command changes"; }
  bool wants(RecordKind kind) const override {
    return kind == RecordKind::kEvent || kind == RecordKind::kStep;
  }
  void take(const Record& record) override {
    if (record.kind == RecordKind::kEvent) {
      if (std::holds_alternative<event::LinkRung>(record.event.body)) changed_ = true;
      return;
    }
    const Step& step = record.step;
    if (step.mode == Mode::kPolicy) {
      const double change = change_of(step);
      const bool joins = chunk_ >= 0 && step.chunk_id != chunk_;
      if (joins) (changed_ ? changes_.hand_overs : changes_.joins).push_back(change);
      if (joins) changed_ = false;
      chunk_ = step.chunk_id;
    } else {
      chunk_ = -1;
    }
    before_ = std::exchange(last_, step.sent);
  }
  void end() override { take_(changes_); }

 private:
  double change_of(const Step& step) const {
    double most = 0;
    for (size_t i = 0; i < contract_.action.size() && !last_.empty(); ++i) {
      const Field& field = contract_.action[i];
      const double range = (field.max - field.min) / 2;
      if (field.gripper || range <= 0) continue;
      double change = step.sent[i] - last_[i];
      if (field.kind == FieldKind::kPosition) {
        change -= before_.empty() ? 0 : last_[i] - before_[i];
      }
      most = std::max(most, std::abs(change) / range);
    }
    return most;
  }

  Embodiment contract_;
  Take take_;
  std::vector<float> last_, before_;
  int64_t chunk_ = -1;
  bool changed_ = false;
  CommandChanges changes_;
};

LinkRow study_row(const run::Arena& arena, const infer::Engine& engine,
                  const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                  int workers, const std::string& name) {
  LinkRow row{.name = name, .evaluation = {}, .changes = {}};
  std::mutex mutex;
  run::AttemptOptions options{.loop = loop, .bench = {.more_time = kMoreTime}};
  options.watch = [&](run::Bench& bench, int64_t) {
    run::Watchers watchers;
    watchers.sinks.push_back(std::make_unique<ChangeSink>(
        bench.robot().embodiment(), [&](const CommandChanges& changes) {
          const std::lock_guard lock(mutex);
          const auto append = [](std::vector<double>& to, const std::vector<double>& from) {
            to.insert(to.end(), from.begin(), from.end());
          };
          append(row.changes.joins, changes.joins);
          append(row.changes.hand_overs, changes.hand_overs);
        }));
    return watchers;
  };
  row.evaluation = evaluate(arena, engine, attempts, options, workers, name);
  std::ranges::sort(row.changes.joins);
  std::ranges::sort(row.changes.hand_overs);
  return row;
}

nlohmann::json quantiles(const std::vector<double>& sorted) {
  if (sorted.empty()) return nullptr;
  const auto at = [&](double part) {
    return sorted[static_cast<size_t>(part * static_cast<double>(sorted.size() - 1))];
  };
  return {{"median", at(0.5)}, {"p99", at(0.99)}, {"most", sorted.back()}};
}

}  // namespace

LinkStudy study_link(const run::Arena& arena, const infer::Engine& engine,
                     const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                     int workers) {
  if (!(loop.cut_s > 0)) {
    throw Error("--loop.cut-s", "is 0", "give the seconds for which the link is cut");
  }
  std::vector<std::pair<std::string, run::LoopConfig>> cases(4, {"", loop});
  cases[0].first = "no cut";
  cases[0].second.cut_s = 0;
  cases[1].first = "remote only";
  cases[2].first = "stop";
  cases[2].second.hold_limit_s = kStopAfterS;
  cases[3].first = "ladder";
  for (auto& [name, config] : cases) config.local = name == "ladder";
  LinkStudy study;
  for (const auto& [name, config] : cases) {
    LinkRow row = study_row(arena, engine, attempts, config, workers, name);
    study.interrupted = row.evaluation.interrupted;
    if (study.interrupted) break;
    study.rows.push_back(std::move(row));
  }
  return study;
}

void to_json(nlohmann::json& json, const LinkStudy& study) {
  nlohmann::json rows = nlohmann::json::array();
  for (const LinkRow& row : study.rows) {
    const Evaluation& evaluation = row.evaluation;
    rows.push_back({{"name", row.name},
                    {"success", evaluation.rate()},
                    {"minus_no_cut", paired_difference(study.rows.front().evaluation.outcomes(),
                                                       evaluation.outcomes())},
                    {"median_time_s", evaluation.median_time_s()},
                    {"held", evaluation.held()},
                    {"hand_overs", row.changes.hand_overs.size()},
                    {"change_at_joins", quantiles(row.changes.joins)},
                    {"change_at_hand_overs", quantiles(row.changes.hand_overs)}});
  }
  json = {{"rows", rows}, {"interrupted", study.interrupted}};
}

std::string link_table(const LinkStudy& study) {
  std::string table = fmt::format("  {:<12} {:<32} {:<26} {:>8} {:>7}  {}\n", "link is cut",
                                  "success, 95 % interval", "minus no cut, paired", "time", "held",
                                  "change of command at joins, at hand-overs (p99)");
  const nlohmann::json json = study;
  const auto p99 = [](const nlohmann::json& quantiles) {
    return quantiles.is_null() ? std::string("-")
                               : fmt::format("{:.3f}", quantiles["p99"].get<double>());
  };
  for (size_t i = 0; i < study.rows.size(); ++i) {
    const Evaluation& evaluation = study.rows[i].evaluation;
    const Rate rate = evaluation.rate();
    const Difference d =
        paired_difference(study.rows[0].evaluation.outcomes(), evaluation.outcomes());
    table += fmt::format(
        "  {:<12} {:>5.1f} % {:>5.1f} .. {:<14.1f} {:>+6.1f} {:>+6.1f} .. {:<+8.1f} {:>6.1f} s "
        "{:>5.1f} %  {}, {} ({})\n",
        study.rows[i].name, 100 * rate.rate, 100 * rate.low, 100 * rate.high, 100 * d.difference,
        100 * d.low, 100 * d.high, evaluation.median_time_s(), 100 * evaluation.held(),
        p99(json["rows"][i]["change_at_joins"]), p99(json["rows"][i]["change_at_hand_overs"]),
        study.rows[i].changes.hand_overs.size());
  }
  return table;
}

}  // namespace gyre::flywheel
