#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "gyre/infer/engine.h"

// Time of inference and its share of the processor's peak.
namespace gyre::verify {

struct InferCase {
  std::filesystem::path weights;
  ModelConfig config;
  infer::EngineOptions engine;
  int batch = 1;
  int cameras = 0;        // that are there; 0: all of the policy's
  int steps = 0;          // of the flow; 0: the policy's
  int prompt_tokens = 0;  // 0: the longest prompt
  int warm_up = 1, repetitions = 3;
};

// Random pictures, prompt, states and noise of a case, the same for equal cases; those of the first
// robot whatever the batch.
struct InferInputs {
  int cameras = 0, steps = 0;
  std::vector<float> images;  // [cameras, 3, S, S], of every robot
  std::vector<uint8_t> mask;  // [cameras]
  std::vector<int> tokens;    // of every robot
  std::vector<float> states;  // [batch, max_state_dim]
  std::vector<float> noise;   // [batch, horizon, max_action_dim]
};
InferInputs infer_inputs(const InferCase& wanted);

// Opens the policy and times chunks. Returns the numbers of a row of `gyre bench infer`, measured
// in this process: precision, target, threads, ... median_ms, p99_ms, first_ms, stages_ms (mean
// wall time), load_s, median_cpu_s, gflops (of the work done), gflops_nominal (of the whole graph),
// peak_gflops, share_of_peak, peak_rss_mib, think_tokens_per_s; `actions`: the first robot's chunk
// [horizon, max_action_dim], normalised. Throws Error.
nlohmann::json measure_inference(const InferCase& wanted);

}  // namespace gyre::verify
