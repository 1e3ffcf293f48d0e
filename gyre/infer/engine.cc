#include "gyre/infer/engine.h"

#include <utility>

#include "gyre/infer/cpu/engine.h"
#include "gyre/infer/reference.h"

namespace gyre::infer {

std::unique_ptr<Engine> open_engine(Checkpoint checkpoint, const Embodiment* robot,
                                    const EngineOptions& options) {
  if (checkpoint.processors && robot != nullptr) checkpoint.adopt(*robot);
  if (checkpoint.policy_hash.empty()) checkpoint.hash_weights();
  const bool has_kernels = checkpoint.config.has_expert();
  if (!has_kernels && options.kind == EngineKind::kCpu) {
    checkpoint.warnings.push_back("action tokens (π0-FAST) run on the reference engine");
  }
  if (!has_kernels || options.kind == EngineKind::kReference)
    return open_reference(std::move(checkpoint));
  return open_cpu(std::move(checkpoint), options);
}

std::unique_ptr<Engine> open_engine(const std::string& policy_folder, const Embodiment* robot,
                                    const FolderOptions& given, const EngineOptions& options) {
  return open_engine(Checkpoint::open(policy_folder, given), robot, options);
}

}  // namespace gyre::infer
