#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gyre {

// A policy's answer to one Observation: `horizon` actions, one a period, in robot units.
struct ActionChunk {
  int64_t id = 0;
  int64_t observation_time_ns = 0;  // of the observation it was computed from
  double period_s = 0.1;
  int horizon = 0;
  int dim = 0;
  std::vector<float> actions;  // [horizon, dim]
  std::string policy_hash;
  int frozen = 0;  // leading actions that were fixed beforehand (real-time chunking)

  std::span<const float> at(int index) const {
    return {actions.data() + static_cast<size_t>(index) * dim, static_cast<size_t>(dim)};
  }
};

}  // namespace gyre
