#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/data/journal_reader.h"

namespace gyre::verify {

// A request of a journal: everything that the policy was asked, and nothing of its answer.
struct RecordedRequest {
  int64_t number = 0;  // counts the requests of the journal
  int64_t step = 0;    // control period of its episode in which the answer was taken
  HeaderPtr header;    // of its episode
  RequestPtr request;
  // Null where it is lost. Where the policy named the subtask for this request, that is part of the
  // answer: the goal is without it.
  GoalPtr goal;
  // [C] The pictures whose tokens the policy used: those that the cameras showed or, where tokens
  // were reused, earlier ones. Null where the camera had shown nothing.
  std::vector<PictureRef> pictures;
  bool lossless = true;  // their pixels are those that the policy saw
  std::string lost;      // the part that the journal lacks, so that nothing can be asked; ""
};

// Reads the requests of a journal in order. Chunks, Steps and events are not even decoded, so that
// an answer cannot reach the caller. Pictures are kept from their record to the last request that
// names them.
class RequestReader {
 public:
  // `episode`: the number of one attempt; none: all of them, and the spans between. Throws Error
  // where no file can be read.
  explicit RequestReader(const std::vector<std::filesystem::path>& files,
                         std::optional<int64_t> episode = {});

  bool next(RecordedRequest& recorded);  // false at the end
  int64_t count() const { return count_; }
  // Losses of all files; complete when next() has answered false.
  const std::vector<data::JournalLoss>& losses() const { return reader_.losses(); }

 private:
  struct Needed {
    int64_t uses = 0;         // by requests to come
    uint64_t pixel_hash = 0;  // of the picture as a request saw it; 0: no request says
    PictureRef picture;
  };
  using PictureKey = std::pair<int, int64_t>;  // camera, id
  struct Span {
    std::map<PictureKey, Needed> pictures;
    std::map<int64_t, GoalPtr> goals;
  };

  void plan(const std::vector<std::filesystem::path>& files);
  bool wanted(const Header& header) const;
  void begin_span(const Record& record);
  void take_picture(const CameraPicture& taken);
  RecordedRequest gather(const Record& record);
  PictureRef use(int camera, int64_t id, RecordedRequest& recorded);

  std::optional<int64_t> episode_;
  std::deque<Span> plans_;  // of the spans to come
  int64_t count_ = 0;
  data::JournalReader reader_;
  Span span_;  // the present one
  HeaderPtr header_;
  int64_t first_tick_ = 0, number_ = 0;
};

}  // namespace gyre::verify
