#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/ledger_tables.h"
#include "gyre/policy/checkpoint.h"

// The policy in use of a folder of runs. The ledger's newest use is the only word on it; the link
// <runs>/current is made from it, so that every program takes "runs/current" as a policy folder.
namespace gyre::flywheel {

inline constexpr const char* kLedgerFile = "ledger.db";
inline constexpr const char* kCurrent = "current";  // the link beside it

// None where nothing was put in use, or there is no ledger. Only reads. Throws Error for a file
// that is no ledger.
std::optional<UseEntry> policy_in_use(const std::filesystem::path& runs);

// The policy folder of a use.
std::filesystem::path used_folder(const std::filesystem::path& runs, const UseEntry& use);

// Six or more hexadecimal digits.
bool is_policy_hash(const std::string& word);

struct UseOrder {
  std::string policy;  // a hash of the ledger or its first digits, or a folder
  std::string author;
  std::string reason;
};

// The policy of a hash of the ledger or its first digits, or of a folder that the ledger knows,
// with its hashes. Throws Error where it is not in the ledger, or its folder is gone or has
// changed.
Checkpoint entered_policy(const std::filesystem::path& runs, const std::string& word);

// Puts a policy of the ledger in use, and points the link to it. Nothing changes where it is in use
// already. Throws Error, and changes nothing, for a policy that is not in the ledger, whose folder
// is gone or has changed, that does not know a robot of the policy in use with the same contract
// (going back, a robot may be missing), and without a reason for one that a gate kept out.
UseEntry use_policy(const std::filesystem::path& runs, const UseOrder& order);

// Enters a policy that was made elsewhere, with its parent where that is known. Returns its hash.
// Throws Error as Checkpoint::open does.
std::string enter_policy(const std::filesystem::path& runs, const std::filesystem::path& folder);

// Sets <runs>/current to the policy in use, or removes it where none is. Throws Error where
// something else has that name.
void refresh_current(const std::filesystem::path& runs);

// Throws Error where `policy` is the link of a folder of runs and is not what the ledger says.
void require_current(const std::filesystem::path& policy);

// The place of the policy of this hash, among the folders that the ledger names: the promoted one,
// else the one that was entered; none where no folder is there. Does not look into them.
std::optional<std::filesystem::path> policy_folder(const std::filesystem::path& runs,
                                                   const std::string& hash);
// The same from the ledger's views "policies" and "promotions".
std::optional<std::filesystem::path> policy_folder(const std::filesystem::path& runs,
                                                   const std::string& hash,
                                                   const LedgerRows& policies,
                                                   const LedgerRows& promotions);

}  // namespace gyre::flywheel
