#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "gyre/core/embodiment.h"
#include "gyre/core/episode.h"
#include "gyre/io/file.h"

namespace gyre::data {

// The recording as it happens, one file a session, append-only: the source of truth from which
// datasets are derived. After 8 bytes of magic, records of
//
//   uint32 length of the payload | uint32 CRC-32 of type and payload | uint8 type | payload
//
// (little-endian; payloads are CBOR; the first record holds the contract). Images are PNG: without
// loss, because everything later is derived from them, and readable by any tool.
//
// A crash, a full disk or a pulled plug leaves whole records and at most one torn one at the end.
// Damage in the middle costs the records that it hit: the next whole one is found again.

// Not on the control thread: it writes, and syncs at least once a second while steps come.
class JournalWriter {
 public:
  // Creates the file, or goes on after its last whole record when there is one (a torn tail is cut
  // off, damage before a whole record stays). Throws Error naming both sides when it holds another
  // contract.
  JournalWriter(const std::filesystem::path& file, const Embodiment& embodiment);

  // `header` without its steps. An episode that was begun and never ended stays in the journal.
  void begin_episode(const Episode& header);
  void step(const Step& step);  // throws Error outside of an episode or for another contract
  void end_episode(std::optional<bool> success);  // syncs
  int64_t dropped_bytes() const { return dropped_bytes_; }

 private:
  void append(uint8_t type, const std::vector<uint8_t>& payload);
  void sync();

  Embodiment embodiment_;
  int64_t dropped_bytes_ = 0;
  int64_t good_end_ = 0;
  bool in_episode_ = false;
  std::unique_ptr<io::OutputFile> out_;
  std::chrono::steady_clock::time_point last_sync_;
};

struct JournalEpisode {
  Episode episode;
  bool ended = false;    // false: the recording broke off; its steps are whole
  bool damaged = false;  // records between its first and its last one are lost

  // Nothing of it is missing: it may become part of a dataset.
  bool whole() const { return ended && !damaged; }
};

// Reads one episode after the other.
class JournalReader {
 public:
  // Throws Error naming the file when it is no journal or its contract cannot be read.
  explicit JournalReader(const std::filesystem::path& file);

  const Embodiment& embodiment() const { return embodiment_; }
  std::optional<JournalEpisode> next();
  // Bytes at the end that are no whole record; known when next() has returned nothing.
  int64_t dropped_bytes() const { return static_cast<int64_t>(bytes_.size() - good_end_); }
  // Bytes before the last whole record that are no record, so far.
  int64_t lost_bytes() const { return lost_bytes_; }
  // Where the last whole record ends.
  int64_t good_end() const { return static_cast<int64_t>(good_end_); }

 private:
  struct Record;
  std::optional<Record> read_record();
  std::optional<Record> record_at(size_t offset) const;

  std::filesystem::path file_;
  std::vector<uint8_t> bytes_;
  size_t good_end_ = 0;
  int64_t lost_bytes_ = 0;
  Embodiment embodiment_;
  std::optional<JournalEpisode> begun_;  // header read, its steps follow
};

}  // namespace gyre::data
