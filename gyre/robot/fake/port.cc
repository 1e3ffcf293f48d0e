#include "gyre/robot/fake/port.h"

#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>  // NOLINT: posix_openpt is not in <cstdlib>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "gyre/core/error.h"

namespace gyre::fake {
namespace {

constexpr int kBusPriority = 70;

int64_t port_now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

// The rate that the program has set on its end.
int rate_of(int master) {
  termios2 settings{};
  if (::ioctl(master, TCGETS2, &settings) != 0) return 0;
  return static_cast<int>(settings.c_ospeed);
}

}  // namespace

Port::Port(Bus& bus, std::filesystem::path link) : bus_(bus), link_(std::move(link)) {
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  open();
  thread_ = std::thread([this] { work(); });
}

Port::~Port() {
  ending_ = true;
  ::eventfd_write(wake_, 1);
  thread_.join();
  close();
  ::close(wake_);
}

void Port::open() {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  std::array<char, 64> name{};
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0 ||
      ::ptsname_r(master, name.data(), name.size()) != 0) {
    throw Error("fake bus", std::string("no pseudo-terminal: ") + std::strerror(errno));
  }
  termios2 settings{};  // raw from the start: nothing of it is echoed before the program opens it
  ::ioctl(master, TCGETS2, &settings);
  settings.c_iflag = settings.c_oflag = settings.c_lflag = 0;
  ::ioctl(master, TCSETS2, &settings);
  std::error_code none;
  if (std::filesystem::is_symlink(link_, none)) std::filesystem::remove(link_, none);
  std::filesystem::create_symlink(name.data(), link_);
  master_ = master;
}

void Port::close() {
  if (master_ < 0) return;
  ::close(master_);
  master_ = -1;
  bus_.forget();
  std::error_code none;
  std::filesystem::remove(link_, none);
}

void Port::unplug() {
  const std::lock_guard lock(mutex_);
  close();
  ::eventfd_write(wake_, 1);
}

void Port::plug() {
  const std::lock_guard lock(mutex_);
  if (master_ < 0) open();
  ::eventfd_write(wake_, 1);
}

bool Port::plugged() const {
  const std::lock_guard lock(mutex_);
  return master_ >= 0;
}

void Port::with_bus(const std::function<void(Bus&)>& act) {
  const std::lock_guard lock(mutex_);
  bus_.advance(port_now());
  act(bus_);
}

void Port::work() {
  // It stands for a machine of its own: other programs' load is not to look like a lost bus.
  const sched_param priority{.sched_priority = kBusPriority};
  pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);  // where it may
  constexpr int64_t kGlanceNs = 2'000'000;                       // motion goes on without questions
  while (!ending_) {
    std::array<pollfd, 2> ready{};
    int64_t due = 0;
    {
      const std::lock_guard lock(mutex_);
      ready[0] = {.fd = master_, .events = POLLIN};
      due = std::min(bus_.next_due_ns(), port_now() + kGlanceNs);
    }
    ready[1] = {.fd = wake_, .events = POLLIN};
    const int64_t left = std::max<int64_t>(0, due - port_now());
    const timespec wait{.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
    ::ppoll(ready.data(), ready.size(), &wait, nullptr);
    if ((ready[1].revents & POLLIN) != 0) {
      eventfd_t count = 0;
      ::eventfd_read(wake_, &count);
    }
    if ((ready[0].revents & POLLHUP) != 0 && (ready[0].revents & POLLIN) == 0) {
      // Nobody has opened the other end: poll() would return at once.
      const timespec pause{.tv_sec = 0, .tv_nsec = 1'000'000};
      ::nanosleep(&pause, nullptr);
    }
    const std::lock_guard lock(mutex_);
    serve();
  }
}

void Port::serve() {
  const int64_t now = port_now();
  if (master_ < 0) return bus_.advance(now);
  std::array<uint8_t, 1024> bytes;
  const ssize_t got = ::read(master_, bytes.data(), bytes.size());
  if (got > 0) {
    bus_.baud = rate_of(master_);
    bus_.receive(std::span(bytes).first(static_cast<size_t>(got)), now);
  } else {
    bus_.advance(now);
  }
  const std::vector<uint8_t> out = bus_.take(port_now());
  if (!out.empty() && ::write(master_, out.data(), out.size()) < 0) bus_.forget();
}

}  // namespace gyre::fake
