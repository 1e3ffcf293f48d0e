#include "gyre/policy/folder_kind.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/policy/json_file.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

bool holds_file_ending(const fs::path& folder, const std::string& ending) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(ending)) return true;
  }
  return false;
}

void refuse_other_layouts(const fs::path& folder) {
  const std::string where = folder.string();
  if (fs::exists(folder / "adapter_config.json") ||
      fs::exists(folder / "adapter_model.safetensors")) {
    throw Error(where, "is a PEFT adapter, not a whole policy",
                "merge it into its base with PEFT (merge_and_unload, then save_pretrained) and "
                "give that folder");
  }
  if (fs::exists(folder / "model.safetensors")) return;
  if (fs::exists(folder / "model.safetensors.index.json")) {
    throw Error(where, "holds weights in shards",
                "save them as one model.safetensors (safetensors.torch.save_model)");
  }
  if (fs::is_directory(folder / "params") || fs::exists(folder / "_METADATA")) {
    throw Error(where, "is a JAX checkpoint",
                "convert it with openpi's examples/convert_jax_model_to_pytorch.py and give the "
                "folder that it writes");
  }
  if (holds_file_ending(folder, ".distcp")) {
    throw Error(where, "holds a distributed checkpoint (.distcp)",
                "join it with PyTorch's torch.distributed.checkpoint.format_utils dcp_to_torch and "
                "save it as model.safetensors");
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("model-") && name.ends_with(".safetensors")) {
      throw Error(where, "holds weights in shards (" + name + ")",
                  "save them as one model.safetensors (safetensors.torch.save_model)");
    }
  }
}

}  // namespace

std::string_view folder_kind_name(FolderKind kind) {
  switch (kind) {
    case FolderKind::kGyre:
      return "Gyre";
    case FolderKind::kLeRobot:
      return "LeRobot";
    case FolderKind::kOpenpi:
      return "openpi";
  }
  return "";
}

FolderConfig read_folder_config(const fs::path& folder) {
  const fs::path config = folder / "config.json";
  if (fs::exists(folder / "gyre.json")) {
    return {FolderKind::kGyre, read_ordered_json_object(config)};
  }
  refuse_other_layouts(folder);
  const bool weights = fs::exists(folder / "model.safetensors");
  if (!fs::exists(config)) {
    if (weights) return {FolderKind::kOpenpi, nlohmann::ordered_json::object()};
    throw Error(folder.string(), "is no policy folder",
                "give a folder that holds config.json and model.safetensors");
  }
  nlohmann::ordered_json json = read_ordered_json_object(config);
  if (json.contains("expert")) return {FolderKind::kGyre, std::move(json)};
  if (!weights) throw Error(folder.string(), "holds no model.safetensors");
  if (!json.contains("type")) return {FolderKind::kOpenpi, std::move(json)};
  const nlohmann::ordered_json& field = json["type"];
  const std::string type = field.is_string() ? field.get<std::string>() : field.dump();
  if (type == "pi0" || type == "pi05" || type == "pi0_fast") {
    return {FolderKind::kLeRobot, std::move(json)};
  }
  throw Error(config.string(), "its type '" + type + "' is not among those that open here",
              "they are pi0, pi05 and pi0_fast");
}

}  // namespace gyre
