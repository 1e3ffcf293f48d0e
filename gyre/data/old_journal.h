#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "gyre/core/embodiment.h"
#include "gyre/data/episode_rows.h"

namespace gyre::data {

// The journal format of Gyre 0.1, still read so that `gyre data convert` takes old recordings.
// After 8 bytes of magic, records of
//
//   uint32 length of the payload | uint32 CRC-32 of type and payload | uint8 type | payload
//
// (little-endian; payloads are CBOR; the first record holds the contract). Images are PNG: without
// loss, because everything later is derived from them, and readable by any tool.
//
// A crash, a full disk or a pulled plug leaves whole records and at most one torn one at the end.
// Damage in the middle costs the records that it hit: the next whole one is found again.

struct OldJournalEpisode {
  EpisodeRows episode;
  bool ended = false;    // false: the recording broke off; its steps are whole
  bool damaged = false;  // records between its first and its last one are lost
  bool whole() const { return ended && !damaged && !episode.rows.empty(); }
};

// Reads one episode after the other.
class OldJournalReader {
 public:
  // Throws Error naming the file when it is no journal or its contract cannot be read.
  explicit OldJournalReader(const std::filesystem::path& file);
  static bool is_old_journal(const std::filesystem::path& file);  // by its first bytes

  const Embodiment& embodiment() const { return embodiment_; }
  std::optional<OldJournalEpisode> next();
  // Bytes at the end that are no whole record; known when next() has returned nothing.
  int64_t dropped_bytes() const { return static_cast<int64_t>(bytes_.size() - good_end_); }
  // Bytes before the last whole record that are no record, so far.
  int64_t lost_bytes() const { return lost_bytes_; }

 private:
  struct Record;
  std::optional<Record> record_at(size_t offset) const;
  std::optional<Record> read_record();

  std::filesystem::path file_;
  std::vector<uint8_t> bytes_;
  size_t good_end_ = 0;  // of the last whole record
  int64_t lost_bytes_ = 0;
  Embodiment embodiment_;
  std::optional<OldJournalEpisode> begun_;  // header read, its steps follow
};

}  // namespace gyre::data
