#include "gyre/flywheel/policy_use.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFewestDigits = 6;
constexpr size_t kShownDigits = 12;

std::string digits(const std::string& hash) { return hash.substr(0, kShownDigits); }

// The hash of the ledger that begins with these digits.
std::string entered_hash(const fs::path& runs, const std::string& word) {
  const LedgerRows policies(runs / kLedgerFile, "policies");
  std::vector<std::string> found;
  for (size_t i = 0; i < policies.size(); ++i) {
    const std::string& hash = policies.text(i, "hash");
    if (hash.starts_with(word)) found.push_back(hash);
  }
  const std::string ledger = (runs / kLedgerFile).string();
  if (found.empty()) {
    throw Error("policy " + word, "is not in the ledger " + ledger,
                "`gyre policy list` shows what is; `gyre policy add DIR` enters another");
  }
  if (found.size() > 1) {
    throw Error("policy " + word, fmt::format("{} policies begin with this", found.size()),
                "give more digits");
  }
  return found.front();
}

// Folders where the policy of a hash lay or was promoted to, the most lasting first.
std::vector<fs::path> named_folders(const fs::path& runs, const std::string& hash,
                                    const LedgerRows& policies, const LedgerRows& promotions) {
  std::vector<fs::path> folders;
  for (size_t i = promotions.size(); i-- > 0;) {
    if (promotions.text(i, "after") == hash && promotions.number(i, "promoted") != 0) {
      folders.push_back(runs / promotions.text(i, "run") / "policy");
    }
  }
  for (size_t i = 0; i < policies.size(); ++i) {
    if (policies.text(i, "hash") != hash) continue;
    const fs::path folder = policies.text(i, "folder");
    folders.push_back(folder);
    // As it was typed where the runs lie, or as the runs were moved since.
    if (folder.is_relative()) folders.push_back(fs::absolute(runs).parent_path() / folder);
  }
  return folders;
}

// The policy's folder, opened. Throws Error where no folder has it.
Checkpoint open_entered(const fs::path& runs, const std::string& hash) {
  std::string changed;
  const std::vector<fs::path> folders =
      named_folders(runs, hash, LedgerRows(runs / kLedgerFile, "policies"),
                    LedgerRows(runs / kLedgerFile, "promotions"));
  for (const fs::path& folder : folders) {
    if (!fs::is_directory(folder)) continue;
    Checkpoint policy = Checkpoint::open(folder);
    policy.hash_weights();
    if (policy.policy_hash == hash) return policy;
    changed = fmt::format("{} has changed since it was entered: it was {} and is {}",
                          folder.string(), digits(hash), digits(policy.policy_hash));
  }
  if (!changed.empty()) throw Error("policy " + digits(hash), changed, "restore its folder");
  throw Error("policy " + digits(hash),
              fmt::format("its folder {} is not here", folders.front().string()),
              "bring it back, or choose another policy");
}

// The policy of a folder. Throws Error where the ledger has no policy like it.
Checkpoint open_folder(const fs::path& runs, const fs::path& folder) {
  Checkpoint policy = Checkpoint::open(folder);
  policy.hash_weights();
  const LedgerRows policies(runs / kLedgerFile, "policies");
  std::string then;
  for (size_t i = 0; i < policies.size(); ++i) {
    if (policies.text(i, "hash") == policy.policy_hash) return policy;
    std::error_code ignored;
    if (fs::equivalent(policies.text(i, "folder"), folder, ignored)) {
      then = policies.text(i, "hash");
    }
  }
  if (!then.empty()) {
    throw Error("policy " + folder.string(),
                fmt::format("has changed since it was entered: it was {} and is {}", digits(then),
                            digits(policy.policy_hash)),
                "restore its folder, or enter it with `gyre policy add`");
  }
  throw Error(
      "policy " + folder.string(),
      fmt::format("({}) is not in the ledger {}", digits(policy.policy_hash),
                  (runs / kLedgerFile).string()),
      fmt::format("`gyre policy add {} --runs {}` enters it", folder.string(), runs.string()));
}

// The robots that are driven by the policy in use can be driven by the next one. What is no longer
// here drives none.
void require_same_contracts(const fs::path& runs, const UseEntry& present, const Checkpoint& next,
                            bool going_back) {
  const fs::path folder = used_folder(runs, present);
  if (!fs::is_directory(folder)) return;
  for (const auto& [name, trained] : Checkpoint::open(folder).embodiments) {
    if (going_back && !next.embodiments.contains(name)) continue;
    next.trained_on(trained.contract);
  }
}

// The reason of the gate's newest decision against the policy; "" where it let it pass, or never
// judged it.
std::string kept_out(const fs::path& runs, const std::string& hash) {
  const LedgerRows promotions(runs / kLedgerFile, "promotions");
  std::string reason;
  for (size_t i = 0; i < promotions.size(); ++i) {
    if (promotions.text(i, "after") != hash || promotions.text(i, "before") == hash) continue;
    reason = promotions.number(i, "promoted") != 0 ? "" : promotions.text(i, "reason");
  }
  return reason;
}

// Below the runs by its path from there, so that the link and the ledger can be moved together.
std::string stored_folder(const fs::path& runs, const fs::path& folder) {
  const fs::path whole = fs::canonical(folder);
  const fs::path inside = whole.lexically_relative(fs::canonical(runs));
  return inside.empty() || *inside.begin() == ".." ? whole.string() : inside.string();
}

// The hash of the policy that this one was learnt from, by its own record; or "".
std::string parent_of(const Checkpoint& policy) {
  const auto named = [](const nlohmann::json& about) -> std::string {
    const auto found = about.is_object() ? about.find("parent") : about.end();
    return found != about.end() && found->is_string() ? found->get<std::string>() : "";
  };
  const std::string parent = named(policy.about);
  return parent.empty() && policy.about.contains("training") ? named(policy.about.at("training"))
                                                             : parent;
}

bool was_used(const std::vector<UseEntry>& uses, const std::string& hash) {
  return std::ranges::any_of(
      uses, [&](const UseEntry& use) { return use.after == hash || use.before == hash; });
}

void require_ledger(const fs::path& runs) {
  if (fs::is_regular_file(runs / kLedgerFile)) return;
  throw Error(runs.string(), "has no ledger.db",
              "name a folder of runs with --runs; `gyre turn` and `gyre policy add` make one");
}

}  // namespace

std::optional<UseEntry> policy_in_use(const fs::path& runs) {
  if (!fs::is_regular_file(runs / kLedgerFile)) return std::nullopt;
  const LedgerRows uses(runs / kLedgerFile, "uses");
  if (uses.size() == 0) return std::nullopt;
  const size_t newest = uses.size() - 1;
  return UseEntry{.kind = uses.text(newest, "kind"),
                  .before = uses.text(newest, "before"),
                  .after = uses.text(newest, "after"),
                  .folder = uses.text(newest, "folder"),
                  .author = uses.text(newest, "author"),
                  .reason = uses.text(newest, "reason"),
                  .created = uses.text(newest, "created")};
}

fs::path used_folder(const fs::path& runs, const UseEntry& use) { return runs / use.folder; }

std::optional<fs::path> policy_folder(const fs::path& runs, const std::string& hash) {
  return policy_folder(runs, hash, LedgerRows(runs / kLedgerFile, "policies"),
                       LedgerRows(runs / kLedgerFile, "promotions"));
}

std::optional<fs::path> policy_folder(const fs::path& runs, const std::string& hash,
                                      const LedgerRows& policies, const LedgerRows& promotions) {
  for (const fs::path& folder : named_folders(runs, hash, policies, promotions)) {
    std::error_code none;
    if (fs::is_directory(folder, none)) return folder;
  }
  return std::nullopt;
}

bool is_policy_hash(const std::string& word) {
  return word.size() >= kFewestDigits &&
         std::ranges::all_of(word, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

Checkpoint entered_policy(const fs::path& runs, const std::string& word) {
  require_ledger(runs);
  if (fs::is_directory(word)) return open_folder(runs, word);
  if (is_policy_hash(word)) return open_entered(runs, entered_hash(runs, word));
  throw Error("policy '" + word + "'", "is neither a folder nor a hash",
              "`gyre policy list` shows hashes; six digits are enough");
}

UseEntry use_policy(const fs::path& runs, const UseOrder& order) {
  const Checkpoint next = entered_policy(runs, order.policy);
  const std::optional<UseEntry> present = policy_in_use(runs);
  if (present && present->after == next.policy_hash) return *present;
  Ledger ledger(runs / kLedgerFile);
  const bool going_back = was_used(ledger.uses(), next.policy_hash);
  if (present) require_same_contracts(runs, *present, next, going_back);
  const std::string kept = kept_out(runs, next.policy_hash);
  if (!kept.empty() && order.reason.empty()) {
    throw Error("policy " + digits(next.policy_hash), "a turn kept it out (" + kept + ")",
                "say with --reason why it is used all the same");
  }
  UseEntry entered = ledger.add_use({.before = present ? present->after : "",
                                     .after = next.policy_hash,
                                     .folder = stored_folder(runs, next.folder),
                                     .author = order.author,
                                     .reason = order.reason});
  refresh_current(runs);
  return entered;
}

std::string enter_policy(const fs::path& runs, const fs::path& folder) {
  Checkpoint policy = Checkpoint::open(folder);
  policy.hash_weights();
  std::error_code unmade;
  fs::create_directories(runs, unmade);
  if (unmade) io::throw_file_error(runs, "make", unmade.value());
  Ledger ledger(runs / kLedgerFile);
  const LedgerRows policies(runs / kLedgerFile, "policies");
  const std::string parent = parent_of(policy);
  bool known = false;
  for (size_t i = 0; i < policies.size(); ++i) known |= policies.text(i, "hash") == parent;
  ledger.add_policy({.hash = policy.policy_hash,
                     .folder = fs::canonical(folder).string(),
                     .parent = known ? parent : "",
                     .recipe = policy.about.dump()});
  return policy.policy_hash;
}

void refresh_current(const fs::path& runs) {
  const fs::path link = runs / kCurrent;
  std::optional<UseEntry> use = policy_in_use(runs);
  while (true) {
    std::error_code code;
    const fs::path wanted = use ? fs::path(use->folder) : fs::path();
    const fs::file_status found = fs::symlink_status(link, code);
    if (fs::exists(found) && !fs::is_symlink(found)) {
      throw Error(link.string(), "is no link to the policy in use", "move it away");
    }
    if (!use) {
      fs::remove(link, code);
    } else if (!fs::is_symlink(found) || fs::read_symlink(link, code) != wanted) {
      const fs::path fresh = runs / fmt::format(".{}.{}", kCurrent, ::getpid());
      fs::remove(fresh, code);
      fs::create_directory_symlink(wanted, fresh, code);
      if (!code) fs::rename(fresh, link, code);
      if (code) io::throw_file_error(link, "make", code.value());
      io::sync_folder(runs);
    }
    const std::optional<UseEntry> newest = policy_in_use(runs);  // another may have been faster
    if ((newest ? newest->folder : "") == (use ? use->folder : "")) return;
    use = newest;
  }
}

void require_current(const fs::path& policy) {
  fs::path link = policy;
  if (!link.has_filename()) link = link.parent_path();  // "runs/current/"
  std::error_code none;
  if (link.filename() != kCurrent || !fs::is_symlink(link, none)) return;
  const fs::path runs = link.has_parent_path() ? link.parent_path() : fs::path(".");
  if (!fs::is_regular_file(runs / kLedgerFile)) return;
  const std::optional<UseEntry> use = policy_in_use(runs);
  if (use && fs::read_symlink(link, none) == fs::path(use->folder)) return;
  throw Error(policy.string(), "is not the policy that the ledger says is in use",
              fmt::format("`gyre policy list --runs {}` sets it right", runs.string()));
}

}  // namespace gyre::flywheel
