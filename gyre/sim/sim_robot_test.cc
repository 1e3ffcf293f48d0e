#include "gyre/sim/sim_robot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "gyre/core/hash.h"
#include "gyre/core/rng.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/sim/suite.h"
#include "gyre/sim/testing.h"

namespace gyre::sim {
namespace {

constexpr const char* kContracts[] = {"so101/ee", "so101/joint", "panda/ee", "panda/joint"};

// Hash of states, actions and residuals over 80 random actions.
std::string random_motion(Robot& robot) {
  const Embodiment& contract = robot.embodiment();
  const bool joint_space = contract.action.size() == contract.state.size();
  RobotState state;
  state.values.resize(contract.state.size());
  std::vector<float> action(contract.action.size());
  Rng rng(7);
  Sha256 hash;
  for (int tick = 0; tick < 80; ++tick) {
    robot.read(state);
    robot.hold(action);
    for (size_t i = 0; i + 1 < action.size(); ++i) {
      const double size = joint_space ? 0.15 : 0.8 * contract.action[i].max;
      const double drift = i % 3 == 2 ? -0.15 * size : 0.1 * size;
      action[i] += static_cast<float>(rng.uniform(-size, size) + drift);
    }
    action.back() = static_cast<float>(rng.uniform());
    hash.update(std::span<const float>(state.values));
    hash.update(std::span<const float>(action));
    const WriteResult result = write_command(robot, action);
    EXPECT_EQ(result.status, RobotStatus::kOk) << robot.fault();
    hash.update(&result.residual, sizeof(float));
  }
  return hash.hex(16);
}

// A simulated arm in a scene, without the safety filters of a bench.
struct BareArm {
  explicit BareArm(const std::string& embodiment)
      : name(split_embodiment(embodiment)),
        folder(RobotFolder::load(name.robot)),
        world(folder, layout(folder->scene_scale), 3),
        joints(std::make_unique<SimRobot>(world, clock, folder->contract("joint", 64))) {}

  static SceneLayout layout(double scale) {
    Rng rng = Rng::stream(3, "layout");
    return find_task("pick_place/green_can/sink")->layout(scale, rng);
  }
  std::unique_ptr<Robot> robot(
      const std::function<std::unique_ptr<Robot>(std::unique_ptr<Robot>)>& wrap = [](auto robot) {
        return robot;
      }) {
    SimRobot* precise = joints.get();
    std::unique_ptr<Robot> robot = wrap(std::move(joints));
    if (name.space == "joint") return robot;
    return std::make_unique<CartesianRobot>(std::move(robot), folder, precise);
  }

  EmbodimentName name;
  std::shared_ptr<const RobotFolder> folder;
  World world;
  SimulatedClock clock;
  std::unique_ptr<SimRobot> joints;
};

// Evaluations are compared bit for bit with those of earlier versions of this program.
TEST(SimRobot, MovesAsItAlwaysDid) {
  const std::map<std::string, std::string> hashes = {{"so101/ee", "db0932f5d92806e4"},
                                                     {"so101/joint", "b231ab2bdef4bda8"},
                                                     {"panda/ee", "0b8335992b32c587"},
                                                     {"panda/joint", "eeac6715e963680e"}};
  for (const auto& [name, hash] : hashes) {
    BareArm arm(name);
    EXPECT_EQ(random_motion(*arm.robot()), hash) << name;
  }
}

// Passes everything on, as a filter that has nothing to change does.
class PassThrough : public Robot {
 public:
  explicit PassThrough(std::unique_ptr<Robot> inner) : inner_(std::move(inner)) {}
  const Embodiment& embodiment() const noexcept override { return inner_->embodiment(); }
  RobotStatus read(RobotState& state) noexcept override { return inner_->read(state); }
  WriteResult write(std::span<const float> command) noexcept override {
    return write_command(*inner_, command);
  }
  void hold(std::span<float> command) noexcept override { inner_->hold(command); }
  RobotStatus stop() noexcept override { return inner_->stop(); }
  std::span<const float> sent() const noexcept override { return inner_->sent(); }

 private:
  std::unique_ptr<Robot> inner_;
};

TEST(SimRobot, ADecoratorThatChangesNothingChangesNoBit) {
  BareArm arm("panda/ee");
  const auto robot =
      arm.robot([](auto joints) { return std::make_unique<PassThrough>(std::move(joints)); });
  EXPECT_EQ(random_motion(*robot), "0b8335992b32c587");
}

TEST(SimRobot, ReachesCommandedPoses) {
  for (const auto& [name, scale] : {std::pair("so101/ee", 0.45), std::pair("panda/ee", 1.0)}) {
    const auto bench = open_bench("open_drawer", name, 1);
    Robot& robot = bench->robot();
    RobotState state;
    state.values.resize(robot.embodiment().state.size());
    const Vec3 goal = {0.45 * scale, 0.1 * scale, 0.14 * scale};
    std::vector<float> action(7);
    for (int i = 0; i < 30; ++i) {
      robot.read(state);
      robot.hold(action);
      for (size_t axis = 0; axis < 3; ++axis) {
        action[axis] = static_cast<float>(0.6 * (goal[axis] - state.values[axis]));
      }
      ASSERT_EQ(write_command(robot, action).status, RobotStatus::kOk);
    }
    robot.read(state);
    for (size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(state.values[axis], goal[axis], 0.004);
  }
}

TEST(SimRobot, HoldHoldsAndTimeGoesOn) {
  for (const char* name : kContracts) {
    const auto bench = open_bench("open_drawer", name, 2);
    Robot& robot = bench->robot();
    RobotState before, after;
    before.values.resize(robot.embodiment().state.size());
    after = before;
    robot.read(before);
    EXPECT_EQ(before.time_ns, bench->clock().now_ns());
    std::vector<float> action(robot.embodiment().action.size());
    for (int i = 0; i < 10; ++i) {
      robot.hold(action);
      write_command(robot, action);
    }
    robot.read(after);
    EXPECT_EQ(after.time_ns - before.time_ns, 1'000'000'000);
    for (size_t i = 0; i < after.values.size(); ++i) {
      EXPECT_NEAR(after.values[i], before.values[i], 0.02) << name << " " << i;
    }
  }
}

TEST(SimRobot, RefusesUnusableCommandsAndHoldsForThePeriod) {
  for (const char* name : kContracts) {
    BareArm arm(name);
    const auto bare = arm.robot();
    Robot& robot = *bare;
    const int64_t before = arm.clock.now_ns();
    std::vector<float> action(robot.embodiment().action.size());
    robot.hold(action);
    action[0] = std::numeric_limits<float>::infinity();
    EXPECT_EQ(write_command(robot, action).status, RobotStatus::kFault);
    EXPECT_NE(robot.fault(), "");
    EXPECT_EQ(write_command(robot, std::vector<float>(3)).status, RobotStatus::kFault);
    EXPECT_EQ(arm.clock.now_ns() - before, 200'000'000);
    robot.hold(action);
    EXPECT_EQ(write_command(robot, action).status, RobotStatus::kOk);
  }
}

TEST(SimRobot, AStopEndsTheMotion) {
  const auto bench = open_bench("open_drawer", "panda/joint", 2);
  Robot& robot = bench->robot();
  std::vector<float> action(8);
  robot.hold(action);
  action[0] += 0.2f;
  write_command(robot, action);
  const float wanted = action[0];
  robot.stop();
  robot.hold(action);
  EXPECT_LT(action[0], wanted - 0.01f) << "the arm lags behind its target, and stays where it is";
  for (int i = 0; i < 5; ++i) write_command(robot, action);
  RobotState state;
  state.values.resize(8);
  robot.read(state);
  EXPECT_NEAR(state.values[0], action[0], 0.02);
}

TEST(SimRobot, StatesFitTheContract) {
  for (const char* name : kContracts) {
    const auto bench = open_bench("open_drawer", name, 3);
    const Embodiment& contract = bench->robot().embodiment();
    RobotState state;
    state.values.resize(contract.state.size());
    bench->robot().read(state);
    for (size_t i = 0; i < contract.state.size(); ++i) {
      EXPECT_GE(state.values[i], contract.state[i].min - 1e-3) << name << " " << i;
      EXPECT_LE(state.values[i], contract.state[i].max + 1e-3) << name << " " << i;
    }
  }
}

}  // namespace
}  // namespace gyre::sim
