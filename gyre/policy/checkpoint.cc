#include "gyre/policy/checkpoint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/io/file.h"
#include "gyre/policy/action_names.h"
#include "gyre/policy/action_transform.h"
#include "gyre/policy/gyre_folder.h"
#include "gyre/policy/lerobot_folder.h"
#include "gyre/policy/lerobot_writer.h"
#include "gyre/policy/openpi_folder.h"
#include "gyre/policy/openpi_writer.h"
#include "gyre/policy/policy_hash.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

// The robot's joints and the names of its cameras; what is relative, where the folder cannot say.
void apply_preset(const RobotPreset& robot, Checkpoint& checkpoint) {
  Processors& processors = *checkpoint.processors;
  processors.robot = robot.name;
  processors.joints = robot.joints;
  CameraRules& cameras = processors.cameras;
  for (const std::string& input : cameras.inputs) {
    const std::optional<std::string> recorded = robot.camera(input);
    if (recorded && recorded->empty()) cameras.empty.insert(input);
    if (recorded && !recorded->empty()) cameras.renamed.insert_or_assign(*recorded, input);
  }
  if (checkpoint.kind == FolderKind::kLeRobot) return;
  processors.relative_mask = relative_mask(robot.of(checkpoint.config.type).delta);
  processors.relative_actions = !processors.relative_mask.empty();
}

// Folders of LeRobot and openpi: their tensors complete the configuration.
void read_foreign_folder(const fs::path& folder, const nlohmann::ordered_json& config,
                         const FolderOptions& given, Checkpoint& checkpoint) {
  const StoredTensors& tensors = *checkpoint.tensors;
  FolderContent content = checkpoint.kind == FolderKind::kLeRobot
                              ? read_lerobot_folder(folder, config, tensors, given)
                              : read_openpi_folder(folder, config, tensors, given);
  tensors.require(content.config);
  checkpoint.config = std::move(content.config);
  checkpoint.processors = std::move(content.processors);
  checkpoint.warnings = std::move(content.warnings);
  checkpoint.processors->strict = given.strict;
  if (!given.action_names.empty()) checkpoint.processors->action_names = given.action_names;
  if (given.robot) apply_preset(*given.robot, checkpoint);
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

// LeRobot says by name which fields are absolute. A preset says it by place, so its fields take the
// contract's names.
void name_relative_fields(const TrainedEmbodiment& trained, Processors& processors) {
  if (trained.relative_to.empty() || processors.relative_mask.empty()) return;
  processors.absolute_joints.clear();
  processors.action_names.clear();
  for (size_t i = 0; i < trained.relative_to.size(); ++i) {
    const std::string& name = trained.contract.action[i].name;
    processors.action_names.push_back(name);
    if (trained.relative_to[i] < 0) processors.absolute_joints.push_back(name);
  }
}

void read_tokenizers(const FolderOptions& given, Checkpoint& checkpoint) {
  const fs::path& folder = checkpoint.folder;
  const bool ours = checkpoint.kind == FolderKind::kGyre;
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
}

// A link that may be pointed elsewhere is followed once, so that all files are of one policy.
fs::path without_link(fs::path folder) {
  if (!folder.has_filename()) folder = folder.parent_path();  // "current/"
  std::error_code code;
  if (!fs::is_symlink(folder, code)) return folder;
  fs::path target = fs::canonical(folder, code);
  return code ? folder : target;
}

}  // namespace

Checkpoint Checkpoint::open(const fs::path& named, const FolderOptions& given) {
  const fs::path folder = without_link(named);
  if (!fs::is_directory(folder)) {
    throw Error(folder.string(), "is no policy folder", "give a folder that holds config.json");
  }
  Checkpoint checkpoint;
  checkpoint.folder = folder;
  const auto [kind, config] = read_folder_config(folder);
  checkpoint.kind = kind;
  const bool ours = kind == FolderKind::kGyre;
  if (ours) read_gyre_folder(folder, config, checkpoint);
  checkpoint.tensors =
      std::make_shared<const StoredTensors>(StoredTensors::open(checkpoint.weights_path()));
  if (!ours) read_foreign_folder(folder, config, given, checkpoint);
  read_tokenizers(given, checkpoint);
  if (ours) checkpoint.hash_weights();
  return checkpoint;
}

void Checkpoint::hash_weights() {
  if (weights_hash.empty()) weights_hash = sha256_file(weights_path());
  policy_hash = gyre::policy_hash(*this);
}

const FastTokenizer& Checkpoint::action_tokenizer() const {
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
    Processors written = *processors;
    if (embodiments.size() != 1) {
      throw Error(target.string(), fmt::format("a folder of LeRobot holds the normaliser of one "
                                               "robot, not of {}",
                                               embodiments.size()));
    }
    const TrainedEmbodiment& trained = embodiments.begin()->second;
    name_relative_fields(trained, written);
    written.state = trained.state;
    written.action = trained.action;
    if (says_openpi()) {
      write_openpi_files(target, config, written, io::Dtype::kF32);
    } else {
      write_lerobot_files(target, config, written, io::Dtype::kF32);
    }
    if (tokenizer) io::write_atomically(target / "tokenizer.model", tokenizer->bytes());
    io::write_atomically(target / "gyre_training.json", about.dump(2) + "\n");
    return;
  }
  write_gyre_folder(target, *this);
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
      throw Error(
          "policy " + folder.string(), fmt::format("{} of {}: {}", what, robot.name, error.what()),
          "use a recording of its robot; `gyre train --new-normaliser` takes the data's own");
    }
  };
  const Processors& p = *processors;
  fits("state", p.state_norm, p.state, robot.state, config.max_state_dim);
  fits("action", p.action_norm, p.action, robot.action, config.max_action_dim);
  const std::string policy = "policy " + folder.string();
  require_same_places(p, robot, policy);
  TrainedEmbodiment trained{.contract = robot,
                            .state = p.state.value_or(Stats{}),
                            .action = p.action.value_or(Stats{}),
                            .relative_to = relative_to_state(p, robot, policy),
                            .relative_action = {}};
  for (std::string& note : match_cameras(p.cameras, robot, policy).notes) {
    if (std::ranges::find(warnings, note) == warnings.end()) warnings.push_back(std::move(note));
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
