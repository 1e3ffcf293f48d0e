#include "gyre/run/alarm_scores.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gyre::run {
namespace {

constexpr size_t kChunks = 8;                   // that are kept
constexpr int kShared = 4;                      // actions of two chunks that are compared
constexpr int64_t kLookBackNs = 2'000'000'000;  // of the disagreement's mean
constexpr double kStillPart = 0.005;            // of a state field's range

double largest_change(const Field& field, double period_s) {
  const double half = (field.max - field.min) / 2;
  if (field.kind == FieldKind::kPosition && field.max_velocity > 0) {
    return std::min(2 * half, field.max_velocity * period_s);
  }
  return half;
}

}  // namespace

AlarmScores::AlarmScores(const Embodiment& contract) : contract_(contract) {
  for (const Field& field : contract.action) {
    most_.push_back(largest_change(field, contract.action_period_s));
  }
  for (const Field& field : contract.state) still_.push_back(kStillPart * (field.max - field.min));
}

void AlarmScores::reset() {
  chunk_id_ = chunk_index_ = -1;
  chunks_.clear();
  changes_.clear();
  disagreement_ = failure_ = 0;
  rests_at_.clear();
  stalled_s_ = 0;
}

void AlarmScores::take(const ChunkPtr& chunk) {
  chunks_.push_back(chunk);
  if (chunks_.size() > kChunks) chunks_.pop_front();
}

const ActionChunk* AlarmScores::find(int64_t id) const {
  const auto found =
      std::ranges::find_if(chunks_, [id](const ChunkPtr& chunk) { return chunk->id == id; });
  return found == chunks_.end() ? nullptr : found->get();
}

void AlarmScores::take(const Step& step) {
  watch_motion(step);
  if (!step.action_start) return;
  if (step.source != Source::kPolicy) {
    chunk_id_ = -1;
    return;
  }
  if (chunk_id_ >= 0 && step.chunk_id != chunk_id_) {
    const ActionChunk* before = find(chunk_id_);
    const ActionChunk* after = find(step.chunk_id);
    if (before != nullptr && after != nullptr) {
      compare(*before, chunk_index_ + 1, *after, step.chunk_index, step.time_ns);
    }
  }
  chunk_id_ = step.chunk_id;
  chunk_index_ = step.chunk_index;
}

void AlarmScores::compare(const ActionChunk& before, int before_index, const ActionChunk& after,
                          int after_index, int64_t time_ns) {
  const int shared =
      std::min({kShared, before.horizon - before_index, after.horizon - after_index});
  if (shared <= 0 || before_index < 0 || after_index < 0) return;
  double sum = 0;
  for (int k = 0; k < shared; ++k) {
    const auto a = before.at(before_index + k);
    const auto b = after.at(after_index + k);
    for (size_t i = 0; i < most_.size(); ++i) {
      if (most_[i] > 0) sum += std::abs(static_cast<double>(a[i]) - b[i]) / most_[i];
    }
  }
  disagreement_ = sum / (shared * static_cast<double>(most_.size()));
  changes_.push_back({time_ns, disagreement_});
  while (time_ns - changes_.front().time_ns > kLookBackNs) changes_.pop_front();
  const double total = std::accumulate(changes_.begin(), changes_.end(), 0.,
                                       [](double t, const Change& c) { return t + c.difference; });
  failure_ = total / static_cast<double>(changes_.size());
}

void AlarmScores::watch_motion(const Step& step) {
  bool rests = step.mode == Mode::kPolicy && !rests_at_.empty();
  for (size_t i = 0; rests && i < still_.size(); ++i) {
    rests = std::abs(step.state[i] - rests_at_[i]) <= still_[i];
  }
  if (!rests) {
    rests_at_.clear();
    if (step.mode == Mode::kPolicy) rests_at_.assign(step.state.begin(), step.state.end());
    rests_since_ns_ = step.time_ns;
  }
  stalled_s_ = static_cast<double>(step.time_ns - rests_since_ns_) * 1e-9;
}

}  // namespace gyre::run
