#include "gyre/core/stop_signal.h"

#include <atomic>
#include <csignal>

namespace gyre {
namespace {

std::atomic<bool> stop_flag{false};  // the one place where a signal handler can leave word

extern "C" void on_stop_signal(int signal) {
  if (stop_flag.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

}  // namespace

void install_stop_signal() {
  struct sigaction action = {};
  action.sa_handler = on_stop_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() { return stop_flag.load(); }

}  // namespace gyre
