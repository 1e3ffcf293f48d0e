#pragma once

#include <filesystem>

#include "gyre/flywheel/report.h"
#include "gyre/flywheel/stages/store.h"

namespace gyre::flywheel {

// One stage: copies the candidate to policy/, without what only learning needs, and writes into it
// why it was promoted. A crash leaves no policy/, or a whole one.
std::filesystem::path promote(TurnContext& turn, const std::filesystem::path& candidate,
                              const Report& report, const std::vector<StoredData>& collected);

}  // namespace gyre::flywheel
