#include "gyre/io/sync_thread.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "gyre/core/testing.h"

namespace gyre::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Writes down what comes, and lets a fdatasync wait until it may go on.
class HeldCalls : public FileCalls {
 public:
  std::vector<std::string> calls;
  std::mutex held;
  bool fails = false;
  int fdatasync(int /*descriptor*/) override {
    const std::lock_guard guard(held);
    calls.emplace_back("fdatasync");
    if (fails) errno = EIO;
    return fails ? -1 : 0;
  }
  int fsync(int /*descriptor*/) override {
    calls.emplace_back("fsync");
    return 0;
  }
};

class SyncThreads : public testing::Test {
 protected:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("gyre_sync_thread_" + std::to_string(getpid()));
  HeldCalls calls_;
  std::shared_ptr<OutputFile> file_ =
      std::make_shared<OutputFile>(path_, OutputFile::Mode::kTruncate, calls_);
  void TearDown() override { std::filesystem::remove(path_); }
};

TEST_F(SyncThreads, HoldUpNobodyWhoWrites) {
  SyncThread thread(calls_);
  EXPECT_FALSE(thread.busy());
  {
    const std::lock_guard guard(calls_.held);  // a disk that takes its time
    thread.sync(file_, true);
    file_->write("more");
    thread.sync(file_, false);
    thread.close(file_);
    EXPECT_TRUE(thread.busy());
  }
  thread.finish();
  EXPECT_FALSE(thread.busy());
  EXPECT_THAT(calls_.calls, ElementsAre("fdatasync", "fsync", "fdatasync", "fsync", "fsync"));
  EXPECT_EQ(read_text(path_), "more");
}

TEST_F(SyncThreads, FinishWhatWaitsWhenTheyGo) {
  {
    SyncThread thread(calls_);
    thread.sync(file_, false);
    thread.close(file_);
  }
  EXPECT_THAT(calls_.calls, ElementsAre("fdatasync", "fsync", "fsync"));
}

TEST_F(SyncThreads, TellOfAFailureAndDoNothingMore) {
  calls_.fails = true;
  SyncThread thread(calls_);
  thread.sync(file_, true);
  EXPECT_THAT(message_of([&] { thread.finish(); }), HasSubstr("cannot write: Input/output error"));
  EXPECT_THAT(message_of([&] { thread.close(file_); }), HasSubstr("Input/output error"));
  EXPECT_THAT(calls_.calls, ElementsAre("fdatasync"));
}

}  // namespace
}  // namespace gyre::io
