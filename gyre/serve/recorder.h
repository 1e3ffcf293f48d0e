#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/request.h"
#include "gyre/infer/engine.h"

namespace gyre::serve {

// One request and its end. Times are of the server's monotonic clock, nanoseconds.
struct Exchange {
  enum class End { kAnswered, kRefused, kMissed, kFailed };
  End end = End::kFailed;
  uint64_t session = 0;
  std::string policy;                     // its name
  const infer::Engine* engine = nullptr;  // that was asked, or would have been
  std::string prompt;                     // as it was tokenised, of an answer
  std::vector<int64_t> reused;            // [C], infer::Prefix::reused() of an answer
  bool thought = false;                   // the policy named the subtask
  const Request* request = nullptr;       // as the policy was asked; null where it was not
  const ActionChunk* chunk = nullptr;     // of an answer
  std::string failure;                    // where there is no answer
  int64_t arrival_ns = 0, start_ns = 0, end_ns = 0;  // start_ns: a worker took it; 0: none did
  int64_t deadline_ns = 0;                           // 0: none
  size_t batch = 1;                                  // requests that were computed together
};

// Sees every exchange once, from any thread and from several at a time. It must be quick: workers
// and the network wait for it.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void record(const Exchange& exchange) noexcept = 0;
};

}  // namespace gyre::serve
