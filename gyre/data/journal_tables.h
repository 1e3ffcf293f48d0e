#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "gyre/core/record.h"
#include "gyre/data/journal_rows.h"
#include "gyre/io/row_table.h"

namespace gyre::data {

template <class T>
using Maybe = std::optional<T>;

// The records of one journal as tables. `episode` is a number that is unique in a question, null
// for what lies between attempts; times are Unix nanoseconds.
class JournalTables {
 public:
  // Episodes are numbered from `first_episode`.
  JournalTables(std::string journal, int64_t first_episode);

  // `unix_ns`: JournalReader::unix_ns() of the record.
  void take(const Record& record, int64_t unix_ns);
  void finish();  // once, after the last record

  int64_t next_episode() const { return next_episode_; }
  const io::Table& episodes() const { return episodes_.table(); }
  const io::Table& steps() const { return steps_.table(); }
  const io::Table& events() const { return events_.table(); }
  const io::Table& requests() const { return requests_.table(); }

 private:
  void begin(const Record& record, int64_t unix_ns);
  void end_episode(const std::optional<BuiltEpisode>& built);
  void end_requests();
  void add_step(const Step& step, int64_t unix_ns);
  void add_event(const Record& record, int64_t unix_ns);
  Maybe<int64_t> episode() const;

  using Text = std::string;
  std::string journal_;
  int64_t next_episode_;
  RowBuilder builder_{Pixels::kNone};

  // The present span.
  HeaderPtr header_;
  int64_t begin_ns_ = 0, end_ns_ = 0, steps_count_ = 0, helped_count_ = 0;
  std::map<int64_t, GoalPtr> goals_;
  struct Asked {
    RequestPtr request;
    ChunkPtr chunk;
    int64_t tick = 0, unix_ns = 0;
  };
  std::map<int64_t, Asked> asked_;  // by request

  io::RowTable<int64_t, Text, int64_t, Text, Text, Text, Text, Text, int64_t, Maybe<bool>, bool,
               int64_t, double, int64_t, int64_t, Text, Text>
      episodes_;
  io::RowTable<Maybe<int64_t>, Text, int64_t, int64_t, Text, Text, bool, std::vector<float>,
               std::vector<float>, Maybe<std::vector<float>>, Text, Text, Text, double,
               Maybe<int64_t>, Maybe<int64_t>, Maybe<double>, double, Maybe<double>, double>
      steps_;
  io::RowTable<Maybe<int64_t>, Text, int64_t, int64_t, Text, Text, Text, Text, Text, Maybe<int64_t>>
      events_;
  io::RowTable<Maybe<int64_t>, Text, int64_t, int64_t, int64_t, bool, Text, Text, int64_t, int64_t,
               int64_t, Text, Text, Text, int64_t, Text, int64_t, bool, Maybe<double>,
               Maybe<double>, Maybe<double>, Maybe<double>, Maybe<double>>
      requests_;
};

}  // namespace gyre::data
