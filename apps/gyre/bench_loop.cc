#include "bench_loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>
#include <utility>

#include "gyre/robot/cartesian_robot.h"
#include "gyre/robot/kinematics.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/run/filtered_robot.h"
#include "gyre/run/grasp_frame_check.h"
#include "gyre/run/lock_step_port.h"
#include "gyre/run/threaded_port.h"

namespace gyre::apps {
namespace {

constexpr int kPixels = 64;

// Joints with the tool at its home and pointing down, the gripper open.
std::vector<float> home_of(const std::shared_ptr<const RobotFolder>& folder) {
  std::vector<double> joints;
  for (const ArmJoint& joint : folder->joints) joints.push_back(joint.home);
  Kinematics(folder).solve(joints, {folder->tool.home, {0, 1, 0, 0}}, 200);
  std::vector<float> home(joints.begin(), joints.end());
  home.push_back(1);
  return home;
}

// Is where it was commanded. Moves simulated time on by a control period with each command.
class NullRobot : public Robot {
 public:
  NullRobot(Embodiment contract, std::vector<float> at, Clock& clock)
      : contract_(std::move(contract)),
        at_(std::move(at)),
        clock_(clock),
        simulated_(dynamic_cast<SimulatedClock*>(&clock)),
        period_ns_(std::llround(1e9 * contract_.control_period_s)) {}
  const Embodiment& embodiment() const noexcept override { return contract_; }
  RobotStatus read(RobotState& state) noexcept override {
    state.time_ns = clock_.now_ns();
    std::ranges::copy(at_, state.values.begin());
    return RobotStatus::kOk;
  }
  WriteResult write(std::span<const float> command) noexcept override {
    std::ranges::copy(command, at_.begin());
    if (simulated_ != nullptr) simulated_->set(simulated_->now_ns() + period_ns_);
    return {};
  }
  std::span<const float> sent() const noexcept override { return at_; }
  void hold(std::span<float> command) noexcept override { std::ranges::copy(at_, command.begin()); }
  RobotStatus stop() noexcept override { return RobotStatus::kOk; }

 private:
  Embodiment contract_;
  std::vector<float> at_;
  Clock& clock_;
  SimulatedClock* simulated_;
  int64_t period_ns_;
};

// Thirty black pictures a second.
class NullCamera : public Camera {
 public:
  NullCamera(CameraSpec spec, const Clock& clock)
      : spec_(std::move(spec)), clock_(clock), pool_(spec_.width, spec_.height, 64) {}
  const CameraSpec& spec() const noexcept override { return spec_; }
  PictureRef newest() noexcept override {
    constexpr int64_t kFrameNs = 33'333'333;
    const int64_t now_ns = clock_.now_ns();
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
  const Clock& clock_;
  PicturePool pool_;
  PictureRef newest_;
  int64_t next_id_ = 0;
};

// Answers with small swings after a set time.
class CannedEngine : public infer::Engine {
 public:
  // Positions swing about `home` [D], other fields about 0.
  CannedEngine(const Embodiment& contract, std::vector<float> home, double milliseconds)
      : contract_(contract), home_(std::move(home)), milliseconds_(milliseconds) {
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
    prefix->observed_ns = requests[0]->frame.time_ns;
    prefix->taken.assign(requests[0]->frame.pictures.size(), -1);
    return prefix;
  }
  std::vector<std::string> think(const infer::Prefix&) const override { return {""}; }
  std::vector<ActionChunk> sample(const infer::Prefix& prefix, std::span<Rng> rngs,
                                  const infer::SampleOptions&) const override {
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(milliseconds_));
    return std::vector<ActionChunk>(rngs.size(),
                                    swing(dynamic_cast<const CannedPrefix&>(prefix).observed_ns));
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
    int64_t observed_ns = 0;
  };
  ActionChunk swing(int64_t observed_ns) const {
    ActionChunk chunk{.horizon = checkpoint_.config.horizon,
                      .dim = static_cast<int>(contract_.action.size())};
    for (int h = 0; h < chunk.horizon; ++h) {
      const double time_s = 1e-9 * static_cast<double>(observed_ns) + h * contract_.action_period_s;
      for (size_t i = 0; i < contract_.action.size(); ++i) {
        const Field& field = contract_.action[i];
        const double middle = field.kind == FieldKind::kPosition ? home_[i] : 0;
        const double swing = std::sin(time_s + static_cast<double>(i));
        chunk.actions.push_back(
            static_cast<float>(middle + 0.02 * (field.max - field.min) * swing));
      }
    }
    return chunk;
  }
  Embodiment contract_;
  std::vector<float> home_;
  double milliseconds_;
  Checkpoint checkpoint_;
};

}  // namespace

BenchLoop::BenchLoop(const BenchLoopOptions& options, Clock& clock) {
  const auto [name, space] = split_embodiment(options.embodiment);
  const std::shared_ptr<const RobotFolder> folder = RobotFolder::load(name);
  Embodiment joints = folder->contract("joint", kPixels);
  joints.control_period_s = 1 / options.rate_hz;
  const std::vector<float> home = home_of(folder);
  robot_ = std::make_unique<run::FilteredRobot>(std::make_unique<NullRobot>(joints, home, clock),
                                                std::make_unique<run::GraspFrameCheck>(folder));
  if (space == "ee") {
    robot_ = std::make_unique<run::FilteredRobot>(
        std::make_unique<CartesianRobot>(std::move(robot_), folder));
  }
  const Embodiment& contract = robot_->embodiment();
  contract.validate();
  for (const CameraSpec& spec : contract.cameras) {
    own_cameras_.push_back(std::make_unique<NullCamera>(spec, clock));
    cameras_.push_back(own_cameras_.back().get());
  }
  const bool simulated = clock.simulated();
  engine_ = std::make_unique<CannedEngine>(contract, home, simulated ? 0 : options.inference_ms);
  config_.real_time = !simulated;
  tape_ = std::make_unique<run::Tape>(
      contract, simulated ? run::Tape::WhenFull::kWait : run::Tape::WhenFull::kDrop);
  tape_->add(sink_);
  run::EngineClient client(*engine_, contract,
                           {.method = run::join_method(config_.method), .draws = config_.draws});
  if (simulated) {
    port_ = std::make_unique<run::LockStepPort>(std::move(client), contract,
                                                run::LockStepPort::Link{.delay = 2});
  } else {
    port_ = std::make_unique<run::ThreadedPort>(std::move(client), contract);
  }
  policy_ = std::make_unique<run::PolicySource>(*port_, contract, config_, *tape_);
  loop_ =
      std::make_unique<run::ControlLoop>(*robot_, cameras_, clock, *tape_, policy_.get(), config_);
  auto header = std::make_shared<Header>();
  header->contract = contract;
  header_ = header;
  goal_ = std::make_shared<const Goal>(Goal{.id = 1, .task = "tidy up"});
}

BenchLoop::~BenchLoop() = default;

void BenchLoop::run(int64_t ticks, const std::function<bool()>& done) {
  held_ += loop_->run(header_, goal_, 1, ticks, done).held_ticks;
}

}  // namespace gyre::apps
