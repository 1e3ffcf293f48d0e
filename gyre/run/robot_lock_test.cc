#include "gyre/run/robot_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/io/scratch_folder.h"

namespace gyre::run {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(RobotLock, TellsWhichRobotsAreDriven) {
  const io::ScratchFolder folder;
  EXPECT_THAT(driven_robots(folder.path()), IsEmpty());
  const io::LockFile second = lock_robot("assets/robots/my_arm/ee", folder.path());
  {
    const io::LockFile first = lock_robot("so101/ee", folder.path());
    EXPECT_THAT(driven_robots(folder.path()), ElementsAre("assets-robots-my-arm-ee", "so101-ee"));
    EXPECT_THAT(message_of([&] { lock_robot("so101/ee", folder.path()); }),
                HasSubstr("robot 'so101/ee': process"));
  }
  EXPECT_THAT(driven_robots(folder.path()), ElementsAre("assets-robots-my-arm-ee"));
}

TEST(RobotLock, AFileThatAKilledDriverLeftIsNoRobot) {
  const io::ScratchFolder folder;
  std::ofstream(folder.path() / "gyre-robot-so101-ee.lock") << ::getpid();
  std::ofstream(folder.path() / "gyre-robot-panda-ee.lock") << 999999999;
  std::ofstream(folder.path() / "gyre-robot-other-ee.lock") << "x";
  EXPECT_THAT(driven_robots(folder.path()), IsEmpty());
}

}  // namespace
}  // namespace gyre::run
