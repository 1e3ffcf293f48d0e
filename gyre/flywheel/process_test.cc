#include "gyre/flywheel/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "gyre/core/testing.h"
#include "gyre/data/testing.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

using ::testing::HasSubstr;

class BackgroundTest : public ::testing::Test {
 protected:
  // Waits until it has ended, or 10 s.
  static bool ends(const ProcessId& process) {
    for (int i = 0; i < 1000 && is_running(process); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return !is_running(process);
  }
  data::testing::TemporaryFolder folder_;
};

TEST_F(BackgroundTest, AProgramIsBehindAllOthersAndCanBeInterrupted) {
  const ProcessId process = start_in_background({"/bin/sleep", "60"}, folder_ / "log");
  ASSERT_TRUE(is_running(process));
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(process.pid)), 19);
  EXPECT_EQ(sched_getscheduler(process.pid), SCHED_IDLE);
  EXPECT_EQ(getsid(process.pid), process.pid);
  interrupt_process(process);
  EXPECT_TRUE(ends(process));
}

TEST_F(BackgroundTest, ItsWordsGoIntoTheLogAndItReadsNothing) {
  for (const char* word : {"one", "two"}) {
    const ProcessId process = start_in_background(
        {"/bin/sh", "-c", "cat; echo \"$0\"; echo bad >&2", word}, folder_ / "log");
    ASSERT_TRUE(ends(process));
  }
  EXPECT_EQ(io::read_text(folder_ / "log"), "one\nbad\ntwo\nbad\n");
}

TEST_F(BackgroundTest, WordsAreNeverReadByAShell) {
  const ProcessId process =
      start_in_background({"/bin/echo", "$(id); `id` > x", "a b"}, folder_ / "log");
  ASSERT_TRUE(ends(process));
  EXPECT_EQ(io::read_text(folder_ / "log"), "$(id); `id` > x a b\n");
}

TEST_F(BackgroundTest, AProgramThatIsNotThereIsAnError) {
  EXPECT_THAT(message_of([&] { start_in_background({"/no/program"}, folder_ / "log"); }),
              HasSubstr("/no/program: cannot be started (No such file"));
  EXPECT_THAT(message_of([&] { start_in_background({"/bin/true"}, folder_ / "no/log"); }),
              HasSubstr("no/log"));
}

TEST_F(BackgroundTest, AnotherProcessOfTheSameNumberIsNotIt) {
  ProcessId other = this_process();
  EXPECT_TRUE(is_running(other));
  ++other.started;
  EXPECT_FALSE(is_running(other));
  EXPECT_FALSE(is_running({}));
}

}  // namespace
}  // namespace gyre::flywheel
