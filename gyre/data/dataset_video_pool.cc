#include "gyre/data/dataset_video_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

int64_t modified(const fs::path& file) {
  std::error_code failed;
  const auto time = fs::last_write_time(file, failed);
  return failed ? -1 : static_cast<int64_t>(time.time_since_epoch().count());
}

int64_t size_of(const fs::path& file) {
  std::error_code failed;
  const uintmax_t bytes = fs::file_size(file, failed);
  return failed ? -1 : static_cast<int64_t>(bytes);
}

}  // namespace

int VideoPool::add(const fs::path& file, double last_s, double tolerance_s,
                   const std::string& episode) {
  const auto [place, is_new] = numbers_.try_emplace(file, static_cast<int>(files_.size()));
  if (is_new) {
    files_.push_back({.path = file, .bytes = size_of(file), .modified = modified(file)});
  }
  File& known = files_[place->second];
  if (last_s >= known.last_s) {
    known.last_s = last_s;
    known.tolerance_s = tolerance_s;
    known.episode = episode;
  }
  return place->second;
}

void VideoPool::check(const std::function<bool(int64_t, int64_t)>& goes_on) const {
  const auto total = std::ssize(files_);
  for (int64_t file = 0; file < total; ++file) {
    open(static_cast<int>(file));
    if (goes_on && !goes_on(file + 1, total)) return;
  }
}

io::VideoReader VideoPool::open(int file) const {
  const File& known = files_[file];
  if (size_of(known.path) != known.bytes || modified(known.path) != known.modified) {
    throw Error(known.path.string(), "was changed while it was read", "start again");
  }
  io::VideoReader reader(known.path);
  require_rows(known, reader);
  return reader;
}

// The header says when the track ends; where that is no later than the last row, its frame may
// still be there, without a length.
void VideoPool::require_rows(const File& file, io::VideoReader& reader) {
  constexpr double kRounding = 1e-6;
  const double end_s = reader.duration_s();
  if (end_s <= 0 || end_s > file.last_s + kRounding) return;
  try {
    reader.read({&file.last_s, 1}, file.tolerance_s, [](size_t, const io::VideoPicture&) {});
  } catch (const Error&) {
    throw Error(file.path.string(),
                fmt::format("ends at {:.3f} s, the rows of {} have one at {:.3f} s", end_s,
                            file.episode, file.last_s),
                "fetch or record it again");
  }
}

std::list<VideoPool::Open> VideoPool::take(int file) {
  std::list<Open> taken;
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(idle_, file, &Open::file);
  if (found != idle_.end()) taken.splice(taken.begin(), idle_, found);
  return taken;
}

void VideoPool::count(const Open& open) {
  std::list<Open> closed;
  const std::lock_guard lock(mutex_);
  open_bytes_ += static_cast<size_t>(open.reader.bytes());
  closed = close_some();
}

void VideoPool::forget(const Open& open) {
  const std::lock_guard lock(mutex_);
  open_bytes_ -= static_cast<size_t>(open.reader.bytes());
}

void VideoPool::give_back(std::list<Open> open) {
  std::list<Open> closed;
  const std::lock_guard lock(mutex_);
  idle_.splice(idle_.begin(), open);
  closed = close_some();
}

std::list<VideoPool::Open> VideoPool::close_some() {
  std::list<Open> closed;
  while (open_bytes_ > most_bytes_ && !idle_.empty()) {
    open_bytes_ -= static_cast<size_t>(idle_.back().reader.bytes());
    closed.splice(closed.begin(), idle_, std::prev(idle_.end()));
  }
  return closed;
}

void VideoPool::read(int file, std::span<const double> times_s, double tolerance_s,
                     const std::function<void(size_t, const io::VideoPicture&)>& use) {
  std::list<Open> reader = take(file);
  if (reader.empty()) {
    reader.push_back({.file = file, .reader = open(file)});
    count(reader.front());
  }
  try {
    reader.front().reader.read(times_s, tolerance_s, use);
  } catch (...) {
    forget(reader.front());
    throw;
  }
  give_back(std::move(reader));
}

}  // namespace gyre::data
