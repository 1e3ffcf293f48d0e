#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/data/episode_rows.h"
#include "gyre/data/journal_messages.h"

namespace gyre::data {

// An attempt of a tape as dataset rows.
struct BuiltEpisode {
  HeaderPtr header;
  EpisodeRows episode;
  bool ended = false;            // the tape says that it ended
  int64_t missing_steps = 0;     // control periods that the tape lacks, or that do not fit
  int64_t missing_pictures = 0;  // of rows: the tape lacks the picture that the Step names
  int64_t black_pictures = 0;    // of them: nor is there one before
  bool whole() const {
    return ended && missing_steps == 0 && black_pictures == 0 && !episode.rows.empty();
  }
};

// Makes rows of the records of a tape, whether they come from the tape itself or from a journal:
// one row for each action period, with the state and pictures at its begin. The action of a row is
// what was sent in it: of deltas the sum over its control periods, of anything else the last.
//
// Words, truth and pictures of a tick come before its Step. In the place of a missing picture a row
// has the one before, with its age, and EpisodeRows::losses says so; a camera that has shown
// nothing is black. Control periods between attempts are passed over.
class RowBuilder {
 public:
  // kNone builds rows without pictures, to look at outcomes and lengths.
  explicit RowBuilder(Pixels pixels = Pixels::kDecoded) : pixels_(pixels) {}

  // Answers the attempt before, when `record` is the Header that follows it.
  std::optional<BuiltEpisode> take(const Record& record);
  // The last attempt, at the end of the tape.
  std::optional<BuiltEpisode> finish();

 private:
  Pixels pixels_;
  std::optional<BuiltEpisode> built_;
  std::map<int64_t, GoalPtr> goals_;
  struct Shown {                      // of one camera
    std::deque<PictureRef> pictures;  // the newest few, oldest first
    int64_t newest = -1;              // id
    std::string reason;               // why the next ones are missing, when an event has said so
    std::optional<PictureLoss> lost;  // since `newest`
  };
  std::vector<Shown> cameras_;
  std::vector<std::string> said_;  // since the last Step
  TruthPtr truth_;
  int64_t next_tick_ = 0;      // Record::tick of the Step that is due
  Reasons reasons_;            // of the row so far
  bool policy_whole_ = false;  // the policy proposed in each control period of the row

  void begin(const Record& record);
  void take_picture(const CameraPicture& picture);
  void take_event(const Record& record);
  void take_step(const Record& record);
  void expect_tick(int64_t tick);
  bool fits(const Step& step) const;
  Row row_of(const Step& step);
  PictureRef newest_picture(size_t camera, int64_t id) const;
  PictureRef picture_of(size_t camera, int64_t named, Row& row);
  PictureLoss& lost_of(size_t camera);
  void end_loss(size_t camera);
  void add_to_row(Row& row, const Step& step);
};

}  // namespace gyre::data
