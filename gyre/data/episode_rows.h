#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/picture.h"
#include "gyre/core/step.h"

namespace gyre::data {

// One dataset row: one action period with the newest state and pictures at its time, the action
// that was commanded for it and, from a simulator, the labels.
struct Row {
  int64_t index = 0;          // within the episode
  int64_t time_ns = 0;        // robot clock
  std::vector<Image> images;  // [C], in the contract's order
  // [C] in their place: as a journal holds them, null where a camera has shown nothing yet.
  std::vector<std::shared_ptr<const EncodedPicture>> recorded = {};
  std::vector<float> picture_age_s = {};  // [C], from the capture to `time_ns`; empty: not known
  std::vector<float> state;               // [S]
  std::string task;                       // the instruction in words
  std::string subtask;                    // the step of it, "" when none was recorded: a person's
                                          // words, else the simulator's truth, else the policy's
  bool subtask_known = false;             // a simulator or a person says so, not the policy
  std::string thought = {};               // what the policy acted on where the subtask is known
  std::vector<std::string> said = {};     // words of people in this action period
  std::vector<float> action;              // [D], sent
  std::vector<float> policy_action;       // [D], proposed by the policy; empty when it had none
  Source source = Source::kPolicy;
  bool intervention = false;  // a person or an expert drove
  bool clamped = false;       // the safety filter changed the action
  std::string clamp_reason;   // reasons_text()
  int64_t chunk_id = -1;
  int chunk_index = -1;
  float inference_ms = 0;
  std::vector<float> grounding;  // [cameras, 2, 3] or empty: Truth::grounding
  float tracking_residual = 0;   // metres that inverse kinematics could not reach
};

// Pictures of a camera that were lost: rows [from, to) show the one before. No row does where
// from = to.
struct PictureLoss {
  std::string camera;
  int64_t from = 0, to = 0;
  int64_t count = 0;  // pictures
  std::string reason;
  bool operator==(const PictureLoss&) const = default;
};

// One episode as rows: what a dataset stores and training reads.
struct EpisodeRows {
  std::string embodiment;   // contract name, "so101/ee"
  std::string task_name;    // "pick_place/red_cup/sink"; "" for recordings of others
  std::string family;       // "pick_place"
  std::string instruction;  // the words that were given
  uint64_t seed = 0;
  std::optional<bool> success;  // not set: nobody has judged
  std::vector<Row> rows;
  std::vector<PictureLoss> losses = {};
  // 16 hex digits over every state and action, in order.
  std::string hash() const;
};

}  // namespace gyre::data
