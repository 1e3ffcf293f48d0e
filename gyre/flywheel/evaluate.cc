#include "gyre/flywheel/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/hash.h"

namespace gyre::flywheel {
namespace {

struct Tally {
  int64_t episodes = 0, successes = 0;
  void add(bool success) {
    ++episodes;
    successes += success ? 1 : 0;
  }
  Rate rate() const { return wilson(successes, episodes); }
};

std::string rate_row(const std::string& name, const Rate& rate, const std::string& note) {
  return fmt::format("  {:<16} {:>5}/{:<5} {:>5.1f} %   {:>5.1f} .. {:<5.1f} {}\n", name,
                     rate.successes, rate.episodes, 100 * rate.rate, 100 * rate.low,
                     100 * rate.high, note);
}

// Long tasks are counted apart, unless there are no others.
std::vector<const EvaluatedEpisode*> counted(const Evaluation& evaluation) {
  const std::vector<EvaluatedEpisode>& episodes = evaluation.episodes;
  const bool all_long = std::ranges::all_of(episodes, &EvaluatedEpisode::long_horizon);
  std::vector<const EvaluatedEpisode*> counted;
  for (const EvaluatedEpisode& e : episodes) {
    if (all_long || !e.long_horizon) counted.push_back(&e);
  }
  return counted;
}

// The simulator's labels and a sink for them, where a policy names subtasks.
run::AttemptOptions with_thoughts(run::AttemptOptions options,
                                  const std::vector<run::Attempt>& attempts, ThoughtStore& store) {
  if (!options.loop.think && std::ranges::none_of(attempts, &run::Attempt::long_horizon)) {
    return options;
  }
  options.bench.labels = true;
  options.watch = [&store, more = std::move(options.watch)](run::Bench& bench, int64_t index) {
    run::Watchers watchers = more ? more(bench, index) : run::Watchers{};
    watchers.sinks.push_back(std::make_unique<ThoughtSink>(store, index));
    return watchers;
  };
  return options;
}

std::string long_note(const FamilyRate& family) {
  std::string note = fmt::format(" long: {:.1f} % of its subtasks", 100 * family.progress);
  if (family.thoughts.periods > 0) {
    note += fmt::format(", the wrong one {:.1f} % of the time",
                        100.0 * static_cast<double>(family.thoughts.wrong) /
                            static_cast<double>(family.thoughts.periods));
  }
  return note;
}

}  // namespace

Rate Evaluation::rate() const {
  Tally tally;
  for (bool success : outcomes()) tally.add(success);
  return tally.rate();
}

std::map<std::string, Rate> Evaluation::embodiments() const {
  std::map<std::string, Tally> tallies;
  for (const EvaluatedEpisode* e : counted(*this)) tallies[e->embodiment].add(e->success);
  std::map<std::string, Rate> rates;
  for (const auto& [name, tally] : tallies) rates[name] = tally.rate();
  return rates;
}

std::map<std::string, FamilyRate> Evaluation::families() const {
  std::map<std::string, Tally> tallies;
  std::map<std::string, FamilyRate> families;
  for (const EvaluatedEpisode& e : episodes) {
    tallies[e.family].add(e.success);
    families[e.family].long_horizon = e.long_horizon;
    families[e.family].progress += static_cast<double>(e.subtasks_done) / e.subtasks;
    families[e.family].thoughts.periods += e.thoughts.periods;
    families[e.family].thoughts.wrong += e.thoughts.wrong;
  }
  for (auto& [name, family] : families) {
    family.rate = tallies[name].rate();
    family.progress /= static_cast<double>(family.rate.episodes);
  }
  return families;
}

std::vector<bool> Evaluation::outcomes() const {
  std::vector<bool> outcomes;
  for (const EvaluatedEpisode* e : counted(*this)) outcomes.push_back(e->success);
  return outcomes;
}

double Evaluation::median_time_s() const {
  std::vector<double> times;
  for (const EvaluatedEpisode* e : counted(*this)) {
    if (e->success) times.push_back(e->time_s);
  }
  if (times.empty()) return 0;
  const auto middle = times.begin() + std::ssize(times) / 2;
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

double Evaluation::held() const {
  int64_t held = 0, steps = 0;
  for (const EvaluatedEpisode& e : episodes) {
    held += e.held;
    steps += e.steps;
  }
  return steps > 0 ? static_cast<double>(held) / static_cast<double>(steps) : 0;
}

std::string Evaluation::hash() const {
  Sha256 hash;
  for (const EvaluatedEpisode& e : episodes) hash.update(e.hash);
  return hash.hex(16);
}

EvaluatedEpisode evaluated_episode(const run::AttemptResult& result) {
  const Episode& episode = result.episode;
  return {.seed = episode.seed,
          .task = episode.task_name,
          .family = episode.family,
          .embodiment = episode.embodiment,
          .instruction = episode.instruction,
          .long_horizon = result.long_horizon,
          .success = episode.success.value_or(false),
          .steps = episode.steps,
          .held = result.held_ticks,
          .safety_events = result.safety_events,
          .time_s = result.time_s,
          .hash = result.hash,
          .subtasks_done = result.subtasks_done,
          .subtasks = result.subtasks};
}

Evaluation evaluate(const run::Arena& arena, const infer::Engine& engine,
                    const std::vector<run::Attempt>& attempts, const run::LoopConfig& loop,
                    int workers, const std::string& what) {
  return evaluate(arena, engine, attempts, run::AttemptOptions{.loop = loop}, workers, what);
}

Evaluation evaluate(const run::Arena& arena, const infer::Engine& engine,
                    const std::vector<run::Attempt>& attempts, const run::AttemptOptions& options,
                    int workers, const std::string& what) {
  Evaluation evaluation;
  ThoughtStore thoughts;
  const bool complete =
      run::make_attempts(arena, &engine, attempts, with_thoughts(options, attempts, thoughts),
                         workers, what, [&](int64_t index, run::AttemptResult&& result) {
                           evaluation.episodes.push_back(evaluated_episode(result));
                           evaluation.episodes.back().thoughts = thoughts.take(index);
                           return true;
                         });
  evaluation.interrupted = !complete;
  return evaluation;
}

void to_json(nlohmann::json& json, const Evaluation& evaluation) {
  nlohmann::json tasks = nlohmann::json::object();
  for (const auto& [name, family] : evaluation.families()) {
    tasks[name] = family.rate;
    if (family.long_horizon) {
      tasks[name]["long"] = true;
      tasks[name]["progress"] = family.progress;
      tasks[name]["thoughts"] = family.thoughts.periods;
      tasks[name]["wrong_thoughts"] = family.thoughts.wrong;
    }
  }
  nlohmann::json episodes = nlohmann::json::array();
  for (const EvaluatedEpisode& e : evaluation.episodes) {
    episodes.push_back({{"seed", e.seed},
                        {"task", e.task},
                        {"family", e.family},
                        {"embodiment", e.embodiment},
                        {"instruction", e.instruction},
                        {"long", e.long_horizon},
                        {"success", e.success},
                        {"steps", e.steps},
                        {"held", e.held},
                        {"safety_events", e.safety_events},
                        {"time_s", e.time_s},
                        {"hash", e.hash},
                        {"subtasks_done", e.subtasks_done},
                        {"subtasks", e.subtasks},
                        {"thoughts", e.thoughts.periods},
                        {"wrong_thoughts", e.thoughts.wrong}});
  }
  json = {{"embodiments", evaluation.embodiments()},
          {"tasks", tasks},
          {"interrupted", evaluation.interrupted},
          {"episodes", episodes}};
}

void from_json(const nlohmann::json& json, Evaluation& evaluation) {
  evaluation = {};
  json.at("interrupted").get_to(evaluation.interrupted);
  for (const nlohmann::json& e : json.at("episodes")) {
    evaluation.episodes.push_back({.seed = e.at("seed"),
                                   .task = e.at("task"),
                                   .family = e.at("family"),
                                   .embodiment = e.at("embodiment"),
                                   .instruction = e.at("instruction"),
                                   .long_horizon = e.at("long"),
                                   .success = e.at("success"),
                                   .steps = e.at("steps"),
                                   .held = e.value("held", int64_t{0}),
                                   .safety_events = e.value("safety_events", int64_t{0}),
                                   .time_s = e.value("time_s", 0.0),
                                   .hash = e.at("hash"),
                                   .subtasks_done = e.at("subtasks_done"),
                                   .subtasks = e.at("subtasks"),
                                   .thoughts = {.periods = e.value("thoughts", int64_t{0}),
                                                .wrong = e.value("wrong_thoughts", int64_t{0})}});
  }
}

std::string evaluation_table(const Evaluation& evaluation) {
  std::string table = "  success, with the 95 % interval\n";
  for (const auto& [name, rate] : evaluation.embodiments()) table += rate_row(name, rate, "");
  table += '\n';
  for (const auto& [name, family] : evaluation.families()) {
    table += rate_row(name, family.rate, family.long_horizon ? long_note(family) : "");
  }
  return table;
}

}  // namespace gyre::flywheel
