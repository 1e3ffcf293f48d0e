#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/episode_rows.h"

namespace gyre::data {

struct ConvertOptions {
  bool keep_failures = true;
  bool by_seed = false;                  // episodes in the order of their seeds, not of the journal
  const Embodiment* contract = nullptr;  // only episodes of it; null: all, which must share one
  DatasetOptions dataset;
  std::function<void(int64_t done, int64_t total)> progress;
  std::function<bool()> stop;  // true: gives up, and the folder stays as it was
  // Each episode as it is stored, in order; its pictures as the journal holds them.
  std::function<void(const EpisodeRows&)> each;
};

struct Converted {
  int64_t episodes = 0, rows = 0;  // stored
  int64_t broken_off = 0;          // never ended
  int64_t damaged = 0;             // ended, and control periods of them are lost
  int64_t failures = 0;            // left out, without keep_failures
  int64_t losses = 0;              // damaged places in the journal's files
  int64_t lost_pictures = 0;       // of stored episodes: meta/gyre_losses.parquet says which
  bool stopped = false;
  std::string hash;  // of the dataset; "" when stopped
};

// Makes a dataset folder of attempts as their journal files are completed, or appends to one.
class JournalConverter {
 public:
  // Throws Error as DatasetWriter does. `options.contract` is not read: it is `contract`.
  JournalConverter(std::filesystem::path out, const Embodiment& contract,
                   ConvertOptions options = {});
  // Stores the whole episodes of some journal files. Throws Error as convert_journal does.
  void add(const std::vector<std::filesystem::path>& files);
  // Completes the folder; without an episode it stays as it was, and the hash is "".
  Converted finish();

 private:
  std::filesystem::path out_;
  Embodiment contract_;
  ConvertOptions options_;
  DatasetWriter writer_;
  std::vector<std::filesystem::path> files_;  // whose episodes are stored
  Converted converted_;
};

// Makes a dataset folder of a journal's whole episodes, or appends them to one. `journal` is a
// journal file, a folder of them or a file of Gyre 0.1; it is never changed. Throws Error when it
// cannot be read or holds no episode to store, and then the folder stays as it was.
Converted convert_journal(const std::filesystem::path& journal, const std::filesystem::path& out,
                          const ConvertOptions& options = {});
// The same of some files, in this order.
Converted convert_files(const std::vector<std::filesystem::path>& files,
                        const std::filesystem::path& out, const ConvertOptions& options = {});

}  // namespace gyre::data
