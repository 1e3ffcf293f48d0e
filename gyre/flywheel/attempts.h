#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/run/arena.h"

namespace gyre::flywheel {

// Lists of attempts that an arena's suites alone do not give. Attempt i has the seed that
// Arena::deal gives attempt i of any suite.

// `count` attempts at one task, dealt round-robin over the robots. Throws Error.
std::vector<run::Attempt> deal_task(const run::Arena& arena, const std::string& task,
                                    const std::vector<std::string>& embodiments, int64_t count,
                                    uint64_t seed);

// `count` attempts at `name`: a family of the suite `families_of`, else a suite. Throws Error with
// the nearest suite.
std::vector<run::Attempt> deal_family(const run::Arena& arena, const std::string& name,
                                      const std::string& families_of,
                                      const std::vector<std::string>& embodiments, int64_t count,
                                      uint64_t seed);

// The same attempts with the seeds first_seed, first_seed + 1, ...: demonstrations, whose scenes
// must not meet those of dealt attempts.
std::vector<run::Attempt> counted_from(uint64_t first_seed, std::vector<run::Attempt> attempts);

}  // namespace gyre::flywheel
