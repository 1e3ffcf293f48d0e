#include "gyre/run/chunk_join.h"

#include <algorithm>
#include <cmath>

namespace gyre::run {
namespace {

// An entry other than the counted one must fit better than by this much for each action between
// them (squares of the largest delta): a chunk that hardly moves fits everywhere.
constexpr double kPerAction = 0.05;

bool is_delta(const Field& field) { return field.kind == FieldKind::kDelta && !field.gripper; }
bool is_place(const Field& field) { return field.kind != FieldKind::kVelocity && !field.gripper; }

double scale(const Field& field) {
  return is_delta(field) ? std::max(field.max, -field.min) : (field.max - field.min) / 20;
}

}  // namespace

ChunkJoin::ChunkJoin(const Embodiment& contract, const JoinMethod& method)
    : fields_(contract.action),
      method_(method),
      path_(fields_.size()),
      debt_(fields_.size()),
      expected_(fields_.size()),
      owed_(fields_.size()) {}

void ChunkJoin::clear() noexcept {
  for (Running& running : running_) running.chunk.reset();
  std::ranges::fill(debt_, 0.0);
}

void ChunkJoin::moved(std::span<const float> sent, std::span<const float> added) noexcept {
  for (size_t i = 0; i < fields_.size(); ++i) {
    const float beside = added.empty() ? 0 : added[i];
    path_[i] = is_delta(fields_[i]) ? path_[i] + sent[i] - beside : sent[i];
  }
}

void ChunkJoin::mark(SentMark& mark) const noexcept {
  mark.actions = actions_;
  std::ranges::copy(path_, mark.path.begin());
}

bool ChunkJoin::has(const Running& running, int64_t ahead) const noexcept {
  if (!running.chunk) return false;
  const int64_t index = actions_ + running.offset + ahead;
  return index >= 0 && index < running.chunk->horizon;
}

int ChunkJoin::left() const noexcept {
  if (!newest().chunk) return 0;
  return static_cast<int>(
      std::max<int64_t>(0, newest().chunk->horizon - actions_ - newest().offset));
}

// Sets `expected_` to where the chunk's path leads after `count` of its actions, from where the
// observation was made.
void ChunkJoin::expect(const ActionChunk& chunk, const SentMark& mark, int count) noexcept {
  std::ranges::copy(mark.path, expected_.begin());
  for (int k = 0; k < count; ++k) {
    const auto action = chunk.at(k);
    for (size_t i = 0; i < fields_.size(); ++i) {
      expected_[i] = is_delta(fields_[i]) ? expected_[i] + action[i] : action[i];
    }
  }
}

int ChunkJoin::entry(const ActionChunk& chunk, const SentMark& mark, int64_t sent) noexcept {
  int best = 0;
  double least = 0;
  for (int k = 0; k < chunk.horizon; ++k) {
    expect(chunk, mark, k);
    double cost = kPerAction * static_cast<double>(std::abs(k - sent));
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (!is_place(fields_[i])) continue;
      const double off = (path_[i] - expected_[i]) / scale(fields_[i]);
      cost += off * off;
    }
    if (k == 0 || cost < least) {
      least = cost;
      best = k;
    }
  }
  return best;
}

bool ChunkJoin::take(const ChunkPtr& chunk, const SentMark& mark, bool shadow) noexcept {
  const int64_t sent = actions_ - mark.actions;
  if (sent >= chunk->horizon) return false;
  const bool aligns = method_.aligns && sent > 0 && !shadow;
  const int64_t index = aligns ? entry(*chunk, mark, sent) : sent;
  std::ranges::fill(debt_, 0.0);
  if (aligns) {
    expect(*chunk, mark, static_cast<int>(index));
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (is_delta(fields_[i])) debt_[i] = expected_[i] - path_[i];
    }
  }
  if (method_.ensembles) {
    std::shift_right(running_.begin(), running_.end(), 1);
  }
  running_[0] = {chunk, index - actions_};
  return true;
}

// A delta within its field's limits.
double ChunkJoin::step(size_t field, double wanted) const noexcept {
  return std::clamp(wanted, fields_[field].min, fields_[field].max);
}

int ChunkJoin::plan(std::span<float> actions) const noexcept {
  const size_t dim = fields_.size();
  const int count = std::min(left(), static_cast<int>(actions.size() / dim));
  std::ranges::copy(debt_, owed_.begin());
  for (int ahead = 0; ahead < count; ++ahead) {
    const auto own = newest().chunk->at(index() + ahead);
    const auto planned = actions.subspan(ahead * dim, dim);
    std::ranges::copy(own, planned.begin());
    if (method_.ensembles) {
      int chunks = 0;
      std::ranges::fill(planned, 0.0F);
      for (const Running& running : running_) {
        if (!has(running, ahead)) continue;
        ++chunks;
        const auto action = running.chunk->at(static_cast<int>(actions_ + running.offset + ahead));
        for (size_t i = 0; i < dim; ++i) planned[i] += action[i];
      }
      for (float& value : planned) value /= static_cast<float>(chunks);
    }
    for (size_t i = 0; i < dim; ++i) {
      if (owed_[i] == 0) continue;
      const double pays = step(i, own[i] + owed_[i]) - own[i];
      planned[i] = static_cast<float>(own[i] + pays);
      owed_[i] -= pays;
    }
  }
  return count;
}

void ChunkJoin::advance() noexcept {
  if (left() == 0) return;
  const auto own = newest().chunk->at(index());
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (debt_[i] != 0) debt_[i] -= step(i, own[i] + debt_[i]) - own[i];
  }
  ++actions_;
}

}  // namespace gyre::run
