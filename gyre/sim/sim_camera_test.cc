#include "gyre/sim/sim_camera.h"

#include <gtest/gtest.h>

#include <set>

#include "gyre/sim/testing.h"

namespace gyre::sim {
namespace {

void wait_one_period(Robot& robot) {
  std::vector<float> action(robot.embodiment().action.size());
  robot.hold(action);
  write_command(robot, action);
}

TEST(SimCamera, DrawsWhatTheContractSays) {
  for (const char* name : {"so101/ee", "panda/joint"}) {
    const auto bench = open_bench("open_drawer", name, 3, {.image_size = 48});
    const auto cameras = bench->cameras();
    ASSERT_EQ(cameras.size(), 2u);
    for (size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(cameras[i]->spec(), bench->robot().embodiment().cameras[i]);
      const PictureRef picture = cameras[i]->newest();
      ASSERT_TRUE(picture);
      EXPECT_EQ(picture->image.width, 48);
      const std::set<uint8_t> values(picture->image.rgb.begin(), picture->image.rgb.end());
      EXPECT_GT(values.size(), 20u) << "an empty picture";
    }
  }
}

TEST(SimCamera, ShowsOnePictureAPeriod) {
  const auto bench = open_bench("open_drawer", "panda/ee", 3, {.image_size = 16});
  Camera& camera = *bench->cameras()[0];
  const PictureRef first = camera.newest();
  EXPECT_EQ(first, camera.newest());
  EXPECT_EQ(first->id, 0);
  EXPECT_EQ(first->time_ns, bench->clock().now_ns());
  wait_one_period(bench->robot());
  const PictureRef second = camera.newest();
  EXPECT_EQ(second->id, 1);
  EXPECT_EQ(second->time_ns, bench->clock().now_ns());
  EXPECT_GT(second->time_ns, first->time_ns);
}

TEST(SimCamera, LosesNoPictureToASlowReader) {
  const auto bench = open_bench("open_drawer", "panda/ee", 3, {.image_size = 16});
  std::vector<PictureRef> kept;
  for (int i = 0; i < 40; ++i) {
    kept.push_back(bench->cameras()[0]->newest());
    ASSERT_TRUE(kept.back()) << i;
    EXPECT_EQ(kept.back()->id, i);
    wait_one_period(bench->robot());
  }
}

}  // namespace
}  // namespace gyre::sim
