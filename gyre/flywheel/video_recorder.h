#pragma once

#include <filesystem>

#include "gyre/flywheel/rollout.h"

namespace gyre::flywheel {

// An observer that writes what the robot's cameras see, side by side and `size` pixels high each,
// as an MP4 that browsers play; its own pictures, larger than the policy's. The file is whole when
// the rollout returns. Throws Error naming the file.
MakeObserver record_video(const std::filesystem::path& file, int size = 256);

}  // namespace gyre::flywheel
