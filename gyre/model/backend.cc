#include "gyre/model/backend.h"

#include <ATen/Version.h>
#include <torch/version.h>

#include <chrono>

#include "gyre/model/threads.h"
#include "gyre/model/torch.h"

namespace gyre::model {

Backend backend() {
  Backend result{.libtorch = TORCH_VERSION, .processor = "unknown", .devices = {"cpu"}};
  const std::string config = at::show_config(), key = "CPU capability usage: ";
  if (const size_t at = config.find(key); at != std::string::npos) {
    const size_t begin = at + key.size();
    result.processor = config.substr(begin, config.find('\n', begin) - begin);
  }
  for (size_t i = 0; i < torch::cuda::device_count(); ++i) {
    result.devices.push_back("cuda:" + std::to_string(i));
  }
  return result;
}

double product_gflops() {
  constexpr int64_t kSide = 512;
  constexpr double kSeconds = 0.3;
  using Clock = std::chrono::steady_clock;
  use_one_thread_each();
  const torch::NoGradGuard no_gradients;
  const auto a = torch::ones({kSide, kSide}), b = torch::ones({kSide, kSide});
  auto out = torch::matmul(a, b);  // the first product pays for the library's start
  const auto begin = Clock::now();
  double flop = 0, seconds = 0;
  while (seconds < kSeconds) {
    torch::matmul_out(out, a, b);
    flop += 2.0 * kSide * kSide * kSide;
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  return flop / seconds / 1e9;
}

}  // namespace gyre::model
