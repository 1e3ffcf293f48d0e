#include "gyre/infer/engine.h"

#include "gyre/infer/reference.h"

namespace gyre::infer {

std::unique_ptr<Engine> open_engine(const std::string& policy_folder) {
  return open_reference(policy_folder);
}

}  // namespace gyre::infer
