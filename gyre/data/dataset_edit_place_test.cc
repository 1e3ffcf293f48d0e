#include "gyre/data/dataset_edit_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "gyre/core/testing.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class NoExchange : public io::FileCalls {
 public:
  int exchange(const char*, const char*) override {
    errno = EINVAL;
    return -1;
  }
};

// Between two renames a kill would leave nothing under the dataset's name.
TEST(EditPlace, IsNotReplacedWhereFoldersCannotBeExchanged) {
  const testing::TemporaryFolder folder;
  fs::create_directory(folder / "cups");
  NoExchange calls;
  EXPECT_THAT(message_of([&] { NewDataset(folder / "cups", true, calls); }),
              AllOf(HasSubstr((folder / "cups").string()), HasSubstr("--out")));
  const fs::directory_iterator left(folder / "");
  EXPECT_EQ(std::distance(begin(left), end(left)), 1) << "nothing is left beside it";
  EXPECT_EQ(NewDataset(folder / "bowls", false, calls).publish(), fs::path());
  EXPECT_TRUE(fs::is_directory(folder / "bowls"));
}

}  // namespace
}  // namespace gyre::data
