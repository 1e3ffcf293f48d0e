#include "gyre/flywheel/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "gyre/core/error.h"
#include "gyre/core/utf8.h"
#include "gyre/flywheel/ledger_tables.h"
#include "gyre/flywheel/lineage.h"

namespace gyre::flywheel {
namespace {

struct CellSums {
  int64_t attempts = 0, successes = 0, earlier = 0;
  double prior_attempts = 0, prior_successes = 0;
};

void add_evidence(const CellEvidence& evidence, CellSums& sums) {
  if (evidence.generations == 0) {
    sums.attempts += evidence.attempts;
    sums.successes += evidence.successes;
    return;
  }
  sums.earlier += evidence.attempts;
  if (evidence.attempts == 0) return;
  const double most = kEarlierAttempts / evidence.generations;
  const auto attempts = static_cast<double>(evidence.attempts);
  const double share = most / (attempts + most);
  sums.prior_attempts += share * attempts;
  sums.prior_successes += share * static_cast<double>(evidence.successes);
}

double speed_of(const std::string& text) {
  double speed = 0;
  std::from_chars(text.data(), text.data() + text.size(), speed);
  return speed;
}

nlohmann::json json_of(const ScopeRow& row) {
  return {{"verb", row.cell.verb},     {"object", row.cell.object},
          {"place", row.cell.place},   {"robot", row.cell.robot},
          {"speed", row.cell.speed},   {"successes", row.successes},
          {"attempts", row.attempts},  {"earlier", row.earlier},
          {"mean", row.estimate.mean}, {"low", row.estimate.low},
          {"high", row.estimate.high}, {"verdict", verdict_name(row.verdict)}};
}

// On one line, and nothing that is no UTF-8.
std::string printable(std::string text) {
  bool valid = true;
  try {
    from_utf8(text);
  } catch (const Error&) {
    valid = false;
  }
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 0x7f) c = ' ';
    if (byte >= 0x80 && !valid) c = '?';
  }
  return text;
}

// So much of words as an answer repeats.
std::string shortened(const std::string& text) {
  constexpr size_t kShown = 120;  // bytes
  if (text.size() <= kShown) return text;
  size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + " ...";
}

// What is known of a cell, in words.
std::string known_of(const ScopeRow& row) {
  const CellEstimate& estimate = row.estimate;
  const std::string counts =
      row.attempts > 0 ? fmt::format("{} of {} attempts succeeded", row.successes, row.attempts)
                       : "it has no attempts of its own";
  return fmt::format("{}; success {:.1f} to {:.1f} %, autonomy asks for at least {:.0f} %", counts,
                     100 * estimate.low, 100 * estimate.high, 100 * kScopeRate);
}

}  // namespace

const char* verdict_name(ScopeVerdict verdict) {
  switch (verdict) {
    case ScopeVerdict::kInside:
      return "in";
    case ScopeVerdict::kAsk:
      return "ask";
    default:
      return "out";
  }
}

ScopeVerdict verdict_of(const CellEstimate& estimate) {
  if (estimate.low >= kScopeRate) return ScopeVerdict::kInside;
  return estimate.high >= kScopeRate ? ScopeVerdict::kAsk : ScopeVerdict::kOutside;
}

const ScopeRow* Scope::find(const ScopeCell& cell) const {
  const auto row = std::ranges::find(rows, cell, &ScopeRow::cell);
  return row == rows.end() ? nullptr : &*row;
}

Scope make_scope(const std::vector<ScopeCell>& cells, const std::vector<CellEvidence>& evidence) {
  std::map<ScopeCell, CellSums> sums;
  for (const ScopeCell& cell : cells) sums[cell];
  for (const CellEvidence& each : evidence) add_evidence(each, sums[each.cell]);
  Scope scope;
  std::vector<CellCounts> counts;
  bool any = false;
  for (const auto& [cell, sum] : sums) {
    scope.rows.push_back({.cell = cell,
                          .attempts = sum.attempts,
                          .successes = sum.successes,
                          .earlier = sum.earlier});
    counts.push_back({.cell = cell,
                      .successes = static_cast<double>(sum.successes) + sum.prior_successes,
                      .attempts = static_cast<double>(sum.attempts) + sum.prior_attempts});
    any |= counts.back().attempts > 0;
  }
  if (!any) return scope;  // nothing is known: all is outside
  const std::vector<CellEstimate> estimates = estimate_cells(counts);
  for (size_t i = 0; i < estimates.size(); ++i) {
    scope.rows[i].estimate = estimates[i];
    scope.rows[i].verdict = verdict_of(estimates[i]);
  }
  return scope;
}

Scope read_scope(const std::filesystem::path& ledger, const std::string& policy, bool real,
                 const std::vector<ScopeCell>& cells) {
  std::vector<CellEvidence> evidence;
  if (std::filesystem::is_regular_file(ledger)) {
    const std::vector<std::string> line = line_of_policy(policy, ledger);
    const LedgerRows rows(ledger, "evidence");
    std::map<std::pair<ScopeCell, int>, CellEvidence> sums;
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto found = std::ranges::find(line, rows.text(i, "policy"));
      if (found == line.end() || (rows.number(i, "real") != 0) != real) continue;
      const ScopeCell cell{.verb = rows.text(i, "verb"),
                           .object = rows.text(i, "object"),
                           .place = rows.text(i, "place"),
                           .robot = rows.text(i, "robot"),
                           .speed = speed_of(rows.text(i, "speed"))};
      const auto generations = static_cast<int>(found - line.begin());
      CellEvidence& sum = sums[{cell, generations}];
      sum.cell = cell;
      sum.generations = generations;
      ++sum.attempts;
      sum.successes += rows.text(i, "outcome") == "success" ? 1 : 0;
    }
    for (const auto& [key, sum] : sums) evidence.push_back(sum);
  }
  Scope scope = make_scope(cells, evidence);
  scope.policy = policy;
  scope.real = real;
  return scope;
}

std::vector<ScopeCell> scope_cells(const std::vector<ScopeTask>& tasks,
                                   const std::vector<std::string>& robots,
                                   const std::vector<double>& speeds) {
  std::vector<ScopeCell> cells;
  for (const ScopeTask& task : tasks) {
    for (const std::string& robot : robots) {
      for (const double speed : speeds) cells.push_back(scope_cell(task.name, robot, speed));
    }
  }
  return cells;
}

ScopeAnswer ask_scope(const Scope& scope, const ScopeWords& words, const std::string& said,
                      const std::string& robot, double speed) {
  const std::string whole = printable(said);
  const ScopeWords::Match match = words.find(whole);
  const std::string sentence = shortened(whole);
  if (match.task.empty()) {
    return {.reason = fmt::format("'{}' is outside the scope of policy {}: {}", sentence,
                                  scope.policy.substr(0, 12), match.why)};
  }
  const ScopeCell cell = scope_cell(match.task, robot, speed);
  const ScopeRow* row = scope.find(cell);
  if (row == nullptr) {
    return {.reason = fmt::format("'{}' ({}) is outside the scope of policy {}: nobody has "
                                  "tried it with this robot",
                                  sentence, cell_text(cell), scope.policy.substr(0, 12))};
  }
  const char* where = row->verdict == ScopeVerdict::kInside ? "inside"
                      : row->verdict == ScopeVerdict::kAsk  ? "at the edge of"
                                                            : "outside";
  return {
      .verdict = row->verdict,
      .row = *row,
      .reason = fmt::format("'{}' ({}) is {} the scope of policy {}: {}", sentence, cell_text(cell),
                            where, scope.policy.substr(0, 12), known_of(*row))};
}

void to_json(nlohmann::json& json, const Scope& scope) {
  nlohmann::json cells = nlohmann::json::array();
  for (const ScopeRow& row : scope.rows) cells.push_back(json_of(row));
  json = {{"policy", scope.policy},
          {"real", scope.real},
          {"asked_rate", kScopeRate},
          {"cells", std::move(cells)}};
}

void to_json(nlohmann::json& json, const ScopeAnswer& answer) {
  json = {{"verdict", verdict_name(answer.verdict)},
          {"reason", answer.reason},
          {"cell", answer.row ? json_of(*answer.row) : nlohmann::json()}};
}

std::string scope_table(const Scope& scope) {
  std::map<ScopeVerdict, int> counts;
  std::string table = fmt::format("{:<14} {:<15} {:<13} {:<10} {:>5} {:>9} {:>7}  {}\n", "verb",
                                  "object", "place", "robot", "speed", "successes", "at least", "");
  for (const ScopeRow& row : scope.rows) {
    ++counts[row.verdict];
    table += fmt::format("{:<14} {:<15} {:<13} {:<10} {:>5g} {:>9} {:>6.1f} %  {}\n", row.cell.verb,
                         row.cell.object, row.cell.place, row.cell.robot, row.cell.speed,
                         fmt::format("{}/{}", row.successes, row.attempts), 100 * row.estimate.low,
                         verdict_name(row.verdict));
  }
  return table + fmt::format("policy {}, {} robots: {} cells in, {} to ask, {} out\n",
                             scope.policy.substr(0, 12), scope.real ? "real" : "simulated",
                             counts[ScopeVerdict::kInside], counts[ScopeVerdict::kAsk],
                             counts[ScopeVerdict::kOutside]);
}

}  // namespace gyre::flywheel
