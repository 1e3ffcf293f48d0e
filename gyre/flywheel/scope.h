#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gyre/flywheel/scope_model.h"
#include "gyre/flywheel/scope_words.h"

// The tasks that a policy may do alone, by the attempts that the ledger has of it.
namespace gyre::flywheel {

inline constexpr double kScopeRate = 0.8;  // success that autonomy asks for
// Attempts of an earlier policy count as at most this many of the present one's (for its parent;
// half of it for the parent's parent, and so on).
inline constexpr double kEarlierAttempts = 10;

enum class ScopeVerdict {
  kInside,   // alone: the lower bound is at or above kScopeRate
  kAsk,      // with a person: the rate may be above or below
  kOutside,  // not at all: no cell, no evidence nearby, or the upper bound is below kScopeRate
};
const char* verdict_name(ScopeVerdict verdict);  // "in", "ask", "out"
ScopeVerdict verdict_of(const CellEstimate& estimate);

struct ScopeRow {
  ScopeCell cell;
  int64_t attempts = 0, successes = 0;  // of the policy itself
  int64_t earlier = 0;                  // attempts of its ancestors
  CellEstimate estimate;
  ScopeVerdict verdict = ScopeVerdict::kOutside;
};

struct Scope {
  std::string policy;          // hash
  bool real = false;           // evidence of real robots, else of simulated ones
  std::vector<ScopeRow> rows;  // by cell
  const ScopeRow* find(const ScopeCell& cell) const;
};

// Attempts in one cell of the policy that is `generations` above the present one (0: itself).
struct CellEvidence {
  ScopeCell cell;
  int generations = 0;
  int64_t attempts = 0, successes = 0;
};

// The scope of these cells and of those with evidence. An ancestor's N attempts count as
// N m / (N + m) with m = kEarlierAttempts / generations.
Scope make_scope(const std::vector<ScopeCell>& cells, const std::vector<CellEvidence>& evidence);

// The same from a ledger; only reads it. Without a ledger there is no evidence. Throws Error for a
// file that is no ledger.
Scope read_scope(const std::filesystem::path& ledger, const std::string& policy, bool real,
                 const std::vector<ScopeCell>& cells);

// The cells of tasks, with each robot at each speed.
std::vector<ScopeCell> scope_cells(const std::vector<ScopeTask>& tasks,
                                   const std::vector<std::string>& robots,
                                   const std::vector<double>& speeds);

struct ScopeAnswer {
  ScopeVerdict verdict = ScopeVerdict::kOutside;
  std::optional<ScopeRow> row;  // of the words' cell; none: they match no cell
  std::string reason;           // one line that names the words, and what is known
};

// May the policy do what the words ask for?
ScopeAnswer ask_scope(const Scope& scope, const ScopeWords& words, const std::string& sentence,
                      const std::string& robot, double speed = 1);

// {policy, real, asked_rate, cells: [{verb, object, place, robot, speed, successes, attempts,
// earlier, mean, low, high, verdict}]}
void to_json(nlohmann::json& json, const Scope& scope);
// {verdict, reason, cell: as above, or null}
void to_json(nlohmann::json& json, const ScopeAnswer& answer);

std::string scope_table(const Scope& scope);  // for the terminal

}  // namespace gyre::flywheel
