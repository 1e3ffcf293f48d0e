#include "gyre/run/previous_actions.h"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace gyre::run {
namespace {

ActionChunk padded(std::span<const float> planned, int dim, int horizon) {
  ActionChunk rest{.horizon = horizon, .dim = dim};
  rest.actions.assign(planned.begin(), planned.end());
  while (rest.actions.size() < static_cast<size_t>(horizon) * dim) {
    rest.actions.insert(rest.actions.end(), planned.end() - dim, planned.end());
  }
  return rest;
}

}  // namespace

void PreviousActions::find(const JoinMethod& method, const Question& question) {
  actions_.clear();
  chunk_id_ = -1;
  if (question.delay == 0 || (!method.chooses && method.chunking == Chunking::kIndependent)) {
    return;
  }
  if (!question.planned.empty()) {
    actions_.assign(question.planned.begin(), question.planned.end());
    chunk_id_ = question.planned_chunk;
  } else if (last_generation_ == question.generation) {
    const auto gone = static_cast<size_t>(question.sent - last_sent_) * last_.dim;
    const std::span<const float> all(last_.actions);
    const auto rest = all.subspan(std::min(gone, all.size()));
    actions_.assign(rest.begin(), rest.end());
    chunk_id_ = last_.id;
  }
}

void PreviousActions::agree(const JoinMethod& method, const Terms& terms, const Question& question,
                            Request& request) const {
  const bool joins = !actions_.empty();
  request.chunking = joins ? method.chunking : Chunking::kIndependent;
  request.draws = joins && method.chooses ? terms.draws : 1;
  request.delay = std::min(question.delay, static_cast<int>(actions_.size() / terms.dim));
  request.previous = nullptr;
  if (request.chunking == Chunking::kContinued) {
    request.delay = std::min(request.delay, terms.trained_delay);
  }
  if (request.chunking == Chunking::kIndependent && request.draws == 1) return;
  const bool whole = request.chunking != Chunking::kIndependent;
  const int rows = static_cast<int>(actions_.size()) / terms.dim;
  request.previous = std::make_shared<const ActionChunk>(
      padded(actions_, terms.dim, whole ? terms.horizon : rows));
}

void PreviousActions::remember(const Question& question, const ActionChunk& chunk) {
  last_ = chunk;
  last_sent_ = question.sent;
  last_generation_ = question.generation;
}

}  // namespace gyre::run
