#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

// What is done to datasets while processes are killed, and what must be there afterwards. The
// content of an episode follows from its number alone.
namespace gyre::faults {

// What a process has done, in memory that outlives it: numbers of episodes.
struct Saves {
  std::atomic<int64_t> begun{0};  // that may be in the dataset
  std::atomic<int64_t> saved{0};  // that must be in it
  std::atomic<int64_t> calls{0};  // system calls that changed a file
};

// What was found of a dataset.
struct Found {
  int64_t misaligned = 0;  // rows, frames or pictures that are not those of their episode
  int64_t unreadable = 0;  // episodes
  int64_t unopened = 0;    // 1: the dataset cannot be opened or written on
  int64_t lost = 0;        // episodes that were saved
  char what[200] = {};     // the first of these
};

struct Operation {
  std::string name;
  // Makes in `work` what the operation begins with: once, and without a kill.
  std::function<void(const std::filesystem::path& work)> prepare;
  // May be killed at any moment.
  std::function<void(const std::filesystem::path& work, Saves& saves)> run;
  // Looks at what is left.
  std::function<Found(const std::filesystem::path& work, const Saves& saves)> inspect;
  int64_t known = 0;      // episodes that are there before it
  bool exchanges = true;  // false: on a file system that cannot exchange folders
};

// Tools that change datasets add theirs here.
std::vector<Operation> dataset_operations();

}  // namespace gyre::faults
