#include "gyre/policy/openpi_writer.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "gyre/io/file.h"
#include "gyre/policy/lerobot_writer.h"

namespace gyre {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace {

ordered_json openpi_stats(const Stats& stats) {
  const auto or_null = [](const std::vector<double>& values) {
    return values.empty() ? ordered_json() : ordered_json(values);
  };
  return {{"mean", or_null(stats.mean)},
          {"std", or_null(stats.std)},
          {"q01", or_null(stats.q01)},
          {"q99", or_null(stats.q99)}};
}

}  // namespace

void write_openpi_files(const fs::path& folder, const ModelConfig& config,
                        const Processors& processors, io::Dtype type) {
  ordered_json json = {{"action_dim", config.max_action_dim},
                       {"action_horizon", config.horizon},
                       {"paligemma_variant", "gemma_2b"},
                       {"action_expert_variant", "gemma_300m"},
                       {"precision", type == io::Dtype::kF32 ? "float32" : "bfloat16"}};
  if (!config.has_expert()) {
    json.erase("action_expert_variant");
    json["max_token_len"] = config.max_prompt_tokens;
    json["skipped_positions"] = processors.fast.skipped_positions;
  }
  if (config.type == "pi05") json["discrete_state_input"] = processors.state_in_prompt;
  if (auto heads = unpublished_heads(config); !heads.is_null()) json["tiny_dims"] = heads;
  io::write_atomically(folder / "config.json", json.dump(2) + "\n");
  ordered_json stats;
  if (processors.state) stats["state"] = openpi_stats(*processors.state);
  if (processors.action) stats["actions"] = openpi_stats(*processors.action);
  if (stats.empty()) return;
  const fs::path assets =
      folder / "assets" / (processors.asset.empty() ? "converted" : processors.asset);
  fs::create_directories(assets);
  io::write_atomically(assets / "norm_stats.json",
                       ordered_json{{"norm_stats", stats}}.dump(2) + "\n");
}

}  // namespace gyre
