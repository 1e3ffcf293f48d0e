#include "gyre/policy/tensor_names.h"

#include <algorithm>
#include <utility>

#include "gyre/policy/old_lerobot.h"

namespace gyre {
namespace {

void replace_start(std::string& name, std::string_view from, std::string_view to) {
  if (name.starts_with(from)) name.replace(0, from.size(), to);
}

}  // namespace

std::string without_wrappers(std::string_view stored) {
  std::string name;
  for (size_t begin = 0; begin < stored.size();) {
    const size_t end = std::min(stored.find('.', begin), stored.size());
    const std::string_view part = stored.substr(begin, end - begin);
    const bool wrapper = part == "_orig_mod" || part == "module" ||
                         part == "_fsdp_wrapped_module" || part == "_checkpoint_wrapped_module";
    if (!wrapper) name += stored.substr(begin, std::min(end + 1, stored.size()) - begin);
    begin = end + 1;
  }
  return name;
}

std::string graph_name(std::string_view stored, bool adaptive) {
  std::string name = without_wrappers(stored);
  replace_start(name, "model.", "");
  name = name_since_processors(std::move(name));
  const std::string tower = "paligemma_with_expert.paligemma.model.vision_tower.";
  if (!name.starts_with(tower + "vision_model.")) {
    replace_start(name, tower, tower + "vision_model.");
  }
  for (const char* end : {"time_mlp_in.", "time_mlp_out."}) {
    if (adaptive) replace_start(name, std::string("action_") + end, end);
    if (!adaptive) replace_start(name, end, std::string("action_") + end);
  }
  return name;
}

bool is_unused_name(std::string_view name, bool adaptive) {
  const std::string_view expert = "paligemma_with_expert.gemma_expert.";
  if (name.starts_with(expert)) {
    const std::string_view rest = name.substr(expert.size());
    return rest == "lm_head.weight" || rest == "model.embed_tokens.weight" ||
           (adaptive && rest.ends_with("norm.weight"));
  }
  return is_old_normalizer(name) || (adaptive && name.starts_with("state_proj."));
}

}  // namespace gyre
