#pragma once

#include <vector>

#include "gyre/flywheel/stages/context.h"
#include "gyre/flywheel/stages/recordings.h"

namespace gyre::flywheel {

// One stage: the policy acts on the frontier, the helper corrects, and every control period goes to
// journal/; or, where TurnConfig::record names journals, those. Throws Error for a journal that
// cannot be read.
std::vector<RecordedJournal> collect_attempts(TurnContext& turn);

}  // namespace gyre::flywheel
