#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/testing.h"
#include "gyre/flywheel/gate_plan.h"
#include "gyre/flywheel/recipe.h"
#include "gyre/policy/initial_folder.h"
#include "gyre/run/arena.h"
#include "tests/source_dir.h"

// Shared by the tests of this folder: a toy robot, an arena of its tasks, and policies that do one
// thing.
namespace gyre::flywheel::testing {

using data::testing::TemporaryFolder;

inline constexpr int kToyPixels = 16;
inline constexpr float kToyGoal = 0.8F;     // where the expert brings a joint
inline constexpr float kToySuccess = 0.5F;  // from here on it is there

// Two joints that creep towards the commanded positions, and a camera. Two control periods are one
// action.
inline Embodiment toy_contract(const std::string& name, int pixels = kToyPixels) {
  Embodiment e{.name = name,
               .action_period_s = 0.1,
               .control_period_s = 0.05,
               .state = {},
               .action = {},
               .cameras = {{"front", pixels, pixels, "fixed"}},
               .workspace = {}};
  for (const char* joint : {"first", "second"}) {
    e.state.push_back({.name = joint, .unit = "rad", .min = -1, .max = 1});
    e.action.push_back({.name = joint, .unit = "rad", .min = -1, .max = 1});
  }
  return e;
}

struct ToyWorld {
  SimulatedClock clock;
  std::array<float, 2> joints{};
  int goal = 0;  // the joint that is to be raised
  bool raised() const { return joints[static_cast<size_t>(goal)] >= kToySuccess; }
};

class ToyRobot : public Robot {
 public:
  ToyRobot(Embodiment contract, ToyWorld& world, bool disturbed, uint64_t seed)
      : contract_(std::move(contract)),
        world_(world),
        disturbed_(disturbed),
        pushes_(Rng::stream(seed, "pushes")) {}
  const Embodiment& embodiment() const noexcept override { return contract_; }
  RobotStatus read(RobotState& state) noexcept override {
    state.time_ns = world_.clock.now_ns();
    std::ranges::copy(world_.joints, state.values.begin());
    return RobotStatus::kOk;
  }
  WriteResult write(std::span<const float> command) noexcept override {
    for (size_t j = 0; j < 2; ++j) {
      sent_[j] = command[j];
      world_.joints[j] += std::clamp(command[j] - world_.joints[j], -0.06F, 0.06F);
      if (disturbed_ && pushes_.chance(0.1)) {
        world_.joints[j] -= static_cast<float>(pushes_.uniform(0, 0.1));
      }
    }
    world_.clock.set(world_.clock.now_ns() + 50'000'000);
    return {};
  }
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override {
    std::ranges::copy(world_.joints, command.begin());
  }
  RobotStatus stop() noexcept override { return RobotStatus::kOk; }

 private:
  Embodiment contract_;
  ToyWorld& world_;
  bool disturbed_;
  Rng pushes_;
  std::array<float, 2> sent_{};
};

// The higher the joints, the brighter the two halves of the picture.
class ToyCamera : public Camera {
 public:
  ToyCamera(CameraSpec spec, const ToyWorld& world) : spec_(std::move(spec)), world_(world) {}
  const CameraSpec& spec() const noexcept override { return spec_; }
  PictureRef newest() noexcept override {
    return PictureRef(
        Picture{.image = draw(spec_.width), .time_ns = world_.clock.now_ns(), .id = next_id_++});
  }
  Image draw(int size) const {
    Image image = Image::black(size, size);
    for (size_t i = 0; i < image.rgb.size(); ++i) {
      const bool left = i / 3 % static_cast<size_t>(size) < static_cast<size_t>(size) / 2;
      image.rgb[i] = static_cast<uint8_t>(128 + 100 * world_.joints[left ? 0 : 1]);
    }
    return image;
  }

 private:
  CameraSpec spec_;
  const ToyWorld& world_;
  int64_t next_id_ = 0;
};

class ToyJudge : public run::Judge {
 public:
  ToyJudge(const ToyWorld& world, bool labels, int64_t limit)
      : world_(world), labels_(labels), limit_(limit) {}
  TruthPtr before(const run::Tick&) override {
    if (!labels_) return nullptr;
    return std::make_shared<const Truth>(
        Truth{.subtask = "raise it", .grounding = std::vector<float>(6, 0.0F)});
  }
  void after(const Step& step, run::EventSink& events) override {
    raised_ = raised_ || world_.raised();
    if (posted_ || (!raised_ && step.index + 1 < limit_)) return;
    posted_ =
        events.post({.time_ns = world_.clock.now_ns(),
                     .author = "judge",
                     .body = event::Verdict{
                         -1, raised_ ? event::Outcome::kSuccess : event::Outcome::kFailure, ""}});
  }
  bool done() const override { return raised_; }
  bool success() const override { return raised_; }
  int subtasks_done() const override { return raised_ ? 1 : 0; }
  int subtasks() const override { return 1; }

 private:
  const ToyWorld& world_;
  bool labels_;
  int64_t limit_;
  bool raised_ = false, posted_ = false;
};

// Raises the joint, from the first control period or once it has watched for a second.
class ToyExpert : public run::CommandSource {
 public:
  ToyExpert(const ToyWorld& world, bool watches) : world_(world), watches_(watches) {}
  Source source() const noexcept override { return Source::kExpert; }
  bool wants_control(const run::Tick& tick) noexcept override {
    return !watches_ || (tick.index >= 20 && !world_.raised());
  }
  void propose(const run::Tick&, Proposal& proposal) noexcept override {
    std::ranges::copy(world_.joints, proposal.action.begin());
    proposal.action[static_cast<size_t>(world_.goal)] = kToyGoal;
    proposal.valid = true;
  }

 private:
  const ToyWorld& world_;
  bool watches_;
};

class ToyBench : public run::Bench {
 public:
  ToyBench(run::Attempt attempt, const run::BenchOptions& options)
      : attempt_(std::move(attempt)),
        limit_(static_cast<int64_t>(40 * options.more_time)),
        robot_(toy_contract(attempt_.embodiment, options.image_size), world_, options.disturb,
               attempt_.seed),
        camera_(robot_.embodiment().cameras.front(), world_),
        camera_list_{&camera_},
        judge_(world_, options.labels, limit_) {
    world_.goal = attempt_.task.ends_with("second") ? 1 : 0;
    Rng rng = Rng::stream(attempt_.seed, "start");
    for (float& joint : world_.joints) joint = static_cast<float>(rng.uniform(-0.2, 0.2));
    if (attempt_.instruction.empty()) {
      attempt_.instruction = (rng.chance(0.5) ? "raise the " : "lift the ") +
                             std::string(world_.goal == 1 ? "second joint" : "first joint");
    }
    goal_ = std::make_shared<const Goal>(Goal{.task = attempt_.instruction, .author = "task"});
  }
  const run::Attempt& attempt() const override { return attempt_; }
  Robot& robot() override { return robot_; }
  std::span<Camera* const> cameras() override { return camera_list_; }
  Clock& clock() override { return world_.clock; }
  GoalPtr goal() const override { return goal_; }
  run::Judge& judge() override { return judge_; }
  int64_t time_limit_ticks() const override { return limit_; }
  std::unique_ptr<run::CommandSource> expert() override {
    return std::make_unique<ToyExpert>(world_, false);
  }
  std::unique_ptr<run::CommandSource> helper(const run::HelpConfig&) override {
    return std::make_unique<ToyExpert>(world_, true);
  }
  std::string save() const override { return ""; }
  void restore(std::string_view) override {}
  std::vector<Image> portrait(int size) override { return {camera_.draw(size)}; }
  ScenePtr scene(bool) override { return nullptr; }

 private:
  run::Attempt attempt_;
  int64_t limit_;
  ToyWorld world_;
  ToyRobot robot_;
  ToyCamera camera_;
  std::array<Camera*, 1> camera_list_;
  ToyJudge judge_;
  GoalPtr goal_;
};

// Suite "known" is about the first joint, in two families; suite "new" about the second.
class ToyArena : public run::Arena {
 public:
  std::vector<std::string> suites() const override { return {"known", "new"}; }
  std::vector<std::string> embodiments() const override { return {"toy/joint", "twin/joint"}; }
  Embodiment contract(const std::string& embodiment, int image_size) const override {
    if (embodiment != "toy/joint" && embodiment != "twin/joint") {
      throw Error("robot '" + embodiment + "'", "is unknown");
    }
    return toy_contract(embodiment, image_size);
  }
  std::vector<run::Attempt> deal(const std::string& suite, const std::vector<std::string>& robots,
                                 int64_t count, uint64_t seed) const override {
    if (suite != "known" && suite != "new") throw Error("suite '" + suite + "'", "is unknown");
    if (robots.empty()) throw Error("embodiments", "are none");
    std::vector<run::Attempt> attempts;
    for (int64_t i = 0; i < count; ++i) {
      const auto robot = static_cast<size_t>(i) % robots.size();
      const bool touch = static_cast<size_t>(i) / robots.size() % 2 == 1;
      attempts.push_back(attempt(suite == "new" ? "raise/second"
                                 : touch        ? "touch/first"
                                                : "raise/first",
                                 robots[robot],
                                 Rng::stream(seed, "attempt " + std::to_string(i)).bits() >> 11));
    }
    return attempts;
  }
  run::Attempt attempt(const std::string& task, const std::string& embodiment,
                       uint64_t seed) const override {
    return {.embodiment = embodiment,
            .task = task,
            .family = task.substr(0, task.find('/')),
            .seed = seed,
            .instruction = "",
            .number = {}};
  }
  std::unique_ptr<run::Bench> open(const run::Attempt& attempt,
                                   const run::BenchOptions& options) const override {
    const int number = ++opened;
    if (opening) opening(number);
    return std::make_unique<ToyBench>(attempt, options);
  }

  mutable std::atomic<int> opened{0};       // benches so far
  std::function<void(int number)> opening;  // called with it before a bench opens; may be empty
};

// A gate that six pairs of each can pass.
inline GateConfig toy_gate() {
  return {.quick = true, .frontier_pairs = 6, .quick_pairs = 6, .quick_margin = 0.5};
}

// A few thousand weights.
inline ModelConfig toy_model(int vocab_size) {
  ModelConfig model;
  model.type = "nano";
  model.vision = {.kind = VisionKind::kKeypoints,
                  .image_size = kToyPixels,
                  .channels = {8, 8},
                  .keypoints = 8,
                  .tokens = 2};
  model.language = {
      .width = 32, .depth = 1, .mlp_dim = 64, .heads = 2, .kv_heads = 1, .head_dim = 16};
  model.expert = model.language;
  model.vocab_size = vocab_size;
  model.max_prompt_tokens = 80;  // what it thinks is long
  model.max_state_dim = 2;
  model.max_action_dim = 2;
  model.horizon = 4;
  model.flow_steps = 2;
  model.cameras = 1;
  model.state_input = StateInput::kSuffixToken;
  return model;
}

// Statistics by which the numbers of a random network become values near these.
inline Stats stats_about(const std::array<float, 2>& values, double width) {
  Stats stats;
  for (const double value : values) {
    for (auto* low : {&stats.min, &stats.q01, &stats.q10}) low->push_back(value - width);
    for (auto* middle : {&stats.mean, &stats.q50}) middle->push_back(value);
    for (auto* high : {&stats.max, &stats.q90, &stats.q99}) high->push_back(value + width);
    stats.std.push_back(width);
  }
  stats.count = 100;
  return stats;
}

// Writes a policy that commands these positions, a little about, whatever it sees.
inline void write_toy_policy(const std::filesystem::path& folder,
                             const std::array<float, 2>& positions,
                             const std::vector<std::string>& robots = {"toy/joint"}) {
  const auto vocabulary = Tokenizer::open(source_dir() / "assets/vocabulary/nano.model");
  write_initial_folder(toy_model(vocabulary->vocab_size()), {.seed = 5}, folder, vocabulary);
  Checkpoint policy = Checkpoint::open(folder);
  for (const std::string& robot : robots) {
    policy.embodiments[robot] = {.contract = toy_contract(robot),
                                 .state = stats_about({0, 0}, 1),
                                 .action = stats_about(positions, 0.02),
                                 .relative_to = {},
                                 .relative_action = {}};
  }
  policy.write(folder);
}

// "Learns" to command these positions.
class ToyLearner : public Learner {
 public:
  explicit ToyLearner(const std::array<float, 2>& positions) : positions_(positions) {}
  std::string_view name() const override { return "toy"; }
  Learnt learn(const Lesson& lesson) const override {
    ++lessons;
    if (during) during();
    if (stop_requested()) return {.stopped = true};
    std::filesystem::remove_all(lesson.out);
    std::vector<std::string> robots;
    for (const auto& [name, trained] : lesson.start.embodiments) robots.push_back(name);
    write_toy_policy(lesson.out, positions_, robots);
    Checkpoint learnt = Checkpoint::open(lesson.out);
    learnt.about["data"] = nlohmann::json::array();
    train::add_origins(lesson.sources, learnt.about["data"]);
    learnt.write(lesson.out);
    return {.steps = 3, .minutes = 0.5, .loss = 0.25};
  }

  mutable std::atomic<int> lessons{0};
  std::function<void()> during;  // may be empty

 private:
  std::array<float, 2> positions_;
};

// Ctrl-C, until the end of the scope.
class StopRequest {
 public:
  StopRequest() { install_stop_signal(); }
  ~StopRequest() { clear_stop_signal(); }
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;
  void send() const {
    if (!stop_requested()) std::raise(SIGINT);
  }
};

}  // namespace gyre::flywheel::testing
