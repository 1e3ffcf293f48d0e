#include "gyre/train/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace gyre::train {
namespace {

struct Point {
  double step, rate;
};

ScheduleConfig reference(const char* kind, int warmup) {
  return {.kind = kind, .peak = 2.5e-5, .final = 2.5e-6, .warmup_steps = warmup};
}

// Values of LeRobot's CosineDecayWithWarmup (huggingface/lerobot 7427f318), which scales 1000 steps
// of warm-up of 30000 to the run.
TEST(Schedule, LerobotGolden) {
  const std::vector<Point> of_30000 = {
      {0, 2.4975024975024977e-08},  {1, 4.995004995004826e-08},      {99, 2.4975024975024962e-06},
      {999, 2.497502497502498e-05}, {1000, 2.4938371322893075e-05},  {1500, 2.48614938316953e-05},
      {10000, 1.9375e-05},          {29999, 2.5000000616850276e-06}, {50000, 2.5e-06}};
  for (const auto& [step, rate] : of_30000) {
    EXPECT_NEAR(learning_rate(reference("lerobot", 1000), step, 30000), rate, 1e-15) << step;
  }
  const std::vector<Point> of_3000 = {{0, 2.4752475247524754e-07},    {50, 1.2623762376237624e-05},
                                      {100, 2.4938371322893075e-05},  {500, 2.3492785792574938e-05},
                                      {1500, 1.3750000000000002e-05}, {3000, 2.5e-06}};
  for (const auto& [step, rate] : of_3000) {
    EXPECT_NEAR(learning_rate(reference("lerobot", 100), step, 3000), rate, 1e-15) << step;
  }
}

TEST(Schedule, OpenpiReachesPeakThenFinal) {
  const ScheduleConfig config = reference("openpi", 1000);
  EXPECT_NEAR(learning_rate(config, 0, 30000), 2.5e-5 / 1001, 1e-15);
  EXPECT_NEAR(learning_rate(config, 1000, 30000), 2.5e-5, 1e-15);
  EXPECT_NEAR(learning_rate(config, 15500, 30000), (2.5e-5 + 2.5e-6) / 2, 1e-15);
  EXPECT_NEAR(learning_rate(config, 30000, 30000), 2.5e-6, 1e-15);
  EXPECT_NEAR(learning_rate(config, 99999, 30000), 2.5e-6, 1e-15);
}

TEST(Schedule, AverageForgetsTheStartOfShortRuns) {
  EXPECT_EQ(ema_decay(0.999, 0), 0);
  EXPECT_NEAR(ema_decay(0.999, 99), 1 - std::pow(100, -0.75), 1e-12);
  EXPECT_EQ(ema_decay(0.999, 1e6), 0.999);
}

}  // namespace
}  // namespace gyre::train
