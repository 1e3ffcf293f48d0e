#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"

namespace gyre::serve {

// Simulated robots that ask a server over real sockets.
struct LoadPlan {
  uint16_t port = 0;  // of 127.0.0.1
  int robots = 1;
  double seconds = 1;
  double warm_up_s = 0.5;  // that is not counted
  double rate_hz = 0;      // of each robot; 0: each asks again as soon as it has its answer
  double deadline_ms = 0;  // of each request; 0: none
  double poisson = 0.5;    // share of robots that ask at random times; the others periodically
  bool nuisance = false;   // beside them one stuck, one slow and one malicious client
  uint64_t seed = 0;
};

void to_json(nlohmann::json& json, const LoadPlan& plan);
void from_json(const nlohmann::json& json, LoadPlan& plan);

struct LoadReport {
  struct Robot {
    int64_t asked = 0, answered = 0, refused = 0,
            missed = 0;  // missed: answered too late, or never
  };
  std::vector<Robot> robots;
  std::vector<double> latencies_ms;  // of answers, from the time that the request was due
  double seconds = 0;
  double cpu_s = 0;  // that this process used
};

void to_json(nlohmann::json& json, const LoadReport& report);
void from_json(const nlohmann::json& json, LoadReport& report);

// Robot i has contract i modulo their number. Throws Error when a connection fails.
LoadReport run_load(const LoadPlan& plan, std::span<const Embodiment> contracts);

}  // namespace gyre::serve
