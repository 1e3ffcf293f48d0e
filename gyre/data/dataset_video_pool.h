#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "gyre/io/video.h"

namespace gyre::data {

// The video files of datasets, kept open with their decoders as far as the memory goes. A file may
// be open several times, for several threads. Thread-safe after the last add().
class VideoPool {
 public:
  // The file's number from now on. The last frame of `episode` is in it at `last_s`.
  int add(const std::filesystem::path& file, double last_s, double tolerance_s,
          const std::string& episode);
  // Opens each file once: Error naming file and episode where a file ends before its rows. Calls
  // `goes_on(done, total)` after each; false ends it.
  void check(const std::function<bool(int64_t done, int64_t total)>& goes_on = {}) const;

  // Beyond this many bytes of all open files, those that nobody uses are closed, the least recently
  // used first. Before the first read().
  void limit(size_t bytes) { most_bytes_ = bytes; }

  // io::VideoReader::read() of that file. Throws Error also when the file is another one than when
  // it was added.
  void read(int file, std::span<const double> times_s, double tolerance_s,
            const std::function<void(size_t, const io::VideoPicture&)>& use);

 private:
  struct File {
    std::filesystem::path path;
    double last_s = 0, tolerance_s = 0;  // of the last row
    std::string episode;                 // that has it
    int64_t bytes = 0;
    int64_t modified = 0;
  };
  struct Open {
    int file = 0;
    io::VideoReader reader;
  };
  io::VideoReader open(int file) const;
  static void require_rows(const File& file, io::VideoReader& reader);
  std::list<Open> take(int file);  // one that is open and unused, or none
  void count(const Open& open);    // a new one
  void forget(const Open& open);   // one that failed
  void give_back(std::list<Open> open);
  std::list<Open> close_some();  // locked; for destruction without the lock

  std::vector<File> files_;
  std::map<std::filesystem::path, int> numbers_;
  size_t most_bytes_ = 0;
  std::mutex mutex_;
  std::list<Open> idle_;   // the last used first
  size_t open_bytes_ = 0;  // of those in use too
};

}  // namespace gyre::data
