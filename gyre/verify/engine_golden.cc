#include "gyre/verify/engine_golden.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/infer/cpu/open_network.h"
#include "gyre/policy/json_file.h"

namespace gyre::verify {

using namespace infer::cpu;

namespace {

namespace fs = std::filesystem;

constexpr double kVelocityBound = 5e-5, kChunkBound = 1e-4;
// openpi adds its times up in float32, LeRobot computes each: both are within this of each other.
constexpr double kOtherGridBound = 2e-4;

// The least cosine of a chunk of ten steps to the golden one. Measured for pi0 and pi05 with the
// portable and the AVX2 kernels: bf16 0.99997, int12 0.99998, int8 0.99936, int4 0.9498 (pi0) and
// 0.9977 (pi05) at worst. The golden policies are 16 to 32 wide: four bits cost them more than a
// policy of full size.
double least_cosine(Precision precision) {
  switch (precision) {
    case Precision::kInt8:
      return 0.999;
    case Precision::kInt4:
      return 0.94;
    default:
      return 0.9999;
  }
}

struct Array {
  std::vector<int64_t> shape;
  std::vector<float> values;
};

Array read(const io::SafeTensors& file, const std::string& name) {
  const io::TensorView& view = file.at(name);
  Array array{view.shape, {}};
  if (view.dtype == io::Dtype::kBool || view.dtype == io::Dtype::kU8) {
    for (const std::byte b : view.bytes) array.values.push_back(static_cast<float>(b));
  } else if (view.dtype == io::Dtype::kI64) {
    const auto* numbers = reinterpret_cast<const int64_t*>(view.bytes.data());
    for (int64_t i = 0; i < view.count(); ++i) {
      array.values.push_back(static_cast<float>(numbers[i]));
    }
  } else {
    array.values = view.to_floats();
  }
  return array;
}

class EngineComparison {
 public:
  EngineComparison(Precision precision, GoldenReport& report)
      : precision_(precision), report_(report) {}

  // `judged`: in every precision, by its cosine; in f32 all arrays are judged by their bound.
  void add(const std::string& file, const std::string& name, const std::vector<float>& ours,
           const Array& theirs, double bound, bool judged = false) {
    GoldenArray array{.file = file, .name = name, .bound = bound};
    if (ours.size() != theirs.values.size()) {
      array.max_abs = std::numeric_limits<double>::infinity();
      array.note = "of another shape here";
      report_.arrays.push_back(array);
      return;
    }
    double dot = 0, own = 0, other = 0;
    bool finite = true;
    for (size_t i = 0; i < ours.size(); ++i) {
      const double a = ours[i], b = theirs.values[i];
      finite = finite && std::isfinite(a);
      array.max_abs = std::max(array.max_abs, std::abs(a - b));
      dot += a * b;
      own += a * a;
      other += b * b;
    }
    array.cosine = dot / std::sqrt(own * other);
    if (!finite) {
      array.max_abs = std::numeric_limits<double>::infinity();
      array.note = "not finite here";
    } else if (precision_ == Precision::kF32) {
      array.ok = array.max_abs <= bound;
    } else {
      array.judged = judged;
      array.bound = std::numeric_limits<double>::infinity();
      array.least_cosine = least_cosine(precision_);
      array.ok = !array.judged || *array.cosine >= array.least_cosine;
    }
    report_.arrays.push_back(array);
  }

 private:
  Precision precision_;
  GoldenReport& report_;
};

// The network run on the golden inputs.
class EngineRun {
 public:
  EngineRun(const Network& network, const io::SafeTensors& in)
      : network_(network), config_(network.config()), in_(in), work_(network.machine()) {
    const Array images = read(in, "images"), mask = read(in, "image_masks");
    const Array tokens = read(in, "tokens"), token_mask = read(in, "token_mask");
    state_ = read(in, "state");
    const auto batch = static_cast<size_t>(images.shape.at(0));
    const size_t length = tokens.shape.at(1), cameras = mask.shape.at(1);
    encoded_.resize(batch);
    std::vector<std::vector<int>> prompts(batch);
    std::vector<std::vector<uint8_t>> masks(batch);
    std::vector<NetworkInput> inputs;
    std::vector<EncodedInput*> into;
    for (size_t i = 0; i < batch; ++i) {
      for (size_t t = 0; t < length; ++t) {
        if (token_mask.values[i * length + t] == 0) continue;
        prompts[i].push_back(static_cast<int>(tokens.values[i * length + t]));
      }
      for (size_t c = 0; c < cameras; ++c) masks[i].push_back(mask.values[i * cameras + c] != 0);
      inputs.push_back(
          {images.values.data() + i * (images.values.size() / batch), masks[i], prompts[i]});
      pointers_.push_back(&encoded_[i]);
      into.push_back(&encoded_[i]);
    }
    network.encode(inputs, into, work_);
  }

  // The velocity of each robot at its own time `t`.
  std::vector<float> velocity(const std::vector<float>& x, const std::vector<float>& t) {
    std::vector<float> v(x.size());
    const size_t each = x.size() / pointers_.size(),
                 of_state = state_.values.size() / pointers_.size();
    for (size_t i = 0; i < pointers_.size(); ++i) {
      network_.velocity({&pointers_[i], 1}, state_.values.data() + i * of_state,
                        x.data() + i * each, t[i], v.data() + i * each, work_);
    }
    return v;
  }

  std::vector<float> sample(FlowOptions options, bool continues = false) {
    std::vector<float> x = read(in_, "noise").values;
    std::vector<Previous> previous;
    const Array left = read(in_, "rtc_prev_chunk");
    const int actions = static_cast<int>(left.shape.at(1)),
              width = static_cast<int>(left.shape.at(2));
    for (size_t i = 0; i < pointers_.size() && continues; ++i) {
      previous.push_back({left.values.data() + i * actions * width, actions, width});
    }
    options.previous = previous;
    network_.sample(pointers_, state_.values.data(), x.data(), options, work_);
    return x;
  }

 private:
  const Network& network_;
  const ModelConfig& config_;
  const io::SafeTensors& in_;
  NetworkWorkspace work_;
  std::vector<EncodedInput> encoded_;
  std::vector<const EncodedInput*> pointers_;
  Array state_;
};

void compare_chunking(EngineRun& run, const nlohmann::json& rtc, const io::SafeTensors& theirs,
                      EngineComparison& comparison) {
  const std::string file = theirs.path().filename().string();
  const auto guided = [&](const std::string& name, const GuidedChunking& chunking) {
    const std::string array = "rtc_guided." + name + ".actions_10";
    if (theirs.find(array) == nullptr) return;
    comparison.add(file, array, run.sample({.steps = 10, .guided = chunking}, true),
                   read(theirs, array), kChunkBound);
  };
  for (const auto& [schedule, name] : {std::pair(PrefixSchedule::kZeros, "ZEROS"),
                                       {PrefixSchedule::kOnes, "ONES"},
                                       {PrefixSchedule::kLinear, "LINEAR"},
                                       {PrefixSchedule::kExp, "EXP"}}) {
    guided(name, {.delay = rtc.at("inference_delay"),
                  .execution_horizon = rtc.at("execution_horizon"),
                  .max_weight = rtc.at("max_guidance_weight"),
                  .schedule = schedule});
  }
  guided("LINEAR_d0_h10_w5", {.delay = 0, .execution_horizon = 10, .max_weight = 5});
  if (theirs.find("rtc_trained.d3.actions_10") != nullptr) {
    comparison.add(file, "rtc_trained.d3.actions_10",
                   run.sample({.steps = 10, .guided = {}, .delay = 3}, true),
                   read(theirs, "rtc_trained.d3.actions_10"), kChunkBound);
  }
}

void compare_file(EngineRun& run, const io::SafeTensors& in, const io::SafeTensors& theirs,
                  double chunk_bound, EngineComparison& comparison) {
  const std::string file = theirs.path().filename().string();
  const auto at = [&](const std::string& name, const std::vector<float>& x,
                      const std::vector<float>& t) {
    if (theirs.find(name) == nullptr) return;
    comparison.add(file, name, run.velocity(x, t), read(theirs, name), kVelocityBound);
  };
  at("v_t_fixed", read(in, "x_t_fixed").values, read(in, "t_fixed").values);
  if (theirs.find("train_x_t") != nullptr) {
    at("train_v_t", read(theirs, "train_x_t").values, read(in, "time").values);
  }
  if (theirs.find("sample_trajectory_x_t") != nullptr) {
    const Array xs = read(theirs, "sample_trajectory_x_t"), ts = read(theirs, "sample_times");
    const size_t steps = xs.shape.at(0), each = xs.values.size() / steps,
                 times = ts.values.size() / steps;
    std::vector<float> ours;
    for (size_t i = 0; i < steps; ++i) {
      const auto part = [i](const Array& a, size_t count) {
        return std::vector<float>(a.values.begin() + i * count, a.values.begin() + (i + 1) * count);
      };
      const auto v = run.velocity(part(xs, each), part(ts, times));
      ours.insert(ours.end(), v.begin(), v.end());
    }
    comparison.add(file, "sample_trajectory_v_t", ours, read(theirs, "sample_trajectory_v_t"),
                   kVelocityBound);
  }
  for (const int steps : {1, 4, 10}) {
    const std::string name = "sample_actions_" + std::to_string(steps);
    if (theirs.find(name) == nullptr) continue;
    comparison.add(file, name, run.sample({.steps = steps, .guided = {}}), read(theirs, name),
                   chunk_bound, steps == 10);
  }
}

}  // namespace

GoldenReport compare_engine(const Checkpoint& checkpoint, const fs::path& golden,
                            const infer::EngineOptions& options) {
  for (const char* name : {"inputs.safetensors", "outputs.safetensors", "run_info.json"}) {
    if (fs::exists(golden / name)) continue;
    throw Error(golden.string(), std::string("holds no golden arrays of a policy: no ") + name,
                "give their folder with --golden DIR");
  }
  const OpenNetwork open = open_network(checkpoint.config, *checkpoint.tensors, options);
  GoldenReport report;
  EngineComparison comparison(open.network->machine().precision, report);
  try {
    const io::SafeTensors in = io::SafeTensors::open(golden / "inputs.safetensors");
    EngineRun run(*open.network, in);
    const auto theirs = io::SafeTensors::open(golden / "outputs.safetensors");
    compare_file(run, in, theirs, kChunkBound, comparison);
    compare_chunking(run, read_json_object(golden / "run_info.json").at("rtc"), theirs, comparison);
    if (fs::exists(golden / "outputs_openpi.safetensors")) {
      compare_file(run, in, io::SafeTensors::open(golden / "outputs_openpi.safetensors"),
                   kOtherGridBound, comparison);
    }
  } catch (const std::out_of_range&) {
    throw Error(golden.string(), "its arrays do not fit the policy");
  } catch (const nlohmann::json::exception& error) {
    throw Error((golden / "run_info.json").string(), error.what());
  }
  return report;
}

}  // namespace gyre::verify
