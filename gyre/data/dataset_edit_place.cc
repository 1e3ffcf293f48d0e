#include "gyre/data/dataset_edit_place.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "gyre/core/error.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = ".partial-";  // then the process that writes it

// "a/" and "a" are one place.
fs::path without_slash(fs::path place) {
  place = fs::absolute(place).lexically_normal();
  return place.has_filename() ? place : place.parent_path();
}

bool is_alive(std::string_view number) {
  pid_t process = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), process);
  if (error != std::errc() || end != number.data() + number.size()) return true;
  return ::kill(process, 0) == 0 || errno != ESRCH;
}

void remove_left_overs(const fs::path& place) {
  const std::string prefix = place.filename().string() + std::string(kMark);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(place.parent_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && !is_alive(std::string_view(name).substr(prefix.size()))) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

void sync_all(const fs::path& folder, io::FileCalls& calls) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) io::sync_folder(entry.path(), calls);
    if (entry.is_regular_file()) io::sync_file(entry.path(), calls);
  }
  io::sync_folder(folder, calls);
}

}  // namespace

NewDataset::NewDataset(fs::path place, bool replace, io::FileCalls& calls)
    : place_(without_slash(std::move(place))), replace_(replace), calls_(calls) {
  if (!replace_ && fs::exists(place_) && !(fs::is_directory(place_) && fs::is_empty(place_))) {
    throw Error(place_.string(), "is there already", "name another folder with --out");
  }
  std::error_code failed;
  if (!fs::is_directory(place_.parent_path())) {
    throw Error(place_.parent_path().string(), "no such folder", "make it first");
  }
  lock_ = std::make_unique<io::LockFile>(
      place_.parent_path() / ("." + place_.filename().string() + ".lock"), place_,
      io::LockFile::AtEnd::kRemove);
  remove_left_overs(place_);
  folder_ =
      place_.parent_path() / fmt::format("{}{}{}", place_.filename().string(), kMark, getpid());
  fs::create_directory(folder_, failed);
  if (failed) io::throw_file_error(folder_, "create", failed.value());
  if (replace_ && !io::can_exchange(folder_, calls_)) {
    fs::remove_all(folder_, failed);
    throw Error(place_.string(),
                "its file system cannot exchange two folders, so a kill could leave none",
                "write a new folder with --out");
  }
}

NewDataset::~NewDataset() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

fs::path NewDataset::publish() {
  sync_all(folder_, calls_);
  fs::path backup;
  if (!replace_) {
    if (calls_.rename(folder_.c_str(), place_.c_str()) != 0) {
      io::throw_file_error(place_, "write", errno);
    }
  } else {
    backup = place_.string() + ".backup";
    for (int i = 2; fs::exists(backup); ++i)
      backup = fmt::format("{}.backup-{}", place_.string(), i);
    // The new folder takes the backup's name, then the two change places: a kill in between leaves
    // the dataset as it was, and never its former state under a name that is cleaned up.
    if (calls_.rename(folder_.c_str(), backup.c_str()) != 0) {
      io::throw_file_error(backup, "write", errno);
    }
    if (calls_.exchange(backup.c_str(), place_.c_str()) != 0) {
      const int failed = errno;
      calls_.rename(backup.c_str(), folder_.c_str());
      io::throw_file_error(place_, "write", failed);
    }
  }
  io::sync_folder(place_.parent_path(), calls_);
  return backup;
}

}  // namespace gyre::data
