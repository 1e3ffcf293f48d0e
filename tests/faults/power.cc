#include <fcntl.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gyre/core/rng.h"
#include "tests/faults/inspect.h"
#include "tests/faults/kill.h"
#include "tests/faults/recorder.h"

namespace gyre::faults {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlock = 4096;

// What a system call changes, and what was sent by the time at which it was over.
struct Call {
  enum class Kind { kCreate, kWrite, kTruncate, kSyncBegins, kSync } kind{};
  std::string file;  // its name in the folder; "" for the folder
  std::string bytes;
  size_t size = 0;              // of the truncated file
  int64_t sent = 0, taken = 0;  // as in Witness
};

// Carries the calls out and writes them down. A sync takes no time: the disk's own speed is not
// what is tested. Any thread may make the calls.
class LoggingCalls : public io::FileCalls {
 public:
  explicit LoggingCalls(const Witness& witness) : witness_(witness) {}
  const std::vector<Call>& calls() const { return calls_; }

  int open(const char* path, int flags, unsigned mode) override {
    const int descriptor = FileCalls::open(path, flags, mode);
    {
      const std::lock_guard guard(mutex_);
      names_[descriptor] = (flags & O_DIRECTORY) != 0 ? "" : fs::path(path).filename().string();
    }
    if ((flags & O_CREAT) != 0) log(descriptor, {.kind = Call::Kind::kCreate});
    return descriptor;
  }
  ssize_t write(int descriptor, const void* bytes, size_t count) override {
    const ssize_t result = FileCalls::write(descriptor, bytes, count);
    log(descriptor,
        {.kind = Call::Kind::kWrite, .bytes = {static_cast<const char*>(bytes), count}});
    return result;
  }
  int ftruncate(int descriptor, off_t size) override {
    const int result = FileCalls::ftruncate(descriptor, size);
    log(descriptor, {.kind = Call::Kind::kTruncate, .size = static_cast<size_t>(size)});
    return result;
  }
  int fdatasync(int descriptor) override { return fsync(descriptor); }
  int fsync(int descriptor) override {
    log(descriptor, {.kind = Call::Kind::kSyncBegins});
    log(descriptor, {.kind = Call::Kind::kSync});
    return 0;
  }

 private:
  const Witness& witness_;
  std::mutex mutex_;
  std::map<int, std::string> names_;
  std::vector<Call> calls_;

  void log(int descriptor, Call call) {
    const std::lock_guard guard(mutex_);
    call.file = names_[descriptor];
    call.sent = witness_.sent;
    call.taken = witness_.taken;
    calls_.push_back(std::move(call));
  }
};

// A disk with a cache that a loss of power empties. What is synced is what was there when the sync
// began.
class Disk {
 public:
  void apply(const Call& call) {
    if (call.file.empty()) return sync_folder(call.kind == Call::Kind::kSyncBegins);
    File& file = files_[call.file];
    switch (call.kind) {
      case Call::Kind::kCreate:
        file = {};
        break;
      case Call::Kind::kWrite:
        file.written += call.bytes;
        break;
      case Call::Kind::kTruncate:
        file.written.resize(call.size);
        break;
      case Call::Kind::kSyncBegins:
        file.syncing = file.written;
        break;
      case Call::Kind::kSync:
        file.synced = file.syncing;
        break;
    }
  }

  enum class Unsynced { kNothing, kAll, kSomeBlocks };
  static constexpr Unsynced kUnsynced[] = {Unsynced::kNothing, Unsynced::kAll,
                                           Unsynced::kSomeBlocks};
  // Writes the files as they may be found afterwards.
  void lose_power(const fs::path& folder, Unsynced unsynced, Rng& rng) const {
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const auto& [name, file] : files_) {
      const bool there = file.in_folder || unsynced == Unsynced::kAll ||
                         (unsynced == Unsynced::kSomeBlocks && rng.chance(0.5));
      if (!there) continue;
      std::ofstream(folder / name, std::ios::binary) << left_of(file, unsynced, rng);
    }
  }

 private:
  struct File {
    std::string written, syncing, synced;
    bool in_folder = false;  // its name was synced
  };
  std::map<std::string, File> files_;
  std::set<std::string> syncing_;  // names

  void sync_folder(bool begins) {
    for (auto& [name, file] : files_) {
      if (begins) syncing_.insert(name);
      if (!begins) file.in_folder |= syncing_.contains(name);
    }
  }

  static std::string left_of(const File& file, Unsynced unsynced, Rng& rng) {
    if (unsynced == Unsynced::kNothing) return file.synced;
    if (unsynced == Unsynced::kAll) return file.written;
    std::string left = file.written;
    if (rng.chance(0.5)) {  // the size came to the disk, or less
      left.resize(std::max<size_t>(file.synced.size(),
                                   static_cast<size_t>(rng.below(std::ssize(left) + 1))));
    }
    const size_t first = file.synced.size();
    for (size_t at = first - first % kBlock; at < left.size(); at += kBlock) {
      if (rng.chance(0.5)) continue;
      const size_t begin = std::max(at, first), end = std::min(at + kBlock, left.size());
      if (begin < end)
        std::fill(left.begin() + static_cast<ptrdiff_t>(begin),
                  left.begin() + static_cast<ptrdiff_t>(end), '\0');
    }
    return left;
  }
};

}  // namespace

Losses lose_power(const fs::path& folder, double seconds, uint64_t seed) {
  Losses losses;
  Rng rng = Rng::stream(seed, "power");
  const auto ticks = static_cast<int64_t>(seconds * 1e9 / static_cast<double>(kPeriodNs));
  for (const bool long_attempt : {true, false}) {
    Witness witness;
    LoggingCalls calls(witness);
    record(folder / "recorded", seed, ticks, long_attempt, calls, witness);
    Disk disk;
    for (const Call& call : calls.calls()) {
      // The power fails when the call is nearly over, and has changed nothing yet.
      for (const Disk::Unsynced unsynced : Disk::kUnsynced) {
        disk.lose_power(folder / "left", unsynced, rng);
        add_loss(inspect(folder / "left"), call.sent, call.taken, losses);
      }
      disk.apply(call);
    }
    std::filesystem::remove_all(folder / "recorded");
  }
  std::filesystem::remove_all(folder / "left");
  return losses;
}

}  // namespace gyre::faults
