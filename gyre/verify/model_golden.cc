#include "gyre/verify/model_golden.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "gyre/core/error.h"
#include "gyre/policy/json_file.h"
#include "gyre/verify/golden_arrays.h"

namespace gyre::verify {

using namespace model;

namespace {

namespace fs = std::filesystem;
using torch::Tensor;

struct Rule {
  std::string_view start, end;  // of the array's name; "" fits any
  double bound;
};

// The first that fits. Booleans and integers are exact, gradients relative; see bound_of().
constexpr Rule kRules[] = {
    {"posemb", "", 1e-6},
    {"rtc_guided.", ".weights", 1e-6},
    {"train_x_t", "", 1e-6},
    {"train_u_t", "", 1e-6},
    {"sample_times", "", 1e-6},
    {"adarms_cond", "", 2e-5},
    {"suffix_embs", "", 2e-5},
    {"prefix_embs", "", 2e-5},
    {"mem.", "", 2e-5},
    {"policy.preprocessed.", "", 2e-5},
    {"image_features.", "", 2e-5},
    {"vision.", ".embeddings", 2e-5},
    {"v_t_fixed", "", 5e-5},
    {"train_v_t", "", 5e-5},
    {"sample_trajectory_v_t", "", 5e-5},
    {"vision.", "", 2e-4},
    {"prefix_hidden_final", "", 2e-4},
    {"kv_cache.", "", 2e-4},
    {"train_suffix_out", "", 2e-4},
    {"train_loss", "", 2e-4},
    {"rtc_trained.train_loss", "", 2e-4},
    {"sample_trajectory_x_t", "", 2e-4},
    {"sample_actions_", "", 2e-4},
    {"rtc_", ".actions_10", 2e-4},
    {"policy.predict_action_chunk", "", 2e-4},
};

std::optional<double> bound_of(std::string_view name, const Tensor& theirs) {
  if (!theirs.is_floating_point()) return 0;
  for (const Rule& rule : kRules) {
    if (name.starts_with(rule.start) && name.ends_with(rule.end)) return rule.bound;
  }
  return {};
}

// Rows of padded queries hold what nothing reads.
Tensor only_valid(const std::string& name, const Tensor& tensor, const Tensor& valid) {
  if (name == "prefix_hidden_final") return tensor.masked_fill(~valid.unsqueeze(-1), 0);
  if (!name.starts_with("kv_cache.")) return tensor;
  return tensor.masked_fill(~valid.unsqueeze(1).unsqueeze(-1), 0);
}

class GraphComparison {
 public:
  GraphComparison(std::string file, GoldenReport& report)
      : file_(std::move(file)), report_(report) {}

  void add(const std::string& name, const Arrays& ours, const std::string& our_name,
           const Tensor& theirs, std::optional<double> bound, const Tensor& valid = {}) {
    GoldenArray array{.file = file_, .name = name};
    array.max_abs = std::numeric_limits<double>::infinity();
    const auto found = ours.find(our_name);
    if (found == ours.end() || !found->second.defined()) {
      array.note = "nothing here computes it";
    } else if (!found->second.sizes().equals(
                   theirs.sizes())) {  // another shape is never within a bound
      array.note = "of another shape here";
    } else {
      array.max_abs = valid.defined()
                          ? largest_difference(only_valid(our_name, found->second, valid),
                                               only_valid(our_name, theirs, valid))
                          : largest_difference(found->second, theirs);
    }
    if (!bound) array.note += array.note.empty() ? "no rule bounds it" : ", and no rule bounds it";
    array.bound = bound.value_or(0);
    array.ok = bound && array.max_abs <= *bound;
    report_.arrays.push_back(array);
  }

  // In bfloat16 only the sampled chunk is judged.
  void add_bfloat16(const std::string& name, const Arrays& ours, const std::string& our_name,
                    const Tensor& theirs) {
    const bool judged = our_name.starts_with("sample_actions_");
    add(name, ours, our_name, theirs, judged ? 0.15 : std::numeric_limits<double>::infinity());
    GoldenArray& array = report_.arrays.back();
    array.judged = judged;
    if (judged) return;
    array.bound = 0;
    array.ok = array.note.empty();
  }

 private:
  std::string file_;
  GoldenReport& report_;
};

constexpr std::string_view kBfloat16 = "bf16.";

void compare_outputs(const std::string& file, const Arrays& theirs, const Arrays& ours,
                     const Arrays& rounded, const Tensor& valid, GoldenReport& report) {
  GraphComparison comparison(file, report);
  for (const auto& [name, array] : theirs) {
    if (name.starts_with(kBfloat16)) {
      comparison.add_bfloat16(name, rounded, name.substr(kBfloat16.size()), array);
    } else {
      comparison.add(name, ours, name, array, bound_of(name, array), valid);
    }
  }
}

// The same weights in openpi's layout.
void compare_layouts(const ModelConfig& config, const Parameters& parameters, const fs::path& file,
                     GoldenReport& report) {
  const Parameters other = Parameters::load(config, StoredTensors::open(file));
  GoldenArray array{.file = file.filename().string(), .name = "all tensors"};
  for (const auto& [name, tensor] : parameters.all()) {
    array.max_abs = std::max(array.max_abs, largest_difference(other.at(name), tensor));
  }
  array.ok = array.max_abs == 0;
  report.arrays.push_back(array);
}

}  // namespace

GoldenReport compare_graph(const Checkpoint& checkpoint, const fs::path& golden) {
  for (const char* name : {"inputs.safetensors", "outputs.safetensors", "run_info.json"}) {
    if (fs::exists(golden / name)) continue;
    throw Error(golden.string(), std::string("holds no golden arrays of a policy: no ") + name,
                "give their folder with --golden DIR");
  }
  if (checkpoint.config.vision.kind != VisionKind::kSiglip || !checkpoint.config.has_expert()) {
    throw Error(checkpoint.folder.string(), "golden arrays are those of pi0 and pi0.5");
  }
  const ModelConfig& config = checkpoint.config;
  const Parameters parameters = Parameters::load(config, *checkpoint.tensors);
  const Policy policy(config, parameters);
  const Arrays in = read_arrays(golden / "inputs.safetensors");
  const auto run_info = read_json_object(golden / "run_info.json");
  GoldenReport report;
  const auto compare = [&](const std::string& file, TimeGrid grid, bool all_bfloat16) {
    if (!fs::exists(golden / file)) return;
    const Arrays theirs = read_arrays(golden / file);
    const Arrays rounded = golden_bfloat16(config, parameters, in, grid);
    if (all_bfloat16) {
      GraphComparison comparison(file, report);
      for (const auto& [name, array] : theirs) comparison.add_bfloat16(name, rounded, name, array);
      return;
    }
    const Arrays ours = golden_outputs(policy, in, theirs, run_info, grid);
    compare_outputs(file, theirs, ours, rounded, ours.at("prefix_pad_mask"), report);
  };
  try {
    compare("outputs.safetensors", TimeGrid::kLeRobot, false);
    compare("outputs_openpi.safetensors", TimeGrid::kOpenpi, false);
    compare("outputs_openpi_bf16.safetensors", TimeGrid::kOpenpi, true);
    if (fs::exists(golden / "grads.safetensors")) {
      const Arrays ours = golden_gradients(config, parameters, in);
      GraphComparison comparison("grads.safetensors", report);
      for (const auto& [name, array] : read_arrays(golden / "grads.safetensors")) {
        comparison.add(name, ours, name, array, 1e-4 * array.abs().max().item<double>() + 1e-6);
      }
    }
  } catch (const c10::Error& error) {
    throw Error(golden.string(), "its arrays do not fit the policy",
                error.what_without_backtrace());
  } catch (const std::out_of_range&) {
    throw Error(golden.string(), "its inputs or run_info.json lack an entry");
  } catch (const nlohmann::json::exception& error) {
    throw Error((golden / "run_info.json").string(), error.what());
  }
  const fs::path layout = checkpoint.folder / "model_openpi_layout.safetensors";
  if (fs::exists(layout)) compare_layouts(config, parameters, layout, report);
  return report;
}

}  // namespace gyre::verify
