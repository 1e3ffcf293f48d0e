#include "gyre/core/stop_signal.h"

#include <atomic>
#include <csignal>
#include <ctime>

namespace gyre {
namespace {

constexpr int64_t kRepeatMs = 1000;
std::atomic<int64_t> first_ms{0};  // 0: no signal yet
std::atomic<int> first_signal{0};

int64_t now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1000 * static_cast<int64_t>(now.tv_sec) + now.tv_nsec / 1'000'000;
}

extern "C" void on_stop_signal(int signal) {
  int none_yet = 0;
  first_signal.compare_exchange_strong(none_yet, signal);
  int64_t none = 0;
  if (first_ms.compare_exchange_strong(none, now_ms()) || now_ms() - none < kRepeatMs) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void install_stop_signal() {
  struct sigaction action = {};
  action.sa_handler = on_stop_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() { return first_ms.load() != 0; }

int stop_signal() { return first_signal.load(); }

}  // namespace gyre
