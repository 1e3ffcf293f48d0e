#include "drive_scope.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/lineage.h"
#include "gyre/flywheel/policy_use.h"
#include "scope_tasks.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

bool has_evidence(const flywheel::Scope& scope) {
  return std::ranges::any_of(
      scope.rows, [](const flywheel::ScopeRow& row) { return row.attempts + row.earlier > 0; });
}

}  // namespace

void add_scope_flags(CLI::App& verb, ScopeFlags& flags) {
  verb.add_option("--ledger", flags.ledger,
                  "keep to the scope of this ledger, and enter attempts as evidence; without: the "
                  "one that the policy lies beside, where it has evidence")
      ->type_name("FILE");
  verb.add_flag("--override-scope", flags.override_scope,
                "let the policy do once what lies outside its scope; this is recorded");
}

DriveScope::DriveScope(const ScopeFlags& flags, Driven driven)
    : driven_(std::move(driven)),
      words_(kitchen_tasks()),
      session_(fmt::format(
          "driven {:%FT%TZ} {}",
          fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())),
          ::getpid())),
      may_override_(flags.override_scope) {
  const bool named = !flags.ledger.empty();
  if (driven_.policy_hash.empty()) {
    if (named) throw Error("--ledger", "needs a policy whose hash is known");
    return;
  }
  ledger_ = named ? fs::path(flags.ledger) : flywheel::ledger_beside(driven_.policy);
  if (named && !fs::is_regular_file(ledger_)) {
    throw Error(flags.ledger, "no such ledger", "name the ledger.db of a folder of runs");
  }
  if (ledger_.empty()) return;
  cells_ = flywheel::scope_cells(kitchen_tasks(), {driven_.robot}, {driven_.speed});
  read();
  if (!named && !has_evidence(scope_)) ledger_.clear();
  if (!active()) return;
  if (ledger_.filename() != flywheel::kLedgerFile) {
    throw Error(flags.ledger, "is no ledger.db", "name the ledger.db of a folder of runs");
  }
  flywheel::enter_policy(ledger_.parent_path().empty() ? "." : ledger_.parent_path(),
                         driven_.policy);
}

void DriveScope::read() {
  scope_ = flywheel::read_scope(ledger_, driven_.policy_hash, driven_.real, cells_);
}

void DriveScope::require(const std::string& words) {
  if (!active() || words.empty()) return;
  const std::lock_guard lock(mutex_);
  const auto answer = flywheel::ask_scope(scope_, words_, words, driven_.robot, driven_.speed);
  if (answer.verdict != flywheel::ScopeVerdict::kOutside || may_override_) return;
  throw Error("scope", answer.reason, "teach it by hand, or let it once with --override-scope");
}

run::Permission DriveScope::permit(const std::string& words) {
  using Kind = run::Permission::Kind;
  if (!active()) return {};
  if (words.empty()) return {.kind = Kind::kAsk, .why = "nobody has said what is to be done"};
  const std::lock_guard lock(mutex_);
  const auto answer = flywheel::ask_scope(scope_, words_, words, driven_.robot, driven_.speed);
  if (answer.verdict == flywheel::ScopeVerdict::kInside) return {};
  if (answer.verdict == flywheel::ScopeVerdict::kAsk) {
    return {.kind = Kind::kAsk, .why = answer.reason};
  }
  if (!std::exchange(may_override_, false)) return {.kind = Kind::kRefused, .why = answer.reason};
  const std::string author = user_name();
  flywheel::Ledger(ledger_).add_override({.policy = driven_.policy_hash,
                                          .robot = driven_.robot,
                                          .words = words,
                                          .why = answer.reason,
                                          .author = author});
  return {.kind = Kind::kOverridden, .why = answer.reason, .author = author};
}

void DriveScope::take(const run::AttemptEnd& attempt) {
  if (!active() || !attempt.success || attempt.policy_hash != driven_.policy_hash) return;
  const flywheel::ScopeWords::Match match = words_.find(attempt.words);
  const auto cell = flywheel::find_scope_cell(match.task, driven_.robot, driven_.speed);
  if (!cell) return;
  flywheel::Ledger(ledger_).add_evidence(
      {{.policy = driven_.policy_hash,
        .verb = cell->verb,
        .object = cell->object,
        .place = cell->place,
        .robot = cell->robot,
        .speed = cell->speed,
        .real = driven_.real,
        .success = *attempt.success && !attempt.helped,
        .attempt = fmt::format("{} {}", session_, attempt.number),
        .journal = driven_.journal,
        .author = attempt.by_person ? "person" : "judge"}});
  const std::lock_guard lock(mutex_);
  read();
}

}  // namespace gyre::apps
