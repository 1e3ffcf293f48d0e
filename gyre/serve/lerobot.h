#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/image.h"

// The messages of LeRobot's gRPC service "async inference" (up to 0.6), which are pickles. They are
// read as data and written without Python.
namespace gyre::serve::lerobot {

// SendPolicyInstructions.
struct PolicySetup {
  std::string policy_type, policy;  // a name or path of theirs
  int64_t actions_per_chunk = 0;
  std::vector<std::string> state;    // names of "observation.state", in its order
  std::vector<std::string> cameras;  // of "observation.images.<camera>", likewise
};

// SendObservations, all pieces joined.
struct Observation {
  double timestamp = 0;  // seconds, the robot's clock
  int64_t timestep = 0;
  bool must_go = false;
  std::string task;
  std::map<std::string, float> numbers;  // "<motor>.pos"
  std::map<std::string, Image> images;   // by camera
};

// Throw Error in one line for what is no such message, or has other types, more than 64 numbers or
// 8 pictures, a number that is not finite, or a picture over kMostPixels.
PolicySetup read_policy_setup(std::span<const uint8_t> message);
Observation read_observation(std::span<const uint8_t> message);

// The answer of GetActions: a list of TimedAction, at most `most` of the chunk's actions, from the
// observation's time and step on. The receiver makes each action by torch.tensor([...]).
std::string write_actions(const ActionChunk& chunk, const Observation& observation, int64_t most);

// The service's protocol buffers. A request holds a payload in field 2 of SendObservations, where
// field 1 says which piece of it this is, and in field 1 of SendPolicyInstructions.
enum class Piece : uint8_t { kUnknown, kBegin, kMiddle, kEnd };
struct Payload {
  Piece piece = Piece::kUnknown;
  std::span<const uint8_t> data;  // into the message
};
// `data_field`: 1 or 2. Throws Error for what is no message.
Payload read_payload(std::span<const uint8_t> message, int data_field);
// The reply of GetActions: `data` as field 1.
std::string write_payload(std::string_view data);

}  // namespace gyre::serve::lerobot
