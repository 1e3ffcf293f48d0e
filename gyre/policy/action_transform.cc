#include "gyre/policy/action_transform.h"

#include <cstdlib>

namespace gyre {
namespace {

void add_state(std::span<const int> relative_to, std::span<const float> state, float sign,
               std::span<float> chunk) {
  if (relative_to.empty()) return;
  for (size_t i = 0; i < chunk.size(); ++i) {
    const int index = relative_to[i % relative_to.size()];
    if (index >= 0) chunk[i] += sign * state[static_cast<size_t>(index)];
  }
}

}  // namespace

std::vector<int> relative_fields(const Embodiment& contract) {
  std::vector<int> fields;
  for (const Field& action : contract.action) {
    int index = -1;
    for (size_t s = 0; s < contract.state.size(); ++s) {
      const Field& state = contract.state[s];
      if (state.name == action.name && state.kind == FieldKind::kPosition &&
          action.kind == FieldKind::kPosition && !action.gripper) {
        index = static_cast<int>(s);
      }
    }
    fields.push_back(index);
  }
  return fields;
}

std::vector<bool> relative_mask(std::span<const int> runs) {
  std::vector<bool> mask;
  for (const int run : runs) mask.insert(mask.end(), static_cast<size_t>(std::abs(run)), run > 0);
  return mask;
}

void make_relative(std::span<const int> relative_to, std::span<const float> state,
                   std::span<float> chunk) {
  add_state(relative_to, state, -1, chunk);
}

void make_absolute(std::span<const int> relative_to, std::span<const float> state,
                   std::span<float> chunk) {
  add_state(relative_to, state, 1, chunk);
}

ActionTransform::ActionTransform(const TrainedEmbodiment& trained)
    : dim_(trained.contract.action.size()), relative_to_(trained.relative_to) {
  normalizer_ = relative_to_.empty() ? Normalizer(NormKind::kQuantile, trained.action, dim_)
                                     : Normalizer(NormKind::kQuantile, trained.relative_action,
                                                  trained.relative_action.dim());
}

void ActionTransform::encode(std::span<const float> state, std::span<float> chunk) const {
  make_relative(relative_to_, state, chunk);
  normalizer_.normalize(chunk, chunk);
}

void ActionTransform::decode(std::span<const float> state, std::span<float> chunk) const {
  normalizer_.unnormalize(chunk, chunk);
  make_absolute(relative_to_, state, chunk);
}

}  // namespace gyre
