#include "gyre/verify/timing.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

namespace gyre::verify {

using namespace infer::cpu;

double wall_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu_s() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 != 0 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<size_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[std::min(std::max<size_t>(rank, 1), values.size()) - 1];
}

double peak_gflops(const Kernels& kernels, Arithmetic arithmetic) {
  double best = 0;
  int64_t rounds = 1000;
  for (int i = 0; i < 40;) {
    const double start = cpu_s();
    const double work = kernels.peak(arithmetic, rounds);
    const double seconds = cpu_s() - start;
    if (seconds < 5e-3) {
      rounds *= 2;
      continue;
    }
    best = std::max(best, work / seconds / 1e9);
    ++i;
  }
  return best;
}

}  // namespace gyre::verify
