#pragma once

#include <string>

#include "gyre/policy/checkpoint.h"

namespace gyre {

// 16 hex digits over everything that decides a policy's actions: configuration, tokenizers,
// contracts with their normalisers (of other projects' folders: their transforms, as the flags
// completed them), and weights_hash. Not over `about`, nor over a contract that was adopted.
std::string policy_hash(const Checkpoint& checkpoint);

}  // namespace gyre
