#include "gyre/flywheel/from_nothing.h"

#include <algorithm>

namespace gyre::flywheel {

Checkpoint nano_from_nothing(const std::filesystem::path& vocabulary) {
  Checkpoint start;
  start.config = ModelConfig::nano();
  start.tokenizer = Tokenizer::open(vocabulary);
  start.config.vocab_size = start.tokenizer->vocab_size();
  return start;
}

ModelConfig with_room_for(ModelConfig model, const data::FrameSource& frames) {
  model.cameras = frames.cameras();
  for (const Embodiment& contract : frames.embodiments()) {
    model.max_state_dim = std::max(model.max_state_dim, static_cast<int>(contract.state.size()));
    model.max_action_dim = std::max(model.max_action_dim, static_cast<int>(contract.action.size()));
  }
  return model;
}

}  // namespace gyre::flywheel
