#include <fmt/format.h>

#include <charconv>

#include "gyre/core/error.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_reader.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockFile = "journal.lock";

// The number at the front of a file's name; -1 when there is none.
int64_t number_of(const fs::path& file) {
  const std::string name = file.filename().string();
  int64_t number = -1;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

std::string journal_file_name(int64_t number, bool attempt, int part) {
  return fmt::format("{:06}{}{}.mcap", number, attempt ? "" : "_idle",
                     part > 0 ? fmt::format("_{:02}", part) : std::string());
}

bool holds_ended_episode(const fs::path& file) try {
  JournalReader reader(file, {.pixels = Pixels::kNone});
  for (Record record; reader.next(record);) {
    if (record.kind == RecordKind::kEvent &&
        std::holds_alternative<event::EpisodeEnded>(record.event.body)) {
      return true;
    }
  }
  return false;
} catch (const Error&) {
  return false;  // nothing in it is whole
}

}  // namespace

JournalFolder::JournalFolder(fs::path folder, Mode mode) : path_(std::move(folder)) {
  std::error_code code;
  fs::create_directories(path_, code);
  if (code) io::throw_file_error(path_, "make", code.value());
  io::sync_folder_of(fs::weakly_canonical(path_));
  lock_.emplace(path_ / kLockFile, path_, io::LockFile::AtEnd::kKeep);
  for (const fs::path& file : journal_files(path_)) {
    if (mode == Mode::kCreate) {
      throw Error(path_.string(), "holds a journal already", "name a new folder");
    }
    next_ = std::max(next_, number_of(file) + 1);
  }
}

JournalFolder::~JournalFolder() = default;

fs::path JournalFolder::next_file() {
  const std::lock_guard guard(mutex_);
  return path_ / fmt::format("{:06}.mcap", next_++);
}

fs::path JournalFolder::numbered_file(int64_t number, bool attempt, int part) {
  const std::lock_guard guard(mutex_);
  fs::path file = path_ / journal_file_name(number, attempt, part);
  if (!written_.insert(file).second) {
    throw Error(file.string(), "was written by this run already", "give each attempt its number");
  }
  next_ = std::max(next_, number + 1);
  if (attempt && part == 0) make_room(file);
  return file;
}

int64_t JournalFolder::next_number() {
  const std::lock_guard guard(mutex_);
  return next_;
}

std::vector<fs::path> JournalFolder::attempt_files(int64_t number) const {
  std::vector<fs::path> files;
  for (int part = 0;; ++part) {
    fs::path file = path_ / journal_file_name(number, true, part);
    if (!fs::exists(file)) return files;
    files.push_back(std::move(file));
  }
}

void JournalFolder::remove() {
  std::error_code ignored;
  for (const fs::path& file : journal_files(path_)) fs::remove(file, ignored);
  fs::remove(path_ / kLockFile, ignored);
  fs::remove(path_, ignored);
}

// Removes an attempt that an earlier run left unfinished.
void JournalFolder::make_room(const fs::path& file) {
  std::vector<fs::path> parts;
  bool ended = false;
  for (const fs::path& other : journal_files(path_)) {
    if (number_of(other) != number_of(file) || written_.contains(other)) continue;
    if (other != file) parts.push_back(other);
    ended |= holds_ended_episode(other);
  }
  if (fs::exists(file)) {
    ended |= holds_ended_episode(file);
    parts.push_back(file);
  }
  if (ended) {
    throw Error(file.string(), "holds this attempt already, to its end", "number the next one on");
  }
  for (const fs::path& part : parts) fs::remove(part);
}

}  // namespace gyre::data
