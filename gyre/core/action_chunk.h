#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gyre {

// A policy's answer to one Request: `horizon` actions, one each action period, in robot units.
struct ActionChunk {
  // Wall-clock milliseconds that the answer took.
  struct Times {
    float queue_ms = 0;     // waiting for the engine
    float prefix_ms = 0;    // pictures and prompt
    float sampling_ms = 0;  // flow steps
    float network_ms = 0;   // on the wire, for a remote policy
    float total_ms() const { return queue_ms + prefix_ms + sampling_ms + network_ms; }
    bool operator==(const Times&) const = default;
  };

  int64_t id = 0;                   // the request's
  int64_t observation_time_ns = 0;  // of the frame it was computed from
  double period_s = 0.1;            // action period
  int horizon = 0;
  int dim = 0;
  std::vector<float> actions;  // [horizon, dim]
  std::string policy_hash;
  int frozen = 0;  // leading actions that were fixed beforehand (real-time chunking)
  Times times;

  std::span<const float> at(int index) const {
    return {actions.data() + static_cast<size_t>(index) * dim, static_cast<size_t>(dim)};
  }
  bool operator==(const ActionChunk&) const = default;
};

using ChunkPtr = std::shared_ptr<const ActionChunk>;

}  // namespace gyre
