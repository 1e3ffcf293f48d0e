#include "gyre/verify/measure_inference.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/infer/cpu/open_network.h"
#include "gyre/policy/cost.h"
#include "gyre/verify/timing.h"

namespace gyre::verify {

using namespace infer::cpu;

namespace {

constexpr int kThinkTokens = 8;

// The most memory that this process ever held, mapped pages included.
double peak_rss_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

}  // namespace

InferInputs infer_inputs(const InferCase& wanted) {
  const ModelConfig& config = wanted.config;
  InferInputs inputs;
  inputs.cameras = wanted.cameras > 0 ? std::min(wanted.cameras, config.cameras) : config.cameras;
  inputs.steps = wanted.steps > 0 ? wanted.steps : config.flow_steps;
  Rng seen(1), states(2), noise(3);
  const size_t side = config.vision.image_size;
  inputs.images.resize(config.cameras * 3 * side * side);
  for (float& x : inputs.images) x = static_cast<float>(seen.uniform(-1, 1));
  for (int i = 0; i < config.cameras; ++i) inputs.mask.push_back(i < inputs.cameras ? 1 : 0);
  const int words = wanted.prompt_tokens > 0 ? wanted.prompt_tokens : config.max_prompt_tokens;
  for (int i = 0; i < words; ++i) {
    inputs.tokens.push_back(static_cast<int>(seen.below(config.vocab_size)));
  }
  inputs.states.resize(static_cast<size_t>(wanted.batch) * config.max_state_dim);
  inputs.noise.resize(static_cast<size_t>(wanted.batch) * config.horizon * config.max_action_dim);
  for (float& x : inputs.states) x = static_cast<float>(states.uniform(-1, 1));
  for (float& x : inputs.noise) x = static_cast<float>(noise.normal());
  return inputs;
}

nlohmann::json measure_inference(const InferCase& wanted) {
  const ModelConfig& config = wanted.config;
  const InferInputs given = infer_inputs(wanted);
  const int prompt = static_cast<int>(given.tokens.size());
  double start = wall_s();
  const OpenNetwork open = open_network(config, StoredTensors::open(wanted.weights), wanted.engine);
  const double load_s = wall_s() - start;
  const Network& network = *open.network;
  const Machine& machine = network.machine();

  const NetworkInput input{given.images.data(), given.mask, given.tokens};
  const std::vector<NetworkInput> inputs(wanted.batch, input);
  std::vector<EncodedInput> encoded(wanted.batch);
  std::vector<EncodedInput*> into;
  into.reserve(encoded.size());
  for (EncodedInput& one : encoded) into.push_back(&one);
  const std::vector<const EncodedInput*> pointers(into.begin(), into.end());
  NetworkWorkspace work(machine);
  std::vector<float> x;
  const auto act = [&] {
    network.encode(inputs, into, work);
    x = given.noise;
    network.sample(pointers, given.states.data(), x.data(), {.steps = given.steps, .guided = {}},
                   work);
  };
  start = wall_s();
  act();
  const double first_s = wall_s() - start;
  for (int i = 1; i < wanted.warm_up; ++i) act();
  std::vector<double> wall, cpu;
  work.times = {};
  for (int i = 0; i < wanted.repetitions; ++i) {
    const double wall_start = wall_s(), cpu_start = cpu_s();
    act();
    wall.push_back(wall_s() - wall_start);
    cpu.push_back(cpu_s() - cpu_start);
  }
  const auto mean_ms = [&](double seconds) { return 1e3 * seconds / wanted.repetitions; };
  const nlohmann::json stages = {{"vision", mean_ms(work.times.vision)},
                                 {"language", mean_ms(work.times.language)},
                                 {"flow", mean_ms(work.times.flow)},
                                 {"pack_rows", mean_ms(work.times.pack)},
                                 {"multiply", mean_ms(work.times.multiply)},
                                 {"attend", mean_ms(work.times.attend)},
                                 {"keep_keys_values", mean_ms(work.times.keep)}};
  EncodedInput* question = into.front();
  network.encode({&input, 1}, {&question, 1}, work, Reads::kText);
  work.times.words = 0;
  const auto text = network.continue_text(*question, kThinkTokens, -1, work);

  ModelConfig seen = config;
  seen.cameras = given.cameras;
  const double nominal = wanted.batch * chunk_flop(seen, prompt, given.steps) / 1e9;
  const double done = nominal - wanted.batch * unread_flop(seen, prompt) / 1e9;
  const Arithmetic arithmetic = machine.kernels.arithmetic(machine.precision);
  const double peak = wanted.engine.threads * peak_gflops(machine.kernels, arithmetic);
  const double median_s = median(wall);
  // One thread: by its own time, so that others on the machine do not count.
  const double busy_s = wanted.engine.threads == 1 ? median(cpu) : median_s;
  return {{"precision", std::string(precision_name(machine.precision))},
          {"target", std::string(target_name(machine.kernels.target))},
          {"threads", wanted.engine.threads},
          {"batch", wanted.batch},
          {"cameras", given.cameras},
          {"steps", given.steps},
          {"prompt_tokens", prompt},
          {"repetitions", wanted.repetitions},
          {"median_ms", 1e3 * median_s},
          {"p99_ms", 1e3 * quantile(wall, 0.99)},
          {"first_ms", 1e3 * first_s},
          {"stages_ms", stages},
          {"load_s", load_s},
          {"median_cpu_s", median(cpu)},
          {"gflops", done / busy_s},
          {"gflops_nominal", nominal / busy_s},
          {"peak_gflops", peak},
          {"share_of_peak", done / busy_s / peak},
          {"peak_rss_mib", peak_rss_mib()},
          {"think_tokens_per_s", static_cast<double>(text.size()) / work.times.words},
          {"actions", std::vector<float>(x.begin(), x.begin() + x.size() / wanted.batch)},
          {"finite", std::all_of(x.begin(), x.end(), [](float v) { return std::isfinite(v); })}};
}

}  // namespace gyre::verify
