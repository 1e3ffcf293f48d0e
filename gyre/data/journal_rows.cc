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
    begin(std::get<HeaderPtr>(record.shared));
    return before;
  }
  if (!built_) return std::nullopt;
  switch (record.kind) {
    case RecordKind::kGoal: {
      const auto& goal = std::get<GoalPtr>(record.shared);
      goals_[goal->id] = goal;
      break;
    }
    case RecordKind::kPicture: {
      const auto camera = static_cast<size_t>(record.picture.camera);
      if (!pixels_ || camera >= pictures_.size()) break;
      const Image& image = record.picture.picture->image;
      const CameraSpec& spec = built_->header->contract.cameras[camera];
      if (image.width != spec.width || image.height != spec.height) break;
      pictures_[camera].push_back(record.picture.picture);
      if (pictures_[camera].size() > kPicturesKept) pictures_[camera].pop_front();
      break;
    }
    case RecordKind::kEvent:
      take_event(record.event);
      break;
    case RecordKind::kTruth:
      truth_ = std::get<TruthPtr>(record.shared);
      break;
    case RecordKind::kStep:
      if (!built_->ended) take_step(record.step);
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<BuiltEpisode> RowBuilder::finish() { return std::exchange(built_, std::nullopt); }

void RowBuilder::begin(const HeaderPtr& header) {
  goals_.clear();
  pictures_.assign(header->contract.cameras.size(), {});
  truth_ = nullptr;
  next_index_ = 0;
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

void RowBuilder::take_event(const Event& event) {
  built_->ended |= std::holds_alternative<event::EpisodeEnded>(event.body);
  const auto* verdict = std::get_if<event::Verdict>(&event.body);
  if (verdict == nullptr || verdict->episode != built_->header->episode.number) return;
  built_->episode.success.reset();
  if (verdict->outcome != event::Outcome::kUnknown) {
    built_->episode.success = verdict->outcome == event::Outcome::kSuccess;
  }
}

void RowBuilder::take_step(const Step& step) {
  built_->missing_steps += std::max<int64_t>(step.index - next_index_, 0);
  next_index_ = step.index + 1;
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
  for (size_t c = 0; pixels_ && c < cameras; ++c) row.images.push_back(picture_of(step, c));
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

// The newest picture that the Step can have seen.
Image RowBuilder::picture_of(const Step& step, size_t camera) const {
  const std::deque<PictureRef>& kept = pictures_[camera];
  const CameraSpec& spec = built_->header->contract.cameras[camera];
  const int64_t seen = camera < step.pictures.size() ? step.pictures[camera] : -1;
  const auto was_seen = [seen](const PictureRef& p) { return p->id <= seen; };
  const auto found = std::find_if(kept.rbegin(), kept.rend(), was_seen);
  if (found != kept.rend()) return (*found)->image;
  return Image::black(spec.width, spec.height);
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
