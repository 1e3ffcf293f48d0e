#include "gyre/flywheel/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

constexpr int kLowest = 19;
constexpr int kIoIdle = 3 << 13;  // ioprio_set(2): class idle
constexpr int kIoOfProcess = 1;

struct ProcessFacts {
  char state = 0;  // as proc(5) has it; 0: no such process
  uint64_t started = 0;
};

ProcessFacts facts_of(int pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const size_t name_end = text.rfind(')');  // the name may hold anything
  if (name_end == std::string::npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  ProcessFacts facts;
  rest >> facts.state;
  std::string skipped;
  for (int field = 4; field < 22; ++field) rest >> skipped;
  rest >> facts.started;
  return facts;
}

// Between fork and exec: system calls alone.
void go_behind_everything() {
  ::setsid();
  ::setpriority(PRIO_PROCESS, 0, kLowest);
  const sched_param none{};
  ::sched_setscheduler(0, SCHED_IDLE, &none);
  ::syscall(SYS_ioprio_set, kIoOfProcess, 0, kIoIdle);
  const int autogroup = ::open("/proc/self/autogroup", O_WRONLY);
  if (autogroup < 0) return;  // the kernel has none
  [[maybe_unused]] const ssize_t written = ::write(autogroup, "19", 2);
  ::close(autogroup);
}

[[noreturn]] void become(char* const* arguments, int log, int failure) {
  go_behind_everything();
  const int empty = ::open("/dev/null", O_RDONLY);
  ::dup2(empty, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::syscall(SYS_close_range, STDERR_FILENO + 1, failure - 1, 0);
  ::syscall(SYS_close_range, failure + 1, ~0U, 0);
  ::execv(arguments[0], arguments);
  const int error_number = errno;
  [[maybe_unused]] const ssize_t written = ::write(failure, &error_number, sizeof error_number);
  ::_exit(1);
}

}  // namespace

ProcessId process_of(int pid) {
  const ProcessFacts facts = facts_of(pid);
  return facts.state == 0 ? ProcessId{} : ProcessId{pid, facts.started};
}

ProcessId this_process() { return process_of(::getpid()); }

bool is_running(const ProcessId& process) {
  if (process.pid <= 0) return false;
  ::waitpid(process.pid, nullptr, WNOHANG);  // where it is a child of ours that has ended
  const ProcessFacts facts = facts_of(process.pid);
  return facts.state != 0 && facts.state != 'Z' && facts.state != 'X' &&
         facts.started == process.started;
}

ProcessId start_in_background(const std::vector<std::string>& arguments, const fs::path& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (out < 0) io::throw_file_error(log, "write", errno);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    ::close(out);
    throw Error(arguments.front(), "cannot be started", "the program has too many files open");
  }
  std::vector<char*> words;
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) become(words.data(), out, ends[1]);
  ::close(out);
  ::close(ends[1]);
  int error_number = pid < 0 ? errno : 0;
  if (pid > 0 && ::read(ends[0], &error_number, sizeof error_number) <= 0) error_number = 0;
  ::close(ends[0]);
  if (error_number != 0) {
    if (pid > 0) ::waitpid(pid, nullptr, 0);
    throw Error(arguments.front(),
                fmt::format("cannot be started ({})", std::strerror(error_number)));
  }
  return process_of(pid);
}

void interrupt_process(const ProcessId& process) {
  if (!is_running(process)) return;
  const bool leads = ::getpgid(process.pid) == process.pid;
  ::kill(leads ? -process.pid : process.pid, SIGINT);
}

}  // namespace gyre::flywheel
