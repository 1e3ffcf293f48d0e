#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gyre/data/dataset_provenance.h"

// Every tool that makes a dataset of datasets is one edit: which frames of which episodes are kept,
// in which order, and what changes of words and features. One writer carries it out, and columns,
// files and annotations that Gyre does not know go with the frames.
namespace gyre::data {

// A run of frames of one episode. `frames` -1: to the end.
struct KeptEpisode {
  size_t source = 0;  // place in DatasetEdit::sources
  int64_t episode = 0;
  int64_t first = 0, frames = -1;
  std::optional<std::string> words;  // become the task of all its frames
};

struct DatasetEdit {
  std::vector<std::filesystem::path> sources;
  std::vector<KeptEpisode> episodes;          // of the result, in order
  std::map<std::string, std::string> rename;  // words to words
  std::vector<std::string> drop;              // features
  bool retime = false;                        // times become frame number / rate
  // Videos are encoded anew; a size of 0 stays as it is. Without it pictures are only decoded where
  // a cut does not fall on a key frame.
  struct Encode {
    std::optional<std::string> codec;
    std::optional<int> crf, group;
    int width = 0, height = 0;
    bool fast_decode = true;
  };
  std::optional<Encode> encode;
};

struct EditOptions {
  // A new folder; empty: the only source is replaced and kept beside itself as <name>.backup.
  std::filesystem::path out;
  Provenance provenance;
  bool dry_run = false;  // checks everything that can be checked without writing
  std::function<void(int64_t done, int64_t total)> progress;  // frames
  std::function<bool()> stop;  // true: gives up; everything stays as it was
};

struct EditReport {
  int64_t episodes = 0, frames = 0, tasks = 0;
  std::filesystem::path folder, backup;  // backup: of an edit in place
  std::string hash;                      // of the result; "" of a dry run
  std::vector<std::string> notes;        // what was not copied bit for bit, one line each
  bool stopped = false;
};

// Throws Error naming the source when an episode or a feature is not there, a frame range is out of
// the episode, the sources have different contracts (with the first field that differs), a file is
// missing or does not hold what meta/ says, or the place cannot be written. Whatever it throws, the
// sources and the place are as they were.
EditReport edit_dataset(const DatasetEdit& edit, const EditOptions& options);

// All episodes of a folder, whole and in order; or those whose files are here.
DatasetEdit whole_dataset(const std::filesystem::path& folder, bool present_only = false);

}  // namespace gyre::data
