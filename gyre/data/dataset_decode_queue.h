#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace gyre::data {

// Pictures that are to be decoded ahead, in jobs of neighbours, the first asked for first. Whoever
// needs a picture now takes its job out and does it. Thread-safe.
class DecodeQueue {
 public:
  struct Wanted {
    int file = 0;  // of VideoPool
    double time_s = 0, tolerance_s = 0;
    uint64_t key = 0;  // of PictureStore
  };
  using Job = std::vector<Wanted>;  // different pictures of one file, ascending in time

  bool holds(uint64_t key);
  // Appends jobs without the pictures that it holds already. Beyond `most` pictures the oldest jobs
  // go: nobody came for them.
  void add(std::vector<Job> jobs, size_t most);
  void put_back(Job job);                 // before all others
  std::optional<Job> take(uint64_t key);  // the one with this picture, if there is one
  std::optional<Job> next();              // waits for one; none after close()
  void close();

 private:
  void insert(std::list<Job>::iterator before, Job job);
  Job remove(std::list<Job>::iterator job);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<Job> jobs_;
  std::unordered_map<uint64_t, std::list<Job>::iterator> places_;  // of each picture
  bool closed_ = false;
};

}  // namespace gyre::data
