#include "gyre/flywheel/alarm_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/run/alarm_scores.h"

namespace gyre::flywheel {
namespace {

constexpr int64_t kLeastSuccesses = 40;

using Score = double AlarmPeaks::*;
constexpr std::pair<const char*, Score> kAlarms[] = {{"stall_s", &AlarmPeaks::stall_s},
                                                     {"disagreement", &AlarmPeaks::disagreement},
                                                     {"failure", &AlarmPeaks::failure}};

// The peaks of attempts that run at once, by the attempts' index.
class PeakBook {
 public:
  void write(int64_t index, const AlarmPeaks& peaks) {
    const std::lock_guard lock(mutex_);
    peaks_[index] = peaks;
  }
  AlarmPeaks read(int64_t index) {
    const std::lock_guard lock(mutex_);
    return peaks_[index];
  }

 private:
  std::mutex mutex_;
  std::map<int64_t, AlarmPeaks> peaks_;
};

class PeakSink : public run::TapeSink {
 public:
  PeakSink(const Embodiment& contract, PeakBook& book, int64_t index)
      : scores_(contract), book_(book), index_(index) {}
  std::string_view name() const override { return "alarm peaks"; }
  bool wants(RecordKind kind) const override {
    return kind == RecordKind::kChunk || kind == RecordKind::kStep;
  }
  void take(const Record& record) override {
    if (record.kind == RecordKind::kChunk) return scores_.take(std::get<ChunkPtr>(record.shared));
    scores_.take(record.step);
    peaks_.stall_s = std::max(peaks_.stall_s, scores_.stalled_s());
    peaks_.disagreement = std::max(peaks_.disagreement, scores_.disagreement());
    peaks_.failure = std::max(peaks_.failure, scores_.failure());
  }
  void end() override { book_.write(index_, peaks_); }

 private:
  run::AlarmScores scores_;
  PeakBook& book_;
  int64_t index_;
  AlarmPeaks peaks_;
};

// The lowest value that at most `share` of `values` are above.
double upper_quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  const auto above = static_cast<size_t>(std::floor(share * static_cast<double>(values.size())));
  return values[values.size() - 1 - above];
}

}  // namespace

std::vector<AlarmThreshold> alarm_thresholds(const std::vector<AlarmPeaks>& attempts,
                                             double share) {
  std::vector<AlarmPeaks> set, tested, failed;
  for (const AlarmPeaks& attempt : attempts) {
    if (!attempt.success) {
      failed.push_back(attempt);
    } else {
      (set.size() <= tested.size() ? set : tested).push_back(attempt);
    }
  }
  const auto successes = std::ssize(set) + std::ssize(tested);
  if (successes < kLeastSuccesses) {
    throw Error(
        "--alarms",
        fmt::format("needs {} successful attempts, and there were {}", kLeastSuccesses, successes),
        "give more --episodes");
  }
  std::vector<AlarmThreshold> thresholds;
  for (const auto& [name, score] : kAlarms) {
    std::vector<double> values;
    for (const AlarmPeaks& attempt : set) values.push_back(attempt.*score);
    const double threshold = upper_quantile(std::move(values), share);
    const auto passes = [&](const AlarmPeaks& attempt) { return attempt.*score > threshold; };
    thresholds.push_back(
        {.alarm = name,
         .threshold = threshold,
         .false_alarms = wilson(std::ranges::count_if(tested, passes), std::ssize(tested)),
         .caught = wilson(std::ranges::count_if(failed, passes), std::ssize(failed))});
  }
  return thresholds;
}

AlarmStudy study_alarms(const run::Arena& arena, const infer::Engine& engine,
                        const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                        int workers, double share) {
  PeakBook book;
  AlarmStudy study;
  run::AttemptOptions options{.loop = loop};
  options.watch = [&](run::Bench& bench, int64_t index) {
    run::Watchers watchers;
    watchers.sinks.push_back(std::make_unique<PeakSink>(bench.robot().embodiment(), book, index));
    return watchers;
  };
  study.interrupted = !make_attempts(arena, &engine, attempts, options, workers, "learning alarms",
                                     [&](int64_t index, run::AttemptResult&& result) {
                                       AlarmPeaks peaks = book.read(index);
                                       peaks.success = result.episode.success.value_or(false);
                                       study.attempts.push_back(peaks);
                                       return true;
                                     });
  if (!study.interrupted) study.alarms = alarm_thresholds(study.attempts, share);
  return study;
}

void to_json(nlohmann::json& json, const AlarmStudy& study) {
  nlohmann::json attempts = nlohmann::json::array(), alarms = nlohmann::json::array();
  for (const AlarmPeaks& attempt : study.attempts) {
    nlohmann::json one = {{"success", attempt.success}};
    for (const auto& [name, score] : kAlarms) one[name] = attempt.*score;
    attempts.push_back(std::move(one));
  }
  for (const AlarmThreshold& alarm : study.alarms) {
    alarms.push_back({{"alarm", alarm.alarm},
                      {"threshold", alarm.threshold},
                      {"false_alarms", alarm.false_alarms},
                      {"caught", alarm.caught}});
  }
  json = {{"attempts", attempts}, {"alarms", alarms}, {"interrupted", study.interrupted}};
}

std::string alarm_table(const AlarmStudy& study) {
  const auto rate = [](const Rate& r) {
    return fmt::format("{:>4}/{:<4} {:>5.1f} % {:>5.1f} .. {:<5.1f}", r.successes, r.episodes,
                       100 * r.rate, 100 * r.low, 100 * r.high);
  };
  std::string table = fmt::format("  {:<13} {:>9}   {:<32} {}\n", "alarm", "threshold",
                                  "false alarms, 95 % interval", "failures caught");
  for (const AlarmThreshold& alarm : study.alarms) {
    table += fmt::format("  {:<13} {:>9.3f}   {:<32} {}\n", alarm.alarm, alarm.threshold,
                         rate(alarm.false_alarms), rate(alarm.caught));
  }
  return table;
}

}  // namespace gyre::flywheel
