#include "gyre/data/journal_rows.h"

#include <algorithm>
#include <utility>

namespace gyre::data {
namespace {

// A Step may name a picture that is not the newest any more.
constexpr size_t kPicturesKept = 4;

constexpr Reasons kFilterReasons = Reasons(Reason::kNonFinite) | Reason::kRange |
                                   Reason::kVelocity | Reason::kAcceleration | Reason::kJerk |
                                   Reason::kWorkspace | Reason::kWidth | Reason::kHoldNonFinite;

// Takes what was sent in a further control period of the same action.
void accumulate(const std::vector<Field>& fields, const std::vector<float>& sent,
                std::vector<float>& action) {
  for (size_t i = 0; i < fields.size(); ++i) {
    const bool sum = fields[i].kind == FieldKind::kDelta && !fields[i].gripper;
    action[i] = sum ? action[i] + sent[i] : sent[i];
  }
}

}  // namespace

std::optional<BuiltEpisode> RowBuilder::take(const Record& record) {
  if (record.kind == RecordKind::kHeader) {
    std::optional<BuiltEpisode> before = finish();
    begin(record);
    return before;
  }
  if (!built_) return std::nullopt;
  switch (record.kind) {
    case RecordKind::kGoal: {
      const auto& goal = std::get<GoalPtr>(record.shared);
      goals_[goal->id] = goal;
      break;
    }
    case RecordKind::kPicture:
      take_picture(record.picture);
      break;
    case RecordKind::kEvent:
      take_event(record);
      break;
    case RecordKind::kTruth:
      truth_ = std::get<TruthPtr>(record.shared);
      break;
    case RecordKind::kStep:
      if (!built_->ended) take_step(record);
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<BuiltEpisode> RowBuilder::finish() { return std::exchange(built_, std::nullopt); }

void RowBuilder::begin(const Record& record) {
  const auto& header = std::get<HeaderPtr>(record.shared);
  goals_.clear();
  pictures_.assign(header->contract.cameras.size(), {});
  truth_ = nullptr;
  next_tick_ = record.tick;
  if (!header->attempt) return;
  const Episode& e = header->episode;
  built_ = BuiltEpisode{.header = header,
                        .episode = {.embodiment = header->contract.name,
                                    .task_name = e.task_name,
                                    .family = e.family,
                                    .instruction = e.instruction,
                                    .seed = e.seed,
                                    .success = e.success,
                                    .rows = {}}};
}

void RowBuilder::take_picture(const CameraPicture& picture) {
  const auto camera = static_cast<size_t>(picture.camera);
  if (camera >= pictures_.size()) return;
  const Image& image = picture.picture->image;
  const CameraSpec& spec = built_->header->contract.cameras[camera];
  if (pixels_ && (image.width != spec.width || image.height != spec.height)) return;
  pictures_[camera].push_back(picture.picture);
  if (pictures_[camera].size() > kPicturesKept) pictures_[camera].pop_front();
}

void RowBuilder::take_event(const Record& record) {
  const int64_t number = built_->header->episode.number;
  const auto* end = std::get_if<event::EpisodeEnded>(&record.event.body);
  if (end != nullptr && end->episode == number && !built_->ended) {
    expect_tick(record.tick);
    built_->ended = true;
  }
  const auto* verdict = std::get_if<event::Verdict>(&record.event.body);
  if (verdict == nullptr || verdict->episode != number) return;
  built_->episode.success.reset();
  if (verdict->outcome != event::Outcome::kUnknown) {
    built_->episode.success = verdict->outcome == event::Outcome::kSuccess;
  }
}

// Counts the control periods before `tick` that did not come. One that has been already is of
// another attempt, whose header is lost.
void RowBuilder::expect_tick(int64_t tick) {
  built_->missing_steps += tick >= next_tick_ ? tick - next_tick_ : 1;
}

void RowBuilder::take_step(const Record& record) {
  const Step& step = record.step;
  expect_tick(record.tick);
  next_tick_ = record.tick + 1;
  if (!fits(step)) {
    ++built_->missing_steps;
    return;
  }
  std::vector<Row>& rows = built_->episode.rows;
  if (step.action_start) {
    rows.push_back(row_of(step));
  } else if (!rows.empty()) {
    accumulate(built_->header->contract.action, step.sent, rows.back().action);
  } else {
    return;
  }
  add_to_row(rows.back(), step);
}

bool RowBuilder::fits(const Step& step) const {
  const Embodiment& contract = built_->header->contract;
  const Proposal& policy = step.of(Source::kPolicy);
  return step.state.size() == contract.state.size() && step.sent.size() == contract.action.size() &&
         (!policy.valid || policy.action.size() == contract.action.size());
}

// The row that a Step begins, as it is before add_to_row().
Row RowBuilder::row_of(const Step& step) {
  const Header& header = *built_->header;
  const size_t cameras = header.contract.cameras.size();
  Row row;
  row.index = std::ssize(built_->episode.rows);
  row.time_ns = step.time_ns;
  for (size_t c = 0; c < cameras; ++c) {
    const int64_t named = c < step.pictures.size() ? step.pictures[c] : -1;
    const PictureRef picture = newest_picture(c, named);
    built_->missing_pictures += named == (picture ? picture->id : -1) ? 0 : 1;
    if (!pixels_) continue;
    const CameraSpec& spec = header.contract.cameras[c];
    row.images.push_back(picture ? picture->image : Image::black(spec.width, spec.height));
  }
  row.state = step.state;
  const auto goal = goals_.find(step.goal_id);
  row.task = goal == goals_.end() ? header.episode.instruction : goal->second->task;
  if (goal != goals_.end()) row.subtask = goal->second->subtask;
  if (truth_ != nullptr) {
    row.subtask = truth_->subtask;
    if (truth_->grounding.size() == cameras * 6) row.grounding = truth_->grounding;
  }
  row.action = step.sent;
  row.source = step.source;
  row.intervention = step.mode == Mode::kHuman;
  row.chunk_id = step.chunk_id;
  row.chunk_index = step.chunk_index;
  row.inference_ms = step.inference_ms;
  reasons_ = {};
  policy_whole_ = true;
  return row;
}

// Of those up to `id`; empty where there is none.
PictureRef RowBuilder::newest_picture(size_t camera, int64_t id) const {
  const std::deque<PictureRef>& kept = pictures_[camera];
  const auto fits = [id](const PictureRef& picture) { return picture->id <= id; };
  const auto found = std::find_if(kept.rbegin(), kept.rend(), fits);
  return found == kept.rend() ? PictureRef() : *found;
}

// Takes in one of the row's control periods.
void RowBuilder::add_to_row(Row& row, const Step& step) {
  reasons_ |= step.reasons;
  row.clamped = (reasons_.bits() & kFilterReasons.bits()) != 0;
  row.clamp_reason = reasons_text(reasons_);
  row.tracking_residual = std::max(row.tracking_residual, step.residual);
  const Proposal& policy = step.of(Source::kPolicy);
  policy_whole_ &= policy.valid;
  if (!policy_whole_) {
    row.policy_action.clear();
  } else if (row.policy_action.empty()) {
    row.policy_action = policy.action;
  } else {
    accumulate(built_->header->contract.action, policy.action, row.policy_action);
  }
}

}  // namespace gyre::data
