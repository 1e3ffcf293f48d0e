#include "gyre/policy/checkpoint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/io/file.h"
#include "gyre/policy/action_transform.h"
#include "gyre/policy/json_file.h"
#include "gyre/policy/lerobot_folder.h"
#include "gyre/policy/lerobot_writer.h"
#include "gyre/policy/openpi_folder.h"
#include "gyre/policy/openpi_writer.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

nlohmann::json stats_json(const Stats& s) {
  return {{"min", s.min}, {"max", s.max}, {"mean", s.mean}, {"std", s.std}, {"q01", s.q01},
          {"q10", s.q10}, {"q50", s.q50}, {"q90", s.q90},   {"q99", s.q99}, {"count", s.count}};
}

Stats stats_from(const nlohmann::json& json) {
  Stats s;
  json.at("min").get_to(s.min);
  json.at("max").get_to(s.max);
  json.at("mean").get_to(s.mean);
  json.at("std").get_to(s.std);
  json.at("q01").get_to(s.q01);
  json.at("q10").get_to(s.q10);
  json.at("q50").get_to(s.q50);
  json.at("q90").get_to(s.q90);
  json.at("q99").get_to(s.q99);
  json.at("count").get_to(s.count);
  return s;
}

void read_relative(const fs::path& file, const nlohmann::json& json, int horizon,
                   TrainedEmbodiment& trained) {
  json.at("relative_to").get_to(trained.relative_to);
  trained.relative_action = stats_from(json.at("relative_action"));
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
                                stats_from(each.at("state")),
                                stats_from(each.at("action")),
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

void read_gyre_folder(const fs::path& folder, Checkpoint& checkpoint) {
  const fs::path config = folder / "config.json";
  try {
    checkpoint.config = read_json_object(config).get<ModelConfig>();
  } catch (const Error& error) {
    const std::string text = error.what();
    throw Error("", text.starts_with(config.string()) ? text : config.string() + ": " + text);
  }
  read_gyre_json(folder / "gyre.json", checkpoint);
}

// The robot's joints and the names of its cameras; what is relative, where the folder cannot say.
void apply_preset(const RobotPreset& robot, Checkpoint& checkpoint) {
  Processors& processors = *checkpoint.processors;
  processors.robot = robot.name;
  processors.joints = robot.joints;
  for (std::string& camera : processors.cameras) camera = robot.camera(camera).value_or(camera);
  if (checkpoint.kind == FolderKind::kLeRobot) return;
  processors.relative_mask = relative_mask(robot.of(checkpoint.config.type).delta);
  processors.relative_actions = !processors.relative_mask.empty();
}

void read_other_folder(const fs::path& folder, const FolderOptions& given, Checkpoint& checkpoint) {
  const StoredTensors tensors = StoredTensors::open(checkpoint.weights_path());
  FolderContent content = checkpoint.kind == FolderKind::kLeRobot
                              ? read_lerobot_folder(folder, tensors, given)
                              : read_openpi_folder(folder, tensors, given);
  tensors.require(content.config);
  checkpoint.config = std::move(content.config);
  checkpoint.processors = std::move(content.processors);
  checkpoint.warnings = std::move(content.warnings);
  if (given.robot) apply_preset(*given.robot, checkpoint);
  if (const auto& names = given.camera_names; !names.empty()) {
    if (names.size() != checkpoint.processors->cameras.size()) {
      throw Error("--camera-names",
                  fmt::format("names {} cameras, the policy sees {}", names.size(),
                              fmt::join(checkpoint.processors->cameras, ", ")),
                  "give a name for each, any word where the robot has none");
    }
    checkpoint.processors->cameras = names;
  }
  if (const auto extra = tensors.extra(checkpoint.config); !extra.empty()) {
    checkpoint.warnings.push_back(fmt::format("{}: tensors that the policy does not read: {}",
                                              tensors.path().string(), fmt::join(extra, ", ")));
  }
}

// Empty when there is none.
fs::path vocabulary_file(const fs::path& folder, const FolderOptions& given) {
  if (!given.tokenizer.empty()) return given.tokenizer;
  for (const char* name : {"tokenizer.model", "tokenizer/tokenizer.model"}) {
    if (fs::exists(folder / name)) return folder / name;
  }
  return {};
}

// Given, in the folder, or where LeRobot's config.json points; empty when there is none.
fs::path fast_folder(const fs::path& folder, const FolderOptions& given,
                     const std::optional<Processors>& processors) {
  if (!given.fast_tokenizer.empty()) return given.fast_tokenizer;
  std::vector<fs::path> places = {folder / kFastFolder};
  if (processors && !processors->fast.tokenizer_name.empty()) {
    places.insert(places.end(), {folder / processors->fast.tokenizer_name,
                                 fs::path(processors->fast.tokenizer_name)});
  }
  for (const fs::path& place : places) {
    if (fs::exists(place / "processor_config.json")) return place;
  }
  return {};
}

}  // namespace

Checkpoint Checkpoint::open(const fs::path& folder, const FolderOptions& given) {
  if (!fs::is_directory(folder)) {
    throw Error(folder.string(), "is no policy folder", "give a folder that holds config.json");
  }
  Checkpoint checkpoint;
  checkpoint.folder = folder;
  checkpoint.kind = folder_kind(folder);
  const bool ours = checkpoint.kind == FolderKind::kGyre;
  if (ours) read_gyre_folder(folder, checkpoint);
  if (!ours) read_other_folder(folder, given, checkpoint);
  const fs::path vocabulary = ours ? folder / "tokenizer.model" : vocabulary_file(folder, given);
  if (!vocabulary.empty()) {
    checkpoint.tokenizer = Tokenizer::open(vocabulary);
    if (checkpoint.tokenizer->vocab_size() > checkpoint.config.vocab_size) {
      throw Error(vocabulary.string(),
                  fmt::format("has {} pieces, the policy's embedding table {}",
                              checkpoint.tokenizer->vocab_size(), checkpoint.config.vocab_size));
    }
  }
  if (const fs::path fast = fast_folder(folder, given, checkpoint.processors); !fast.empty()) {
    checkpoint.fast_tokenizer = std::make_shared<FastTokenizer>(FastTokenizer::open(fast));
  }
  if (ours) checkpoint.weights_hash = sha256_file(checkpoint.weights_path());
  return checkpoint;
}

const FastTokenizer& Checkpoint::action_words() const {
  if (fast_tokenizer) return *fast_tokenizer;
  throw Error("policy " + folder.string(), "came without the FAST tokenizer of its actions",
              "pass the folder of its tokenizer.json with --fast-tokenizer DIR");
}

const Tokenizer& Checkpoint::vocabulary() const {
  if (tokenizer) return *tokenizer;
  throw Error("policy " + folder.string(), "came without a vocabulary",
              "pass PaliGemma's tokenizer.model with --tokenizer FILE");
}

void Checkpoint::write(const fs::path& target) const {
  fs::create_directories(target);
  if (fast_tokenizer) fast_tokenizer->write(target / kFastFolder);
  if (processors) {
    Processors told = *processors;
    if (embodiments.size() != 1) {
      throw Error(target.string(), fmt::format("a folder of LeRobot holds the normaliser of one "
                                               "robot, not of {}",
                                               embodiments.size()));
    }
    const TrainedEmbodiment& trained = embodiments.begin()->second;
    // A camera that the robot has not is one that LeRobot calls empty.
    for (size_t i = 0; i < told.cameras.size(); ++i) {
      const auto begin = told.cameras.begin(), here = begin + static_cast<std::ptrdiff_t>(i);
      if (here->empty() || std::find(begin, here, *here) != here) {
        *here = "empty_camera_" + std::to_string(i);
      }
    }
    told.state = trained.state;
    told.action = trained.action;
    if (says_openpi()) {
      write_openpi_files(target, config, told, io::Dtype::kF32);
    } else {
      write_lerobot_files(target, config, told, io::Dtype::kF32);
    }
    if (tokenizer) io::write_atomically(target / "tokenizer.model", tokenizer->bytes());
    io::write_atomically(target / "gyre_training.json", about.dump(2) + "\n");
    return;
  }
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [name, trained] : embodiments) {
    list.push_back({{"contract", trained.contract},
                    {"contract_hash", trained.contract.contract_hash()},
                    {"state", stats_json(trained.state)},
                    {"action", stats_json(trained.action)}});
    if (trained.relative_to.empty()) continue;
    list.back()["relative_to"] = trained.relative_to;
    list.back()["relative_action"] = stats_json(trained.relative_action);
  }
  io::write_atomically(target / "config.json", nlohmann::json(config).dump(2) + "\n");
  io::write_atomically(target / "tokenizer.model", vocabulary().bytes());
  io::write_atomically(target / "gyre.json",
                       nlohmann::json{{"embodiments", list}, {"about", about}}.dump(2) + "\n");
}

void Checkpoint::adopt(const Embodiment& robot) {
  robot.validate();
  const auto fits = [&](const char* what, NormKind kind, const std::optional<Stats>& stats,
                        const std::vector<Field>& fields, int most) {
    if (static_cast<int>(fields.size()) > most) {
      throw Error("policy " + folder.string(), fmt::format("takes {} {} fields, {} has {}", most,
                                                           what, robot.name, fields.size()));
    }
    if (!stats && kind != NormKind::kIdentity) {
      throw Error("policy " + folder.string(),
                  fmt::format("came without statistics of the {}", what), "pass --stats FILE");
    }
    try {
      Normalizer(kind, stats.value_or(Stats{}), fields.size(), processors->dialect);
    } catch (const Error& error) {
      throw Error("policy " + folder.string(),
                  fmt::format("{} of {}: {}", what, robot.name, error.what()));
    }
  };
  const Processors& p = *processors;
  fits("state", p.state_norm, p.state, robot.state, config.max_state_dim);
  fits("action", p.action_norm, p.action, robot.action, config.max_action_dim);
  TrainedEmbodiment trained{robot, p.state.value_or(Stats{}), p.action.value_or(Stats{}), {}, {}};
  if (!p.relative_mask.empty() && p.relative_mask.size() != robot.action.size()) {
    throw Error("--robot " + p.robot,
                fmt::format("has {} action fields, {} has {}", p.relative_mask.size(), robot.name,
                            robot.action.size()));
  }
  for (size_t i = 0; p.relative_actions && i < robot.action.size(); ++i) {
    const bool absolute =
        !p.relative_mask.empty()
            ? !p.relative_mask[i]
            : std::ranges::any_of(p.absolute_joints, [&](const std::string& part) {
                return robot.action[i].name.find(part) != std::string::npos;
              });
    trained.relative_to.push_back(absolute || i >= robot.state.size() ? -1 : static_cast<int>(i));
  }
  embodiments.insert_or_assign(robot.name, std::move(trained));
}

const TrainedEmbodiment& Checkpoint::trained_on(const Embodiment& robot) const {
  const std::string policy = "policy " + folder.string();
  const auto found = embodiments.find(robot.name);
  if (found == embodiments.end() && processors) {
    throw Error(policy,
                fmt::format("holds no robot's contract: {} wrote it", folder_kind_name(kind)),
                processors->state && processors->action
                    ? ""
                    : "it came without a normaliser too; pass --stats FILE");
  }
  if (found == embodiments.end()) {
    std::string names;
    for (const auto& [name, trained] : embodiments) names += (names.empty() ? "" : ", ") + name;
    throw Error(policy, "was not trained on robot '" + robot.name + "'",
                "it knows " + (names.empty() ? "none" : names));
  }
  require_same_contract(found->second.contract, policy, robot, "robot " + robot.name);
  return found->second;
}

}  // namespace gyre
