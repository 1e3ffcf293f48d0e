#pragma once

#include "tests/faults/killing_calls.h"

namespace gyre::faults {

// From here on every write, sync, rename, link, removal and truncation of this process goes through
// `calls`, also those of libraries that it has loaded (DuckDB, FFmpeg). Once in a process; `calls`
// must outlive it. `exchanges`: false is a file system that cannot exchange two names.
void route_calls(KillingCalls& calls, bool exchanges);

}  // namespace gyre::faults
