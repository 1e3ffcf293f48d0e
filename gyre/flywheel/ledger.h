#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/flywheel/statistics.h"

struct sqlite3;

namespace gyre::flywheel {

struct PolicyEntry {
  std::string hash;    // Checkpoint::policy_hash
  std::string folder;  // where it lay when it was entered
  std::string parent;  // hash of the policy that it was learnt from, or ""
  std::string recipe;  // JSON: what made it
};

struct EpisodeEntry {
  std::string hash;                               // data::EpisodeRows::hash()
  std::string embodiment, task, family, outcome;  // outcome: "success", "failure", "unknown"
  uint64_t seed = 0;
  int64_t steps = 0;
  int64_t helped_steps = 0;  // steps that a person or the helper decided
};

struct DatasetEntry {
  std::string hash;  // over the folder's data files
  std::string folder;
  std::string embodiment;
  std::vector<EpisodeEntry> episodes;
};

// What a policy was measured to do on one family with one embodiment: the scope's unit.
struct ScopeEntry {
  std::string embodiment, family;
  Rate rate;
};

struct EvaluationEntry {
  std::string policy;  // hash
  std::string suite;
  uint64_t seed = 0;
  std::string hash;  // over the hashes of its episodes: equal evaluations are one
  Rate rate;
  std::vector<ScopeEntry> scope;
};

struct PromotionEntry {
  std::string run;            // the run's name: one decision each
  std::string before, after;  // policy hashes
  bool promoted = false;
  std::string reason;
  std::string evidence;  // JSON: {skill, gate, trained, frontier}
};

// A policy that robots are to be driven by from now on. The newest one is the policy in use.
struct UseEntry {
  std::string kind;    // "promotion", or "roll-back" to a policy that was in use before
  std::string before;  // policy hash; "": none was in use
  std::string after;   // policy hash
  std::string folder;  // where it lies: below the ledger's folder, or an absolute path
  std::string author, reason;
  std::string created;  // UTC; the ledger's clock
};

// The end of a canary that a server withdrew.
struct WithdrawalEntry {
  std::string name;            // that the server answers by
  std::string canary, policy;  // hashes; the policy keeps its place
  int64_t canary_attempts = 0, canary_successes = 0;
  int64_t policy_attempts = 0, policy_successes = 0;
  double evidence = 0;  // core/degradation.h
  std::string attempt;  // whose outcome decided
  std::string created;  // UTC; the ledger's clock
};

// One attempt of a policy alone, as evidence of what it can do.
struct EvidenceEntry {
  std::string policy;                      // hash
  std::string verb, object, place, robot;  // gyre/flywheel/scope_cell.h
  double speed = 1;
  bool real = false;  // by a real robot, else in simulation
  bool success = false;
  std::string attempt;  // a name that no other attempt of this policy has
  std::string journal;  // folder of its record, or ""
  std::string author;   // of the verdict
  std::string created;  // UTC; the ledger's clock
};

// A person let a policy do once what lies outside its scope.
struct OverrideEntry {
  std::string policy;  // hash
  std::string robot, words;
  std::string why;  // the scope's verdict
  std::string author;
  std::string created;  // UTC; the ledger's clock
};

// Which episodes became which data, which data which policy, what that policy was measured to do,
// what was decided and which policy is in use: one SQLite file (write-ahead log, foreign keys).
// Tables: orders, policies, episodes, datasets, dataset_episodes, evaluations, scope, promotions,
// uses, withdrawals, evidence, overrides. Rows are only ever added; triggers refuse change and
// removal. Entering the same hash twice is entering it once, so that a
// resumed run may repeat itself.
// Every function throws Error naming the file: not a ledger or damaged, disk full, a hash that is
// referred to but was never entered.
class Ledger {
 public:
  explicit Ledger(const std::filesystem::path& file);  // made with its folders when absent
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  void add_order(std::string_view run, std::string_view words);  // what was asked of which run
  void add_policy(const PolicyEntry& policy);
  void add_dataset(const DatasetEntry& dataset);
  void add_evaluation(const EvaluationEntry& evaluation);
  void add_promotion(const PromotionEntry& promotion);
  // Puts `after` in use in the place of `before`; returns the entry with its kind and time. Throws
  // Error where another policy than `before` is in use.
  UseEntry add_use(const UseEntry& use);
  void add_withdrawal(const WithdrawalEntry& withdrawal);
  // An attempt that is known already stays as it is. All or none.
  void add_evidence(const std::vector<EvidenceEntry>& evidence);
  void add_override(const OverrideEntry& entry);

  std::vector<PromotionEntry> promotions() const;                        // oldest first
  std::vector<UseEntry> uses() const;                                    // oldest first
  std::vector<WithdrawalEntry> withdrawals() const;                      // oldest first
  std::vector<EvidenceEntry> evidence(const std::string& policy) const;  // oldest first
  std::vector<OverrideEntry> overrides() const;                          // oldest first
  std::vector<ScopeEntry> scope(const std::string& policy) const;  // latest evaluation of each
  int64_t count(std::string_view table) const;                     // rows

 private:
  class Statement;
  class Transaction;
  void execute(const char* sql) const;
  [[noreturn]] void fail(int code) const;

  std::string file_;
  sqlite3* db_ = nullptr;
};

}  // namespace gyre::flywheel
