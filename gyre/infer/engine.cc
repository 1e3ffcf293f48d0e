#include "gyre/infer/engine.h"

#include <utility>

#include "gyre/core/hash.h"
#include "gyre/infer/reference.h"

namespace gyre::infer {

std::unique_ptr<Engine> open_engine(const std::string& policy_folder, const Embodiment* robot,
                                    const FolderOptions& given) {
  Checkpoint checkpoint = Checkpoint::open(policy_folder, given);
  if (checkpoint.processors) {
    if (robot != nullptr) checkpoint.adopt(*robot);
    checkpoint.weights_hash = sha256_file(checkpoint.weights_path());
  }
  return open_reference(std::move(checkpoint));
}

}  // namespace gyre::infer
