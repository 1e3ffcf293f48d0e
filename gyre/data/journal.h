#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/data/journal_messages.h"
#include "gyre/data/journal_video.h"
#include "gyre/io/file.h"
#include "gyre/io/lock_file.h"
#include "gyre/io/mcap_write.h"
#include "gyre/io/sync_thread.h"

namespace gyre::data {

// A folder of journal files (docs/journal.md), locked for one run of the program: each tape has a
// JournalWriter of its own in it. Any thread may call it.
class JournalFolder {
 public:
  enum class Mode {
    kCreate,    // the folder is new or holds no journal
    kContinue,  // adds to the journal there
  };
  // Throws Error when another run writes there, naming its process, and when a new journal would
  // lie in the folder of another.
  JournalFolder(std::filesystem::path folder, Mode mode);
  ~JournalFolder();
  JournalFolder(const JournalFolder&) = delete;
  JournalFolder& operator=(const JournalFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // The next name after all that the folder holds: "000007.mcap".
  std::filesystem::path next_file();
  // The name for an attempt of this number, "000012.mcap", its n-th further file,
  // "000012_01.mcap", or the control periods after it, "000012_idle.mcap". Throws Error when this
  // run has written that attempt, or an earlier one has ended it; one that broke off is replaced.
  std::filesystem::path numbered_file(int64_t number, bool attempt, int part);
  // One after the highest number of a file.
  int64_t next_number();
  // The files of an attempt that are there, in order.
  std::vector<std::filesystem::path> attempt_files(int64_t number) const;
  // Removes the journal, and the folder where it holds nothing else.
  void remove();

 private:
  std::filesystem::path path_;
  std::optional<io::LockFile> lock_;
  std::mutex mutex_;
  int64_t next_ = 0;
  std::set<std::filesystem::path> written_;

  void make_room(const std::filesystem::path& file);
};

struct JournalOptions {
  // Names of files. By episode: tapes in one folder at once get the same names on every run, if
  // their episodes' numbers differ. In order: one tape at a time, whatever its episodes' numbers.
  enum class Naming { kInOrder, kByEpisode } naming = Naming::kInOrder;
  int64_t unix_offset_ns = 0;  // Clock::unix_ns(t) - t
  bool lossless = false;       // large pictures are PNG too
  bool simulated = false;      // chunks end by robot time alone: the same bits on every run
  int64_t chunk_ns = 250'000'000;
  size_t chunk_bytes = size_t{1} << 20;
  int64_t file_ns = 600'000'000'000;
  int64_t sync_ns = 900'000'000;  // a loss of power may cost 1 s: the rest is for the sync itself
  std::function<int64_t()> wall_ns;  // not set: the machine's monotonic clock
  io::FileCalls* calls = nullptr;    // not set: the system's
  bool sync_thread = false;          // files are synced and closed on a thread of their own
  // How late a record of that time is, on the robot's clock; not set: never. A writer that is half
  // a second behind gives pictures up until it is not, so that nothing else is lost.
  std::function<int64_t(int64_t time_ns)> late_ns;
};

// Writes one tape. Each Header begins a new file, and so does every `file_ns` of robot time. A
// chunk ends after `chunk_ns` of robot time or wall time, or at `chunk_bytes`, and is written by
// one system call. Large pictures become a stream of H.264 for each camera, which can be decoded
// from the begin of every chunk. Every `sync_ns` of wall time what is there by then is ended and
// synced. A kill costs the chunk that was not ended.
//
// Every function throws Error where the disk is full or fails. The file then ends with its last
// whole chunk, and nothing more is written. With `sync_thread` an error of a sync comes with a
// later call, at the latest with end().
class JournalWriter {
 public:
  JournalWriter(JournalFolder& folder, JournalOptions options = {});
  // Without end() the last chunk is dropped, as by a kill.
  ~JournalWriter();

  // Throws Error for a record before the first Header.
  void take(const Record& record);
  // Ends a chunk and syncs where either is due by wall time: for the times when no record comes.
  void flush_due();
  // Completes the file. A further Header begins the next.
  void end();

  // Of the present file; empty before the first Header.
  const std::filesystem::path& file() const { return file_; }

 private:
  struct Channel {
    uint16_t id = 0;
    uint32_t count = 0;
  };

  JournalFolder& folder_;
  JournalOptions options_;
  std::unique_ptr<io::McapWriter> mcap_;
  std::filesystem::path file_;
  struct ChannelKey {
    RecordKind kind{};
    int camera = 0;
    bool video = false;
    auto operator<=>(const ChannelKey&) const = default;
  };
  std::map<ChannelKey, Channel> channels_;
  std::map<std::string, uint16_t> schemas_;  // ids by name
  Channel state_, command_;
  std::vector<uint8_t> bytes_;  // of one message
  VideoTracks video_;
  int64_t chunk_ = 0;                // counts the chunks of all files
  bool behind_ = false;              // pictures are given up
  std::map<int, int64_t> given_up_;  // pictures of each camera that no event tells of yet

  Record header_;                        // of the span that is being written
  std::optional<Record> goal_, shapes_;  // its newest goal, and the scene's shapes
  int64_t last_number_ = 0;              // of an attempt
  int64_t last_tick_ = 0, last_time_ns_ = 0;
  int part_ = 0;
  int64_t file_begin_ns_ = 0;   // robot clock
  int64_t chunk_begin_ns_ = 0;  // robot clock
  int64_t chunk_wall_ns_ = 0;
  std::unique_ptr<io::SyncThread> sync_thread_;
  bool folder_synced_ = false;    // with the present file's name in it
  bool unsynced_ = false;         // ended chunks wait for a sync
  int64_t unsynced_wall_ns_ = 0;  // when the oldest record came that no sync has covered

  void begin_file(int64_t time_ns);
  bool gives_up(const Record& picture);
  void tell_given_up(int64_t tick, int64_t time_ns);
  void encode(const Record& record, bool repeat);
  void write(const Record& record, bool repeat);
  void write_joints(Channel& channel, std::string_view topic, const std::vector<Field>& fields,
                    const std::vector<float>& values, int64_t log_ns);
  void put(Channel& channel, uint32_t sequence, int64_t log_ns, int64_t publish_ns);
  bool is_video(const Record& record) const;
  Channel& channel_of(const Record& record);
  uint16_t add_channel(const JournalTopic& topic);
  void end_chunk();
  bool chunk_is_due(int64_t wall_ns) const;
  bool sync_is_due(int64_t wall_ns) const;
  void sync_due();
  void close();
};

}  // namespace gyre::data
