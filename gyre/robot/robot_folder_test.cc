// Robot folders: the contracts they give, and what is said about folders that cannot be used.
#include "gyre/robot/robot_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "gyre/core/testing.h"
#include "tests/source_dir.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// A copy of a shipped robot that a test may spoil.
class RobotFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::copy(source_dir() / "assets/robots/so101", folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Replaces the first `from` of a file and returns the complaint about the folder.
  std::string complaint(const std::string& file, const std::string& from, const std::string& to) {
    std::string text = text_of(folder_ / file);
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(folder_ / file) << text;
    return complaint();
  }
  std::string complaint() {
    return message_of([&] { RobotFolder::load(folder_); });
  }
  void expect(const std::string& message, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) {
      EXPECT_NE(message.find(part), std::string::npos) << "'" << part << "' in: " << message;
    }
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "gyre_robot_folder_test";
};

// Policies and datasets carry these: a change makes every one of them another robot's.
TEST_F(RobotFolderTest, TheShippedContractsKeepTheirHashes) {
  const std::map<std::string, std::string> hashes = {{"so101/ee", "6852cee2281f5034"},
                                                     {"so101/joint", "cfb7a2b6bc84b324"},
                                                     {"panda/ee", "ef54efd131bd9e64"},
                                                     {"panda/joint", "859b7c00c0bc6981"}};
  for (const auto& [name, hash] : hashes) {
    EXPECT_EQ(find_embodiment(name).contract_hash(), hash) << name;
    EXPECT_NO_THROW(find_embodiment(name).validate());
    EXPECT_NE(find_embodiment(name, 96).contract_hash(), hash) << "another picture size";
  }
  EXPECT_EQ(embodiment_names(),
            std::vector<std::string>({"panda/ee", "panda/joint", "so101/ee", "so101/joint"}));
}

TEST_F(RobotFolderTest, AFolderIsARobotByItsPath) {
  const Embodiment by_path = find_embodiment(folder_.string() + "/joint");
  EXPECT_EQ(by_path.name, "so101/joint");
  EXPECT_EQ(by_path.contract_hash(), find_embodiment("so101/joint").contract_hash());
}

TEST_F(RobotFolderTest, UnknownNamesAreRefusedWithTheNearest) {
  expect(message_of([] { find_embodiment("pandda/ee"); }), {"pandda/ee", "'panda/ee'"});
  expect(message_of([] { find_embodiment("panda/jiont"); }), {"'panda/joint'"});
  expect(message_of([] { RobotFolder::load("so102"); }), {"'so101'"});
}

TEST_F(RobotFolderTest, ControlPeriodIsReadAndMustDivideTheActionPeriod) {
  EXPECT_EQ(complaint("robot.toml", "action_period_s = 0.1",
                      "action_period_s = 0.1\ncontrol_period_s = 0.02"),
            "");
  const Embodiment contract = find_embodiment(folder_.string() + "/ee");
  EXPECT_EQ(contract.ticks_per_action(), 5);
  EXPECT_EQ(contract.contract_hash(), find_embodiment("so101/ee").contract_hash());
  expect(complaint("robot.toml", "0.02", "0.03"), {"0.03", "control period"});
}

TEST_F(RobotFolderTest, UnknownKeysAreRefusedWithTheNearest) {
  expect(complaint("robot.toml", "max_velocity", "max_velocty"),
         {"robot.toml", "joint.shoulder_pan.max_velocty", "'joint.shoulder_pan.max_velocity'"});
}

TEST_F(RobotFolderTest, MissingFilesAreNamed) {
  fs::remove(folder_ / "robot.xml");
  expect(complaint(), {"robot.xml", "no such file"});
  fs::remove(folder_ / "robot.toml");
  expect(complaint(), {"robot.toml", "no such file"});
}

TEST_F(RobotFolderTest, MissingMeshesAreNamed) {
  expect(complaint("robot.xml", "<worldbody>",
                   R"(<asset><mesh name="shell" file="shell.stl"/></asset><worldbody>)"),
         {"robot.xml", "shell.stl"});
}

TEST_F(RobotFolderTest, JointsAndPartsMustBeInTheModel) {
  expect(complaint("robot.toml", R"(["shoulder_pan", )", R"(["sholder_pan", )"),
         {"robot.toml: joints", "no joint 'sholder_pan'", "'shoulder_pan'"});
  SetUp();
  expect(complaint("robot.toml", R"(site = "grasp")", R"(site = "grip")"), {"tool.site", "'grip'"});
  SetUp();
  expect(complaint("robot.toml", R"("jaw"])", R"("jaws"])"), {"gripper.fingers", "'jaws'"});
  SetUp();
  expect(complaint("robot.toml", R"(, "wrist_roll"])", "]"),
         {"joint.wrist_roll", "is not in joints"});
  SetUp();
  expect(complaint("robot.xml", R"(joint="wrist_flex")", R"(joint="wrist_roll")"),
         {"joint.wrist_flex", "no actuator"});
}

TEST_F(RobotFolderTest, DegreesAreRefused) {
  expect(complaint("robot.toml", "min = -1.92", "min = -110"),
         {"joint.shoulder_pan", "-110", "radians"});
  SetUp();
  expect(complaint("robot.toml", "min = -1.92", "unit = \"deg\"\nmin = -1.92"),
         {"joint.shoulder_pan.unit", "'deg'"});
  SetUp();
  expect(complaint("robot.xml", R"(angle="radian")", R"(angle="degree")"),
         {"robot.xml", "degrees"});
}

TEST_F(RobotFolderTest, ContradictoryLimitsAreRefused) {
  expect(complaint("robot.toml", "min = -1.92", "min = 1.93"), {"joint.shoulder_pan", "not below"});
  SetUp();
  expect(complaint("robot.toml", "max = 1.92", "max = 2.5"), {"joint.shoulder_pan", "robot.xml"});
  SetUp();
  expect(complaint("robot.toml", "max_velocity = 4.7", "max_velocity = 0"),
         {"joint.shoulder_pan.max_velocity"});
  SetUp();
  expect(complaint("robot.toml", "max_velocity = 4.7\n", ""),
         {"joint.shoulder_pan.max_velocity", "missing"});
  SetUp();
  expect(complaint("robot.toml", "max_acceleration = 60", "max_acceleration = -1"),
         {"joint.shoulder_pan.max_acceleration", "negative"});
  SetUp();
  expect(complaint("robot.toml", "home = 0.3", "home = 1.8"), {"joint.elbow_flex.home"});
  SetUp();
  expect(complaint("robot.toml", "x = { min = 0.09", "x = { min = 0.39"), {"workspace.x"});
  SetUp();
  expect(complaint("robot.toml", "home = { x = 0.185", "home = { x = 0.5"), {"tool.home.x"});
}

// A robot of two arms that a test may spoil.
class SeveralArms : public RobotFolderTest {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::copy(source_dir() / "assets/robots/so101_bimanual", folder_);
  }
};

TEST_F(SeveralArms, AreOneContractOfTheirJoints) {
  const Embodiment both = find_embodiment("so101_bimanual/joint");
  const Embodiment one = find_embodiment("so101/joint");
  ASSERT_EQ(both.action.size(), 12U);
  EXPECT_EQ(both.state, both.action);
  EXPECT_EQ(both.action[0].name, "left_shoulder_pan");
  EXPECT_EQ(both.action[11].name, "right_gripper");
  EXPECT_TRUE(both.action[5].gripper && both.action[11].gripper);
  EXPECT_EQ(both.action[8].max, one.action[2].max);
  EXPECT_EQ(both.cameras.size(), 3U);
  EXPECT_EQ(default_space("so101_bimanual"), "joint");
  EXPECT_EQ(default_space("so101"), "ee");
}

TEST_F(SeveralArms, HaveDriversOfTheirOwnAndNoModel) {
  const auto robot = RobotFolder::load("so101_bimanual");
  ASSERT_EQ(robot->arms.size(), 2U);
  EXPECT_EQ(robot->arms[1].name, "right");
  EXPECT_EQ(robot->arms[1].folder->name, "so101_bimanual_right");
  EXPECT_EQ(robot->arms[1].folder->driver.kind, "feetech");
  expect(message_of([&] { one_arm(robot); }), {"several arms"});
  expect(message_of([] { find_embodiment("so101_bimanual/ee"); }), {"joint alone"});
}

TEST_F(SeveralArms, AreRefusedWhereTheyContradictThemselves) {
  expect(complaint("robot.toml", R"("left", "right"])", R"("left"])"),
         {"arm.right", "not in arms"});
  SetUp();
  expect(complaint("robot.toml", R"("left", "right"])", R"("left", "right", "third"])"),
         {"[arm.third]"});
  SetUp();
  expect(complaint("robot.toml", R"("left", "right"])", R"("left", "left", "right"])"), {"twice"});
  SetUp();
  expect(complaint("robot.toml", "robot = \"so101\"", "robot = \"so101_bimanual\""),
         {"arm.left.robot", "several arms"});
  SetUp();
  expect(complaint("robot.toml", "robot = \"so101\"", "robot = \"so1O1\""), {"'so101'"});
  SetUp();
  expect(complaint("robot.toml", "robot = \"so101\"", "prot = \"so101\""), {"arm.left.prot"});
}

}  // namespace
}  // namespace gyre
