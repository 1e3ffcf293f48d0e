#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gyre {

// The words' embedding and the text head: one tensor in most checkpoints, two in some.
inline const std::string kTextHead = "paligemma_with_expert.paligemma.lm_head.weight";
inline const std::string kWordEmbedding =
    "paligemma_with_expert.paligemma.model.language_model.embed_tokens.weight";

// Stored by both projects, read by nobody.
inline const std::string kExpertTextHead = "paligemma_with_expert.gemma_expert.lm_head.weight";

// A name without the parts that PyTorch's wrappers put anywhere in it: `_orig_mod.` of a compiled
// module, `module.` of a data-parallel one.
std::string without_wrappers(std::string_view stored);

// The name of tensor_table() for a name as stored: wrappers and LeRobot's prefix `model.` go, older
// names become today's (policy/old_lerobot.h), newer names of the vision tower gain their
// `vision_model.`, and the time MLP is named as the kind of policy has it (`adaptive`: the expert's
// norms follow the time, π0.5).
std::string graph_name(std::string_view stored, bool adaptive);

// Stored by the reference implementations and not a tensor of the graph: the expert's own text
// head, an older LeRobot's normaliser, and what a π0.5 made from a π0 still carries.
bool is_unused_name(std::string_view graph_name, bool adaptive);

}  // namespace gyre
