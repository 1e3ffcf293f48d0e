// gyre bench drive: what the control loop costs, and how late it wakes, beside a bare loop of
// clock_nanosleep of the same priority.
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "bench_facts.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/run/control_loop.h"
#include "gyre/run/filtered_robot.h"
#include "gyre/run/grasp_frame_check.h"
#include "gyre/run/real_time.h"
#include "gyre/run/threaded_port.h"
#include "gyre/run/tick_guard.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

constexpr int64_t kLateNs = 1'000'000;  // a tick that wakes later than this is attributed
constexpr int kPixels = 64;

struct DriveBench {
  std::string embodiment = "so101/joint";
  double rate_hz = 500, block_seconds = 10, inference_ms = 20;
  int blocks = 20, plain_blocks = 5;
  int priority = 80, cpu = 0;
  bool load = true;
  bool guarded = false;  // the other process: a loop that the kernel watches
  std::string json;
};

int64_t clock_ns(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return int64_t{1'000'000'000} * time.tv_sec + time.tv_nsec;
}

// Learns on other processors: products of matrices that do not fit the first cache.
class Learner {
 public:
  explicit Learner(int spared_cpu) {
    const auto cpus = static_cast<int>(std::thread::hardware_concurrency());
    for (int cpu = 0; cpu < cpus; ++cpu) {
      if (cpu != spared_cpu) threads_.emplace_back([this, cpu] { learn(cpu); });
    }
  }
  ~Learner() { ending_ = true; }
  size_t processors() const { return threads_.size(); }
  double sum() const { return sum_.load(); }  // so that the products are not left out

 private:
  static constexpr int kSize = 256;
  void learn(int cpu) {
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
      sum_ = c[7];
    }
  }
  std::atomic<bool> ending_{false};
  std::atomic<double> sum_{0};
  std::vector<std::jthread> threads_;
};

// Time that the host took a processor away, sampled by a thread of its own.
class Stolen {
 public:
  explicit Stolen(int cpu) : name_(fmt::format("cpu{} ", cpu)) {
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        samples_.push_back({clock_ns(CLOCK_MONOTONIC), read()});
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    });
  }
  void end() { thread_ = {}; }
  // After end(): some was stolen around this span.
  bool within(int64_t begin_ns, int64_t end_ns) const {
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
  double seconds() const {
    if (samples_.empty()) return 0;
    return static_cast<double>(samples_.back().ticks - samples_.front().ticks) /
           static_cast<double>(sysconf(_SC_CLK_TCK));
  }

 private:
  struct Sample {
    int64_t time_ns, ticks;
  };
  int64_t read() const {
    std::array<char, 8192> text{};
    const int file = ::open("/proc/stat", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    const ssize_t size = ::read(file, text.data(), text.size() - 1);
    ::close(file);
    const std::string all(text.data(), static_cast<size_t>(std::max<ssize_t>(size, 0)));
    const size_t at = all.find(name_);
    if (at == std::string::npos) return 0;
    int64_t steal = 0;
    std::sscanf(all.c_str() + at + name_.size(), "%*d %*d %*d %*d %*d %*d %*d %ld", &steal);
    return steal;
  }
  std::string name_;
  std::vector<Sample> samples_;
  std::jthread thread_;
};

// How long the calling thread has waited for a processor that others used.
class RunDelay {
 public:
  RunDelay() : file_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}
  ~RunDelay() { ::close(file_); }
  RunDelay(const RunDelay&) = delete;
  RunDelay& operator=(const RunDelay&) = delete;
  int64_t ns() const {
    std::array<char, 96> text{};
    if (::pread(file_, text.data(), text.size() - 1, 0) <= 0) return 0;
    char* end = text.data();
    std::strtoll(end, &end, 10);
    return std::strtoll(end, nullptr, 10);
  }
  int descriptor() const { return file_; }

 private:
  int file_;
};

// A wake-up that came more than a millisecond late.
struct LateTick {
  int64_t due_ns = 0, woke_ns = 0;
  int64_t work_ns = 0;       // CPU time of the period before
  int64_t run_delay_ns = 0;  // waited for the processor since the wake-up before
};

// The wake-ups of one block.
struct Block {
  std::vector<double> late_us, work_us;
  std::vector<LateTick> late;
};

// Sleeps, and notes how late each wake-up was and what was computed since the one before.
class Sleeper {
 public:
  void begin(Block& block, size_t ticks) {
    block_ = &block;
    block.late_us.reserve(ticks);
    block.work_us.reserve(ticks);
    block.late.reserve(1024);
    woke_ns_ = 0;
    run_delay_ns_ = run_delay_.ns();
  }
  void sleep_until(int64_t due_ns) noexcept {
    const int64_t work_ns = woke_ns_ > 0 ? clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_at_wake_ns_ : 0;
    const timespec due{.tv_sec = due_ns / 1'000'000'000, .tv_nsec = due_ns % 1'000'000'000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr) == EINTR) {
    }
    const int64_t woke_ns = clock_ns(CLOCK_MONOTONIC);
    if (woke_ns_ > 0 && block_->late_us.size() < block_->late_us.capacity())
      note(due_ns, woke_ns, work_ns);
    woke_ns_ = woke_ns;
    cpu_at_wake_ns_ = clock_ns(CLOCK_THREAD_CPUTIME_ID);
  }
  int descriptor() const { return run_delay_.descriptor(); }

 private:
  void note(int64_t due_ns, int64_t woke_ns, int64_t work_ns) noexcept {
    block_->late_us.push_back(static_cast<double>(woke_ns - due_ns) / 1e3);
    block_->work_us.push_back(static_cast<double>(work_ns) / 1e3);
    const int64_t run_delay_ns = run_delay_.ns();
    if (woke_ns - due_ns > kLateNs && block_->late.size() < block_->late.capacity()) {
      block_->late.push_back({due_ns, woke_ns, work_ns, run_delay_ns - run_delay_ns_});
    }
    run_delay_ns_ = run_delay_ns;
  }
  Block* block_ = nullptr;
  RunDelay run_delay_;
  int64_t woke_ns_ = 0, cpu_at_wake_ns_ = 0, run_delay_ns_ = 0;
};

class SleeperClock : public Clock {
 public:
  explicit SleeperClock(Sleeper& sleeper) : sleeper_(sleeper) {}
  int64_t now_ns() const noexcept override { return clock_ns(CLOCK_MONOTONIC); }
  void sleep_until(int64_t time_ns) noexcept override { sleeper_.sleep_until(time_ns); }
  int64_t unix_ns(int64_t time_ns) const noexcept override { return time_ns; }
  bool simulated() const noexcept override { return false; }

 private:
  Sleeper& sleeper_;
};

// Is where it was commanded.
class NullRobot : public Robot {
 public:
  NullRobot(Embodiment contract, const RobotFolder& folder) : contract_(std::move(contract)) {
    for (const ArmJoint& joint : folder.joints) at_.push_back(static_cast<float>(joint.home));
    at_.push_back(1);
  }
  const Embodiment& embodiment() const noexcept override { return contract_; }
  RobotStatus read(RobotState& state) noexcept override {
    state.time_ns = clock_ns(CLOCK_MONOTONIC);
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
};

// Thirty black pictures a second.
class NullCamera : public Camera {
 public:
  explicit NullCamera(CameraSpec spec)
      : spec_(std::move(spec)), pool_(spec_.width, spec_.height, 64) {}
  const CameraSpec& spec() const noexcept override { return spec_; }
  PictureRef newest() noexcept override {
    constexpr int64_t kFrameNs = 33'333'333;
    const int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
    if (newest_ && now_ns - newest_->time_ns < kFrameNs) return newest_;
    PictureRef picture = pool_.make([&](Picture& free) {
      free.id = next_id_++;
      free.time_ns = now_ns;
    });
    if (picture) newest_ = std::move(picture);
    return newest_;
  }

 private:
  CameraSpec spec_;
  PicturePool pool_;
  PictureRef newest_;
  int64_t next_id_ = 0;
};

// Answers with small swings after a set time.
class CannedEngine : public infer::Engine {
 public:
  CannedEngine(const Embodiment& contract, double milliseconds)
      : contract_(contract), milliseconds_(milliseconds) {
    checkpoint_.embodiments[contract.name].contract = contract;
    checkpoint_.policy_hash = "canned";
    checkpoint_.config.horizon = 10;
  }
  const Checkpoint& checkpoint() const override { return checkpoint_; }
  infer::EngineDescription description() const override { return {.engine = "canned"}; }
  std::unique_ptr<infer::Prefix> encode(std::span<const Request* const> requests, infer::Ask ask,
                                        const infer::Prefix*) const override {
    auto prefix = std::make_unique<CannedPrefix>();
    prefix->asked = ask;
    prefix->words = requests[0]->goal->prompt();
    prefix->taken.assign(requests[0]->frame.pictures.size(), -1);
    return prefix;
  }
  std::vector<std::string> think(const infer::Prefix&) const override { return {""}; }
  std::vector<ActionChunk> sample(const infer::Prefix&, std::span<Rng> rngs,
                                  const infer::SampleOptions&) const override {
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(milliseconds_));
    std::vector<ActionChunk> chunks;
    for (Rng& rng : rngs) {
      ActionChunk& chunk = chunks.emplace_back();
      chunk.horizon = checkpoint_.config.horizon;
      chunk.dim = static_cast<int>(contract_.action.size());
      for (int h = 0; h < chunk.horizon; ++h) {
        for (const Field& field : contract_.action) {
          const double middle = (field.min + field.max) / 2, half = (field.max - field.min) / 2;
          chunk.actions.push_back(static_cast<float>(middle + 0.05 * half * rng.uniform(-1, 1)));
        }
      }
    }
    return chunks;
  }

 private:
  struct CannedPrefix : infer::Prefix {
    int batch() const override { return 1; }
    infer::Ask ask() const override { return asked; }
    const std::string& prompt(int) const override { return words; }
    std::span<const int64_t> reused(int) const override { return taken; }
    infer::Ask asked{};
    std::string words;
    std::vector<int64_t> taken;
  };
  Embodiment contract_;
  double milliseconds_;
  Checkpoint checkpoint_;
};

// The control loop of an arm that is not there, with all filters of one that is.
class BenchLoop {
 public:
  BenchLoop(const DriveBench& bench, Sleeper& sleeper) : clock_(sleeper) {
    const auto [name, space] = split_embodiment(bench.embodiment);
    const std::shared_ptr<const RobotFolder> folder = RobotFolder::load(name);
    Embodiment joints = folder->contract("joint", kPixels);
    joints.control_period_s = 1 / bench.rate_hz;
    robot_ = std::make_unique<run::FilteredRobot>(std::make_unique<NullRobot>(joints, *folder),
                                                  std::make_unique<run::GraspFrameCheck>(folder));
    if (space == "ee") {
      robot_ = std::make_unique<run::FilteredRobot>(
          std::make_unique<CartesianRobot>(std::move(robot_), folder));
    }
    const Embodiment& contract = robot_->embodiment();
    contract.validate();
    for (const CameraSpec& spec : contract.cameras) {
      own_cameras_.push_back(std::make_unique<NullCamera>(spec));
      cameras_.push_back(own_cameras_.back().get());
    }
    engine_ = std::make_unique<CannedEngine>(contract, bench.inference_ms);
    config_.real_time = true;
    tape_ = std::make_unique<run::Tape>(contract, run::Tape::WhenFull::kDrop);
    tape_->add(sink_);
    port_ = std::make_unique<run::ThreadedPort>(
        run::EngineClient(*engine_, contract,
                          {.method = run::join_method(config_.method), .draws = config_.draws}),
        contract);
    policy_ = std::make_unique<run::PolicySource>(*port_, contract, config_, *tape_);
    loop_ = std::make_unique<run::ControlLoop>(*robot_, cameras_, clock_, *tape_, policy_.get(),
                                               config_);
    auto header = std::make_shared<Header>();
    header->contract = contract;
    header_ = header;
    goal_ = std::make_shared<const Goal>(Goal{.id = 1, .task = "tidy up"});
  }
  void run(int64_t ticks, const std::function<bool()>& done) {
    const run::Outcome outcome = loop_->run(header_, goal_, 1, ticks, done);
    held += outcome.held_ticks;
    steps += outcome.ticks;
  }
  int64_t held = 0, steps = 0;

 private:
  class NullSink : public run::TapeSink {
   public:
    std::string_view name() const override { return "none"; }
    void take(const Record&) override {}
  };
  SleeperClock clock_;
  std::unique_ptr<Robot> robot_;
  std::vector<std::unique_ptr<NullCamera>> own_cameras_;
  std::vector<Camera*> cameras_;
  std::unique_ptr<CannedEngine> engine_;
  run::LoopConfig config_;
  NullSink sink_;
  std::unique_ptr<run::Tape> tape_;
  std::unique_ptr<run::ThreadedPort> port_;
  std::unique_ptr<run::PolicySource> policy_;
  std::unique_ptr<run::ControlLoop> loop_;
  HeaderPtr header_;
  GoalPtr goal_;
};

// The blocks of both kinds, in turns, on one thread.
struct Turns {
  run::RealTimeReport real_time;
  std::vector<Block> loop, bare;
  int64_t held = 0;
};

Turns take_turns(const DriveBench& bench, int priority, int blocks) {
  Turns turns;
  turns.loop.resize(static_cast<size_t>(blocks));
  turns.bare.resize(static_cast<size_t>(blocks));
  const int64_t ticks = std::llround(bench.block_seconds * bench.rate_hz);
  const int64_t period_ns = std::llround(1e9 / bench.rate_hz);
  std::exception_ptr failure;
  std::thread([&] {
    try {
      Sleeper sleeper;
      BenchLoop loop(bench, sleeper);
      turns.real_time = run::make_real_time({.priority = priority, .affinity = {bench.cpu}});
      const auto done = [] { return stop_requested(); };
      Block warm_up;
      sleeper.begin(warm_up, 0);
      loop.run(std::llround(bench.rate_hz), done);
      for (int i = 0; i < blocks && !stop_requested(); ++i) {
        sleeper.begin(turns.loop[static_cast<size_t>(i)], static_cast<size_t>(ticks));
        loop.run(ticks, done);
        sleeper.begin(turns.bare[static_cast<size_t>(i)], static_cast<size_t>(ticks));
        int64_t due_ns = clock_ns(CLOCK_MONOTONIC);
        for (int64_t tick = 0; tick < ticks && !stop_requested(); ++tick) {
          sleeper.sleep_until(due_ns);
          due_ns = std::max(due_ns, clock_ns(CLOCK_MONOTONIC) - period_ns) + period_ns;
        }
      }
      turns.held = loop.held;
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
  if (stop_requested()) throw Error("bench drive", "was interrupted", "start it again");
  return turns;
}

// Late wake-ups by their cause. Own work can be the cause only where the period before computed
// for as long as a wake-up is late.
nlohmann::json causes(const std::vector<Block>& blocks, const Stolen& stolen) {
  int64_t own = 0, queue = 0, host = 0, host_told = 0;
  double worst_us = 0;
  for (const Block& block : blocks) {
    for (const LateTick& late : block.late) {
      worst_us = std::max(worst_us, static_cast<double>(late.woke_ns - late.due_ns) / 1e3);
      if (late.work_ns >= kLateNs) {
        ++own;
      } else if (2 * late.run_delay_ns >= late.woke_ns - late.due_ns) {
        ++queue;
      } else {
        ++host;
        host_told += stolen.within(late.due_ns, late.woke_ns);
      }
    }
  }
  return {{"own_work", own},
          {"run_queue", queue},
          {"host", host},
          {"host_with_steal_time", host_told},
          {"latest_us", worst_us}};
}

nlohmann::json lateness(const std::vector<Block>& blocks) {
  std::vector<double> p99, all;
  for (const Block& block : blocks) {
    p99.push_back(percentile(block.late_us, 0.99));
    all.insert(all.end(), block.late_us.begin(), block.late_us.end());
  }
  return {{"median_of_block_p99_us", percentile(p99, 0.5)},
          {"p50_us", percentile(all, 0.5)},
          {"p999_us", percentile(all, 0.999)},
          {"block_p99_us", p99},
          {"ticks", all.size()}};
}

nlohmann::json measure(const DriveBench& bench, int priority, int blocks) {
  Stolen stolen(bench.cpu);
  const Turns turns = take_turns(bench, priority, blocks);
  stolen.end();
  std::vector<double> work;
  for (const Block& block : turns.loop) {
    work.insert(work.end(), block.work_us.begin(), block.work_us.end());
  }
  nlohmann::json loop = lateness(turns.loop), bare = lateness(turns.bare);
  loop["late"] = causes(turns.loop, stolen);
  bare["late"] = causes(turns.bare, stolen);
  const double above =
      loop["median_of_block_p99_us"].get<double>() - bare["median_of_block_p99_us"].get<double>();
  return {{"scheduling", turns.real_time.fifo ? "SCHED_FIFO" : "plain"},
          {"priority", turns.real_time.fifo ? priority : 0},
          {"memory_locked", turns.real_time.locked},
          {"pinned", turns.real_time.pinned},
          {"refused", turns.real_time.refused},
          {"blocks_of_each", blocks},
          {"loop", loop},
          {"bare", bare},
          {"p99_above_bare_us", above},
          {"tick_cpu_us",
           {{"p50", percentile(work, 0.5)},
            {"p99", percentile(work, 0.99)},
            {"p999", percentile(work, 0.999)},
            {"most", percentile(work, 1)}}},
          {"held_ticks", turns.held},
          {"stolen_s", stolen.seconds()}};
}

// Two seconds of the loop under the kernel's guard; ends the process, which says so on its output.
void run_guarded(const DriveBench& bench) {
  std::thread([&] {
    Sleeper sleeper;
    BenchLoop loop(bench, sleeper);
    run::make_real_time({.priority = bench.priority, .affinity = {bench.cpu}});
    Block block;
    sleeper.begin(block, 0);
    int64_t ticks = 0;
    const int64_t warm = std::llround(bench.rate_hz);
    loop.run(4 * warm, [&] {
      if (++ticks == warm) {
        const int bus[] = {sleeper.descriptor(), STDOUT_FILENO};
        run::allow_only_tick_calls(bus);
      }
      if (ticks < 3 * warm) return false;
      constexpr std::string_view kDone = "{\"guarded_seconds\": 2}\n";
      const bool told = ::write(STDOUT_FILENO, kDone.data(), kDone.size()) > 0;
      ::_exit(told ? 0 : 1);
    });
  }).join();
}

std::string row(const nlohmann::json& result) {
  const auto late = [&](const char* kind) {
    const nlohmann::json& causes = result[kind]["late"];
    return fmt::format("{} own, {} run queue, {} host", causes["own_work"].get<int64_t>(),
                       causes["run_queue"].get<int64_t>(), causes["host"].get<int64_t>());
  };
  const nlohmann::json& cpu = result["tick_cpu_us"];
  return fmt::format(
      "{:<11} wake-up p99 {:.1f} us, bare {:.1f} us, above {:+.1f} us; tick {:.1f} / {:.1f} / "
      "{:.1f} us of CPU (p50 / p99 / p99.9)\n{:<11} more than 1 ms late: {} (bare loop: {}); {} "
      "ticks held; stolen {:.2f} s\n",
      result["scheduling"].get<std::string>(),
      result["loop"]["median_of_block_p99_us"].get<double>(),
      result["bare"]["median_of_block_p99_us"].get<double>(),
      result["p99_above_bare_us"].get<double>(), cpu["p50"].get<double>(), cpu["p99"].get<double>(),
      cpu["p999"].get<double>(), "", late("loop"), late("bare"),
      result["held_ticks"].get<int64_t>(), result["stolen_s"].get<double>());
}

void bench_drive(const DriveBench& bench) {
  if (bench.guarded) return run_guarded(bench);
  nlohmann::json rows = nlohmann::json::array();
  std::string text;
  size_t learners = 0;
  {
    std::unique_ptr<Learner> learner;
    if (bench.load) learner = std::make_unique<Learner>(bench.cpu);
    if (learner) learners = learner->processors();
    rows.push_back(measure(bench, bench.priority, bench.blocks));
    text += row(rows.back());
    if (rows.back()["scheduling"] != "plain" && bench.plain_blocks > 0) {
      rows.push_back(measure(bench, 0, bench.plain_blocks));
      text += row(rows.back());
    }
  }
  for (const nlohmann::json& refused : rows.front()["refused"]) {
    text += "not allowed: " + refused.get<std::string>() + '\n';
  }
  const nlohmann::json guard = run_apart({"bench", "drive", "--embodiment", bench.embodiment,
                                          "--rate", fmt::format("{}", bench.rate_hz), "--guarded"});
  text += "the kernel's guard (clock, sleep, waking, bus) had nothing to stop in 2 s\n";
  print_result(text,
               {{"rows", rows},
                {"guard", guard},
                {"embodiment", bench.embodiment},
                {"rate_hz", bench.rate_hz},
                {"block_seconds", bench.block_seconds},
                {"learning_processors", learners},
                {"commit", bench_commit()},
                {"cpu", processor()}},
               bench.json);
}

}  // namespace

void add_bench_drive(CLI::App& app) {
  const auto options = std::make_shared<DriveBench>();
  CLI::App* verb = app.add_subcommand(
      "drive", "the control loop in real time beside a bare clock_nanosleep loop, blocks in turns");
  verb->add_option("--embodiment", options->embodiment, "of the arm that is not there")
      ->type_name("NAME");
  verb->add_option("--rate", options->rate_hz, "control periods a second")
      ->check(CLI::Range(10.0, 2000.0))
      ->type_name("HZ");
  verb->add_option("--block-seconds", options->block_seconds, "of each block")
      ->check(CLI::Range(0.1, 600.0))
      ->type_name("S");
  verb->add_option("--blocks", options->blocks, "of each kind, in turns")
      ->check(at_least(1))
      ->type_name("N");
  verb->add_option("--plain-blocks", options->plain_blocks,
                   "of each kind without SCHED_FIFO; 0: none")
      ->check(at_least(0))
      ->type_name("N");
  verb->add_option("--priority", options->priority, "of SCHED_FIFO; 0: plain scheduling")
      ->check(CLI::Range(0, 99))
      ->type_name("N");
  verb->add_option("--cpu", options->cpu, "processor of the loop; the others learn")
      ->check(at_least(0))
      ->type_name("N");
  verb->add_flag("!--no-load", options->load, "let the other processors rest");
  verb->add_flag("--guarded", options->guarded)->group("");
  add_json_option(*verb, options->json);
  verb->callback([options] { bench_drive(*options); });
}

}  // namespace gyre::apps
