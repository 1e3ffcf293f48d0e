#pragma once

#include <filesystem>
#include <vector>

#include "gyre/flywheel/report.h"
#include "gyre/flywheel/stages/context.h"
#include "gyre/flywheel/suites.h"

namespace gyre::flywheel {

// One stage: films the first frontier attempt before everything else, so that there is something to
// look at: first_look.mp4.
void film_first_look(TurnContext& turn);

// One stage: for each robot the first frontier attempt that was won by learning (else the first at
// all), filmed with the policy before and after, into clips/.
std::vector<Clip> film(TurnContext& turn, const Suites& before, const Suites& after,
                       const std::filesystem::path& candidate);

}  // namespace gyre::flywheel
