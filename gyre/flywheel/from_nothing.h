#pragma once

#include <filesystem>

#include "gyre/data/frame_source.h"
#include "gyre/policy/checkpoint.h"

namespace gyre::flywheel {

// nano before any training: configuration and vocabulary, no weights. Throws Error where the
// vocabulary cannot be read.
Checkpoint nano_from_nothing(const std::filesystem::path& vocabulary);

// The network with room for the contracts of these frames.
ModelConfig with_room_for(ModelConfig model, const data::FrameSource& frames);

}  // namespace gyre::flywheel
