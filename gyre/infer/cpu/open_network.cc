#include "gyre/infer/cpu/open_network.h"

#include <string>
#include <thread>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::infer::cpu {
namespace {

// The precision of "auto": one large matrix of the language model stands for all weights.
Precision stored_precision(const Kernels& kernels, const StoredTensors& tensors) {
  const io::TensorView* matrix = tensors.find(
      "paligemma_with_expert.paligemma.model."
      "language_model.layers.0.self_attn.q_proj.weight");
  return matrix != nullptr && matrix->dtype == io::Dtype::kBF16 ? kernels.half : Precision::kF32;
}

}  // namespace

OpenNetwork open_network(const ModelConfig& config, StoredTensors tensors,
                         const EngineOptions& options) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (options.threads < 1 || options.threads > cores) {
    throw Error("--threads " + std::to_string(options.threads),
                "this machine has " + std::to_string(cores) + " cores",
                "give 1 to " + std::to_string(cores));
  }
  const Kernels& table =
      kernels(options.target == "auto" ? best_target() : target_named(options.target));
  tensors.require(config);
  const Precision precision = options.precision == "auto" ? stored_precision(table, tensors)
                                                          : precision_named(options.precision);
  OpenNetwork open;
  open.loading = std::make_unique<ThreadPool>(cores);  // made before this thread is pinned
  open.pool = std::make_unique<ThreadPool>(options.threads, options.pin);
  open.network = std::make_unique<const Network>(
      Machine{
          .kernels = table, .pool = *open.pool, .loading = *open.loading, .precision = precision},
      config, std::move(tensors));
  return open;
}

}  // namespace gyre::infer::cpu
