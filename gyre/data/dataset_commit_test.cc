#include "gyre/data/dataset_commit.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <map>
#include <optional>
#include <set>
#include <thread>

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

enum class FileSystem { kWhole, kNoExchange, kNoLinks };

// A file system, and what a crash at each call that changes it leaves: a copy of all before each of
// them, once where nothing changed. Fails the test when something is renamed that was not synced.
class CrashAtEveryCall : public io::FileCalls {
 public:
  CrashAtEveryCall(fs::path root, fs::path copies, FileSystem kind)
      : root_(std::move(root)), copies_(std::move(copies)), kind_(kind) {}

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
    synced_.insert(inode(open_.at(descriptor)));
    return FileCalls::fsync(descriptor);
  }
  int rename(const char* from, const char* to) override {
    copy();
    expect_synced(from);
    return FileCalls::rename(from, to);
  }
  int exchange(const char* a, const char* b) override {
    if (fs::path(b) == root_ / "d") {
      copy();
      expect_synced(a);
    }
    if (kind_ != FileSystem::kNoExchange) return FileCalls::exchange(a, b);
    errno = EINVAL;
    return -1;
  }
  int link(const char* from, const char* to) override {
    synced_.insert(inode(from));  // when it was published
    if (kind_ != FileSystem::kNoLinks) return FileCalls::link(from, to);
    errno = EPERM;
    return -1;
  }

 private:
  static ino_t inode(const fs::path& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_ino : 0;
  }
  void copy() {
    std::map<fs::path, ino_t> files;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      files[entry.path()] = inode(entry.path());
    }
    if (files == last_copied_) return;
    last_copied_ = files;
    const fs::path to = copies_ / std::to_string(count_++);
    fs::create_directories(to);
    fs::copy(root_, to, fs::copy_options::recursive);
  }
  void expect_synced(const fs::path& what) {
    EXPECT_TRUE(synced_.contains(inode(what))) << what;
    if (!fs::is_directory(what)) return;
    for (const auto& entry : fs::recursive_directory_iterator(what)) {
      EXPECT_TRUE(synced_.contains(inode(entry.path()))) << entry.path();
    }
  }

  fs::path root_, copies_;
  FileSystem kind_;
  int count_ = 0;
  std::map<fs::path, ino_t> last_copied_;  // each file and its number on disk
  std::map<int, fs::path> open_;
  std::set<ino_t> synced_;
};

// Every episode has files of its own, or few files are written on.
enum class Files { kOwn, kShared };

void write(const fs::path& folder, std::initializer_list<EpisodeRows> episodes,
           Files files = Files::kShared, io::FileCalls& calls = io::FileCalls::system()) {
  DatasetOptions options;
  if (files == Files::kOwn) {
    options = {.data_file_bytes = 1, .video_file_bytes = 1, .pending_bytes = 1};
    options.pending_episodes = 1;
  }
  DatasetWriter writer(folder, small_embodiment(), options, calls);
  for (const EpisodeRows& episode : episodes) writer.add(episode);
  writer.finish();
}

// All files and their bytes.
std::map<std::string, std::string> content(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    if (entry.is_regular_file()) files[name] = io::read_text(entry);
  }
  return files;
}

std::set<std::string> names_of(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

class DatasetPublishing : public ::testing::TestWithParam<std::tuple<FileSystem, Files>> {
 protected:
  TemporaryFolder folder_;
  FileSystem file_system_ = std::get<0>(GetParam());
  Files files_ = std::get<1>(GetParam());
};

TEST_P(DatasetPublishing, ACrashAtAnyStepOfAnAppendLeavesTheOldDatasetOrTheNewOne) {
  write(folder_ / "r/d", {small_episode(4, 2)}, files_);
  io::write_atomically(folder_ / "r/d/README.md", "mine");
  CrashAtEveryCall calls(folder_ / "r", folder_ / "copies", file_system_);
  write(folder_ / "r/d", {small_episode(5, 3), small_episode(6, 4)}, files_, calls);
  const std::vector<fs::path> copies = calls.copies();
  const auto published = content(folder_ / "r/d");
  EXPECT_EQ(published.at("README.md"), "mine");
  EXPECT_EQ(names_of(folder_ / "r"), std::set<std::string>{"d"}) << "nothing is left beside it";
  EXPECT_GE(copies.size(), 3U);
  bool is_new = false;
  for (const fs::path& copy : copies) {
    const Dataset dataset(copy / "d");
    const size_t episodes = dataset.present().size();
    ASSERT_TRUE(episodes == 3 || (!is_new && episodes == 1)) << copy;
    is_new = episodes == 3;
    EXPECT_TRUE(dataset.missing().empty());
    const uint64_t steps[] = {4, 5, 6}, seeds[] = {2, 3, 4};
    for (size_t i = 0; i < episodes; ++i) {
      EXPECT_EQ(dataset.read(static_cast<int64_t>(i)).hash(),
                small_episode(static_cast<int>(steps[i]), seeds[i]).hash());
    }
    // What was cut short is done again: the folder is the same as without a crash.
    if (!is_new) write(copy / "d", {small_episode(5, 3), small_episode(6, 4)}, files_);
    // A file that was known is not written on there.
    if (file_system_ == FileSystem::kNoExchange && files_ == Files::kShared) continue;
    const auto again = content(copy / "d");
    for (const auto& [name, bytes] : published) {
      ASSERT_TRUE(again.contains(name)) << copy << ": " << name;
      // Where meta/ was moved in part, pictures' statistics are not exact.
      if (file_system_ == FileSystem::kNoExchange && name.ends_with(".json")) continue;
      EXPECT_TRUE(again.at(name) == bytes) << copy << ": " << name;
    }
  }
  EXPECT_TRUE(is_new);
}

TEST_P(DatasetPublishing, ACrashAtAnyStepOfTheFirstWriteLeavesNothingOrTheDataset) {
  fs::create_directories(folder_ / "r");
  CrashAtEveryCall calls(folder_ / "r", folder_ / "copies", file_system_);
  write(folder_ / "r/d", {small_episode(5, 3), small_episode(6, 4)}, files_, calls);
  const auto whole = content(folder_ / "r/d");
  bool is_new = false;
  for (const fs::path& copy : calls.copies()) {
    EXPECT_TRUE(!is_new || fs::exists(copy / "d")) << copy;
    is_new = fs::exists(copy / "d");
    if (!is_new) write(copy / "d", {small_episode(5, 3), small_episode(6, 4)}, files_);
    EXPECT_TRUE(content(copy / "d") == whole) << copy;
  }
  EXPECT_TRUE(is_new);
}

std::string case_name(const ::testing::TestParamInfo<std::tuple<FileSystem, Files>>& info) {
  const char* const systems[] = {"exchanges", "renames", "copies"};
  return std::string(systems[static_cast<int>(std::get<0>(info.param))]) +
         (std::get<1>(info.param) == Files::kOwn ? "_own" : "_shared");
}

INSTANTIATE_TEST_SUITE_P(FileSystems, DatasetPublishing,
                         ::testing::Combine(::testing::Values(FileSystem::kWhole,
                                                              FileSystem::kNoExchange,
                                                              FileSystem::kNoLinks),
                                            ::testing::Values(Files::kOwn, Files::kShared)),
                         case_name);

// Fails the n-th link, rename or exchange.
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

TEST(DatasetPublishingError, LeavesTheDatasetAsItWas) {
  TemporaryFolder folder;
  write(folder / "r/d", {small_episode(4, 2)});
  const auto before = content(folder / "r");
  FailingMoves calls(1);  // the first asks whether the file system can exchange
  EXPECT_THAT(message_of([&] { write(folder / "r/d", {small_episode(5, 3)}, {}, calls); }),
              HasSubstr("make room on this disk"));
  EXPECT_TRUE(calls.failed());
  EXPECT_TRUE(content(folder / "r") == before);
}

TEST(DatasetPublishingError, ASecondWriterIsRefusedWithTheNumberOfTheFirst) {
  TemporaryFolder folder;
  std::optional<DatasetWriter> first(std::in_place, folder / "d", small_embodiment());
  first->add(small_episode(3, 1));
  EXPECT_THAT(message_of([&] { DatasetWriter(folder / "d", small_embodiment()); }),
              HasSubstr("process " + std::to_string(::getpid()) + " writes there"));
  first->finish();
  first.reset();
  write(folder / "d", {small_episode(3, 2)});
  EXPECT_EQ(Dataset(folder / "d").present().size(), 2U);
}

TEST(DatasetPublishingError, AFolderThatIsNotOursIsRefused) {
  TemporaryFolder folder;
  write(folder / "d", {small_episode(3, 1)});
  fs::permissions(folder / "d", fs::perms::owner_read | fs::perms::owner_exec);
  if (::access((folder / "d").c_str(), W_OK) != 0) {  // no rule for root
    EXPECT_THAT(message_of([&] { write(folder / "d", {small_episode(3, 2)}); }),
                HasSubstr("check the permissions"));
  }
  fs::permissions(folder / "d", fs::perms::owner_all);
}

TEST(DatasetReaders, SeeOneStateWhileAWriterPublishes) {
  TemporaryFolder folder;
  write(folder / "d", {small_episode(2, 1)});
  std::atomic<bool> ending = false;
  int64_t read = 0;
  std::thread reader([&] {
    for (size_t newest = 1; !ending; ++read) {
      const Dataset dataset(folder / "d");
      const size_t episodes = dataset.episodes().size();
      EXPECT_GE(episodes, newest);
      EXPECT_EQ(dataset.total_frames(), static_cast<int64_t>(2 * episodes));
      EXPECT_EQ(dataset.stats("action")->count, static_cast<int64_t>(2 * episodes));
      newest = episodes;
    }
  });
  for (uint64_t seed = 2; seed < 8; ++seed) write(folder / "d", {small_episode(2, seed)});
  ending = true;
  reader.join();
  EXPECT_GT(read, 0);
  EXPECT_EQ(Dataset(folder / "d").episodes().size(), 7U);
}

}  // namespace
}  // namespace gyre::data
