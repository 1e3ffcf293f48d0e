#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/flywheel/stages/context.h"

namespace gyre::flywheel {

// A journal to learn from.
struct RecordedJournal {
  std::filesystem::path folder;
  std::string hash;  // journal_hash()
};

// Those that TurnConfig::record names. Throws Error for one that cannot be read.
std::vector<RecordedJournal> given_journals(const TurnContext& turn);

// One stage: the policy acts on the frontier, the helper corrects, and every control period goes to
// journal/; or, where TurnConfig::record names journals, those. Throws Error for a journal that
// cannot be read.
std::vector<RecordedJournal> collect_attempts(TurnContext& turn);

}  // namespace gyre::flywheel
