#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "gyre/data/labels_head.h"

namespace gyre::io {
class Parquet;
}

// Label streams lie beside recorded data, which they never change: <folder>/labels/ of a dataset or
// of a journal folder holds one file for each, <name>-<first 8 digits of the hash>.parquet, which
// is never written again. Rows are keyed by the recorded episode, so that the same file holds in
// every dataset that the episode comes to.
namespace gyre::data {

struct LabelStream {
  std::filesystem::path file;
  LabelHead head;
  std::string hash;  // hash_labels()
  int64_t labels = 0, episodes = 0;
};
nlohmann::ordered_json stream_json(const LabelStream& stream);  // all but its file

// The streams of one folder. Const and thread-safe after opening. A stream's labels are read when
// they are first asked for, and then held: about 150 bytes each.
class Labels {
 public:
  // Reads the heads. No folder `labels` means no stream; sidecars of Gyre 0.1 are passed over.
  // Throws Error naming the file that is torn, no label stream, or of a later format.
  explicit Labels(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }
  // By name, then time, then hash.
  const std::vector<LabelStream>& streams() const { return streams_; }
  // All labels of one of streams(), in order. Throws Error where they are not those that the head
  // states.
  const std::vector<Label>& read(const LabelStream& stream) const;
  // One episode: entry i is of streams()[i].
  std::vector<std::span<const Label>> of(const std::string& recorded_hash) const;

 private:
  std::filesystem::path folder_;
  std::shared_ptr<const io::Parquet> parquet_;
  std::vector<LabelStream> streams_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::vector<Label>> known_;  // by LabelStream::hash
};

// One file wherever it lies. Throws Error as Labels does; also where it has no head.
bool has_label_head(const std::filesystem::path& file, const io::Parquet& parquet);
LabelStream read_label_head(const std::filesystem::path& file, const io::Parquet& parquet);
std::vector<Label> read_label_rows(const LabelStream& stream, const io::Parquet& parquet);

// Adds a stream, atomically. The same labels with the same head are the same file, whatever its
// time: what is there stays. Throws Error for a head or label that check_head() or check_label()
// refuses, for none, and where the folder cannot be written.
LabelStream write_labels(const std::filesystem::path& folder, const LabelHead& head,
                         std::vector<Label> labels);

// The files below <folder>/labels/, sorted.
std::vector<std::filesystem::path> label_files(const std::filesystem::path& folder);
// Copies them into another folder's labels/, where files of the same name hold the same labels.
void copy_labels(const std::filesystem::path& from, const std::filesystem::path& to);

// "2026-11-30T15:04:05Z", now.
std::string utc_now();

}  // namespace gyre::data
