#include "gyre/data/dataset_commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <set>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/testing.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::small_embodiment;
using testing::small_episode;
using testing::TemporaryFolder;

// Copies the dataset before each call that changes the disk, which is what a crash there leaves;
// once where nothing changed. Fails the test when a file is moved that was not synced.
class CrashAtEveryCall : public io::FileCalls {
 public:
  CrashAtEveryCall(fs::path dataset, fs::path copies, bool can_exchange)
      : dataset_(std::move(dataset)), copies_(std::move(copies)), can_exchange_(can_exchange) {}

  std::vector<fs::path> copies() {
    copy();
    std::vector<fs::path> all;
    for (int i = 0; i < count_; ++i) all.push_back(copies_ / std::to_string(i));
    return all;
  }

  int open(const char* path, int flags, unsigned mode) override {
    const int descriptor = FileCalls::open(path, flags, mode);
    open_[descriptor] = path;
    return descriptor;
  }
  int fsync(int descriptor) override {
    copy();
    synced_.insert(open_.at(descriptor));
    return FileCalls::fsync(descriptor);
  }
  int rename(const char* from, const char* to) override {
    copy();
    expect_synced(from);
    return FileCalls::rename(from, to);
  }
  int exchange(const char* a, const char* b) override {
    copy();
    expect_synced(a);
    if (can_exchange_) return FileCalls::exchange(a, b);
    errno = EINVAL;
    return -1;
  }

 private:
  void copy() {
    std::map<fs::path, ino_t> files;
    for (const auto& entry : fs::recursive_directory_iterator(dataset_)) {
      struct stat about {};
      if (::stat(entry.path().c_str(), &about) == 0) files[entry.path()] = about.st_ino;
    }
    if (files == last_copied_) return;
    last_copied_ = files;
    const fs::path to = copies_ / std::to_string(count_++);
    fs::create_directories(to);
    fs::copy(dataset_, to, fs::copy_options::recursive);
  }
  void expect_synced(const fs::path& what) {
    if (what == dataset_ / "meta") return;  // set aside; on disk since the last commit
    EXPECT_TRUE(synced_.contains(what)) << what;
    if (!fs::is_directory(what)) return;
    for (const auto& entry : fs::recursive_directory_iterator(what)) {
      EXPECT_TRUE(synced_.contains(entry.path())) << entry.path();
    }
  }

  fs::path dataset_, copies_;
  bool can_exchange_;
  int count_ = 0;
  std::map<fs::path, ino_t> last_copied_;  // each file and its number on disk
  std::map<int, fs::path> open_;
  std::set<fs::path> synced_;
};

void write(const fs::path& folder, std::initializer_list<EpisodeRows> episodes,
           io::FileCalls& calls = io::FileCalls::system()) {
  // Every episode has files of its own.
  DatasetWriter writer(folder, small_embodiment(), {.data_file_bytes = 1, .video_file_bytes = 1},
                       calls);
  for (const EpisodeRows& episode : episodes) writer.add(episode);
  writer.finish();
}

// All files and their bytes but what a writer left unfinished.
std::map<std::string, std::string> content(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    if (entry.is_regular_file() && !name.starts_with(".")) files[name] = io::read_text(entry);
  }
  return files;
}

class DatasetCommit : public ::testing::TestWithParam<bool> {};

TEST_P(DatasetCommit, ACrashAtAnyStepOfAnAppendLeavesTheOldDatasetOrTheNewOne) {
  TemporaryFolder folder;
  write(folder / "d", {small_episode(4, 2)});
  const std::string old_hash = Dataset(folder / "d").hash();
  CrashAtEveryCall calls(folder / "d", folder / "copies", GetParam());
  write(folder / "d", {small_episode(5, 3), small_episode(6, 4)}, calls);
  const std::string new_hash = Dataset(folder / "d").hash();
  const std::vector<fs::path> copies = calls.copies();
  write(folder / "d", {small_episode(3, 5)});
  const auto whole = content(folder / "d");

  EXPECT_GT(copies.size(), 8U);  // of each move of six files and of meta/
  bool is_new = false;
  for (const fs::path& copy : copies) {
    const size_t episodes = Dataset(copy).present().size();
    EXPECT_EQ(Dataset(copy).hash(), is_new || episodes == 3 ? new_hash : old_hash) << copy;
    is_new = episodes == 3;
    for (size_t i = 0; i < episodes; ++i) {
      EXPECT_EQ(Dataset(copy).read(static_cast<int64_t>(i)).hash(),
                Dataset(folder / "d").read(static_cast<int64_t>(i)).hash());
    }
    // What was cut short is done again: the folder is the same as without a crash.
    if (!is_new) write(copy, {small_episode(5, 3), small_episode(6, 4)});
    write(copy, {small_episode(3, 5)});
    EXPECT_TRUE(content(copy) == whole) << copy;
  }
  EXPECT_TRUE(is_new);
}

TEST_P(DatasetCommit, ACrashAtAnyStepOfTheFirstWriteLeavesNothingOrTheDataset) {
  TemporaryFolder folder;
  CrashAtEveryCall calls(folder / "d", folder / "copies", GetParam());
  write(folder / "d", {small_episode(5, 3), small_episode(6, 4)}, calls);
  const auto whole = content(folder / "d");
  bool is_new = false;
  for (const fs::path& copy : calls.copies()) {
    EXPECT_TRUE(!is_new || fs::exists(copy / "meta")) << copy;
    is_new = fs::exists(copy / "meta");
    if (!is_new) {
      EXPECT_THAT(message_of([&] { Dataset{copy}; }), HasSubstr("no meta/info.json"));
      write(copy, {small_episode(5, 3), small_episode(6, 4)});
    }
    EXPECT_TRUE(content(copy) == whole) << copy;
  }
  EXPECT_TRUE(is_new);
}

INSTANTIATE_TEST_SUITE_P(FileSystem, DatasetCommit, ::testing::Values(true, false),
                         [](const auto& info) { return info.param ? "exchanges" : "renames"; });

// Fails the n-th rename or exchange.
class FailingMoves : public io::FileCalls {
 public:
  explicit FailingMoves(int failing) : left_(failing) {}
  int rename(const char* from, const char* to) override {
    return fails() ? -1 : FileCalls::rename(from, to);
  }
  int exchange(const char* a, const char* b) override {
    return fails() ? -1 : FileCalls::exchange(a, b);
  }
  bool failed() const { return left_ < 0; }

 private:
  bool fails() {
    errno = ENOSPC;
    return left_-- == 0;
  }
  int left_;
};

TEST(DatasetCommitError, LeavesTheDatasetAsItWas) {
  TemporaryFolder folder;
  write(folder / "d", {small_episode(4, 2)});
  const auto before = content(folder / "d");
  for (int n = 0;; ++n) {
    FailingMoves calls(n);
    const auto append = [&] { write(folder / "d", {small_episode(5, 3)}, calls); };
    if (n == 4) {  // a data file, two videos, meta/
      append();
      EXPECT_FALSE(calls.failed());
      break;
    }
    EXPECT_THAT(message_of(append), HasSubstr("make room on this disk"));
    EXPECT_TRUE(content(folder / "d") == before) << n;
  }
}

}  // namespace
}  // namespace gyre::data
