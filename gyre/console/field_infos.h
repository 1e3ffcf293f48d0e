#pragma once

#include <vector>

#include "gyre/console/wire.h"
#include "gyre/core/embodiment.h"

namespace gyre::console {

// A contract's fields as pages see them.
std::vector<FieldInfo> field_infos(const std::vector<Field>& fields);

}  // namespace gyre::console
