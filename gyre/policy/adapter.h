#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/frame.h"
#include "gyre/policy/checkpoint.h"

namespace gyre {

// One observation as a network takes it. S is the policy's picture side.
struct PolicyInput {
  std::vector<float> images;        // [cameras, 3, S, S], -1 .. 1; -1 where there is no picture
  std::vector<uint8_t> image_mask;  // [cameras], 1 where there is one
  std::string prompt;               // the prompt's text, without BOS
  std::vector<int> tokens;          // of the prompt, with BOS, cut to the policy's prompt length
  std::vector<float> state;         // [max_state_dim], normalised, then zeros
};

// Translates between one robot and one policy: frames become the network's input, and the network's
// chunks become actions in robot units. S: the picture's side; D: fields of the robot's state or
// action; H: actions in a chunk.
class Adapter {
 public:
  virtual ~Adapter() = default;

  // `words`: the goal's prompt. Throws Error naming the camera or state field that does not fit, or
  // the prompt that is too long.
  PolicyInput input(const Frame& frame, const std::string& words) const;

  // `chunk` [H, max_action_dim] from the network -> [H, D] for the robot; `state` as observed.
  virtual std::vector<float> actions(std::span<const float> state,
                                     std::span<const float> chunk) const = 0;

  // The parts of input(), and the inverse of actions(), for training.
  virtual int camera(
      int slot) const = 0;  // index of the robot's camera in a policy's slot; -1: none
  virtual bool sees_missing() const { return false; }  // missing cameras enter as black pictures
  virtual std::vector<float> planes(const Image& image, int camera) const = 0;  // [3, S, S]
  virtual std::vector<float> state(std::span<const float> observed) const = 0;  // [D], normalised
  virtual std::string prompt(const std::string& words,
                             std::span<const float> normal_state) const = 0;
  virtual std::vector<int> tokens(const std::string& words,
                                  std::span<const float> normal_state) const = 0;
  // `chunk` [H, D] in robot units becomes the network's target, in place.
  virtual void targets(std::span<const float> state, std::span<float> chunk) const = 0;

 protected:
  Adapter(const ModelConfig& config, const Embodiment& contract)
      : config_(config), contract_(contract) {}

  const ModelConfig& config_;
  const Embodiment& contract_;
};

// For a contract that the checkpoint knows: trained on it, or adopted. The checkpoint must outlive
// the adapter. Throws Error naming what does not fit.
std::unique_ptr<Adapter> make_adapter(const Checkpoint& checkpoint,
                                      const TrainedEmbodiment& trained);

}  // namespace gyre
