#include "gyre/robot/feetech/supervisor.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>

#include "gyre/core/error.h"

namespace gyre::feetech {
namespace {

constexpr int kSignalledExit = 128;

// Memory that both processes see; it ends with them.
std::atomic<bool>* needed = nullptr;
volatile sig_atomic_t driver_process = 0;

// Ctrl-C reaches the child by itself: the terminal sends it to both.
extern "C" void pass_on(int signal, siginfo_t* about, void*) {
  if (about->si_code != SI_KERNEL && driver_process > 0) ::kill(driver_process, signal);
}

[[noreturn]] void wait_for(pid_t child, const std::function<void()>& keep_promise) {
  driver_process = child;
  struct sigaction action = {};
  action.sa_sigaction = pass_on;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  driver_process = 0;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalledExit + WTERMSIG(status);
  if (WIFSIGNALED(status)) {
    std::fprintf(stderr, "gyre: the driver was ended by signal %d (%s)\n", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));  // NOLINT(concurrency-mt-unsafe)
  }
  if (needed->load()) {
    try {
      keep_promise();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "gyre: %s\n", error.what());
      if (code == 0) code = 1;
    }
  }
  std::fflush(nullptr);
  ::_exit(code);
}

}  // namespace

void supervise(const std::function<void()>& keep_promise) {
  void* shared = ::mmap(nullptr, sizeof(std::atomic<bool>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw Error("driver", "there is no memory to watch over it");
  needed = new (shared) std::atomic<bool>(false);
  const pid_t parent = ::getpid();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw Error("driver", std::string("no second process: ") + std::strerror(errno));
  if (child > 0) wait_for(child, keep_promise);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::raise(SIGTERM);  // it has died already
}

void arm_needs_promise() noexcept {
  if (needed != nullptr) needed->store(true);
}

}  // namespace gyre::feetech
