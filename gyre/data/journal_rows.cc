#include "gyre/data/journal_rows.h"

#include <algorithm>
#include <utility>

namespace gyre::data {
namespace {

// True if a person said the present step.
bool is_coached(const Goal& goal) {
  return !goal.subtask.empty() && goal.author != "task" && goal.author != "policy";
}

// A Step may name a picture that is not the newest any more.
constexpr size_t kPicturesKept = 4;

constexpr Reasons kFilterReasons = Reasons(Reason::kNonFinite) | Reason::kRange |
                                   Reason::kVelocity | Reason::kAcceleration | Reason::kJerk |
                                   Reason::kWorkspace | Reason::kWidth | Reason::kHoldNonFinite;

// Wraps where a damaged journal is out of range.
int64_t minus_wrapped(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

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

std::optional<BuiltEpisode> RowBuilder::finish() {
  if (built_) {
    for (size_t camera = 0; camera < cameras_.size(); ++camera) end_loss(camera);
  }
  return std::exchange(built_, std::nullopt);
}

void RowBuilder::begin(const Record& record) {
  const auto& header = std::get<HeaderPtr>(record.shared);
  goals_.clear();
  cameras_.assign(header->contract.cameras.size(), {});
  said_.clear();
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
  if (camera >= cameras_.size()) return;
  const Image& image = picture.picture->image;
  const CameraSpec& spec = built_->header->contract.cameras[camera];
  const bool fits = image.width == spec.width && image.height == spec.height;
  if (pixels_ == Pixels::kDecoded && !fits) return;
  Shown& shown = cameras_[camera];
  const int64_t lost = picture.picture->id - shown.newest - 1;
  if (shown.newest >= 0 && lost > 0) {
    PictureLoss& loss = lost_of(camera);
    loss.count = std::max(loss.count, lost);
  }
  end_loss(camera);
  shown.newest = picture.picture->id;
  shown.pictures.push_back(picture.picture);
  if (shown.pictures.size() > kPicturesKept) shown.pictures.pop_front();
}

// What has been missing of a camera since its newest picture; begins with the coming row.
PictureLoss& RowBuilder::lost_of(size_t camera) {
  std::optional<PictureLoss>& lost = cameras_[camera].lost;
  if (!lost) {
    const int64_t row = std::ssize(built_->episode.rows);
    lost = PictureLoss{
        .camera = built_->header->contract.cameras[camera].name, .from = row, .to = row};
  }
  return *lost;
}

void RowBuilder::end_loss(size_t camera) {
  Shown& shown = cameras_[camera];
  if (shown.lost) {
    shown.lost->reason = shown.reason.empty() ? "missing in the journal" : shown.reason;
    built_->episode.losses.push_back(*shown.lost);
  }
  shown.lost.reset();
  shown.reason.clear();
}

void RowBuilder::take_event(const Record& record) {
  const int64_t number = built_->header->episode.number;
  const auto* end = std::get_if<event::EpisodeEnded>(&record.event.body);
  if (end != nullptr && end->episode == number && !built_->ended) {
    expect_tick(record.tick);
    built_->ended = true;
  }
  if (const auto* said = std::get_if<event::Said>(&record.event.body)) {
    said_.emplace_back(said->words.view());
  }
  if (const auto* lost = std::get_if<event::FrameLost>(&record.event.body)) {
    const auto camera = static_cast<size_t>(lost->camera);
    if (camera < cameras_.size()) cameras_[camera].reason = "the encoder was too slow";
  }
  if (std::holds_alternative<event::RecordsLost>(record.event.body)) {
    for (Shown& shown : cameras_) shown.reason = "the recorder was too slow";
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
  std::vector<std::string>& said = rows.back().said;
  said.insert(said.end(), said_.begin(), said_.end());
  said_.clear();
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
    const PictureRef picture = picture_of(c, c < step.pictures.size() ? step.pictures[c] : -1, row);
    if (pixels_ == Pixels::kEncoded) {
      row.recorded.push_back(picture ? picture->encoded : nullptr);
    } else if (pixels_ == Pixels::kDecoded) {
      const CameraSpec& spec = header.contract.cameras[c];
      row.images.push_back(picture ? picture->image : Image::black(spec.width, spec.height));
    }
  }
  row.state = step.state;
  const auto goal = goals_.find(step.goal_id);
  row.task = goal == goals_.end() ? header.episode.instruction : goal->second->task;
  if (goal != goals_.end()) row.subtask = goal->second->subtask;
  row.subtask_known = !row.subtask.empty() && goal->second->author != "policy";
  if (truth_ != nullptr) {
    if (goal == goals_.end() || !is_coached(*goal->second)) {
      row.thought = std::exchange(row.subtask, truth_->subtask);
    }
    row.subtask_known = true;
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

// The picture that a Step names, or the one before where it is lost, and its age.
PictureRef RowBuilder::picture_of(size_t camera, int64_t named, Row& row) {
  PictureRef picture = newest_picture(camera, named);
  const int64_t age_ns = picture ? minus_wrapped(row.time_ns, picture->time_ns) : -1'000'000'000;
  row.picture_age_s.push_back(static_cast<float>(static_cast<double>(age_ns) * 1e-9));
  if (named == (picture ? picture->id : -1)) return picture;
  ++built_->missing_pictures;
  built_->black_pictures += picture ? 0 : 1;
  PictureLoss& loss = lost_of(camera);
  loss.to = row.index + 1;
  loss.count = std::max({loss.count, minus_wrapped(named, cameras_[camera].newest), int64_t{1}});
  return picture;
}

// Of those up to `id`; empty where there is none.
PictureRef RowBuilder::newest_picture(size_t camera, int64_t id) const {
  const std::deque<PictureRef>& kept = cameras_[camera].pictures;
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
