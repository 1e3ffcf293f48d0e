#include "gyre/flywheel/compare/task.h"

#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/flywheel/testing.h"
#include "gyre/io/file.h"
#include "tests/source_dir.h"

namespace gyre::flywheel {
namespace {

class CompareTaskTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& more) const {
    io::write_atomically(
        folder_ / (name + ".toml"),
        "attempts = \"new\"\nfamilies_of = \"known\"\nrobots = [\"toy/joint\"]\n" + more);
  }
  std::string message(const std::vector<std::string>& names = {}) const {
    return message_of([&] { read_compare_tasks(folder_ / "", names); });
  }
  testing::TemporaryFolder folder_;
};

TEST_F(CompareTaskTest, AreReadByName) {
  write("strong", "policy = \"somewhere\"\nold_suite = \"known\"\nhelped = 10\n");
  write("feeble", "[weak]\nsimulate = \"known\"\nsteps = 3\n");
  const auto tasks = read_compare_tasks(folder_ / "", {});
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks[0].name, "feeble");
  EXPECT_TRUE(tasks[0].is_weak());
  EXPECT_EQ(tasks[0].weak.steps, 3);
  EXPECT_EQ(tasks[1].helped, 10);
  EXPECT_EQ(tasks[1].unhelped, 160);
  EXPECT_EQ(read_compare_tasks(folder_ / "", {"strong"}).size(), 1U);
}

TEST_F(CompareTaskTest, SayWhatIsWrong) {
  EXPECT_NE(message().find("holds no task"), std::string::npos);
  write("strong", "policy = \"somewhere\"\nold_suite = \"known\"\n");
  EXPECT_NE(message({"stronk"}).find("did you mean 'strong'?"), std::string::npos);
  write("neither", "");
  EXPECT_NE(message({"neither"}).find("weak.simulate"), std::string::npos);
  write("misspelt", "polizy = \"somewhere\"\n");
  EXPECT_NE(message({"misspelt"}).find("policy"), std::string::npos);
}

// The sizes that docs/learning.md names.
TEST(CompareTasks, OfTheProgramAreFour) {
  const auto tasks = read_compare_tasks(source_dir() / "configs/compare", {});
  ASSERT_EQ(tasks.size(), 4U);
  for (const CompareTask& task : tasks) EXPECT_EQ(task.unhelped, 160) << task.name;
  EXPECT_EQ(tasks[0].name, "frontier");
  EXPECT_EQ(tasks[0].helped, 10);
}

}  // namespace
}  // namespace gyre::flywheel
