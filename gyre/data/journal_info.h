#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "gyre/data/journal_reader.h"

namespace gyre::data {

// Counts over a journal.
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

// Of a journal file, a folder of them or a file of Gyre 0.1, whose rows count as steps. Throws
// Error as the readers do, and Interrupted when `stop` says so.
JournalInfo journal_info(const std::filesystem::path& journal,
                         const std::function<bool()>& stop = {});

// Whether journal_info() is for it: a file, or a folder with journal files.
bool is_journal(const std::filesystem::path& path);

// The counts; `losses` is their number and `lost` what each of them is.
void to_json(nlohmann::json& json, const JournalInfo& info);

}  // namespace gyre::data
