#include "gyre/flywheel/scope_choice.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

namespace gyre::flywheel {
namespace {

constexpr double kEpisodes = 10;      // of full coverage that leave 1/e of the failures
constexpr double kUnknownMean = 0.5;  // success in a cell that the scope does not know

// One cell that attempts are asked for in.
struct Wanted {
  ScopeCell cell;
  std::set<std::string> properties;
  double failures = 0;  // expected where nothing is chosen
  double coverage = 0;
  std::vector<size_t> open;  // attempts that are not chosen yet, the last one first
};

double common_share(const Wanted& chosen, const Wanted& cell) {
  size_t common = 0;
  for (const std::string& property : cell.properties) common += chosen.properties.count(property);
  return static_cast<double>(common) / static_cast<double>(cell.properties.size());
}

std::vector<Wanted> wanted_cells(const Scope& scope, const std::vector<run::Attempt>& asked,
                                 double speed) {
  std::map<ScopeCell, std::vector<size_t>> attempts;
  for (size_t i = asked.size(); i-- > 0;) {
    const auto cell = find_scope_cell(asked[i].task, asked[i].embodiment, speed);
    if (cell) attempts[*cell].push_back(i);
  }
  std::vector<Wanted> cells;
  for (auto& [cell, open] : attempts) {
    const ScopeRow* row = scope.find(cell);
    const bool known = row != nullptr && row->attempts + row->earlier > 0;
    const double mean = known ? row->estimate.mean : kUnknownMean;
    const std::vector<std::string> properties = cell_properties(cell);
    cells.push_back({.cell = cell,
                     .properties = {properties.begin(), properties.end()},
                     .failures = (1 - mean) * static_cast<double>(open.size()),
                     .open = std::move(open)});
  }
  return cells;
}

// Failures that one more episode in cells[chosen] takes away.
double gain(const std::vector<Wanted>& cells, size_t chosen) {
  double sum = 0;
  for (const Wanted& cell : cells) {
    const double share = common_share(cells[chosen], cell);
    sum +=
        cell.failures * std::exp(-cell.coverage / kEpisodes) * (1 - std::exp(-share / kEpisodes));
  }
  return sum;
}

}  // namespace

std::vector<run::Attempt> choose_attempts(const Scope& scope,
                                          const std::vector<run::Attempt>& asked, int64_t count,
                                          double speed) {
  std::vector<Wanted> cells = wanted_cells(scope, asked, speed);
  std::set<size_t> chosen;
  while (std::ssize(chosen) < count) {
    double most = -1;
    size_t best = cells.size();
    for (size_t c = 0; c < cells.size(); ++c) {
      if (cells[c].open.empty()) continue;
      const double bought = gain(cells, c);
      if (bought > most) {
        most = bought;
        best = c;
      }
    }
    if (best == cells.size()) break;
    chosen.insert(cells[best].open.back());
    cells[best].open.pop_back();
    for (Wanted& cell : cells) cell.coverage += common_share(cells[best], cell);
  }
  for (size_t i = 0; i < asked.size() && std::ssize(chosen) < count; ++i) chosen.insert(i);
  std::vector<run::Attempt> attempts;
  for (const size_t i : chosen) attempts.push_back(asked[i]);
  return attempts;
}

}  // namespace gyre::flywheel
