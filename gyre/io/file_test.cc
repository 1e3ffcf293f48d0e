#include "gyre/io/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "gyre/core/testing.h"

namespace gyre::io {
namespace {

using testing::HasSubstr;

class File : public testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("gyre_file_" + std::to_string(getpid()));
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
};

TEST_F(File, AtomicWriteReplacesWhole) {
  write_atomically(folder_ / "a.json", "first");
  write_atomically(folder_ / "a.json", "second");
  EXPECT_EQ(read_text(folder_ / "a.json"), "second");
}

TEST_F(File, FailureLeavesTheOldFileAndNothingElse) {
  write_atomically(folder_ / "a.json", "first");
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{100, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const std::string message =
      message_of([&] { write_atomically(folder_ / "a.json", std::string(5000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &old);
  EXPECT_THAT(message, HasSubstr("cannot write: File too large; raise the limit"));
  EXPECT_EQ(read_text(folder_ / "a.json"), "first");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(File, ErrorsNameTheFileAndWhatToDo) {
  EXPECT_THAT(message_of([&] { write_atomically("/dev/full", "text"); }),
              HasSubstr("/dev/full: cannot write: No space left on device; make room"));
  EXPECT_THAT(message_of([&] { read_text(folder_ / "none"); }), HasSubstr("none: cannot read"));
  EXPECT_NE(message_of([&] { write_atomically(folder_ / "no" / "such", "text"); }), "");
}

}  // namespace
}  // namespace gyre::io
