#include "gyre/flywheel/ledger.h"

#include <sqlite3.h>

#include <algorithm>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS orders (
  run TEXT PRIMARY KEY, words TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS policies (
  hash TEXT PRIMARY KEY, folder TEXT NOT NULL, parent TEXT REFERENCES policies(hash),
  recipe TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS episodes (
  hash TEXT PRIMARY KEY, embodiment TEXT NOT NULL, task TEXT NOT NULL, family TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('success', 'failure', 'unknown')),
  seed TEXT NOT NULL, steps INTEGER NOT NULL, helped_steps INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS datasets (
  hash TEXT PRIMARY KEY, folder TEXT NOT NULL, embodiment TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS dataset_episodes (
  dataset TEXT NOT NULL REFERENCES datasets(hash), position INTEGER NOT NULL,
  episode TEXT NOT NULL REFERENCES episodes(hash), PRIMARY KEY (dataset, position));
CREATE TABLE IF NOT EXISTS evaluations (
  hash TEXT PRIMARY KEY, policy TEXT NOT NULL REFERENCES policies(hash), suite TEXT NOT NULL,
  seed TEXT NOT NULL, episodes INTEGER NOT NULL, successes INTEGER NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS scope (
  evaluation TEXT NOT NULL REFERENCES evaluations(hash), embodiment TEXT NOT NULL,
  family TEXT NOT NULL, episodes INTEGER NOT NULL, successes INTEGER NOT NULL,
  PRIMARY KEY (evaluation, embodiment, family));
CREATE TABLE IF NOT EXISTS promotions (
  run TEXT PRIMARY KEY REFERENCES orders(run), before TEXT NOT NULL REFERENCES policies(hash),
  after TEXT NOT NULL REFERENCES policies(hash), promoted INTEGER NOT NULL, reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS uses (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('promotion', 'roll-back')),
  before TEXT REFERENCES policies(hash), after TEXT NOT NULL REFERENCES policies(hash),
  folder TEXT NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS withdrawals (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL, canary TEXT NOT NULL, policy TEXT NOT NULL,
  canary_attempts INTEGER NOT NULL, canary_successes INTEGER NOT NULL,
  policy_attempts INTEGER NOT NULL, policy_successes INTEGER NOT NULL, evidence REAL NOT NULL,
  attempt TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS evidence (
  number INTEGER PRIMARY KEY, policy TEXT NOT NULL REFERENCES policies(hash), verb TEXT NOT NULL,
  object TEXT NOT NULL, place TEXT NOT NULL, robot TEXT NOT NULL, speed REAL NOT NULL,
  real INTEGER NOT NULL, outcome TEXT NOT NULL CHECK (outcome IN ('success', 'failure')),
  attempt TEXT NOT NULL, journal TEXT NOT NULL, author TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  UNIQUE (policy, attempt));
CREATE TABLE IF NOT EXISTS overrides (
  number INTEGER PRIMARY KEY, policy TEXT NOT NULL REFERENCES policies(hash), robot TEXT NOT NULL,
  words TEXT NOT NULL, why TEXT NOT NULL, author TEXT NOT NULL,
  created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
)sql";

constexpr const char* kTables[] = {
    "orders", "policies",   "episodes", "datasets", "dataset_episodes", "evaluations",
    "scope",  "promotions", "uses",     "evidence", "withdrawals",      "overrides"};

}  // namespace

// A prepared statement; values are bound in the order of the question marks.
class Ledger::Statement {
 public:
  Statement(const Ledger& ledger, const char* sql) : ledger_(ledger) {
    check(sqlite3_prepare_v2(ledger_.db_, sql, -1, &statement_, nullptr));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::string_view text) {
    check(sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()),
                            SQLITE_TRANSIENT));
    return *this;
  }
  Statement& bind(int64_t number) {
    check(sqlite3_bind_int64(statement_, ++bound_, number));
    return *this;
  }
  Statement& bind(double number) {
    check(sqlite3_bind_double(statement_, ++bound_, number));
    return *this;
  }
  Statement& bind_null() {
    check(sqlite3_bind_null(statement_, ++bound_));
    return *this;
  }
  bool step() {  // whether there is a row
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) ledger_.fail(code);
    return code == SQLITE_ROW;
  }
  std::string text(int column) const {
    const auto* bytes = sqlite3_column_text(statement_, column);
    return bytes ? reinterpret_cast<const char*>(bytes) : "";
  }
  int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  double real(int column) const { return sqlite3_column_double(statement_, column); }

 private:
  void check(int code) const {
    if (code != SQLITE_OK) ledger_.fail(code);
  }
  const Ledger& ledger_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

// All or nothing: what is not committed is rolled back.
class Ledger::Transaction {
 public:
  explicit Transaction(Ledger& ledger) : ledger_(ledger) { ledger_.execute("BEGIN IMMEDIATE"); }
  ~Transaction() {
    if (!done_) sqlite3_exec(ledger_.db_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    ledger_.execute("COMMIT");
    done_ = true;
  }

 private:
  Ledger& ledger_;
  bool done_ = false;
};

Ledger::Ledger(const std::filesystem::path& file) : file_(file.string()) {
  std::error_code ignored;  // opening says what is wrong
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  const int code = sqlite3_open(file_.c_str(), &db_);
  try {
    if (code != SQLITE_OK) fail(code);
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, 10'000);
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA foreign_keys = ON");
    Transaction transaction(*this);
    execute(kSchema);
    for (const char* table : kTables) {
      for (const char* what : {"UPDATE", "DELETE"}) {
        const std::string trigger = std::string("CREATE TRIGGER IF NOT EXISTS ") + table + "_no_" +
                                    what + " BEFORE " + what + " ON " + table +
                                    " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END";
        execute(trigger.c_str());
      }
    }
    transaction.commit();
  } catch (...) {
    sqlite3_close_v2(db_);
    throw;
  }
}

Ledger::~Ledger() { sqlite3_close_v2(db_); }

void Ledger::execute(const char* sql) const {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

void Ledger::fail(int code) const {
  const std::string message = db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      throw Error(file_, "this is no ledger, or it is damaged (" + message + ")",
                  "move it away and begin a new one, or restore a copy");
    case SQLITE_FULL:
    case SQLITE_IOERR:
      throw Error(file_, "cannot write to the ledger (" + message + ")",
                  "free disk space and run again; what was entered before is safe");
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      throw Error(file_, "cannot open the ledger for writing (" + message + ")",
                  "name a file in a folder that you may write to");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(file_, "another program holds the ledger", "wait for it to end");
    default:
      throw Error(file_, "the ledger refuses the entry (" + message + ")");
  }
}

void Ledger::add_order(std::string_view run, std::string_view words) {
  Statement(*this, "INSERT OR IGNORE INTO orders (run, words) VALUES (?, ?)")
      .bind(run)
      .bind(words)
      .step();
}

void Ledger::add_policy(const PolicyEntry& policy) {
  Statement statement(*this,
                      "INSERT INTO policies (hash, folder, recipe, parent) VALUES (?, ?, ?, ?) "
                      "ON CONFLICT (hash) DO NOTHING");
  statement.bind(policy.hash).bind(policy.folder).bind(policy.recipe);
  policy.parent.empty() ? statement.bind_null() : statement.bind(policy.parent);
  statement.step();
}

void Ledger::add_dataset(const DatasetEntry& dataset) {
  Transaction transaction(*this);
  Statement(*this,
            "INSERT INTO datasets (hash, folder, embodiment) VALUES (?, ?, ?) "
            "ON CONFLICT (hash) DO NOTHING")
      .bind(dataset.hash)
      .bind(dataset.folder)
      .bind(dataset.embodiment)
      .step();
  int64_t position = 0;
  for (const EpisodeEntry& episode : dataset.episodes) {
    Statement(*this,
              "INSERT INTO episodes (hash, embodiment, task, family, outcome, seed, steps, "
              "helped_steps) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING")
        .bind(episode.hash)
        .bind(episode.embodiment)
        .bind(episode.task)
        .bind(episode.family)
        .bind(episode.outcome)
        .bind(std::to_string(episode.seed))
        .bind(episode.steps)
        .bind(episode.helped_steps)
        .step();
    Statement(*this,
              "INSERT INTO dataset_episodes (dataset, position, episode) VALUES (?, ?, ?) "
              "ON CONFLICT DO NOTHING")
        .bind(dataset.hash)
        .bind(position++)
        .bind(episode.hash)
        .step();
  }
  transaction.commit();
}

void Ledger::add_evaluation(const EvaluationEntry& evaluation) {
  Transaction transaction(*this);
  Statement(*this,
            "INSERT INTO evaluations (hash, policy, suite, seed, episodes, successes) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING")
      .bind(evaluation.hash)
      .bind(evaluation.policy)
      .bind(evaluation.suite)
      .bind(std::to_string(evaluation.seed))
      .bind(evaluation.rate.episodes)
      .bind(evaluation.rate.successes)
      .step();
  for (const ScopeEntry& entry : evaluation.scope) {
    Statement(*this,
              "INSERT INTO scope (evaluation, embodiment, family, episodes, successes) "
              "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(evaluation.hash)
        .bind(entry.embodiment)
        .bind(entry.family)
        .bind(entry.rate.episodes)
        .bind(entry.rate.successes)
        .step();
  }
  transaction.commit();
}

void Ledger::add_promotion(const PromotionEntry& promotion) {
  Statement(*this,
            "INSERT INTO promotions (run, before, after, promoted, reason, evidence) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run) DO NOTHING")
      .bind(promotion.run)
      .bind(promotion.before)
      .bind(promotion.after)
      .bind(static_cast<int64_t>(promotion.promoted))
      .bind(promotion.reason)
      .bind(promotion.evidence)
      .step();
}

UseEntry Ledger::add_use(const UseEntry& use) {
  Transaction transaction(*this);
  const std::vector<UseEntry> known = uses();
  const std::string present = known.empty() ? "" : known.back().after;
  if (present != use.before) {
    throw Error(file_, "another policy was put in use meanwhile (" + present + ")",
                "look at it and decide again");
  }
  const bool again = std::ranges::any_of(known, [&](const UseEntry& entry) {
    return entry.after == use.after || entry.before == use.after;
  });
  Statement statement(*this,
                      "INSERT INTO uses (kind, after, folder, author, reason, before) "
                      "VALUES (?, ?, ?, ?, ?, ?)");
  statement.bind(again ? "roll-back" : "promotion")
      .bind(use.after)
      .bind(use.folder)
      .bind(use.author)
      .bind(use.reason);
  use.before.empty() ? statement.bind_null() : statement.bind(use.before);
  statement.step();
  UseEntry entered = uses().back();
  transaction.commit();
  return entered;
}

std::vector<UseEntry> Ledger::uses() const {
  Statement statement(*this,
                      "SELECT kind, before, after, folder, author, reason, created FROM uses "
                      "ORDER BY number");
  std::vector<UseEntry> entries;
  while (statement.step()) {
    entries.push_back({.kind = statement.text(0),
                       .before = statement.text(1),
                       .after = statement.text(2),
                       .folder = statement.text(3),
                       .author = statement.text(4),
                       .reason = statement.text(5),
                       .created = statement.text(6)});
  }
  return entries;
}

void Ledger::add_withdrawal(const WithdrawalEntry& withdrawal) {
  Statement(*this,
            "INSERT INTO withdrawals (name, canary, policy, canary_attempts, canary_successes, "
            "policy_attempts, policy_successes, evidence, attempt) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(withdrawal.name)
      .bind(withdrawal.canary)
      .bind(withdrawal.policy)
      .bind(withdrawal.canary_attempts)
      .bind(withdrawal.canary_successes)
      .bind(withdrawal.policy_attempts)
      .bind(withdrawal.policy_successes)
      .bind(withdrawal.evidence)
      .bind(withdrawal.attempt)
      .step();
}

std::vector<WithdrawalEntry> Ledger::withdrawals() const {
  Statement statement(*this,
                      "SELECT name, canary, policy, canary_attempts, canary_successes, "
                      "policy_attempts, policy_successes, evidence, attempt, created "
                      "FROM withdrawals ORDER BY number");
  std::vector<WithdrawalEntry> entries;
  while (statement.step()) {
    entries.push_back({.name = statement.text(0),
                       .canary = statement.text(1),
                       .policy = statement.text(2),
                       .canary_attempts = statement.number(3),
                       .canary_successes = statement.number(4),
                       .policy_attempts = statement.number(5),
                       .policy_successes = statement.number(6),
                       .evidence = statement.real(7),
                       .attempt = statement.text(8),
                       .created = statement.text(9)});
  }
  return entries;
}

void Ledger::add_evidence(const std::vector<EvidenceEntry>& evidence) {
  Transaction transaction(*this);
  for (const EvidenceEntry& entry : evidence) {
    Statement(*this,
              "INSERT INTO evidence (policy, verb, object, place, robot, speed, real, outcome, "
              "attempt, journal, author) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
              "ON CONFLICT (policy, attempt) DO NOTHING")
        .bind(entry.policy)
        .bind(entry.verb)
        .bind(entry.object)
        .bind(entry.place)
        .bind(entry.robot)
        .bind(entry.speed)
        .bind(static_cast<int64_t>(entry.real))
        .bind(entry.success ? "success" : "failure")
        .bind(entry.attempt)
        .bind(entry.journal)
        .bind(entry.author)
        .step();
  }
  transaction.commit();
}

std::vector<EvidenceEntry> Ledger::evidence(const std::string& policy) const {
  Statement statement(*this,
                      "SELECT policy, verb, object, place, robot, speed, real, outcome, attempt, "
                      "journal, author, created FROM evidence WHERE policy = ? ORDER BY number");
  statement.bind(policy);
  std::vector<EvidenceEntry> entries;
  while (statement.step()) {
    entries.push_back({.policy = statement.text(0),
                       .verb = statement.text(1),
                       .object = statement.text(2),
                       .place = statement.text(3),
                       .robot = statement.text(4),
                       .speed = statement.real(5),
                       .real = statement.number(6) != 0,
                       .success = statement.text(7) == "success",
                       .attempt = statement.text(8),
                       .journal = statement.text(9),
                       .author = statement.text(10),
                       .created = statement.text(11)});
  }
  return entries;
}

void Ledger::add_override(const OverrideEntry& entry) {
  Statement(*this,
            "INSERT INTO overrides (policy, robot, words, why, author) VALUES (?, ?, ?, ?, ?)")
      .bind(entry.policy)
      .bind(entry.robot)
      .bind(entry.words)
      .bind(entry.why)
      .bind(entry.author)
      .step();
}

std::vector<OverrideEntry> Ledger::overrides() const {
  Statement statement(*this,
                      "SELECT policy, robot, words, why, author, created FROM overrides "
                      "ORDER BY number");
  std::vector<OverrideEntry> entries;
  while (statement.step()) {
    entries.push_back({.policy = statement.text(0),
                       .robot = statement.text(1),
                       .words = statement.text(2),
                       .why = statement.text(3),
                       .author = statement.text(4),
                       .created = statement.text(5)});
  }
  return entries;
}

std::vector<PromotionEntry> Ledger::promotions() const {
  Statement statement(*this,
                      "SELECT run, before, after, promoted, reason, evidence FROM promotions "
                      "ORDER BY rowid");
  std::vector<PromotionEntry> entries;
  while (statement.step()) {
    entries.push_back({.run = statement.text(0),
                       .before = statement.text(1),
                       .after = statement.text(2),
                       .promoted = statement.number(3) != 0,
                       .reason = statement.text(4),
                       .evidence = statement.text(5)});
  }
  return entries;
}

std::vector<ScopeEntry> Ledger::scope(const std::string& policy) const {
  Statement statement(*this,
                      "SELECT s.embodiment, s.family, s.successes, s.episodes, max(e.rowid) "
                      "FROM scope s JOIN evaluations e ON e.hash = s.evaluation "
                      "WHERE e.policy = ? GROUP BY s.embodiment, s.family "
                      "ORDER BY s.embodiment, s.family");
  statement.bind(policy);
  std::vector<ScopeEntry> entries;
  while (statement.step()) {
    entries.push_back(
        {statement.text(0), statement.text(1), wilson(statement.number(2), statement.number(3))});
  }
  return entries;
}

int64_t Ledger::count(std::string_view table) const {
  Statement statement(*this, ("SELECT count(*) FROM " + std::string(table)).c_str());
  statement.step();
  return statement.number(0);
}

}  // namespace gyre::flywheel
