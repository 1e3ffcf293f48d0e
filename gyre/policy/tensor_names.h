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

// The name of tensor_table() for a name as stored: LeRobot's prefix `model.` goes, newer names
// of the vision tower gain their `vision_model.`, and the time MLP is named as the kind of policy
// has it (`adaptive`: the expert's norms follow the time, π0.5).
std::string graph_name(std::string_view stored, bool adaptive);

// Stored by the reference implementations and read by no policy: the expert's own text head, and
// what a π0.5 made from a π0 still carries.
bool is_unused_name(std::string_view graph_name, bool adaptive);

}  // namespace gyre
