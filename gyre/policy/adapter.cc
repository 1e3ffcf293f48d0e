#include "gyre/policy/adapter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <string>

#include "gyre/core/error.h"
#include "gyre/policy/action_tokens.h"
#include "gyre/policy/action_transform.h"
#include "gyre/policy/camera_match.h"
#include "gyre/policy/image_transform.h"
#include "gyre/policy/pi_prompt.h"
#include "gyre/policy/prompt.h"

namespace gyre {
namespace {

// Bound of normalised values, so that outliers do not dominate a training step.
constexpr float kLargest = 5;

void require_state(const Embodiment& contract, std::span<const float> state) {
  if (state.size() != contract.state.size()) {
    throw Error(contract.name, fmt::format("a state of {} numbers", state.size()),
                fmt::format("the contract has {}", contract.state.size()));
  }
  for (size_t i = 0; i < state.size(); ++i) {
    if (!std::isfinite(state[i])) {
      throw Error("state " + contract.state[i].name, "it is not a finite number",
                  "check the sensor");
    }
  }
}

void require_pictures(const Embodiment& contract, const Frame& frame) {
  if (frame.pictures.size() != contract.cameras.size()) {
    throw Error(contract.name, fmt::format("{} pictures for {} cameras", frame.pictures.size(),
                                           contract.cameras.size()));
  }
  for (size_t i = 0; i < frame.pictures.size(); ++i) {
    if (!frame.pictures[i]) {
      throw Error("camera " + contract.cameras[i].name, "has shown no picture yet",
                  "check the camera");
    }
    const Image& image = frame.pictures[i]->image;
    const bool there = image.width > 0 && image.height > 0;
    if (there && image.rgb.size() == static_cast<size_t>(image.width) * image.height * 3) continue;
    throw Error("camera " + contract.cameras[i].name,
                fmt::format("a picture of {} x {} pixels in {} bytes", image.width, image.height,
                            image.rgb.size()),
                "check the camera");
  }
}

// No picture, no prompt, a state of zeros.
PolicyInput empty_input(const ModelConfig& config) {
  const auto side = static_cast<size_t>(config.vision.image_size);
  PolicyInput input;
  input.images.assign(static_cast<size_t>(config.cameras) * 3 * side * side, -1);
  input.image_mask.assign(static_cast<size_t>(config.cameras), 0);
  input.state.assign(static_cast<size_t>(config.max_state_dim), 0);
  return input;
}

void set_picture(PolicyInput& input, size_t camera, const std::vector<float>& planes) {
  std::copy(planes.begin(), planes.end(),
            input.images.begin() + static_cast<std::ptrdiff_t>(camera * planes.size()));
  input.image_mask[camera] = 1;
}

// The first `dim` columns of [H, width].
std::vector<float> first_columns(std::span<const float> chunk, size_t width, size_t dim) {
  std::vector<float> columns;
  for (size_t row = 0; row + width <= chunk.size(); row += width) {
    const auto begin = chunk.begin() + static_cast<std::ptrdiff_t>(row);
    columns.insert(columns.end(), begin, begin + static_cast<std::ptrdiff_t>(dim));
  }
  return columns;
}

// Policies that Gyre trained: pictures of the policy's own size, quantiles, the state as a token.
class OwnAdapter : public Adapter {
 public:
  OwnAdapter(const Checkpoint& checkpoint, const TrainedEmbodiment& trained)
      : Adapter(checkpoint.config, trained.contract),
        checkpoint_(checkpoint),
        state_(NormKind::kQuantile, trained.state, trained.contract.state.size()),
        action_(trained) {}

  int camera(int slot) const override { return slot < std::ssize(contract_.cameras) ? slot : -1; }

  std::vector<float> planes(const Image& image, int camera) const override {
    const int side = config_.vision.image_size;
    if (image.width == side && image.height == side) return to_planes(image);
    throw Error("camera " + contract_.cameras[static_cast<size_t>(camera)].name,
                fmt::format("the picture is {} x {}", image.width, image.height),
                fmt::format("this policy sees {} x {}", side, side));
  }

  std::vector<float> state(std::span<const float> observed) const override {
    std::vector<float> state(observed.size());
    state_.normalize(observed, state);
    for (float& value : state) value = std::clamp(value, -kLargest, kLargest);
    return state;
  }

  std::string prompt(const std::string& words, std::span<const float>) const override {
    return action_prompt(words);
  }

  std::vector<int> tokens(const std::string& words, std::span<const float>) const override {
    return encode_prompt(checkpoint_.vocabulary(), action_prompt(words), config_.max_prompt_tokens);
  }

  std::vector<float> actions(std::span<const float> state,
                             std::span<const float> chunk) const override {
    const auto width = static_cast<size_t>(config_.max_action_dim);
    std::vector<float> actions = first_columns(chunk, width, contract_.action.size());
    action_.decode(state, actions);
    return actions;
  }

  void targets(std::span<const float> state, std::span<float> chunk) const override {
    action_.encode(state, chunk);
    for (float& value : chunk) value = std::clamp(value, -kLargest, kLargest);
  }

 private:
  const Checkpoint& checkpoint_;
  Normalizer state_;
  ActionTransform action_;
};

// π0 and π0.5 of LeRobot and openpi.
class PiAdapter : public Adapter {
 public:
  PiAdapter(const Checkpoint& checkpoint, const TrainedEmbodiment& trained)
      : Adapter(checkpoint.config, trained.contract),
        checkpoint_(checkpoint),
        processors_(*checkpoint.processors),
        trained_(trained),
        state_(processors_.state_norm, trained.state, trained.contract.state.size(),
               processors_.dialect),
        action_(processors_.action_norm, trained.action, trained.contract.action.size(),
                processors_.dialect),
        source_(match_cameras(processors_.cameras, trained.contract,
                              "policy " + checkpoint.folder.string())
                    .source) {}

  int camera(int slot) const override {
    return slot < std::ssize(source_) ? source_[static_cast<size_t>(slot)] : -1;
  }

  // openpi's π0-FAST.
  bool sees_missing() const override {
    return !config_.has_expert() && processors_.dialect == Dialect::kOpenpi;
  }

  std::vector<float> planes(const Image& image, int) const override {
    const int side = config_.vision.image_size;
    if (processors_.dialect == Dialect::kOpenpi) {
      return to_planes(resize_with_pad(image, side, side));
    }
    std::vector<float> unit = to_planes(image);
    for (float& value : unit) value = (value + 1) / 2;
    const Bands bands = processors_.bands_first ? Bands::kFirst : Bands::kAround;
    std::vector<float> planes =
        resize_with_pad(unit, 3, image.width, image.height, side, side, bands);
    for (float& value : planes) value = value * 2 - 1;
    return planes;
  }

  std::vector<float> state(std::span<const float> observed) const override {
    std::vector<float> state = of_policy(observed);
    state_.normalize(state, state);
    return state;
  }

  std::string prompt(const std::string& words, std::span<const float> normal_state) const override {
    if (!config_.has_expert()) return ActionTokens(checkpoint_).prompt_text(words, normal_state);
    return processors_.state_in_prompt ? pi05_prompt(words, normal_state)
                                       : pi0_prompt(processors_.dialect, words);
  }

  std::vector<int> tokens(const std::string& words,
                          std::span<const float> normal_state) const override {
    std::vector<int> ids = whole_prompt(words, normal_state);
    const auto most = static_cast<size_t>(config_.max_prompt_tokens);
    if (ids.size() > most) {
      tell_cut(words, ids.size());
      ids.resize(most);
    }
    return ids;
  }

  std::vector<float> actions(std::span<const float> state,
                             std::span<const float> chunk) const override {
    const auto width = static_cast<size_t>(checkpoint_.config.max_action_dim);
    std::vector<float> actions = first_columns(chunk, width, action_.dim());
    action_.unnormalize(actions, actions);
    make_absolute(trained_.relative_to, of_policy(state), actions);
    processors_.joints.actions_to_robot(actions, action_.dim());
    return actions;
  }

  void targets(std::span<const float> state, std::span<float> chunk) const override {
    processors_.joints.actions_to_policy(chunk, action_.dim());
    make_relative(trained_.relative_to, of_policy(state), chunk);
    action_.normalize(chunk, chunk);
  }

 private:
  // BOS and all tokens, however many.
  std::vector<int> whole_prompt(const std::string& words,
                                std::span<const float> normal_state) const {
    if (!config_.has_expert()) return ActionTokens(checkpoint_).prompt(words, normal_state);
    const Tokenizer& tokenizer = checkpoint_.vocabulary();
    return processors_.state_in_prompt ? pi05_prompt_tokens(tokenizer, words, normal_state)
                                       : pi0_prompt_tokens(tokenizer, processors_.dialect, words);
  }

  // Once for each adapter, for the words seldom change.
  void tell_cut(const std::string& words, size_t tokens) const {
    const std::string what = fmt::format("makes a prompt of {} tokens, the policy takes {}", tokens,
                                         config_.max_prompt_tokens);
    if (processors_.strict) throw Error(fmt::format("'{}'", words), what, "say it in fewer words");
    if (!told_cut_.exchange(true)) {
      fmt::print(stderr, "warning: '{}' {}: the rest is cut off (--strict makes this an error)\n",
                 words, what);
    }
  }

  std::vector<float> of_policy(std::span<const float> state) const {
    std::vector<float> joints(state.begin(), state.end());
    processors_.joints.state_to_policy(joints);
    return joints;
  }

  const Checkpoint& checkpoint_;
  const Processors& processors_;
  const TrainedEmbodiment& trained_;
  Normalizer state_, action_;
  std::vector<int> source_;  // of each of the policy's cameras the robot's, -1: none
  mutable std::atomic<bool> told_cut_ = false;
};

}  // namespace

PolicyInput Adapter::input(const Frame& frame, const std::string& words) const {
  require_pictures(contract_, frame);
  require_state(contract_, frame.state);
  PolicyInput input = empty_input(config_);
  for (int slot = 0; slot < config_.cameras; ++slot) {
    const int source = camera(slot);
    if (source < 0 && sees_missing()) input.image_mask[static_cast<size_t>(slot)] = 1;
    if (source < 0) continue;
    set_picture(input, static_cast<size_t>(slot),
                planes(frame.pictures[static_cast<size_t>(source)]->image, source));
  }
  const std::vector<float> normal = state(frame.state);
  std::ranges::copy(normal, input.state.begin());
  input.prompt = prompt(words, normal);
  input.tokens = tokens(words, normal);
  return input;
}

std::unique_ptr<Adapter> make_adapter(const Checkpoint& checkpoint,
                                      const TrainedEmbodiment& trained) {
  if (checkpoint.processors) return std::make_unique<PiAdapter>(checkpoint, trained);
  return std::make_unique<OwnAdapter>(checkpoint, trained);
}

}  // namespace gyre
