// A tick in real time makes no other system call than those of clocks, sleep and waking, allocates
// and frees nothing, and takes no lock: the kernel and counters at the C library's doors say so.
#include "gyre/run/tick_guard.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

#include "gyre/core/allocation_counter.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/run/filtered_robot.h"
#include "gyre/run/grasp_frame_check.h"
#include "gyre/run/testing.h"

#ifdef GYRE_COUNTS_ALLOCATIONS
namespace {

thread_local int64_t thread_locks = 0;

using LockCall = int (*)(void*);
int next_lock(const char* name, std::atomic<LockCall>& known, void* lock) {
  ++thread_locks;
  LockCall call = known.load(std::memory_order_relaxed);
  if (call == nullptr) {
    call = reinterpret_cast<LockCall>(dlsym(RTLD_NEXT, name));
    known.store(call, std::memory_order_relaxed);
  }
  return call(lock);
}
std::atomic<LockCall> mutex_lock, read_lock, write_lock;

}  // namespace

extern "C" {
int pthread_mutex_lock(pthread_mutex_t* lock) noexcept {
  return next_lock("pthread_mutex_lock", mutex_lock, lock);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  return next_lock("pthread_rwlock_rdlock", read_lock, lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  return next_lock("pthread_rwlock_wrlock", write_lock, lock);
}
}

namespace gyre::run {
namespace {

constexpr double kGuardPeriodS = 0.002;

// Runs `call` in a guarded thread of a process of its own; the signal that ended it, 0 for none.
template <class Call>
int signal_of(const Call& call) {
  const pid_t child = fork();
  if (child == 0) {
    std::thread([&] {
      allow_only_tick_calls();
      call();
      _exit(0);
    }).join();
    _exit(1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void sleep_a_little() {
  timespec time{.tv_sec = 0, .tv_nsec = 1'000'000};
  clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr);
}

TEST(TickGuard, AllowsClockAndSleepAndWaking) {
  EXPECT_EQ(signal_of([] {
              timespec time{};
              clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);  // a system call, unlike others
              sleep_a_little();
              std::atomic<int> state = 1;
              state.notify_all();
              syscall(SYS_futex, &state, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
            }),
            0);
}

TEST(TickGuard, KillsWhoAllocatesMapsWaitsOrWrites) {
  EXPECT_EQ(signal_of([] {
              volatile void* p =
                  ::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              static_cast<void>(p);
            }),
            SIGSYS);
  EXPECT_EQ(signal_of([] {
              for (int i = 0; i < 64; ++i) {  // until the thread's own store is used up
                volatile char* p = static_cast<char*>(__libc_malloc(1 << 20));
                p[0] = 1;
              }
            }),
            SIGSYS);
  EXPECT_EQ(signal_of([] {
              int word = 1;
              timespec time{.tv_sec = 0, .tv_nsec = 1};
              syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, &time, nullptr, 0);
            }),
            SIGSYS);
  EXPECT_EQ(signal_of([] { syscall(SYS_write, STDERR_FILENO, "", 0); }), SIGSYS);
  EXPECT_EQ(signal_of([] { syscall(SYS_sched_yield); }), SIGSYS);
}

TEST(TickGuard, AllowsReadsAndWritesOnTheBusAlone) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const auto writes_to = [&](int descriptor) {
    const pid_t child = fork();
    if (child == 0) {
      const int bus[] = {ends[1]};
      allow_only_tick_calls(bus);
      syscall(SYS_write, descriptor, "x", 1);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  };
  EXPECT_EQ(writes_to(ends[1]), 0);
  EXPECT_EQ(writes_to(STDERR_FILENO), SIGSYS);
  close(ends[0]);
  close(ends[1]);
}

TEST(TickGuard, TheCountersSeeALockAndAFree) {
  std::mutex mutex;
  const int64_t locks = thread_locks, frees = thread_frees;
  mutex.lock();
  mutex.unlock();
  free(__libc_malloc(8));
  EXPECT_EQ(thread_locks - locks, 1);
  EXPECT_EQ(thread_frees - frees, 1);
}

// Follows every command.
class GuardedArm : public Robot {
 public:
  GuardedArm(Embodiment contract, std::vector<float> at)
      : contract_(std::move(contract)), at_(std::move(at)) {}
  const Embodiment& embodiment() const noexcept override { return contract_; }
  RobotStatus read(RobotState& state) noexcept override {
    state.time_ns = clock_.now_ns();
    std::ranges::copy(at_, state.values.begin());
    return RobotStatus::kOk;
  }
  WriteResult write(std::span<const float> command) noexcept override {
    std::ranges::copy(command, at_.begin());
    return {};
  }
  std::span<const float> sent() const noexcept override { return at_; }
  void hold(std::span<float> command) noexcept override { std::ranges::copy(at_, command.begin()); }
  RobotStatus stop() noexcept override { return RobotStatus::kOk; }

 private:
  Embodiment contract_;
  std::vector<float> at_;
  SteadyClock clock_;
};

// Chunks of ten small motions.
class GuardEngine : public SmallEngine {
 public:
  explicit GuardEngine(const Embodiment& contract)
      : SmallEngine(contract), dim_(static_cast<int>(contract.action.size())) {}
  std::vector<ActionChunk> sample(const infer::Prefix&, std::span<Rng> rngs,
                                  const infer::SampleOptions&) const override {
    std::vector<ActionChunk> chunks;
    for (Rng& rng : rngs) {
      ActionChunk& chunk = chunks.emplace_back();
      chunk.horizon = 10;
      chunk.dim = dim_;
      for (int i = 0; i < chunk.horizon * chunk.dim; ++i) {
        chunk.actions.push_back(static_cast<float>(rng.uniform(-0.01, 0.01)));
      }
    }
    return chunks;
  }

 private:
  int dim_;
};

// Guards its thread from a tick on, and counts what the thread does at the C library.
class GuardMonitor : public Monitor {
 public:
  explicit GuardMonitor(int64_t warm_ticks) : warm_ticks_(warm_ticks) {}
  void after(const Step& step, EventSink&) override {
    if (step.index == warm_ticks_) {
      allow_only_tick_calls();
      allocated_ = thread_allocations;
      freed_ = thread_frees;
      locked_ = thread_locks;
    }
    if (step.index <= warm_ticks_) return;
    ++ticks;
    policy_ticks += step.source == Source::kPolicy;
    allocations = thread_allocations - allocated_;
    frees = thread_frees - freed_;
    locks = thread_locks - locked_;
  }
  int64_t ticks = 0, policy_ticks = 0, allocations = 0, frees = 0, locks = 0;

 private:
  int64_t warm_ticks_;
  int64_t allocated_ = 0, freed_ = 0, locked_ = 0;
};

// The whole way of a command of a real arm: loop, tape, port, filters, inverse kinematics.
void drive_guarded(const std::string& method, GuardMonitor& monitor) {
  const auto folder = RobotFolder::load("so101");
  Embodiment joints = folder->contract("joint", 8);
  joints.control_period_s = kGuardPeriodS;
  std::vector<float> home;
  for (const ArmJoint& joint : folder->joints) home.push_back(static_cast<float>(joint.home));
  home.push_back(1);
  auto filtered = std::make_unique<FilteredRobot>(std::make_unique<GuardedArm>(joints, home),
                                                  std::make_unique<GraspFrameCheck>(folder));
  FilteredRobot robot(std::make_unique<CartesianRobot>(std::move(filtered), folder));
  const Embodiment& contract = robot.embodiment();
  SteadyClock clock;
  std::vector<std::unique_ptr<CountingCamera>> own;
  std::vector<Camera*> cameras;
  for (const CameraSpec& spec : contract.cameras) {
    own.push_back(std::make_unique<CountingCamera>(spec, clock));
    cameras.push_back(own.back().get());
  }
  ListSink sink;
  sink.pictures = false;
  const GuardEngine engine(contract);
  const LoopConfig config{.method = method, .real_time = true};
  Tape tape(contract, Tape::WhenFull::kDrop);
  tape.add(sink);
  ThreadedPort port(EngineClient(engine, contract, {.method = join_method(method), .draws = 8}),
                    contract);
  PolicySource policy(port, contract, config, tape);
  ControlLoop loop(robot, cameras, clock, tape, &policy, config);
  loop.add_monitor(monitor);
  // A guarded thread cannot do what comes after: it ends with its loop.
  std::thread([&] {
    auto header = std::make_shared<Header>();
    header->contract = contract;
    const auto goal = std::make_shared<const Goal>(Goal{.id = 1, .task = "tidy up"});
    const GoalPtr kept = goal;
    const HeaderPtr kept_header = header;
    loop.run(header, goal, 1, 1000, [&] {
      if (monitor.ticks < 600) return false;
      syscall(SYS_exit_group,
              monitor.allocations + monitor.frees + monitor.locks == 0 && monitor.policy_ticks > 300
                  ? 0
                  : 3);
      return true;
    });
  }).join();
}

TEST(TickGuard, ATickOfALoopInRealTimeKeepsToThem) {
  for (const char* method : {"draws", "ensemble"}) {
    const pid_t child = fork();
    if (child == 0) {
      GuardMonitor monitor(200);
      drive_guarded(method, monitor);
      _exit(4);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_FALSE(WIFSIGNALED(status))
        << method << ": a call that is not allowed, signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0) << method << ": 3: it allocated, freed, locked or held still";
  }
}

}  // namespace
}  // namespace gyre::run
#endif
