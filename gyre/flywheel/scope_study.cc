#include "gyre/flywheel/scope_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/rng.h"

namespace gyre::flywheel {
namespace {

constexpr double kCellSpread = 0.5;
const std::array<std::string, 2> kStudyRobots = {"first/ee", "second/ee"};
constexpr std::array<std::pair<const char*, double>, 4> kStreamShares = {
    {{"trained", 0.60}, {"heldout", 0.15}, {"frontier", 0.10}, {"long", 0.15}}};

double inverse_logit(double x) { return 1 / (1 + std::exp(-x)); }

double near_rate(double rate, double spread, Rng& rng) {
  return inverse_logit(std::log(rate / (1 - rate)) + spread * rng.normal());
}

struct StudyTask {
  std::string name, suite;
  double rate;
};

std::vector<StudyTask> study_tasks() {
  const std::array<std::string, 4> colours = {"red", "green", "blue", "yellow"};
  const std::array<std::string, 4> shapes = {"cup", "can", "block", "sponge"};
  const std::array<std::string, 3> places = {"sink", "rack", "bin"};
  std::vector<StudyTask> tasks;
  for (size_t c = 0; c < colours.size(); ++c) {
    for (size_t s = 0; s < shapes.size(); ++s) {
      const std::string thing = colours[c] + "_" + shapes[s];
      for (size_t p = 0; p < places.size(); ++p) {
        const bool heldout = (c + s + 2 * p) % 5 == 4;
        tasks.push_back({"pick_place/" + thing + "/" + places[p], heldout ? "heldout" : "trained",
                         heldout ? 0.912 : 0.939});
      }
      if (s < 2) continue;
      for (const char* side : {"left", "right"}) {
        tasks.push_back({"push/" + thing + "/" + side, "trained", 0.939});
      }
    }
    for (const std::string& below : colours) {
      if (below == colours[c]) continue;
      tasks.push_back({"stack/" + colours[c] + "_block/" + below + "_block", "trained", 0.89});
    }
    tasks.push_back({"put_away/" + colours[c], "long", 0.5});
  }
  for (const char* name : {"open_drawer", "close_drawer", "press_button/on", "press_button/off"}) {
    tasks.push_back({name, "trained", 0.995});
  }
  for (const char* shape : {"block", "can", "cup"}) {
    tasks.push_back({fmt::format("pick_place/purple_{}/plate", shape), "frontier", 0.031});
  }
  tasks.push_back({"clear_table", "long", 0.1});
  return tasks;
}

std::vector<TrueCell> additive_cells(uint64_t seed) {
  constexpr double kEffect = 0.8, kCell = 0.4, kMiddle = 2;
  std::vector<TrueCell> cells = measured_cells(seed);
  Rng rng = Rng::stream(seed, "cells");
  for (TrueCell& each : cells) {
    double logit = kMiddle + kCell * rng.normal();
    for (const std::string& property : cell_properties(each.cell)) {
      logit += kEffect * Rng::stream(seed, "effect " + property).normal();
    }
    each.success = inverse_logit(logit);
  }
  return cells;
}

std::vector<TrueCell> independent_cells(uint64_t seed) {
  std::vector<TrueCell> cells = measured_cells(seed);
  Rng rng = Rng::stream(seed, "independent");
  for (TrueCell& each : cells)
    each.success = rng.chance(0.7) ? rng.uniform(0.85, 1) : rng.uniform();
  return cells;
}

int64_t binomial_draw(int count, double rate, Rng& rng) {
  int64_t successes = 0;
  for (int i = 0; i < count; ++i) successes += rng.chance(rate) ? 1 : 0;
  return successes;
}

std::vector<CellEvidence> drawn_evidence(const std::vector<TrueCell>& cells, int attempts,
                                         uint64_t seed) {
  Rng rng = Rng::stream(seed, "evidence");
  std::vector<CellEvidence> evidence;
  for (const TrueCell& each : cells) {
    evidence.push_back({.cell = each.cell,
                        .attempts = attempts,
                        .successes = binomial_draw(attempts, each.success, rng)});
  }
  return evidence;
}

struct Coverage {
  int64_t cells = 0, holds = 0, holds_fresh = 0;
  double low = 0;

  void add(const std::vector<TrueCell>& truth, const ScopeStudyConfig& config, uint64_t seed) {
    const Scope scope = make_scope({}, drawn_evidence(truth, config.attempts, seed));
    Rng rng = Rng::stream(seed, "fresh");
    for (const TrueCell& each : truth) {
      const double bound = scope.find(each.cell)->estimate.low;
      const auto fresh = static_cast<double>(binomial_draw(config.fresh, each.success, rng));
      ++cells;
      holds += each.success >= bound ? 1 : 0;
      holds_fresh += fresh >= bound * config.fresh ? 1 : 0;
      low += bound;
    }
  }
};

uint64_t world_seed(uint64_t seed, const std::string& name, int number) {
  return Rng::stream(seed, fmt::format("{} {}", name, number)).bits();
}

void add_up(const StreamResult& one, StreamResult& sum) {
  sum.attempts += one.attempts;
  sum.alone += one.alone;
  sum.failures += one.failures;
  sum.person_failures += one.person_failures;
  sum.asked += one.asked;
  sum.refused += one.refused;
}

}  // namespace

std::vector<TrueCell> measured_cells(uint64_t seed) {
  Rng rng = Rng::stream(seed, "measured");
  std::vector<TrueCell> cells;
  for (const StudyTask& task : study_tasks()) {
    for (const std::string& robot : kStudyRobots) {
      cells.push_back({.cell = scope_cell(task.name, robot),
                       .suite = task.suite,
                       .success = near_rate(task.rate, kCellSpread, rng)});
    }
  }
  return cells;
}

nlohmann::json study_scope_bounds(const ScopeStudyConfig& config) {
  using Draw = std::vector<TrueCell> (*)(uint64_t);
  constexpr std::array<std::pair<const char*, Draw>, 3> kKinds = {
      {{"measured", measured_cells},
       {"additive", additive_cells},
       {"independent", independent_cells}}};
  nlohmann::json kinds = nlohmann::json::array();
  for (const auto& [name, draw] : kKinds) {
    Coverage coverage;
    for (int world = 0; world < config.worlds; ++world) {
      const uint64_t seed = world_seed(config.seed, name, world);
      coverage.add(draw(seed), config, seed);
    }
    const auto cells = static_cast<double>(std::max<int64_t>(coverage.cells, 1));
    kinds.push_back({{"name", name},
                     {"cells", coverage.cells},
                     {"holds", static_cast<double>(coverage.holds) / cells},
                     {"holds_fresh", static_cast<double>(coverage.holds_fresh) / cells},
                     {"mean_low", coverage.low / cells}});
  }
  return {{"kinds", std::move(kinds)}};
}

std::vector<StreamAttempt> drawn_stream(const std::vector<TrueCell>& cells, int count,
                                        double person, uint64_t seed) {
  std::map<std::string, std::map<std::string, std::vector<const TrueCell*>>> suites;
  for (const TrueCell& each : cells) suites[each.suite][each.cell.verb].push_back(&each);
  Rng rng = Rng::stream(seed, "stream");
  std::vector<StreamAttempt> stream;
  for (int i = 0; i < count; ++i) {
    double place = rng.uniform();
    std::string suite = kStreamShares.back().first;
    for (const auto& [name, share] : kStreamShares) {
      if (place < share) {
        suite = name;
        break;
      }
      place -= share;
    }
    const auto& families = suites.at(suite);
    auto family = families.begin();
    std::advance(family, rng.below(std::ssize(families)));
    const auto& dealt = family->second;
    const TrueCell& cell = *dealt[static_cast<size_t>(rng.below(std::ssize(dealt)))];
    const bool policy = rng.chance(cell.success), helper = rng.chance(person);
    stream.push_back(
        {.cell = cell.cell, .suite = suite, .policy_succeeds = policy, .person_succeeds = helper});
  }
  return stream;
}

StreamResult run_stream(const std::vector<StreamAttempt>& stream,
                        std::vector<CellEvidence> evidence, int every) {
  std::vector<ScopeCell> cells;
  for (const StreamAttempt& each : stream) cells.push_back(each.cell);
  StreamResult result;
  Scope scope;
  for (const StreamAttempt& each : stream) {
    if (result.attempts % every == 0) scope = make_scope(cells, evidence);
    ++result.attempts;
    result.alone += each.policy_succeeds ? 0 : 1;
    // A first attempt of all has no scope yet: it is made with a person.
    const ScopeVerdict verdict =
        evidence.empty() ? ScopeVerdict::kAsk : scope.find(each.cell)->verdict;
    if (verdict != ScopeVerdict::kOutside) {
      evidence.push_back(
          {.cell = each.cell, .attempts = 1, .successes = each.policy_succeeds ? 1 : 0});
    }
    if (verdict == ScopeVerdict::kInside) {
      result.failures += each.policy_succeeds ? 0 : 1;
      continue;
    }
    ++(verdict == ScopeVerdict::kAsk ? result.asked : result.refused);
    result.person_failures += each.person_succeeds ? 0 : 1;
    result.failures += each.person_succeeds ? 0 : 1;
  }
  return result;
}

void to_json(nlohmann::json& json, const StreamResult& result) {
  json = {{"attempts", result.attempts},
          {"alone", result.alone},
          {"failures", result.failures},
          {"person_failures", result.person_failures},
          {"asked", result.asked},
          {"refused", result.refused},
          {"handed", result.handed()},
          {"cut", static_cast<double>(result.alone) /
                      static_cast<double>(std::max<int64_t>(result.failures, 1))}};
}

nlohmann::json study_scope_streams(const ScopeStudyConfig& config,
                                   const std::function<void(int64_t, int64_t)>& progress) {
  nlohmann::json rows = nlohmann::json::array();
  int64_t done = 0;
  for (const int attempts : {config.attempts, 0}) {
    StreamResult sum;
    for (int i = 0; i < config.streams; ++i) {
      const uint64_t seed = world_seed(config.seed, "stream", i);
      const std::vector<TrueCell> cells = measured_cells(seed);
      add_up(run_stream(
                 drawn_stream(cells, config.stream, config.person, seed),
                 attempts > 0 ? drawn_evidence(cells, attempts, seed) : std::vector<CellEvidence>(),
                 config.every),
             sum);
      if (progress) progress(++done, 2 * config.streams);
    }
    nlohmann::json row = sum;
    row["evidence"] = attempts;
    row["runs"] = config.streams;
    rows.push_back(std::move(row));
  }
  return {{"streams", std::move(rows)}};
}

std::string scope_study_table(const nlohmann::json& study) {
  std::string table;
  if (study.contains("kinds")) {
    table += fmt::format("{:<14} {:>8} {:>14} {:>14} {:>10}\n", "truth", "cells", "bounds hold",
                         "fresh", "mean bound");
    for (const nlohmann::json& row : study.at("kinds")) {
      table += fmt::format(
          "{:<14} {:>8} {:>12.1f} % {:>12.1f} % {:>8.1f} %\n", row.at("name").get<std::string>(),
          row.at("cells").get<int64_t>(), 100 * row.at("holds").get<double>(),
          100 * row.at("holds_fresh").get<double>(), 100 * row.at("mean_low").get<double>());
    }
  }
  if (!study.contains("streams")) return table;
  table += fmt::format("{:<14} {:>8} {:>8} {:>9} {:>9} {:>8} {:>8}\n", "evidence", "attempts",
                       "alone", "failures", "person's", "handed", "cut");
  for (const nlohmann::json& row : study.at("streams")) {
    table +=
        fmt::format("{:<14} {:>8} {:>8} {:>9} {:>9} {:>6.1f} % {:>8.1f}\n",
                    fmt::format("{} each", row.at("evidence").get<int>()),
                    row.at("attempts").get<int64_t>(), row.at("alone").get<int64_t>(),
                    row.at("failures").get<int64_t>(), row.at("person_failures").get<int64_t>(),
                    100 * row.at("handed").get<double>(), row.at("cut").get<double>());
  }
  return table;
}

}  // namespace gyre::flywheel
