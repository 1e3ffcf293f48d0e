// gyre policy info: what a checkpoint folder holds; gyre policy verify: whether it computes what
// the reference implementations do.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine_flags.h"
#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/io/safetensors.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/policy/cost.h"
#include "gyre/policy/norm_stats.h"
#include "gyre/verify/engine_golden.h"
#include "gyre/verify/model_golden.h"
#include "gyre/verify/processor_golden.h"
#include "options.h"
#include "policy_make.h"
#include "policy_use.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct PolicyOptions {
  std::string folder;
  std::string json;
  bool tensors = false, hash = false;
  FolderOptions given;
  std::string golden;
  infer::EngineOptions engine{.kind = infer::EngineKind::kReference};
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
                       {"period_s", contract.action_period_s},
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

std::string norm_name(NormKind kind) {
  switch (kind) {
    case NormKind::kMeanStd:
      return "mean/std";
    case NormKind::kQuantile:
      return "1 % and 99 % quantiles";
    case NormKind::kQuantile10:
      return "10 % and 90 % quantiles";
    case NormKind::kMinMax:
      return "min/max";
    case NormKind::kIdentity:
      break;
  }
  return "nothing";
}

// null for Gyre's own folders, whose contracts say all this.
nlohmann::json processors_json(const Checkpoint& checkpoint) {
  if (!checkpoint.processors) return nullptr;
  const Processors& processors = *checkpoint.processors;
  const auto feature = [](NormKind kind, const std::optional<Stats>& stats) {
    nlohmann::json width = nullptr;
    if (stats) width = width_of(*stats);
    return nlohmann::json{{"norm", norm_name(kind)}, {"width", width}};
  };
  const bool token =
      checkpoint.config.has_expert() && checkpoint.config.state_input == StateInput::kSuffixToken;
  nlohmann::json asset = nullptr;
  if (!processors.asset.empty()) asset = processors.asset;
  return {{"state", feature(processors.state_norm, processors.state)},
          {"action", feature(processors.action_norm, processors.action)},
          {"state_token", token},
          {"state_in_prompt", processors.state_in_prompt},
          {"cameras", processors.cameras.inputs},
          {"renamed_cameras", processors.cameras.renamed},
          {"chosen_cameras", processors.cameras.chosen},
          {"relative_actions", processors.relative_actions},
          {"asset", asset},
          {"robot", processors.robot.empty() ? nlohmann::json() : nlohmann::json(processors.robot)},
          {"tokenizer", checkpoint.tokenizer != nullptr},
          {"fast_tokenizer", checkpoint.fast_tokenizer != nullptr}};
}

std::string processors_text(const nlohmann::json& processors) {
  const auto feature = [&](const char* name) {
    const nlohmann::json& json = processors[name];
    return json["width"].is_null()
               ? fmt::format("{} by {}, no statistics (--stats FILE)", name,
                             json["norm"].get<std::string>())
               : fmt::format("{} by {} of {} fields", name, json["norm"].get<std::string>(),
                             json["width"].dump());
  };
  return fmt::format("{}; {}", feature("state"), feature("action"));
}

std::string describe(const nlohmann::json& info, bool tensors) {
  const nlohmann::json& parameters = info["parameters"];
  std::string text = fmt::format("{}\n", info["folder"].get<std::string>());
  const auto row = [&](const char* what, const std::string& value) {
    text += fmt::format("  {:<13} {}\n", what, value);
  };
  row("type", info["config"]["type"]);
  row("written by", info["written_by"]);
  row("policy", info["policy_hash"].is_null() ? "not hashed (--hash)" : info["policy_hash"]);
  row("weights", info["weights_hash"].is_null() ? "not hashed (--hash)" : info["weights_hash"]);
  row("size", fmt::format("{:.2f} MB on disk", info["bytes"].get<double>() / 1e6));
  row("parameters",
      fmt::format("{} read by the graph, {} stored in {} tensors", parameters["functional"].dump(),
                  parameters["stored"].dump(), info["tensors"].size()));
  row("cost", fmt::format("{:.3f} GFLOP for a chunk of {} actions ({}, longest prompt)",
                          info["gflop_per_chunk"].get<double>(), info["config"]["horizon"].dump(),
                          info["config"]["action_output"] == "words"
                              ? "256 words"
                              : info["config"]["flow_steps"].dump() + " flow steps"));
  if (const nlohmann::json& processors = info["processors"]; !processors.is_null()) {
    const nlohmann::json& config = info["config"];
    row("heads",
        fmt::format("{}, {} for keys, {} in the vision tower", config["language"]["heads"].dump(),
                    config["language"]["kv_heads"].dump(), config["vision"]["heads"].dump()));
    row("normaliser", processors_text(processors));
    if (!processors["asset"].is_null()) row("asset", processors["asset"]);
    if (!processors["robot"].is_null()) row("robot", processors["robot"]);
    row("state", processors["state_token"]       ? "a token before the actions"
                 : processors["state_in_prompt"] ? "in the prompt, as bins"
                                                 : "not read");
    row("actions", processors["relative_actions"] ? "relative to the state" : "absolute");
    row("cameras", processors["cameras"].dump());
    for (const auto& [recorded, input] : processors["renamed_cameras"].items()) {
      row("camera", fmt::format("{} is recorded as {}", input.get<std::string>(), recorded));
    }
    for (const auto& [input, recorded] : processors["chosen_cameras"].items()) {
      row("camera", fmt::format("{} is recorded as {}", input, recorded.get<std::string>()));
    }
    row("vocabulary", processors["tokenizer"] ? "there" : "not there (--tokenizer FILE)");
    if (config["action_output"] == "words") {
      row("actions", processors["fast_tokenizer"] ? "words, their tokenizer is there"
                                                  : "words, no tokenizer (--fast-tokenizer DIR)");
    }
  }
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

void run(const PolicyOptions& options) {
  require_folder("policy", options.folder);
  Checkpoint checkpoint = Checkpoint::open(options.folder, options.given);
  if (options.hash) checkpoint.hash_weights();
  const auto hash = [](const std::string& text) {
    return text.empty() ? nlohmann::json() : nlohmann::json(text);
  };
  print_warnings(checkpoint.warnings);
  const io::SafeTensors& weights = checkpoint.tensors->file();
  int64_t stored = 0;
  for (const auto& [name, view] : weights.tensors()) stored += view.count();
  const ModelConfig& config = checkpoint.config;
  const nlohmann::json info = {
      {"folder", options.folder},
      {"written_by", std::string(folder_kind_name(checkpoint.kind))},
      {"config", config},
      {"processors", processors_json(checkpoint)},
      {"policy_hash", hash(checkpoint.policy_hash)},
      {"weights_hash", hash(checkpoint.weights_hash)},
      {"bytes", checkpoint_bytes(options.folder)},
      {"parameters", {{"functional", parameter_count(config)}, {"stored", stored}}},
      {"gflop_per_chunk", chunk_flop(config, config.max_prompt_tokens) / 1e9},
      {"embodiments", contracts_json(checkpoint)},
      {"about", checkpoint.about},
      {"tensors", tensors_json(weights)}};
  print_result(describe(info, options.tensors), info, options.json);
}

std::string figures_of(const verify::GoldenArray& array) {
  if (!array.note.empty()) return array.note;
  if (!array.judged) return fmt::format("{:.2e}, not judged", array.max_abs);
  if (std::isfinite(array.bound))
    return fmt::format("{:.2e} of {:.2e}", array.max_abs, array.bound);
  return fmt::format("{:.2e}, cosine {:.6f} of {}", array.max_abs, array.cosine.value_or(0),
                     array.least_cosine);
}

void compare(const PolicyOptions& options) {
  require_folder("policy", options.folder);
  const std::string golden = options.golden.empty() ? options.folder : options.golden;
  require_folder("golden arrays", golden);
  const auto checkpoint = [&] { return Checkpoint::open(options.folder, options.given); };
  const verify::GoldenReport report =
      verify::holds_processor_arrays(golden) ? verify::compare_processors(golden)
      : options.engine.kind == infer::EngineKind::kCpu
          ? verify::compare_engine(checkpoint(), golden, options.engine)
          : verify::compare_graph(checkpoint(), golden);
  nlohmann::json arrays = nlohmann::json::array();
  size_t failed = 0;
  for (const verify::GoldenArray& array : report.arrays) {
    nlohmann::json largest = nullptr;  // nothing was compared
    if (array.note.empty()) largest = array.max_abs;
    nlohmann::json row = {{"file", array.file},   {"name", array.name},     {"max_abs", largest},
                          {"bound", array.bound}, {"judged", array.judged}, {"ok", array.ok}};
    if (!std::isfinite(array.bound)) row["bound"] = nullptr;  // the cosine is judged
    if (array.cosine) row["cosine"] = *array.cosine;
    if (array.least_cosine > 0) row["least_cosine"] = array.least_cosine;
    arrays.push_back(row);
    const std::string figures = figures_of(array);
    fmt::print(stderr, "{:<5} {:<31} {:<40} {}\n", array.ok ? "ok" : "FAIL", array.file, array.name,
               figures);
    if (!array.ok) ++failed;
  }
  const std::string text =
      fmt::format("{} arrays, {} not within their bounds\n", report.arrays.size(), failed);
  print_result(text, {{"ok", report.ok()}, {"arrays", arrays}}, options.json);
  if (!report.ok()) throw CLI::RuntimeError(1);  // not the user's mistake
}

}  // namespace

void add_policy(CLI::App& app) {
  const auto options = std::make_shared<PolicyOptions>();
  CLI::App* verb = app.add_subcommand("policy", "checkpoint folders");
  verb->require_subcommand(1);
  CLI::App* info = verb->add_subcommand("info", "what a checkpoint folder holds");
  info->add_option("folder", options->folder, "checkpoint folder")->required()->type_name("DIR");
  info->add_flag("--tensors", options->tensors, "list every tensor");
  info->add_flag("--hash", options->hash, "hash a LeRobot or openpi folder too");
  add_folder_flags(*info, options->given);
  add_json_option(*info, options->json);
  info->callback([options] { run(*options); });

  add_policy_make(*verb);
  add_policy_use(*verb);

  CLI::App* check =
      verb->add_subcommand("verify", "compare with golden arrays of the reference implementations");
  check->add_option("folder", options->folder, "checkpoint folder")->required()->type_name("DIR");
  check->add_option("--golden", options->golden, "where the arrays lie, if not in the folder")
      ->type_name("DIR");
  add_engine_flags(*check, options->engine, "reference");
  add_folder_flags(*check, options->given);
  add_json_option(*check, options->json);
  check->callback([options] { compare(*options); });
}

}  // namespace gyre::apps
