#include "bench_wakeups.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "gyre/run/real_time.h"

namespace gyre::apps {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr size_t kMostLate = 1024;  // late wake-ups of a block that are kept

int64_t clock_ns(clockid_t clock) noexcept {
  timespec time{};
  clock_gettime(clock, &time);
  return kSecondNs * time.tv_sec + time.tv_nsec;
}

}  // namespace

int64_t monotonic_ns() noexcept { return clock_ns(CLOCK_MONOTONIC); }

Learner::Learner(int spared_cpu) {
  const auto cpus = static_cast<int>(std::thread::hardware_concurrency());
  for (int cpu = 0; cpu < cpus; ++cpu) {
    if (cpu != spared_cpu) threads_.emplace_back([this, cpu] { learn(cpu); });
  }
}

void Learner::learn(int cpu) {
  constexpr int kSize = 256;
  run::make_real_time({.priority = 0, .lock_memory = false, .affinity = {cpu}});
  std::vector<float> a(kSize * kSize, 0.5F), b(kSize * kSize, 0.25F), c(kSize * kSize);
  while (!ending_) {
    std::ranges::fill(c, 0.F);
    for (int i = 0; i < kSize; ++i) {
      for (int k = 0; k < kSize; ++k) {
        const float factor = a[i * kSize + k];
        for (int j = 0; j < kSize; ++j) c[i * kSize + j] += factor * b[k * kSize + j];
      }
    }
    kept_ = c[7];
  }
}

void SameWork::run(int64_t lines) noexcept {
  constexpr size_t kLine = 16;  // floats
  for (int64_t i = 0; i < lines; ++i) {
    for (size_t k = 0; k < kLine; ++k) memory_[at_ + k] = 0.5F * memory_[at_ + k] + 0.25F;
    at_ = (at_ + kLine) % memory_.size();
  }
}

Stolen::Stolen(int cpu) : name_(fmt::format("cpu{} ", cpu)) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      samples_.push_back({monotonic_ns(), read()});
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
}

bool Stolen::within(int64_t begin_ns, int64_t end_ns) const {
  constexpr int64_t kSampleNs = 20'000'000;  // of the sampling, and of the kernel's count
  int64_t before = -1;
  for (const Sample& sample : samples_) {
    if (sample.time_ns < begin_ns - kSampleNs) continue;
    if (before >= 0 && sample.ticks > before) return true;
    if (sample.time_ns > end_ns + kSampleNs) return false;
    before = sample.ticks;
  }
  return false;
}

double Stolen::seconds() const {
  if (samples_.empty()) return 0;
  return static_cast<double>(samples_.back().ticks - samples_.front().ticks) /
         static_cast<double>(sysconf(_SC_CLK_TCK));
}

int64_t Stolen::read() const {
  std::array<char, 8192> text{};
  const int file = ::open("/proc/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t size = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  const std::string all(text.data(), static_cast<size_t>(std::max<ssize_t>(size, 0)));
  const size_t at = all.find(name_);
  if (at == std::string::npos) return 0;
  int64_t steal = 0;  // the eighth number
  std::sscanf(all.c_str() + at + name_.size(), "%*d %*d %*d %*d %*d %*d %*d %ld", &steal);
  return steal;
}

RunDelay::RunDelay() : file_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

RunDelay::~RunDelay() { ::close(file_); }

int64_t RunDelay::ns() const noexcept {
  std::array<char, 96> text{};
  if (::pread(file_, text.data(), text.size() - 1, 0) <= 0) return 0;
  char* end = text.data();
  std::strtoll(end, &end, 10);  // the time on the processor comes first
  return std::strtoll(end, nullptr, 10);
}

void Sleeper::begin(Block& block, size_t ticks) {
  block_ = &block;
  ticks_ = ticks;
  block.late_us.reserve(ticks);
  block.work_us.reserve(ticks);
  block.late.reserve(kMostLate);
  woke_ns_ = 0;
  run_delay_ns_ = run_delay_.ns();
}

int64_t Sleeper::now_ns() const noexcept { return monotonic_ns(); }

void Sleeper::sleep_until(int64_t due_ns) noexcept {
  const int64_t work_ns = woke_ns_ > 0 ? clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_at_wake_ns_ : 0;
  const timespec due{.tv_sec = due_ns / kSecondNs, .tv_nsec = due_ns % kSecondNs};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr) == EINTR) {
  }
  const int64_t woke_ns = monotonic_ns();
  if (woke_ns_ > 0 && block_->late_us.size() < ticks_) note(due_ns, woke_ns, work_ns);
  woke_ns_ = woke_ns;
  cpu_at_wake_ns_ = clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

void Sleeper::note(int64_t due_ns, int64_t woke_ns, int64_t work_ns) noexcept {
  block_->late_us.push_back(static_cast<double>(woke_ns - due_ns) / 1e3);
  block_->work_us.push_back(static_cast<double>(work_ns) / 1e3);
  const int64_t run_delay_ns = run_delay_.ns();
  if (woke_ns - due_ns > kLateNs && block_->late.size() < kMostLate) {
    block_->late.push_back({due_ns, woke_ns, work_ns, run_delay_ns - run_delay_ns_});
  }
  run_delay_ns_ = run_delay_ns;
}

}  // namespace gyre::apps
