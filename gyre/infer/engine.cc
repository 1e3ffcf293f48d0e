#include "gyre/infer/engine.h"

#include <utility>

#include "gyre/core/hash.h"
#include "gyre/infer/cpu/engine.h"
#include "gyre/infer/reference.h"

namespace gyre::infer {

std::unique_ptr<Engine> open_engine(const std::string& policy_folder, const Embodiment* robot,
                                    const FolderOptions& given, const EngineOptions& options) {
  Checkpoint checkpoint = Checkpoint::open(policy_folder, given);
  if (checkpoint.processors) {
    if (robot != nullptr) checkpoint.adopt(*robot);
    checkpoint.weights_hash = sha256_file(checkpoint.weights_path());
  }
  const bool spoken = !checkpoint.config.has_expert();
  if (spoken && options.kind == EngineKind::kCpu) {
    checkpoint.warnings.push_back("actions as words (π0-FAST) run on the reference engine");
  }
  if (spoken || options.kind == EngineKind::kReference)
    return open_reference(std::move(checkpoint));
  return open_cpu(std::move(checkpoint), options);
}

}  // namespace gyre::infer
