#pragma once

#include <string>

#include "gyre/core/action_chunk.h"
#include "gyre/infer/engine.h"
#include "gyre/verify/recorded_requests.h"

namespace gyre::verify {

// The answer of a policy to a recorded request.
struct AnswerAgain {
  ActionChunk chunk;    // without times
  std::string prompt;   // as it was tokenised
  std::string subtask;  // that the policy acted on; "" for the task itself
};

// Asks `engine` a recorded request: names the subtask where the policy did so then, and samples the
// chunk with the same noise, draws and previous actions. Reads nothing of the recorded answer. The
// same engine, precision and target give the same bits as when it was recorded. Throws Error where
// a part of the request is lost, or the policy does not know the robot.
AnswerAgain ask_again(const infer::Engine& engine, const RecordedRequest& recorded);

}  // namespace gyre::verify
