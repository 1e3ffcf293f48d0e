#include "gyre/flywheel/from_nothing.h"

#include <gtest/gtest.h>

#include "gyre/data/frame_set.h"
#include "gyre/flywheel/testing.h"
#include "tests/source_dir.h"

namespace gyre::flywheel {
namespace {

TEST(FromNothing, HasAVocabularyAndNoWeights) {
  const Checkpoint start = nano_from_nothing(source_dir() / "assets/vocabulary/nano.model");
  EXPECT_EQ(start.config.vocab_size, start.tokenizer->vocab_size());
  EXPECT_EQ(start.tensors, nullptr);
  EXPECT_TRUE(start.embodiments.empty());
}

TEST(FromNothing, MakesRoomAndTakesNoneAway) {
  data::FrameSet frames(testing::kToyPixels, testing::kToyPixels);
  Embodiment contract = testing::toy_contract("toy/joint");
  contract.action.push_back({.name = "third", .unit = "rad", .min = -1, .max = 1});
  frames.add_embodiment(contract);
  ModelConfig model = testing::toy_model(100);
  model.cameras = 2;
  model.max_state_dim = 5;
  const ModelConfig fitting = with_room_for(model, frames);
  EXPECT_EQ(fitting.cameras, 1);
  EXPECT_EQ(fitting.max_state_dim, 5);
  EXPECT_EQ(fitting.max_action_dim, 3);
}

}  // namespace
}  // namespace gyre::flywheel
