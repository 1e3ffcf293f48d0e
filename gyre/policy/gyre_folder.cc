#include "gyre/policy/gyre_folder.h"

#include <fmt/format.h>

#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/policy/json_file.h"
#include "gyre/policy/stats_json.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

void read_relative(const fs::path& file, const nlohmann::json& json, int horizon,
                   TrainedEmbodiment& trained) {
  json.at("relative_to").get_to(trained.relative_to);
  trained.relative_action = stats_from_json(json.at("relative_action"));
  const auto states = static_cast<int>(trained.contract.state.size());
  bool fits = trained.relative_to.size() == trained.contract.action.size();
  for (const int index : trained.relative_to) fits = fits && index >= -1 && index < states;
  if (!fits) {
    throw Error(file.string(),
                "relative_to does not fit the contract of '" + trained.contract.name + "'");
  }
  Normalizer(NormKind::kQuantile, trained.relative_action,
             trained.contract.action.size() * static_cast<size_t>(horizon));
}

void read_gyre_json(const fs::path& file, Checkpoint& checkpoint) {
  const nlohmann::json json = read_json_object(file);
  try {
    for (const nlohmann::json& each : json.at("embodiments")) {
      TrainedEmbodiment trained{each.at("contract").get<Embodiment>(),
                                stats_from_json(each.at("state")),
                                stats_from_json(each.at("action")),
                                {},
                                {}};
      trained.contract.validate();
      const std::string name = trained.contract.name;
      if (each.at("contract_hash") != trained.contract.contract_hash()) {
        throw Error(file.string(), "the contract of '" + name + "' does not match its hash");
      }
      if (each.contains("relative_to"))
        read_relative(file, each, checkpoint.config.horizon, trained);
      // A normaliser of another width would scale the wrong joints.
      const auto require_width = [](const Stats& stats, size_t width) {
        Normalizer(NormKind::kQuantile, stats, width);
      };
      require_width(trained.state, trained.contract.state.size());
      require_width(trained.action, trained.contract.action.size());
      checkpoint.embodiments.emplace(name, std::move(trained));
    }
    checkpoint.about = json.value("about", nlohmann::json::object());
  } catch (const nlohmann::json::exception& error) {
    throw Error(file.string(),
                fmt::format("lacks a field or holds another type ({})", error.what()));
  }
}

}  // namespace

void read_gyre_folder(const fs::path& folder, const nlohmann::json& config,
                      Checkpoint& checkpoint) {
  const fs::path file = folder / "config.json";
  try {
    checkpoint.config = config.get<ModelConfig>();
  } catch (const Error& error) {
    const std::string text = error.what();
    throw Error("", text.starts_with(file.string()) ? text : file.string() + ": " + text);
  }
  read_gyre_json(folder / "gyre.json", checkpoint);
}

void write_gyre_folder(const fs::path& folder, const Checkpoint& checkpoint) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [name, trained] : checkpoint.embodiments) {
    list.push_back({{"contract", trained.contract},
                    {"contract_hash", trained.contract.contract_hash()},
                    {"state", stats_json(trained.state)},
                    {"action", stats_json(trained.action)}});
    if (trained.relative_to.empty()) continue;
    list.back()["relative_to"] = trained.relative_to;
    list.back()["relative_action"] = stats_json(trained.relative_action);
  }
  io::write_atomically(folder / "config.json", nlohmann::json(checkpoint.config).dump(2) + "\n");
  io::write_atomically(folder / "tokenizer.model", checkpoint.vocabulary().bytes());
  io::write_atomically(
      folder / "gyre.json",
      nlohmann::json{{"embodiments", list}, {"about", checkpoint.about}}.dump(2) + "\n");
}

}  // namespace gyre
