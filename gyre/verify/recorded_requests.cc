#include "gyre/verify/recorded_requests.h"

#include <fmt/format.h>

namespace gyre::verify {
namespace {

// The picture of a camera whose tokens a request used; -1: none.
int64_t encoded_id(const RequestPicture& picture) {
  return picture.reused_id >= 0 ? picture.reused_id : picture.id;
}

std::string camera_name(const Header& header, int camera) {
  const auto& cameras = header.contract.cameras;
  const auto index = static_cast<size_t>(camera);
  return index < cameras.size() ? cameras[index].name : std::to_string(camera);
}

}  // namespace

RequestReader::RequestReader(const std::vector<std::filesystem::path>& files,
                             std::optional<int64_t> episode)
    : episode_(episode),
      reader_(files, {.pixels = data::Pixels::kDecoded,
                      .kinds = {RecordKind::kHeader, RecordKind::kGoal, RecordKind::kPicture,
                                RecordKind::kRequest}}) {
  plan(files);
}

bool RequestReader::wanted(const Header& header) const {
  return !episode_ || (header.attempt && header.episode.number == *episode_);
}

// Counts for each span the requests that use a picture.
void RequestReader::plan(const std::vector<std::filesystem::path>& files) {
  data::JournalReader reader(
      files, {.pixels = data::Pixels::kNone, .kinds = {RecordKind::kHeader, RecordKind::kRequest}});
  bool counted = false;
  for (Record record; reader.next(record);) {
    if (record.kind == RecordKind::kHeader) {
      plans_.emplace_back();
      counted = wanted(record.get<Header>());
    } else if (counted) {
      ++count_;
      const auto& pictures = record.get<RequestRecord>().pictures;
      for (size_t c = 0; c < pictures.size(); ++c) {
        const int camera = static_cast<int>(c);
        if (pictures[c].id < 0) continue;
        ++plans_.back().pictures[{camera, encoded_id(pictures[c])}].uses;
        plans_.back().pictures[{camera, pictures[c].id}].pixel_hash = pictures[c].pixel_hash;
      }
    }
  }
}

void RequestReader::begin_span(const Record& record) {
  span_ = {};
  header_ = std::get<HeaderPtr>(record.shared);
  first_tick_ = record.tick;
  if (plans_.empty()) return;
  span_ = std::move(plans_.front());
  plans_.pop_front();
}

void RequestReader::take_picture(const CameraPicture& taken) {
  const auto found = span_.pictures.find({taken.camera, taken.picture->id});
  if (found != span_.pictures.end() && found->second.uses > 0) {
    found->second.picture = taken.picture;
  }
}

PictureRef RequestReader::use(int camera, int64_t id, RecordedRequest& recorded) {
  Needed& needed = span_.pictures[{camera, id}];
  PictureRef picture = needed.picture;
  if (--needed.uses <= 0) needed.picture = {};
  if (!picture) {
    recorded.lost = fmt::format("picture {} of camera '{}'", id, camera_name(*header_, camera));
  } else if (needed.pixel_hash != 0) {
    recorded.lossless &= needed.pixel_hash == pixel_hash(picture->image);
  } else {
    recorded.lossless &= picture->encoded == nullptr;  // no packet of video
  }
  return picture;
}

RecordedRequest RequestReader::gather(const Record& record) {
  RecordedRequest recorded{.number = number_++,
                           .step = record.tick - first_tick_,
                           .header = header_,
                           .request = std::get<RequestPtr>(record.shared)};
  const RequestRecord& request = *recorded.request;
  if (const auto goal = span_.goals.find(request.goal_id); goal == span_.goals.end()) {
    recorded.lost = fmt::format("goal {}", request.goal_id);
  } else if (request.thought) {
    auto asked = std::make_shared<Goal>(*goal->second);
    asked->subtask.clear();
    recorded.goal = std::move(asked);
  } else {
    recorded.goal = goal->second;
  }
  for (size_t c = 0; c < request.pictures.size(); ++c) {
    const RequestPicture& picture = request.pictures[c];
    recorded.pictures.push_back(
        picture.id < 0 ? PictureRef() : use(static_cast<int>(c), encoded_id(picture), recorded));
  }
  return recorded;
}

bool RequestReader::next(RecordedRequest& recorded) {
  for (Record record; reader_.next(record);) {
    if (record.kind == RecordKind::kHeader) {
      begin_span(record);
    } else if (header_ == nullptr || !wanted(*header_)) {
      continue;
    } else if (record.kind == RecordKind::kGoal) {
      const auto& goal = std::get<GoalPtr>(record.shared);
      span_.goals[goal->id] = goal;
    } else if (record.kind == RecordKind::kPicture) {
      take_picture(record.picture);
    } else {
      recorded = gather(record);
      return true;
    }
  }
  return false;
}

}  // namespace gyre::verify
