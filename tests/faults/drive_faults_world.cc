#include "tests/faults/drive_faults_world.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "gyre/robot/kinematics.h"

namespace gyre::faults {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

int64_t nanoseconds(double seconds) { return std::llround(seconds * 1e9); }

// Joints that hold the tool at its home, with the gripper open.
std::vector<float> home(const std::shared_ptr<const RobotFolder>& folder) {
  Kinematics kinematics(folder);
  std::vector<double> joints;
  for (const ArmJoint& joint : folder->joints) joints.push_back(joint.home);
  Pose pose = kinematics.grasp_pose(joints);
  pose.position = folder->tool.home;
  kinematics.solve(joints, pose, 100);
  std::vector<float> values(joints.begin(), joints.end());
  values.push_back(1);
  return values;
}

}  // namespace

World::World(const Story& the_story, std::shared_ptr<const RobotFolder> the_folder)
    : story(the_story), folder(std::move(the_folder)) {
  joints = folder->contract("joint", kPixels);
  contract = folder->contract(story.space, kPixels);
  joints.control_period_s = contract.control_period_s = kControlPeriodS;
  truth.reserve(static_cast<size_t>(story.ticks) + 1);
  begin_ns_ = SteadyClock().now_ns();
}

void World::advance(int64_t clock_ns) {
  truth.emplace_back();
  if (story.sockets) {
    SteadyClock clock;
    const int64_t due_ns = begin_ns_ + clock_ns - offset_ns_;
    clock.sleep_until(due_ns);
    true_ns_ = clock.now_ns() - begin_ns_;
    now().stall_s = 1e-9 * static_cast<double>(begin_ns_ + true_ns_ - due_ns);
  }
  true_ns_ = std::max(true_ns_, clock_ns - offset_ns_);
  if (const StoryFault* stall = active(DriveFault::kHostStall)) {
    true_ns_ += nanoseconds(stall->size);
    now().stall_s = stall->size;
  }
  if (const StoryFault* jump = active(DriveFault::kClockForward)) {
    offset_ns_ += nanoseconds(jump->size);
  }
  if (const StoryFault* jump = active(DriveFault::kClockBackward)) {
    offset_ns_ -= nanoseconds(jump->size);
  }
  now().true_ns = true_ns_;
  now().orders.swap(given);
  now().goal_id = goal_id;
}

WorldArm::WorldArm(World& world)
    : world_(world), at_(home(world.folder)), target_(at_), sent_(at_), measured_(at_) {}

// Up to the present moment.
void WorldArm::move() noexcept {
  const double passed_s = static_cast<double>(world_.true_ns() - moved_ns_) * 1e-9;
  moved_ns_ = world_.true_ns();
  const double lag_s = world_.story.lag_s;
  const double share = lag_s > 0 ? 1 - std::exp(-passed_s / lag_s) : 1;
  for (size_t i = 0; i < at_.size(); ++i) {
    at_[i] += static_cast<float>(share * (target_[i] - at_[i]));
  }
}

bool WorldArm::faulty() noexcept {
  const bool faulty = world_.active(DriveFault::kRobotFault) != nullptr;
  if (faulty && world_.tick() >= 0) world_.now().faulty = true;
  return faulty;
}

RobotStatus WorldArm::read(RobotState& state) noexcept {
  move();
  const bool stale = world_.active(DriveFault::kStaleState) != nullptr;
  if (!stale) {
    measured_ = at_;
    measured_true_ns_ = world_.true_ns();
    measured_clock_ns_ = world_.clock_ns();
    if (const StoryFault* fault = world_.active(DriveFault::kStateNotFinite)) {
      const auto joint = static_cast<size_t>(fault->size * static_cast<double>(measured_.size()));
      measured_[joint] = fault->size < 0.5 ? kNan : std::numeric_limits<float>::infinity();
    }
  }
  std::ranges::copy(measured_, state.values.begin());
  state.time_ns = measured_clock_ns_;
  if (world_.tick() >= 0) {
    TickTruth& now = world_.now();
    now.state_read = true;
    now.state_age_ns = world_.true_ns() - measured_true_ns_;
    now.state_finite = std::ranges::all_of(measured_, [](float v) { return std::isfinite(v); });
    now.hold_unknown = !now.state_finite && world_.story.holds_measured;
  }
  if (faulty()) return RobotStatus::kFault;
  return stale ? RobotStatus::kStale : RobotStatus::kOk;
}

WriteResult WorldArm::write(std::span<const float> command) noexcept {
  move();
  world_.now().command.assign(command.begin(), command.end());
  if (faulty()) return {.status = RobotStatus::kFault};
  std::ranges::copy(command, target_.begin());
  std::ranges::copy(command, sent_.begin());
  return {};
}

void WorldArm::hold(std::span<float> command) noexcept {
  std::ranges::copy(world_.story.holds_measured ? measured_ : target_, command.begin());
}

RobotStatus WorldArm::stop() noexcept {
  move();
  world_.now().stopped = true;
  target_ = at_;
  return RobotStatus::kOk;
}

WorldCamera::WorldCamera(World& world, const CameraSpec& spec, int index)
    : world_(world), spec_(spec), index_(index) {}

PictureRef WorldCamera::newest() noexcept {
  constexpr int64_t kFrameNs = 33'000'000;
  const StoryFault* gone = world_.active(DriveFault::kVanishedCamera);
  const StoryFault* frozen = world_.active(DriveFault::kFrozenCamera);
  const auto mine = [&](const StoryFault* fault) {
    return fault != nullptr && (fault->size < 0.5 ? 0 : 1) == index_;
  };
  const int64_t now_ns = world_.true_ns();
  if (!mine(frozen) && !mine(gone) && (!newest_ || now_ns - taken_true_ns_ >= kFrameNs)) {
    newest_ = PictureRef(Picture{.image = Image::black(spec_.width, spec_.height),
                                 .time_ns = world_.clock_ns(),
                                 .id = next_id_++});
    taken_true_ns_ = now_ns;
  }
  TickTruth& now = world_.now();
  now.camera_age_ns = std::max(now.camera_age_ns, now_ns - taken_true_ns_);
  return mine(gone) ? PictureRef() : newest_;
}

WorldPort::WorldPort(World& world, Place place)
    : world_(world),
      place_(place),
      rng_(Rng::stream(world.story.seed, "policy " + std::to_string(world.story.drive))) {
  for (size_t i = 0; i < world.contract.action.size(); ++i) {
    phase_.push_back(rng_.uniform(0, 2 * std::numbers::pi));
    rate_.push_back(rng_.uniform(0.5, 4));
  }
}

bool WorldPort::suffers(DriveFault fault) const {
  return place_ == Place::kRemote && world_.active(fault) != nullptr;
}

// Swings about the middle, at times beyond the limits: [horizon, D].
std::vector<float> WorldPort::actions(int horizon) const {
  std::vector<float> actions;
  const double now_s = static_cast<double>(world_.true_ns()) * 1e-9;
  for (int h = 0; h < horizon; ++h) {
    for (size_t i = 0; i < phase_.size(); ++i) {
      const Field& field = world_.contract.action[i];
      const double middle = (field.min + field.max) / 2, half = (field.max - field.min) / 2;
      const double swing =
          std::sin(phase_[i] + rate_[i] * (now_s + h * world_.contract.action_period_s));
      actions.push_back(static_cast<float>(middle + 1.1 * half * swing));
    }
  }
  return actions;
}

void WorldPort::spoil(ActionChunk& chunk) {
  const auto any = [&]() -> float& {
    return chunk.actions[static_cast<size_t>(rng_.below(std::ssize(chunk.actions)))];
  };
  if (suffers(DriveFault::kNotANumber)) any() = kNan;
  if (suffers(DriveFault::kInfinite)) any() = -std::numeric_limits<float>::infinity();
  if (suffers(DriveFault::kHuge)) {
    for (int i = 0; i < 4; ++i) any() = rng_.chance(0.5) ? 1e30F : -1e30F;
  }
  if (suffers(DriveFault::kWrongWidth)) {
    chunk.dim += rng_.chance(0.5) ? 1 : -1;
    chunk.actions.resize(static_cast<size_t>(chunk.horizon) * chunk.dim);
  }
  if (suffers(DriveFault::kWrongHorizon)) {
    chunk.horizon = static_cast<int>(rng_.below(3) == 0 ? -1 : chunk.horizon + 20);
  }
  if (suffers(DriveFault::kEmptyChunk)) {
    chunk.actions.clear();
    if (rng_.chance(0.5)) chunk.horizon = 0;
  }
}

std::shared_ptr<ActionChunk> WorldPort::chunk(const run::Question& question) {
  auto chunk = std::make_shared<ActionChunk>();
  chunk->id = question.id;
  chunk->observation_time_ns = question.frame->time_ns;
  chunk->horizon = 10;
  chunk->dim = static_cast<int>(world_.contract.action.size());
  chunk->actions = actions(chunk->horizon);
  int swaps = 0;
  for (const StoryFault& fault : world_.story.faults) {
    swaps += fault.kind == DriveFault::kPolicySwap && fault.tick <= world_.tick();
  }
  chunk->policy_hash = "policy " + std::to_string(swaps);
  spoil(*chunk);
  return chunk;
}

void WorldPort::submit(const run::Question& question, int64_t) noexcept {
  world_.questions.push_back({world_.attempt, question.id, question.generation, question.goal->id,
                              world_.tick(), world_.true_ns()});
  if (suffers(DriveFault::kServerGone)) return;
  if (suffers(DriveFault::kLost) && rng_.chance(0.6)) return;
  Waiting waiting{.asked = world_.tick()};
  int64_t took = place_ == Place::kRemote ? 3 + rng_.below(8) : 15 + rng_.below(10);
  if (suffers(DriveFault::kLate)) {
    const StoryFault* late = world_.active(DriveFault::kLate);
    took += std::llround(late->size * rng_.uniform(0.5, 1) / kControlPeriodS);
  }
  if (suffers(DriveFault::kOutOfOrder)) took += rng_.below(80);
  waiting.due = world_.tick() + took;
  run::Answer& answer = waiting.answer;
  answer.request_id = question.id;
  answer.generation = question.generation;
  if (suffers(DriveFault::kOldGeneration)) --answer.generation;
  if (suffers(DriveFault::kFailedInference)) {
    answer.failure = "out of memory";
  } else {
    answer.chunk = chunk(question);
    answer.goal = suffers(DriveFault::kNoGoal) ? nullptr : question.goal;
    auto request = std::make_shared<RequestRecord>();
    request->id = question.id;
    request->goal_id = question.goal->id;
    request->policy_hash = answer.chunk->policy_hash;
    answer.request = request;
  }
  waiting_.push_back(waiting);
  if (suffers(DriveFault::kDuplicated)) {
    waiting.due += rng_.below(100);
    if (answer.chunk) answer.chunk = chunk(question);
    waiting_.push_back(waiting);
  }
}

bool WorldPort::poll(int64_t, run::Answer& answer) noexcept {
  if (suffers(DriveFault::kServerGone)) return false;
  const auto first = std::ranges::min_element(waiting_, {}, &Waiting::due);
  if (first == waiting_.end() || first->due > world_.tick()) return false;
  latency_.add(static_cast<double>(first->due - first->asked) * kControlPeriodS /
               world_.contract.action_period_s);
  answer = first->answer;
  waiting_.erase(first);
  return true;
}

WorldPerson::WorldPerson(World& world, const Clock& clock, run::EventSink& orders)
    : world_(world),
      teleop_(world.contract, clock, world.story.config.heartbeat_s, orders),
      rng_(Rng::stream(world.story.seed, "person " + std::to_string(world.story.drive))) {
  const Story& story = world.story;
  beat_every_ = 1 + rng_.below(10);
  int64_t at = story.person ? rng_.below(200) : story.ticks;
  while (at < story.ticks) {
    const int64_t length = 200 + rng_.below(600);
    shifts_.emplace_back(at, at + length);
    at += length + 20 + rng_.below(200);
  }
}

bool WorldPerson::at_hand() const {
  if (world_.active(DriveFault::kTakeOver)) return true;
  return std::ranges::any_of(shifts_, [&](const auto& shift) {
    return world_.tick() >= shift.first && world_.tick() < shift.second;
  });
}

// Slow swings about the middle, or nonsense.
std::vector<float> WorldPerson::action() {
  std::vector<float> action;
  const double now_s = static_cast<double>(world_.true_ns()) * 1e-9;
  for (const Field& field : world_.contract.action) {
    const double middle = (field.min + field.max) / 2, half = (field.max - field.min) / 2;
    const double swing = std::sin(now_s * (1 + 0.2 * static_cast<double>(action.size())));
    action.push_back(static_cast<float>(middle + 0.5 * half * swing));
  }
  if (world_.active(DriveFault::kOperatorNonsense)) {
    const float nonsense[] = {kNan, 1e30F, -std::numeric_limits<float>::infinity(), 1e-42F};
    action[static_cast<size_t>(rng_.below(std::ssize(action)))] = nonsense[rng_.below(4)];
  }
  return action;
}

bool WorldPerson::wants_control(const run::Tick& tick) noexcept {
  const bool gone = world_.active(DriveFault::kOperatorGone) != nullptr;
  const bool drives = at_hand();
  if (!gone && drives && world_.tick() % beat_every_ == 0 && teleop_.beat(action())) {
    heartbeat_true_ns_ = world_.true_ns();
  }
  if (!gone && drives_ && !drives) teleop_.let_go();
  if (!gone) drives_ = drives;
  world_.now().heartbeat_age_ns = world_.true_ns() - heartbeat_true_ns_;
  return teleop_.wants_control(tick);
}

}  // namespace gyre::faults
