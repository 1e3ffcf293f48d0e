#include "gyre/flywheel/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/hash.h"
#include "gyre/flywheel/exact_tests.h"

namespace gyre::flywheel {
namespace {

constexpr double kRareSafety = 0.05;  // share of attempts with an event up to which they are rare
constexpr std::array kReferences = {Reference::kPredecessor, Reference::kAncestor};

GatePolicy policy_of(Reference reference) {
  return reference == Reference::kPredecessor ? GatePolicy::kPredecessor : GatePolicy::kAncestor;
}

// A gate that is being run.
class Running {
 public:
  Running(const GatePlan& plan, const GateAttempts& attempts)
      : plan_(plan), attempts_(attempts), outcomes_(plan.tasks.size()) {
    for (const GateTest& test : plan.tests) {
      tests_.emplace_back(test.looks, test.margin, test.hoped);
      counts_.emplace_back();
    }
  }

  GateResult run() {
    // The frontier first: without a gain there, nothing else needs to be known.
    if (decide(0, 1)) decide(1, plan_.tasks.size());
    return result();
  }

 private:
  // Look by look over tasks `first` .. `last`. False when a test fails.
  bool decide(size_t first, size_t last) {
    for (size_t look = 0; look < static_cast<size_t>(kMostLooks); ++look) {
      for (size_t tasks = first; tasks < last; ++tasks) {
        make_attempts(tasks, look);
        if (!test(tasks, look)) return false;
      }
    }
    return true;
  }

  using Outcomes = std::array<std::vector<GateOutcome>, 3>;  // by GatePolicy

  std::vector<GateOutcome>& of(size_t tasks, GatePolicy policy) {
    return outcomes_[tasks][static_cast<size_t>(policy)];
  }

  bool needs(size_t tasks, Reference reference) const {
    for (size_t i = 0; i < tests_.size(); ++i) {
      const GateTest& test = plan_.tests[i];
      if (tests_[i].state() == PairedTest::State::kOpen && test.against == reference &&
          std::ranges::find(test.tasks, tasks) != test.tasks.end()) {
        return true;
      }
    }
    return false;
  }

  // Up to the pairs of this look, with each reference that an open test needs.
  void make_attempts(size_t tasks, size_t look) {
    const std::vector<int64_t>& pairs = plan_.tasks[tasks].looks.pairs;
    if (look >= pairs.size()) return;
    const auto extend = [&](GatePolicy policy) {
      std::vector<GateOutcome>& known = of(tasks, policy);
      const std::vector<GateOutcome> more =
          attempts_(plan_.tasks[tasks], policy, std::ssize(known), pairs[look]);
      known.insert(known.end(), more.begin(), more.end());
      made_ += std::ssize(more);
    };
    bool candidate = false;
    for (const Reference reference : kReferences) {
      if (!needs(tasks, reference)) continue;
      if (!std::exchange(candidate, true)) extend(GatePolicy::kCandidate);
      extend(policy_of(reference));
    }
  }

  // Looks at the tests whose last tasks these are. False when one fails.
  bool test(size_t tasks, size_t look) {
    bool holds = true;
    for (size_t i = 0; i < tests_.size(); ++i) {
      const GateTest& planned = plan_.tests[i];
      if (tests_[i].state() != PairedTest::State::kOpen || planned.tasks.back() != tasks ||
          look >= planned.looks.pairs.size()) {
        continue;
      }
      counts_[i] = count(planned, look);
      holds &= tests_[i].look(counts_[i]) != PairedTest::State::kFails;
    }
    return holds;
  }

  PairCounts count(const GateTest& test, size_t look) {
    PairCounts counts;
    for (const size_t tasks : test.tasks) {
      const auto& candidate = of(tasks, GatePolicy::kCandidate);
      const auto& reference = of(tasks, policy_of(test.against));
      const auto pairs = static_cast<size_t>(plan_.tasks[tasks].looks.pairs[look]);
      for (size_t i = 0; i < pairs; ++i) {
        counts.gained += candidate[i].success && !reference[i].success;
        counts.lost += !candidate[i].success && reference[i].success;
      }
      counts.pairs += static_cast<int64_t>(pairs);
    }
    return counts;
  }

  SafetyRow safety(Reference reference) {
    SafetyRow row{.against = reference_name(reference)};
    int64_t more = 0, fewer = 0;
    double squares = 0;  // sum of the squared events of each attempt
    for (size_t tasks = 0; tasks < outcomes_.size(); ++tasks) {
      const auto& theirs = of(tasks, policy_of(reference));
      const auto& ours = of(tasks, GatePolicy::kCandidate);
      for (size_t i = 0; i < theirs.size(); ++i) {
        const bool now = ours[i].safety_events > 0, then = theirs[i].safety_events > 0;
        row.candidate_events += ours[i].safety_events;
        row.reference_events += theirs[i].safety_events;
        for (const GateOutcome& each : {ours[i], theirs[i]}) {
          const auto events = static_cast<double>(each.safety_events);
          squares += events * events;
        }
        row.candidate_attempts += now;
        row.reference_attempts += then;
        more += now && !then;
        fewer += !now && then;
      }
      row.attempts += std::ssize(theirs);
    }
    const auto attempts = static_cast<double>(2 * std::max<int64_t>(row.attempts, 1));
    const double mean = static_cast<double>(row.candidate_events + row.reference_events) / attempts;
    if (mean > 0) row.dispersion = std::max(1.0, (squares / attempts - mean * mean) / mean);
    // Events of one attempt depend on each other: so many independent ones say as much.
    const auto independent = [&](int64_t events) {
      return std::llround(static_cast<double>(events) / row.dispersion);
    };
    row.ratio_upper = rate_ratio_upper(independent(row.candidate_events), row.attempts,
                                       independent(row.reference_events), row.attempts, kOneSided);
    row.rise_upper = paired_difference(more, fewer, row.attempts).high;
    const bool rare = static_cast<double>(row.candidate_attempts) <=
                      kRareSafety * static_cast<double>(row.attempts);
    row.holds =
        row.ratio_upper <= plan_.safety_ratio || (rare && row.rise_upper <= plan_.safety_rise);
    return row;
  }

  GateRow row(size_t i) const {
    const GateTest& planned = plan_.tests[i];
    const PairedTest& test = tests_[i];
    return {.name = planned.name,
            .against = reference_name(planned.against),
            .margin = planned.margin,
            .visible = planned.visible,
            .most_pairs = planned.looks.pairs.back(),
            .paired = paired_difference(counts_[i].gained, counts_[i].lost, counts_[i].pairs),
            .looks = test.looks(),
            .statistic = test.statistic(),
            .boundary = test.boundary(),
            .state = test.state() == PairedTest::State::kHolds   ? "holds"
                     : test.state() == PairedTest::State::kFails ? "fails"
                                                                 : "open"};
  }

  GateResult result() {
    GateResult result{.quick = plan_.quick, .attempts = made_};
    for (size_t i = 0; i < tests_.size(); ++i) result.rows.push_back(row(i));
    const bool all =
        std::ranges::all_of(result.rows, [](const GateRow& row) { return row.state == "holds"; });
    for (const Reference reference : kReferences) {
      const bool compared = std::ranges::any_of(
          plan_.tests, [&](const GateTest& test) { return test.against == reference; });
      if (all && compared) result.safety.push_back(safety(reference));
    }
    result.decision = decision(result);
    return result;
  }

  static std::string figures(const GateRow& row) {
    return fmt::format("{:+.1f} points [{:+.1f}, {:+.1f}] over {} pairs",
                       100 * row.paired.difference, 100 * row.paired.low, 100 * row.paired.high,
                       row.paired.pairs);
  }

  static Decision decision(const GateResult& result) {
    const std::string gate = result.quick ? " by the quick gate" : "";
    for (const GateRow& row : result.rows) {
      if (row.state != "fails") continue;
      return {false,
              row.margin > 0
                  ? fmt::format("kept{}: {} changed by {} against the {}, which does not show a "
                                "loss below {:g} points",
                                gate, row.name, figures(row), row.against, 100 * row.margin)
                  : fmt::format("kept{}: on the frontier {} against the {} is no gain outside the "
                                "noise",
                                gate, figures(row), row.against)};
    }
    for (const SafetyRow& row : result.safety) {
      if (row.holds) continue;
      return {false,
              fmt::format("kept{}: {} safety events in {} attempts, {} of the {}'s: the ratio "
                          "may be {:.2f}",
                          gate, row.candidate_events, row.attempts, row.reference_events,
                          row.against, row.ratio_upper)};
    }
    const auto named = [&](const char* name) {
      return *std::ranges::find(result.rows, name, &GateRow::name);
    };
    const GateRow trained = named("trained");
    return {true, fmt::format("promoted{}: on the frontier {}, on trained tasks {}, a loss of "
                              "less than {:g} points; {} tests held in {} attempts",
                              gate, figures(named("frontier")), figures(trained),
                              100 * trained.margin, result.rows.size(), result.attempts)};
  }

  const GatePlan& plan_;
  const GateAttempts& attempts_;
  std::vector<Outcomes> outcomes_;  // by tasks
  std::vector<PairedTest> tests_;   // as the plan's
  std::vector<PairCounts> counts_;  // at their last look
  int64_t made_ = 0;
};

nlohmann::json finite(double value, bool known) {
  return known ? nlohmann::json(value) : nlohmann::json();
}

const char* gate_name(const GateResult& result) {
  if (result.bench) return "the real bench";
  return result.quick ? "the quick gate" : "the gate";
}

// Told, not tested: so few attempts would seldom show a rise.
std::string bench_safety(const GateResult& result) {
  std::string text;
  for (const SafetyRow& row : result.safety) {
    text += fmt::format("{:<16} {:<12} {} events in {} attempts, {} before\n", "safety",
                        row.against, row.candidate_events, row.attempts, row.reference_events);
  }
  return text;
}

double number_or(const nlohmann::json& json, double otherwise) {
  return json.is_number() ? json.get<double>() : otherwise;
}

}  // namespace

uint64_t gate_seed(const std::string& candidate_hash, const std::string& tasks) {
  return std::stoull(sha256_hex("gate " + candidate_hash + " " + tasks, 13), nullptr, 16);
}

GateResult run_gate(const GatePlan& plan, const GateAttempts& attempts) {
  return Running(plan, attempts).run();
}

void to_json(nlohmann::json& json, const GateResult& result) {
  json = {{"quick", result.quick},
          {"bench", result.bench},
          {"attempts", result.attempts},
          {"promoted", result.decision.promoted},
          {"reason", result.decision.reason},
          {"tests", nlohmann::json::array()},
          {"safety", nlohmann::json::array()}};
  for (const GateRow& row : result.rows) {
    json["tests"].push_back({{"name", row.name},
                             {"against", row.against},
                             {"margin", row.margin},
                             {"visible", finite(row.visible, row.visible >= 0)},
                             {"most_pairs", row.most_pairs},
                             {"paired", row.paired},
                             {"looks", row.looks},
                             {"statistic", finite(row.statistic, std::isfinite(row.statistic))},
                             {"boundary", row.boundary},
                             {"state", row.state}});
  }
  for (const SafetyRow& row : result.safety) {
    json["safety"].push_back(
        {{"against", row.against},
         {"attempts", row.attempts},
         {"candidate_events", row.candidate_events},
         {"reference_events", row.reference_events},
         {"candidate_attempts", row.candidate_attempts},
         {"reference_attempts", row.reference_attempts},
         {"dispersion", row.dispersion},
         {"ratio_upper", finite(row.ratio_upper, std::isfinite(row.ratio_upper))},
         {"rise_upper", row.rise_upper},
         {"holds", row.holds}});
  }
}

void from_json(const nlohmann::json& json, GateResult& result) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  result = {.quick = json.at("quick"),
            .bench = json.value("bench", false),
            .attempts = json.at("attempts"),
            .decision = {json.at("promoted"), json.at("reason")}};
  for (const nlohmann::json& row : json.at("tests")) {
    result.rows.push_back({.name = row.at("name"),
                           .against = row.at("against"),
                           .margin = row.at("margin"),
                           .visible = number_or(row.at("visible"), -1),
                           .most_pairs = row.at("most_pairs"),
                           .paired = row.at("paired"),
                           .looks = row.at("looks"),
                           .statistic = number_or(row.at("statistic"), kInfinite),
                           .boundary = row.at("boundary"),
                           .state = row.at("state")});
  }
  for (const nlohmann::json& row : json.at("safety")) {
    result.safety.push_back({.against = row.at("against"),
                             .attempts = row.at("attempts"),
                             .candidate_events = row.at("candidate_events"),
                             .reference_events = row.at("reference_events"),
                             .candidate_attempts = row.at("candidate_attempts"),
                             .reference_attempts = row.at("reference_attempts"),
                             .dispersion = row.at("dispersion"),
                             .ratio_upper = number_or(row.at("ratio_upper"), kInfinite),
                             .rise_upper = row.at("rise_upper"),
                             .holds = row.at("holds")});
  }
}

std::string gate_table(const GateResult& result) {
  const int digits = result.bench ? 4 : 2;
  std::string table =
      fmt::format("{:<16} {:<12} {:>7} {:>11} {:<28} {:>6}  {:>5} {:>8}\n", gate_name(result),
                  "against", "margin", "pairs", "paired difference, points",
                  result.bench ? "p" : "z", result.bench ? "most" : "need", "");
  for (const GateRow& row : result.rows) {
    table += fmt::format(
        "{:<16} {:<12} {:>+7.1f} {:>5}/{:<5} {:>+6.1f} [{:>+6.1f}, {:>+6.1f}] {:>14.{}f}  "
        "{:>5.{}f} {:>8}\n",
        row.name, row.against, -100 * row.margin, row.paired.pairs, row.most_pairs,
        100 * row.paired.difference, 100 * row.paired.low, 100 * row.paired.high, row.statistic,
        digits, row.boundary, digits, row.state);
  }
  if (result.bench) return table + bench_safety(result);
  for (const SafetyRow& row : result.safety) {
    table +=
        fmt::format("{:<16} {:<12} {} events in {} attempts, {} before; ratio at most {:.2f} {}\n",
                    "safety", row.against, row.candidate_events, row.attempts, row.reference_events,
                    row.ratio_upper, row.holds ? "holds" : "fails");
  }
  return table;
}

}  // namespace gyre::flywheel
