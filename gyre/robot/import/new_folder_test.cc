// Folders from a maker's URDF and from the models of shipped robots.
#include "gyre/robot/import/new_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/kinematics.h"
#include "tests/source_dir.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

const fs::path kUrdf = source_dir() / "gyre/robot/testdata/two_joints.urdf";

RobotAnswers urdf_answers() {
  return {.tool = "tool0",
          .gripper = "finger,finger_2",
          .closed = "0",
          .open = "0.04",
          .acceleration = "20,elbow=25",
          .home = "shoulder=0.4,elbow=0.9",
          .rate = "20"};
}

class NewFolderTest : public testing::Test {
 protected:
  std::shared_ptr<const RobotFolder> made(const fs::path& file, const RobotAnswers& answers) {
    const RobotSource source = RobotSource::read(file);
    const fs::path folder = scratch_.path() / "made";
    write_new_folder("made", source, plan_folder(source, answers), folder);
    EXPECT_FALSE(fs::exists(folder.string() + ".new"));
    return RobotFolder::load(folder.string());
  }
  std::string complaint(const fs::path& file, const RobotAnswers& answers) {
    return message_of([&] { made(file, answers); });
  }
  fs::path written(const std::string& name, const std::string& text) {
    std::ofstream(scratch_.path() / name) << text;
    return scratch_.path() / name;
  }

  io::ScratchFolder scratch_;
};

void expect_words(const std::string& message, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    EXPECT_NE(message.find(word), std::string::npos) << "'" << word << "' in: " << message;
  }
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

TEST_F(NewFolderTest, AUrdfBecomesAFolder) {
  const auto robot = made(kUrdf, urdf_answers());
  ASSERT_EQ(robot->joints.size(), 2u);
  EXPECT_EQ(robot->joints[0].name, "shoulder");
  EXPECT_EQ(robot->joints[0].min, -1.5);
  EXPECT_EQ(robot->joints[0].max_velocity, 2.5);
  EXPECT_EQ(robot->joints[0].max_acceleration, 20);
  EXPECT_EQ(robot->joints[1].max_acceleration, 25);
  EXPECT_EQ(robot->joints[1].max_velocity, 3);
  EXPECT_NEAR(robot->joints[1].max, 3.14159, 1e-5) << "a joint without an end has one turn";
  EXPECT_EQ(robot->gripper.joints, std::vector<std::string>({"finger", "finger_2"}));
  EXPECT_EQ(robot->gripper.fingers, std::vector<std::string>({"left", "right"}));
  EXPECT_EQ(robot->action_period_s, 0.05);
  EXPECT_EQ(robot->cameras, std::vector<std::string>({"front"}));
  // Upper arm 0.3 m, lower arm and flange 0.24 m, above a base of 0.1 m.
  const std::vector<double> home = {0.4, 0.9};
  const Vec3 at = Kinematics(robot).grasp_pose(home).position;
  EXPECT_NEAR(at[0], 0.3 * std::sin(0.4) + 0.24 * std::sin(1.3), 1e-6);
  EXPECT_NEAR(at[2], 0.1 + 0.3 * std::cos(0.4) + 0.24 * std::cos(1.3), 1e-6);
  for (size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(robot->tool.home[axis], at[axis], 1e-5);
  EXPECT_NEAR(robot->workspace.max[2], 0.65, 0.02);
}

TEST_F(NewFolderTest, ShippedModelsGiveTheirOwnArmsAgain) {
  for (const auto& [name, gripper] :
       {std::pair("so101", "gripper"), {"panda", "finger1,finger2"}}) {
    const auto shipped = RobotFolder::load(name);
    RobotAnswers answers{.tool = "grasp",
                         .gripper = gripper,
                         .closed = std::to_string(shipped->gripper.closed),
                         .open = std::to_string(shipped->gripper.open),
                         .rate = "10",
                         .cameras = "front,wrist"};
    for (const ArmJoint& joint : shipped->joints) {
      const auto add = [&](std::string& text, double value) {
        text += (text.empty() ? "" : ",") + joint.name + "=" + std::to_string(value);
      };
      add(answers.velocity, joint.max_velocity);
      add(answers.acceleration, joint.max_acceleration);
      add(answers.jerk, joint.max_jerk);
      add(answers.home, joint.home);
    }
    const auto robot = made(shipped->folder / "robot.xml", answers);
    const Embodiment is = robot->contract("joint", 64), was = shipped->contract("joint", 64);
    EXPECT_EQ(is.action, was.action) << name;
    EXPECT_EQ(is.state, was.state) << name;
    EXPECT_EQ(is.cameras, was.cameras) << name;
    EXPECT_EQ(robot->gripper.actuator, shipped->gripper.actuator);
    EXPECT_EQ(robot->gripper.fingers, shipped->gripper.fingers);
    EXPECT_NEAR(robot->scene_scale, shipped->scene_scale, 0.1) << name;
    Kinematics here(robot), there(shipped);
    std::vector<double> joints;
    for (const ArmJoint& joint : shipped->joints)
      joints.push_back(0.3 * joint.min + 0.7 * joint.max);
    const Pose a = here.grasp_pose(joints), b = there.grasp_pose(joints);
    for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(a.position[i], b.position[i], 1e-5) << name;
    for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(a.rotation[i], b.rotation[i], 1e-5) << name;
    fs::remove_all(robot->folder);
  }
}

TEST_F(NewFolderTest, MissingFactsAreNamedInOneLine) {
  expect_words(complaint(kUrdf, {}),
               {"two_joints.urdf", "--gripper", "--tool", "--max-acceleration", "--rate"});
  RobotAnswers answers = urdf_answers();
  answers.tool = answers.acceleration = answers.rate = "";
  expect_words(complaint(kUrdf, answers),
               {"--tool", "--max-acceleration", "shoulder, elbow", "--rate"});
  answers = urdf_answers();
  answers.home = "shoulder=0.4";
  expect_words(complaint(kUrdf, answers), {"--home", "position of elbow"});
  const auto mjcf = RobotFolder::load("so101")->folder / "robot.xml";
  expect_words(complaint(mjcf, {.gripper = "gripper"}),
               {"--max-velocity", "shoulder_pan", "--open", "--home"});
}

TEST_F(NewFolderTest, QuestionsOfferUsualAnswers) {
  const auto questions = missing_answers(RobotSource::read(kUrdf), {});
  ASSERT_FALSE(questions.empty());
  EXPECT_EQ(questions[0].usual, "finger,finger_2");
  const auto next = missing_answers(RobotSource::read(kUrdf), {.gripper = "finger,finger_2"});
  ASSERT_FALSE(next.empty());
  EXPECT_EQ(next[0].flag, "--closed");
  EXPECT_EQ(next[1].usual, "0.04");
}

TEST_F(NewFolderTest, WrongAnswersAreRefusedByTheirFlag) {
  const auto with = [&](std::string RobotAnswers::*answer, const char* text) {
    RobotAnswers answers = urdf_answers();
    answers.*answer = text;
    return complaint(kUrdf, answers);
  };
  expect_words(with(&RobotAnswers::tool, "tool1"), {"--tool", "did you mean 'tool0'"});
  expect_words(with(&RobotAnswers::tool, "lower:1,2"), {"--tool", "neither 3 nor 6"});
  expect_words(with(&RobotAnswers::gripper, "fingr"), {"--gripper", "did you mean 'finger'"});
  expect_words(with(&RobotAnswers::home, "elbow=far,shoulder=0"), {"--home", "'far' is no number"});
  expect_words(with(&RobotAnswers::home, "9"), {"joint.shoulder.home", "outside"});
  expect_words(with(&RobotAnswers::rate, "0"), {"--rate", "not positive"});
  expect_words(with(&RobotAnswers::open, "0"), {"gripper.open"});
  EXPECT_FALSE(fs::exists(scratch_.path() / "made"));
  fs::create_directory(scratch_.path() / "made");
  expect_words(complaint(kUrdf, urdf_answers()), {"is there already"});
}

TEST_F(NewFolderTest, BrokenFilesAreNamed) {
  const std::string text = io::read_text(kUrdf);
  expect_words(complaint(written("half.urdf", text.substr(0, 900)), urdf_answers()), {"half.urdf"});
  std::string mesh = text;
  const std::string box = R"(<box size="0.04 0.04 0.2"/>)";
  mesh.replace(mesh.find(box), box.size(), R"(<mesh filename="package://arm/none.stl"/>)");
  expect_words(complaint(written("mesh.urdf", mesh), urdf_answers()), {"none.stl", "nowhere"});
  std::string type = text;
  type.replace(type.find("revolute"), 8, "rivolute");
  expect_words(complaint(written("type.urdf", type), urdf_answers()), {"shoulder", "'rivolute'"});
  expect_words(complaint(written("empty.xml", "<mujoco/>"), urdf_answers()), {"has no joint"});
}

TEST_F(NewFolderTest, MeshesComeAlong) {
  std::string text = io::read_text(kUrdf);
  const std::string box = R"(<box size="0.04 0.04 0.2"/>)";
  text.replace(text.find(box), box.size(), R"(<mesh filename="package://arm/shape.obj"/>)");
  fs::create_directories(scratch_.path() / "arm" / "urdf");
  std::ofstream(scratch_.path() / "arm" / "shape.obj")
      << "v 0 0 0\nv .1 0 0\nv 0 .1 0\nv 0 0 .1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n";
  const auto robot = made(written("arm/urdf/arm.urdf", text), urdf_answers());
  EXPECT_TRUE(fs::exists(robot->folder / "meshes" / "1_shape.obj"));
  fs::remove_all(scratch_.path() / "arm");
  EXPECT_NO_THROW(RobotFolder::load(robot->folder.string()));
}

TEST_F(NewFolderTest, AGraspFrameMayStandAnywhereInABody) {
  RobotAnswers answers = urdf_answers();
  answers.tool = "lower:0.01,0.02,0.3,0,1.5707963,0";
  const auto robot = made(kUrdf, answers);
  const std::vector<double> zero = {0, 0};
  const Pose pose = Kinematics(robot).grasp_pose(zero);
  EXPECT_NEAR(pose.position[0], 0.01, 1e-6);
  EXPECT_NEAR(pose.position[1], 0.02, 1e-6);
  EXPECT_NEAR(pose.position[2], 0.7, 1e-6);
  EXPECT_NEAR(rotation_matrix(pose.rotation)[2], 1, 1e-6) << "z points along the base's x";
}

}  // namespace
}  // namespace gyre
