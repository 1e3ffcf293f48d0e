#pragma once

#include <cstdint>
#include <string>

#include "drive_policy.h"
#include "gyre/run/loop_config.h"

namespace gyre::apps {

struct FleetOptions {
  int robots = 1;
  double seconds = 60;
  std::string embodiment;  // "so101/ee"
  std::string suite = "trained";
  uint64_t seed = 1;
  int image_size = 64;
  RemoteFlags remote;
  run::LoopConfig loop;
};

// Drives simulated robots by the wall clock from one policy server: for load and for soak. Prints
// the result, and writes it as JSON where `json` says. Throws Error without a server.
void run_fleet(const FleetOptions& options, const std::string& json);

}  // namespace gyre::apps
