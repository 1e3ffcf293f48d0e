#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/frame.h"
#include "gyre/core/goal.h"
#include "gyre/core/rng.h"

namespace gyre {

// The relation of a chunk to the one that is being executed (real-time chunking).
enum class Chunking : uint8_t {
  kIndependent,  // none
  kGuided,       // the flow is guided towards it: works with any policy
  kContinued,    // its first actions are fixed inputs: the policy must be trained for that
};

// A question to a policy on behalf of one robot.
struct Request {
  int64_t id = 0;          // counts a robot's requests from 0
  std::string embodiment;  // the contract's name
  Frame frame;
  GoalPtr goal;             // never null
  uint64_t noise_seed = 0;  // the flow's initial noise is drawn from noise() alone
  Chunking chunking = Chunking::kIndependent;
  int delay = 0;            // actions of `previous` that will have been sent when the answer comes
  ChunkPtr previous;        // the rest of the previous chunk, first the action that is due now
  int draws = 1;            // chunks of which those nearest to `previous` are averaged
  int flow_steps = 0;       // 0: the checkpoint's
  int64_t deadline_ns = 0;  // robot clock; 0: none

  // Request `id` of a robot draws its noise from (noise_seed, id, draw) alone.
  Rng noise(int draw = 0) const;
};

// A picture as a request used it.
struct RequestPicture {
  int64_t id = -1;          // -1: the camera had shown nothing
  uint64_t pixel_hash = 0;  // pixel_hash() of the image
  int64_t reused_id = -1;   // the earlier picture whose tokens stood for this one; -1: none
  bool operator==(const RequestPicture&) const = default;
};

// Everything that a chunk was computed from, enough to compute it again.
struct RequestRecord {
  int64_t id = 0;
  int64_t goal_id = 0;
  int64_t frame_time_ns = 0;
  std::vector<float> state;              // [S]
  std::vector<RequestPicture> pictures;  // [C]
  std::string prompt;                    // exactly as it was tokenised
  uint64_t noise_seed = 0;
  Chunking chunking = Chunking::kIndependent;
  int delay = 0;
  int64_t previous_chunk_id = -1;
  std::vector<float> previous;  // [.., D], the actions that were planned when it was asked
  int flow_steps = 0;           // as carried out
  std::string engine, precision, target;
  int threads = 1;
  std::string policy_hash;
  bool shadow = false;       // asked while somebody else drove
  int draws = 1;             // the chunk agrees with `previous`: a mean over so many draws
  bool thought = false;      // the policy named the goal's subtask for this very request
  int previous_horizon = 0;  // actions that the engine was given of `previous`, the last repeated;
                             // 0: none (older journals do not say: the policy's horizon)
  bool operator==(const RequestRecord&) const = default;
};

using RequestPtr = std::shared_ptr<const RequestRecord>;

// 64-bit hash of size and pixels, the same on every machine.
uint64_t pixel_hash(const Image& image);

}  // namespace gyre
