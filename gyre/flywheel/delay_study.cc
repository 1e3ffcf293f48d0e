#include "gyre/flywheel/delay_study.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/flywheel/plot.h"
#include "gyre/run/join_method.h"

namespace gyre::flywheel {
namespace {

bool is_delayed(const DelayCase& how) { return how.delay > 0 || how.loss > 0; }

std::string delay_label(const DelayRow& row) {
  if (row.how.jitter == 0) return fmt::format("{:.0f} ms", 1000 * row.delay_s);
  std::string label = fmt::format("{:.0f}-{:.0f} ms", 1000 * (row.delay_s - row.jitter_s),
                                  1000 * (row.delay_s + row.jitter_s));
  if (row.how.loss > 0) label += fmt::format(", {:g} % lost", 100 * row.how.loss);
  return label;
}

std::string case_label(const DelayCase& how) {
  return fmt::format("{}, {:g}{} action periods", how.method, how.delay,
                     how.jitter > 0 ? fmt::format("+-{:g}", how.jitter) : "");
}

double period_of(const run::Arena& arena, const std::vector<run::Attempt>& attempts) {
  constexpr int kSide = 64;  // any: the period does not depend on it
  double period_s = 0;
  for (const run::Attempt& attempt : attempts) {
    const double its = arena.contract(attempt.embodiment, kSide).action_period_s;
    if (period_s > 0 && its != period_s) {
      throw Error("--embodiments", "have different action periods",
                  "measure them one after the other: delays are given in action periods");
    }
    period_s = its;
  }
  return period_s;
}

}  // namespace

std::vector<DelayCase> delay_cases(const DelayFlags& flags, const Checkpoint& policy) {
  std::vector<std::string> methods = flags.methods;
  if (methods == std::vector<std::string>{"all"}) {
    methods.clear();
    for (const run::JoinMethod& method : run::join_methods()) {
      if (run::fits(method, policy)) methods.emplace_back(method.name);
    }
  }
  for (const double delay : flags.delays) {
    if (!(delay >= 0)) throw Error("--delays", "has a negative delay");
  }
  const bool random = !flags.random.empty();
  if (random && (flags.random.size() != 2 || !(flags.random[0] >= 0) ||
                 !(flags.random[1] > flags.random[0]))) {
    throw Error("--jitter", "is not a shortest and a longest delay", "give e.g. 0.5,6");
  }
  if (!random && flags.loss > 0) {
    throw Error("--loss", "needs --jitter", "answers are lost where delays are random");
  }
  std::vector<DelayCase> cases;
  for (const std::string& name : methods) {
    run::require_fit(run::join_method(name), policy);
    for (const double delay : flags.delays) cases.push_back({.method = name, .delay = delay});
    if (random) {
      cases.push_back({.method = name,
                       .delay = (flags.random[0] + flags.random[1]) / 2,
                       .jitter = (flags.random[1] - flags.random[0]) / 2,
                       .loss = flags.loss});
    }
  }
  return cases;
}

DelayStudy study_delays(const run::Arena& arena, const infer::Engine& engine,
                        const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                        const std::vector<DelayCase>& cases, int workers) {
  const double period_s = period_of(arena, attempts);
  DelayStudy study;
  const auto evaluate_one = [&](const DelayCase& how, size_t number) {
    run::LoopConfig config = loop;
    config.method = how.method;
    config.delay_ticks = how.delay;
    config.jitter_ticks = how.jitter;
    config.loss = how.loss;
    config.validate();
    return evaluate(arena, engine, attempts, config, workers,
                    fmt::format("{} of {}: {}", number, cases.size(), case_label(how)));
  };
  study.none = evaluate_one({.method = "naive"}, 0);
  study.interrupted = study.none.interrupted;
  for (size_t i = 0; i < cases.size() && !study.interrupted; ++i) {
    const DelayCase& how = cases[i];
    DelayRow row{.how = how,
                 .delay_s = how.delay * period_s,
                 .jitter_s = how.jitter * period_s,
                 .evaluation = {}};
    const bool same = !is_delayed(how) && !run::join_method(how.method).ensembles;
    row.evaluation = same ? study.none : evaluate_one(how, i + 1);
    study.interrupted = row.evaluation.interrupted;
    if (!study.interrupted) study.rows.push_back(std::move(row));
  }
  return study;
}

void to_json(nlohmann::json& json, const DelayStudy& study) {
  const auto facts = [](const Evaluation& evaluation) {
    return nlohmann::json{{"success", evaluation.rate()},
                          {"median_time_s", evaluation.median_time_s()},
                          {"held", evaluation.held()},
                          {"hash", evaluation.hash()}};
  };
  nlohmann::json rows = nlohmann::json::array();
  for (const DelayRow& row : study.rows) {
    nlohmann::json one = facts(row.evaluation);
    one.update(
        {{"method", row.how.method},
         {"delay_s", row.delay_s},
         {"jitter_s", row.jitter_s},
         {"loss", row.how.loss},
         {"minus_none", paired_difference(study.none.outcomes(), row.evaluation.outcomes())}});
    if (study.none.median_time_s() > 0) {
      one["time_ratio"] = row.evaluation.median_time_s() / study.none.median_time_s();
    }
    rows.push_back(std::move(one));
  }
  json = {{"none", facts(study.none)}, {"interrupted", study.interrupted}, {"rows", rows}};
}

std::string delay_table(const DelayStudy& study) {
  std::string table =
      "  method    delay                     success, 95 % interval    minus no delay, paired    "
      "time to success   held\n";
  const auto begin = [](const std::string& method, const std::string& delay,
                        const Evaluation& evaluation) {
    const Rate rate = evaluation.rate();
    return fmt::format("  {:<9} {:<24} {:>6.1f} % {:>6.1f} .. {:<6.1f}", method, delay,
                       100 * rate.rate, 100 * rate.low, 100 * rate.high);
  };
  const double none_s = study.none.median_time_s();
  table += begin("any", "none", study.none) + fmt::format("{:>34.1f} s\n", none_s);
  for (const DelayRow& row : study.rows) {
    const Difference d = paired_difference(study.none.outcomes(), row.evaluation.outcomes());
    const double time_s = row.evaluation.median_time_s();
    table += begin(row.how.method, delay_label(row), row.evaluation) +
             fmt::format("{:>+7.1f} {:>+7.1f} .. {:<+7.1f} {:>6.1f} s{} {:>6.1f} %\n",
                         100 * d.difference, 100 * d.low, 100 * d.high, time_s,
                         none_s > 0 ? fmt::format(" x {:.2f}", time_s / none_s) : "",
                         100 * row.evaluation.held());
  }
  return table;
}

std::string delay_plot(const DelayStudy& study) {
  std::vector<Series> series;
  for (const DelayRow& row : study.rows) {
    if (row.how.jitter > 0) continue;
    if (series.empty() || series.back().name != row.how.method) {
      series.push_back({row.how.method, {}});
    }
    series.back().points.emplace_back(1000 * row.delay_s, 100 * row.evaluation.rate().rate);
  }
  const std::string plot = line_plot(series, "delay (ms)", "success (%)");
  return plot.empty() ? "" : stand_alone(plot);
}

}  // namespace gyre::flywheel
