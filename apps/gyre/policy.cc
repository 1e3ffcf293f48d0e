// gyre policy info: what a checkpoint folder holds.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gyre/io/safetensors.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/policy/cost.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct Options {
  std::string folder;
  std::string json;
  bool tensors = false;
};

// Of the checkpoint alone; what its training goes on from lies in subfolders.
uintmax_t checkpoint_bytes(const std::filesystem::path& folder) {
  uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

nlohmann::json contracts_json(const Checkpoint& checkpoint) {
  nlohmann::json contracts = nlohmann::json::object();
  for (const auto& [name, trained] : checkpoint.embodiments) {
    const Embodiment& contract = trained.contract;
    nlohmann::json cameras = nlohmann::json::array();
    for (const CameraSpec& camera : contract.cameras) {
      cameras.push_back(fmt::format("{} {}x{}", camera.name, camera.width, camera.height));
    }
    contracts[name] = {{"contract_hash", contract.contract_hash()},
                       {"period_s", contract.period_s},
                       {"state", contract.state.size()},
                       {"action", contract.action.size()},
                       {"cameras", cameras},
                       {"frames", trained.action.count}};
  }
  return contracts;
}

nlohmann::json tensors_json(const io::SafeTensors& file) {
  nlohmann::json tensors = nlohmann::json::object();
  for (const auto& [name, view] : file.tensors()) {
    tensors[name] = {{"dtype", std::string(io::dtype_name(view.dtype))}, {"shape", view.shape}};
  }
  return tensors;
}

std::string describe(const nlohmann::json& info, bool tensors) {
  const nlohmann::json& parameters = info["parameters"];
  std::string text = fmt::format("{}\n", info["folder"].get<std::string>());
  const auto row = [&](const char* what, const std::string& value) {
    text += fmt::format("  {:<13} {}\n", what, value);
  };
  row("type", info["config"]["type"]);
  row("weights", info["weights_hash"]);
  row("size", fmt::format("{:.2f} MB on disk", info["bytes"].get<double>() / 1e6));
  row("parameters",
      fmt::format("{} read by the graph, {} stored in {} tensors", parameters["functional"].dump(),
                  parameters["stored"].dump(), info["tensors"].size()));
  row("cost", fmt::format("{:.3f} GFLOP for a chunk of {} actions ({} flow steps, longest prompt)",
                          info["gflop_per_chunk"].get<double>(), info["config"]["horizon"].dump(),
                          info["config"]["flow_steps"].dump()));
  for (const auto& [name, contract] : info["embodiments"].items()) {
    row("contract",
        fmt::format("{} {}: {} state, {} action fields, {} s, cameras {}, {} frames", name,
                    contract["contract_hash"].get<std::string>(), contract["state"].dump(),
                    contract["action"].dump(), contract["period_s"].dump(),
                    contract["cameras"].dump(), contract["frames"].dump()));
  }
  for (const auto& [key, value] : info["about"].items()) {
    if (!value.is_structured())
      row(key.c_str(), value.is_string() ? value.get<std::string>() : value.dump());
  }
  if (!tensors) return text;
  for (const auto& [name, tensor] : info["tensors"].items()) {
    text += fmt::format("  {:<80} {} {}\n", name, tensor["dtype"].get<std::string>(),
                        shape_text(tensor["shape"]));
  }
  return text;
}

void run(const Options& options) {
  require_folder("policy", options.folder);
  const Checkpoint checkpoint = Checkpoint::open(options.folder);
  const io::SafeTensors weights = io::SafeTensors::open(checkpoint.weights_path());
  int64_t stored = 0;
  for (const auto& [name, view] : weights.tensors()) stored += view.count();
  const ModelConfig& config = checkpoint.config;
  const nlohmann::json info = {
      {"folder", options.folder},
      {"config", config},
      {"weights_hash", checkpoint.weights_hash},
      {"bytes", checkpoint_bytes(options.folder)},
      {"parameters", {{"functional", parameter_count(config)}, {"stored", stored}}},
      {"gflop_per_chunk", chunk_flop(config, config.max_prompt_tokens) / 1e9},
      {"embodiments", contracts_json(checkpoint)},
      {"about", checkpoint.about},
      {"tensors", tensors_json(weights)}};
  print_result(describe(info, options.tensors), info, options.json);
}

}  // namespace

void add_policy(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("policy", "checkpoint folders");
  verb->require_subcommand(1);
  CLI::App* info = verb->add_subcommand("info", "what a checkpoint folder holds");
  info->add_option("folder", options->folder, "checkpoint folder")->required()->type_name("DIR");
  info->add_flag("--tensors", options->tensors, "list every tensor");
  add_json_option(*info, options->json);
  info->callback([options] { run(*options); });
}

}  // namespace gyre::apps
