#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/infer/engine.h"
#include "gyre/run/arena.h"
#include "gyre/run/control_loop.h"
#include "gyre/run/lock_step_port.h"
#include "gyre/run/threaded_port.h"

// Shared by the tests of this folder.
namespace gyre::run {

inline constexpr float kNoNumber = std::numeric_limits<float>::quiet_NaN();

// A joint and a slide, with `cameras` cameras of 8 x 6 pixels.
inline Embodiment small_arm(double control_period_s = 0, int cameras = 1) {
  Embodiment e;
  e.name = "small/joint";
  e.action_period_s = 0.1;
  e.control_period_s = control_period_s;
  e.state = {{.name = "joint", .unit = "rad", .min = -2, .max = 2}};
  e.action = {{.name = "joint", .unit = "rad", .min = -1, .max = 1, .max_velocity = 5},
              {.name = "delta", .unit = "m", .kind = FieldKind::kDelta, .min = -1, .max = 1}};
  for (int c = 0; c < cameras; ++c) {
    e.cameras.push_back({std::string(1, static_cast<char>('a' + c)), 8, 6, "fixed"});
  }
  return e;
}

// Follows every command at once; in simulated time each command moves the clock by one control
// period.
class SmallArm : public Robot {
 public:
  SmallArm(Embodiment contract, SimulatedClock* clock)
      : contract_(std::move(contract)), clock_(clock) {
    commands.reserve(4096);
  }
  const Embodiment& embodiment() const noexcept override { return contract_; }
  RobotStatus read(RobotState& state) noexcept override {
    state.time_ns = now_ns();
    state.values[0] = joint_;
    return RobotStatus::kOk;
  }
  WriteResult write(std::span<const float> command) noexcept override {
    std::ranges::copy(command, sent_.begin());
    joint_ = command[0];
    if (commands.size() < commands.capacity()) commands.push_back({command[0], command[1]});
    if (clock_ != nullptr) {
      clock_->set(clock_->now_ns() + static_cast<int64_t>(contract_.tick_s() * 1e9));
    }
    if (std::ssize(commands) == fails_at) return {.status = RobotStatus::kFault};
    return {};
  }
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override {
    command[0] = std::ssize(commands) >= lost_at ? kNoNumber : joint_;
    command[1] = 0;
  }
  RobotStatus stop() noexcept override {
    ++stops;
    return RobotStatus::kOk;
  }
  std::string fault() const override { return "motor hot"; }

  std::vector<std::array<float, 2>> commands;
  int64_t fails_at = -1;                                  // refuses its n-th command
  int64_t lost_at = std::numeric_limits<int64_t>::max();  // has no position after n commands
  int stops = 0;
  SteadyClock steady;

 private:
  int64_t now_ns() const noexcept { return clock_ != nullptr ? clock_->now_ns() : steady.now_ns(); }
  Embodiment contract_;
  SimulatedClock* clock_;
  float joint_ = 0.25F;
  std::vector<float> sent_ = {0, 0};
};

// A new picture each time it is asked; the first byte counts them.
class CountingCamera : public Camera {
 public:
  CountingCamera(CameraSpec spec, const Clock& clock)
      : spec_(std::move(spec)), clock_(clock), pool_(spec_.width, spec_.height, 64) {}
  const CameraSpec& spec() const noexcept override { return spec_; }
  PictureRef newest() noexcept override {
    ++asked;
    return pool_.make([&](Picture& picture) {
      picture.id = next_++;
      picture.time_ns = clock_.now_ns();
      picture.image.rgb[0] = static_cast<uint8_t>(picture.id);
    });
  }
  int asked = 0;

 private:
  CameraSpec spec_;
  const Clock& clock_;
  PicturePool pool_;
  int64_t next_ = 0;
};

// Says success when it is told to.
class ToldJudge : public Judge {
 public:
  void after(const Step& step, EventSink& events) override {
    if (!satisfied || over) return;
    over = events.post({.time_ns = step.time_ns,
                        .author = "judge",
                        .body = event::Verdict{-1, event::Outcome::kSuccess, ""}});
  }
  bool done() const override { return over; }
  bool success() const override { return over; }
  int subtasks_done() const override { return 0; }
  int subtasks() const override { return 1; }
  std::atomic<bool> satisfied{false}, over{false};
};

// A small arm by the wall clock.
class SmallBench : public Bench {
 public:
  SmallBench()
      : robot_(small_arm(0.005), nullptr),
        camera_(robot_.embodiment().cameras[0], robot_.steady),
        list_{&camera_} {}
  void prepare(const Attempt& attempt) {
    attempt_ = attempt;
    goal_ = std::make_shared<const Goal>(Goal{.task = attempt.instruction, .author = "task"});
  }
  const Attempt& attempt() const override { return attempt_; }
  Robot& robot() override { return robot_; }
  std::span<Camera* const> cameras() override { return list_; }
  Clock& clock() override { return robot_.steady; }
  GoalPtr goal() const override { return goal_; }
  ToldJudge& judge() override { return judge_; }
  int64_t time_limit_ticks() const override { return 0; }
  std::unique_ptr<CommandSource> expert() override { return nullptr; }
  std::unique_ptr<CommandSource> helper(const HelpConfig&) override { return nullptr; }
  std::string save() const override { return ""; }
  void restore(std::string_view) override {}
  std::vector<Image> portrait(int) override { return {}; }
  ScenePtr scene(bool) override { return nullptr; }

 private:
  Attempt attempt_{.embodiment = "small/joint", .task = "tidy", .seed = 3};
  SmallArm robot_;
  CountingCamera camera_;
  std::array<Camera*, 1> list_;
  GoalPtr goal_ = std::make_shared<const Goal>(Goal{.task = "tidy up", .author = "task"});
  ToldJudge judge_;
};

// Chunks of 6 actions: the joint takes a random value drawn from the request's noise, and `delta`
// counts the action's index in hundredths.
class SmallEngine : public infer::Engine {
 public:
  explicit SmallEngine(const Embodiment& contract, std::string hash = "0123456789abcdef") {
    checkpoint_.embodiments[contract.name].contract = contract;
    checkpoint_.policy_hash = std::move(hash);
  }
  const Checkpoint& checkpoint() const override { return checkpoint_; }
  infer::EngineDescription description() const override { return {"small", "f32", "none", 1}; }
  std::unique_ptr<infer::Prefix> encode(std::span<const Request* const> requests, infer::Ask ask,
                                        const infer::Prefix* last) const override {
    const Request& request = *requests[0];
    ++(ask == infer::Ask::kSubtask ? subtask_passes : action_passes);
    auto prefix = std::make_unique<SmallPrefix>();
    prefix->asked = ask;
    prefix->words = ask == infer::Ask::kSubtask ? request.goal->task : request.goal->prompt();
    prefix->observed_ns = request.frame.time_ns;
    for (const PictureRef& picture : request.frame.pictures) {
      prefix->pictures.push_back(picture ? picture->id : -1);
      prefix->taken.push_back(-1);
    }
    if (const auto* before = dynamic_cast<const SmallPrefix*>(last)) {
      for (size_t c = 0; c < prefix->taken.size(); ++c) {
        if (before->pictures[c] == prefix->pictures[c]) prefix->taken[c] = prefix->pictures[c];
      }
    }
    return prefix;
  }
  std::vector<std::string> think(const infer::Prefix& prefix) const override {
    return {"step of " + prefix.prompt(0)};
  }
  std::vector<ActionChunk> sample(const infer::Prefix& prefix, std::span<Rng> rngs,
                                  const infer::SampleOptions&) const override {
    if (fails) throw Error("engine", "is out of memory");
    std::this_thread::sleep_for(std::chrono::milliseconds(slow_ms));
    std::vector<ActionChunk> chunks;
    for (Rng& rng : rngs) {
      chunks.push_back(chunk_from(rng));
      chunks.back().observation_time_ns = dynamic_cast<const SmallPrefix&>(prefix).observed_ns;
    }
    return chunks;
  }
  ActionChunk chunk_from(Rng& rng) const {
    ActionChunk chunk{.horizon = 6, .dim = 2};
    for (int i = 0; i < chunk.horizon; ++i) {
      const float joint = poisoned ? kNoNumber : static_cast<float>(rng.uniform(0, 0.4));
      chunk.actions.insert(chunk.actions.end(), {joint, 0.01F * static_cast<float>(i)});
    }
    return chunk;
  }

  std::atomic<bool> fails = false, poisoned = false;
  std::atomic<int> slow_ms = 0;
  mutable std::atomic<int> subtask_passes = 0, action_passes = 0;

 private:
  struct SmallPrefix : infer::Prefix {
    int batch() const override { return 1; }
    infer::Ask ask() const override { return asked; }
    const std::string& prompt(int) const override { return words; }
    std::span<const int64_t> reused(int) const override { return taken; }
    infer::Ask asked = infer::Ask::kActions;
    std::string words;
    std::vector<int64_t> pictures, taken;
    int64_t observed_ns = 0;
  };
  Checkpoint checkpoint_;
};

// Keeps every record of a tape.
class ListSink : public TapeSink {
 public:
  std::string_view name() const override { return "list"; }
  bool wants(RecordKind kind) const override { return pictures || kind != RecordKind::kPicture; }
  void take(const Record& record) override { records.push_back(record); }

  std::vector<Step> steps() const {
    std::vector<Step> all;
    for (const Record& record : records) {
      if (record.kind == RecordKind::kStep) all.push_back(record.step);
    }
    return all;
  }
  template <class Body>
  std::vector<Body> events() const {
    std::vector<Body> all;
    for (const Record& record : records) {
      if (record.kind != RecordKind::kEvent) continue;
      if (const auto* body = std::get_if<Body>(&record.event.body)) all.push_back(*body);
    }
    return all;
  }
  int count(RecordKind kind) const {
    return static_cast<int>(
        std::ranges::count_if(records, [&](const Record& r) { return r.kind == kind; }));
  }

  bool pictures = true;
  std::vector<Record> records;
};

// A loop around a small arm, everything it writes on its tape in `sink` after run().
struct Rig {
  explicit Rig(LoopConfig loop_config = {}, Embodiment arm = small_arm())
      : config(std::move(loop_config)),
        contract(std::move(arm)),
        robot(contract, config.real_time ? nullptr : &simulated),
        engine(contract) {
    for (const CameraSpec& spec : contract.cameras) {
      cameras.push_back(std::make_unique<CountingCamera>(spec, clock()));
      camera_list.push_back(cameras.back().get());
    }
  }
  Clock& clock() {
    return config.real_time ? static_cast<Clock&>(robot.steady) : static_cast<Clock&>(simulated);
  }
  Outcome run(int64_t ticks, uint64_t seed = 1, const std::string& task = "tidy up") {
    if (!tape) begin();
    auto header = std::make_shared<Header>();
    header->contract = contract;
    header->attempt = true;
    header->episode.number = episodes++;
    const auto goal = std::make_shared<const Goal>(Goal{.id = 7, .task = task, .author = "task"});
    return loop->run(header, goal, seed, ticks, [] { return false; });
  }
  // Makes the loop; before run() only where a test adds something to it.
  void begin(Robot* outer = nullptr) {
    tape.emplace(contract, config.real_time ? Tape::WhenFull::kDrop : Tape::WhenFull::kWait);
    tape->add(sink);
    if (with_policy) {
      EngineClient client(
          engine, contract,
          {.think = config.think, .method = join_method(config.method), .draws = config.draws});
      if (config.real_time) {
        port = std::make_unique<ThreadedPort>(std::move(client), contract);
      } else {
        port = std::make_unique<LockStepPort>(
            std::move(client), contract,
            LockStepPort::Link{config.delay_ticks, config.jitter_ticks, config.loss});
      }
      policy.emplace(*port, contract, config, *tape);
    }
    loop.emplace(outer != nullptr ? *outer : robot, camera_list, clock(), *tape,
                 policy ? &*policy : nullptr, config);
  }
  // Ends the tape; `sink` is complete.
  const ListSink& end() {
    tape->close();
    return sink;
  }

  LoopConfig config;
  Embodiment contract;
  SimulatedClock simulated;
  SmallArm robot;
  SmallEngine engine;
  bool with_policy = true;
  std::vector<std::unique_ptr<CountingCamera>> cameras;
  std::vector<Camera*> camera_list;
  ListSink sink;
  std::optional<Tape> tape;
  std::unique_ptr<PolicyPort> port;
  std::optional<PolicySource> policy;
  std::optional<ControlLoop> loop;
  int64_t episodes = 0;
};

}  // namespace gyre::run
