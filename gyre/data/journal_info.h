#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "gyre/data/journal_reader.h"

namespace gyre::data {

// Counts over a journal. `requests` to `events` count records, `bytes` whole files.
struct JournalInfo {
  int64_t files = 0, bytes = 0;
  int64_t episodes = 0;                 // attempts that were begun
  int64_t unended = 0;                  // of them: the recording broke off, or the end is in a loss
  int64_t successes = 0, failures = 0;  // by their last verdict
  int64_t steps = 0, pictures = 0, requests = 0, chunks = 0, events = 0;
  double seconds = 0;                 // robot time, from each file's first record to its last
  std::set<std::string> embodiments;  // names of contracts
  std::vector<JournalLoss> losses;
};

// Of a journal file or a folder of them. Throws Error as JournalReader does.
JournalInfo journal_info(const std::filesystem::path& journal);

}  // namespace gyre::data
