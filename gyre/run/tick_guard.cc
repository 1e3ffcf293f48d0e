#include "gyre/run/tick_guard.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kMachine = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kMachine = 0;
#endif

constexpr size_t kMostDescriptors = 16;
constexpr uint32_t kWakeMask = ~static_cast<uint32_t>(FUTEX_PRIVATE_FLAG);

// A classic BPF program over seccomp_data. Jumps are relative, so every block is whole in itself:
// it returns, or falls through to the next one.
class Filter {
 public:
  void load(size_t offset) {
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)));
  }
  // Returns `action` when the loaded word is `value`.
  void end_if(uint32_t value, uint32_t action) {
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    end(action);
  }
  void end_unless(uint32_t value, uint32_t action) {
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
    end(action);
  }
  void end(uint32_t action) { add(BPF_STMT(BPF_RET | BPF_K, action)); }
  // The call `number` is judged by `block`, which returns.
  void call(uint32_t number, const std::vector<sock_filter>& block) {
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, static_cast<uint8_t>(block.size())));
    code_.insert(code_.end(), block.begin(), block.end());
  }
  void mask(uint32_t bits) { add(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits)); }
  const std::vector<sock_filter>& code() const { return code_; }

 private:
  void add(const sock_filter& instruction) { code_.push_back(instruction); }
  std::vector<sock_filter> code_;
};

// The low word of an argument.
size_t argument(size_t index) {
  return offsetof(seccomp_data, args) + index * sizeof(uint64_t) +
         (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(uint32_t) : 0);
}

Filter wakes_only() {
  Filter block;
  block.load(argument(1));
  block.mask(kWakeMask);
  block.end_if(FUTEX_WAKE, SECCOMP_RET_ALLOW);
  block.end(SECCOMP_RET_KILL_PROCESS);
  return block;
}

Filter on_bus(std::span<const int> bus) {
  Filter block;
  block.load(argument(0));
  for (const int descriptor : bus) {
    block.end_if(static_cast<uint32_t>(descriptor), SECCOMP_RET_ALLOW);
  }
  block.end(SECCOMP_RET_KILL_PROCESS);
  return block;
}

Filter tick_calls(std::span<const int> bus) {
  Filter filter;
  filter.load(offsetof(seccomp_data, arch));
  filter.end_unless(kMachine, SECCOMP_RET_KILL_PROCESS);
  filter.load(offsetof(seccomp_data, nr));
  for (const int number : {SYS_clock_gettime, SYS_clock_nanosleep, SYS_restart_syscall,
                           SYS_rt_sigreturn, SYS_exit, SYS_exit_group}) {
    filter.end_if(static_cast<uint32_t>(number), SECCOMP_RET_ALLOW);
  }
  filter.call(SYS_futex, wakes_only().code());
  for (const int number : {SYS_read, SYS_pread64, SYS_write, SYS_pwrite64}) {
    filter.call(static_cast<uint32_t>(number), on_bus(bus).code());
  }
  filter.end(SECCOMP_RET_KILL_PROCESS);
  return filter;
}

}  // namespace

void allow_only_tick_calls(std::span<const int> bus) {
  if (bus.size() > kMostDescriptors) {
    throw Error("tick guard", "a bus of more than 16 file descriptors");
  }
  const Filter filter = tick_calls(bus);
  sock_fprog program{.len = static_cast<unsigned short>(filter.code().size()),
                     .filter = const_cast<sock_filter*>(filter.code().data())};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
    throw Error("tick guard", std::strerror(errno), "the kernel must offer seccomp filters");
  }
}

}  // namespace gyre::run
