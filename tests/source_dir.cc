#include "tests/source_dir.h"

namespace gyre {

std::filesystem::path source_dir() { return GYRE_SOURCE_DIR; }

}  // namespace gyre
