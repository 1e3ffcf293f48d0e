#include "tests/faults/drive_faults_drive.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "gyre/core/error.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/run/control_loop.h"
#include "gyre/run/filtered_robot.h"
#include "gyre/run/grasp_frame_check.h"
#include "gyre/run/journal_sink.h"
#include "gyre/run/ladder_port.h"
#include "gyre/run/remote_port.h"
#include "tests/faults/drive_faults_sockets.h"

namespace gyre::faults {
namespace {

namespace fs = std::filesystem;

// The same stack as in front of a real arm; `inner` has the joints.
std::unique_ptr<Robot> make_robot(std::unique_ptr<Robot> inner, const std::string& space,
                                  const std::shared_ptr<const RobotFolder>& folder) {
  std::unique_ptr<Robot> robot = std::make_unique<run::FilteredRobot>(
      std::move(inner), std::make_unique<run::GraspFrameCheck>(folder));
  if (space == "joint") return robot;
  robot = std::make_unique<CartesianRobot>(std::move(robot), folder);
  return std::make_unique<run::FilteredRobot>(std::move(robot));
}

class RecordSink : public run::TapeSink {
 public:
  explicit RecordSink(DriveRecord& record) : record_(record) {}
  std::string_view name() const override { return "checker"; }
  bool wants(RecordKind kind) const override { return kind != RecordKind::kPicture; }
  void take(const Record& record) override {
    if (record.kind == RecordKind::kHeader) ++attempt_;
    if (record.kind == RecordKind::kStep) record_.steps.push_back(record.step);
    if (const auto* chunk = std::get_if<ChunkPtr>(&record.shared)) {
      record_.chunks.push_back({attempt_, *chunk});
    }
    if (record.kind != RecordKind::kEvent) return;
    record_.dropped += std::holds_alternative<event::ChunkDropped>(record.event.body);
    record_.failed += std::holds_alternative<event::InferenceFailed>(record.event.body);
    record_.alarms += std::holds_alternative<event::Alarm>(record.event.body);
  }

 private:
  DriveRecord& record_;
  int64_t attempt_ = -1;
};

// The disk is full from a moment of the story on, until then it has room.
class FullDisk : public io::FileCalls {
 public:
  ssize_t write(int descriptor, const void* bytes, size_t count) override {
    if (!full) return FileCalls::write(descriptor, bytes, count);
    errno = ENOSPC;
    return -1;
  }
  std::atomic<bool> full = false;
};

// A server in a process of its own behind a bad link, and the port to it.
class SocketLink {
 public:
  SocketLink(const Story& story, const Embodiment& contract)
      : link_(server_, story.seed + static_cast<uint64_t>(story.drive)) {
    run::RemotePortOptions options;
    options.remote = {.url = fmt::format("ws://127.0.0.1:{}", link_.port()),
                      .connect_s = 1,
                      .handshake_s = 1,
                      .answer_s = 1,
                      .first_answer_s = 1,
                      .idle_s = 1,
                      .retry_least_s = 0.02,
                      .retry_most_s = 0.2};
    options.client.method = run::join_method(story.config.method);
    options.client.draws = 2;
    port_.emplace(contract, options);
    port_->require_connected(10);
  }
  run::PolicyPort& port() { return *port_; }
  int64_t connections() const { return port_->connections(); }
  int64_t kills() const { return server_.kills(); }
  // The link and the server as the story has them in this tick.
  void follow(const Story& story, int64_t tick) {
    constexpr std::array<std::pair<DriveFault, LinkFault>, 5> kFaults = {
        {{DriveFault::kLinkCut, LinkFault::kCut},
         {DriveFault::kLinkStalled, LinkFault::kStalled},
         {DriveFault::kLinkHalfOpen, LinkFault::kHalfOpen},
         {DriveFault::kLinkCorrupt, LinkFault::kCorrupt},
         {DriveFault::kLinkSlow, LinkFault::kSlow}}};
    LinkFault now = LinkFault::kNone;
    for (const auto& [fault, link] : kFaults) {
      if (now == LinkFault::kNone && story.active(fault, tick) != nullptr) now = link;
    }
    link_.set(now);
    server_.want(story.active(DriveFault::kServerKilled, tick) == nullptr);
  }

 private:
  ServerProcess server_;
  FaultyLink link_;
  std::optional<run::RemotePort> port_;
};

// Writes down when questions are asked.
class WitnessedPort : public run::PolicyPort {
 public:
  WitnessedPort(World& world, run::PolicyPort& port) : world_(world), port_(port) {}
  void reset(uint64_t noise_seed) noexcept override { port_.reset(noise_seed); }
  bool has_room() const noexcept override { return port_.has_room(); }
  void submit(const run::Question& question, int64_t tick) noexcept override {
    world_.questions.push_back({world_.attempt, question.id, question.generation, question.goal->id,
                                world_.tick(), world_.true_ns()});
    port_.submit(question, tick);
  }
  bool poll(int64_t tick, run::Answer& answer) noexcept override {
    return port_.poll(tick, answer);
  }
  double expected_delay() const noexcept override { return port_.expected_delay(); }

 private:
  World& world_;
  run::PolicyPort& port_;
};

GoalPtr make_goal(int64_t id) {
  return std::make_shared<const Goal>(
      Goal{.id = id, .task = fmt::format("tidy up {}", id), .author = "task"});
}

// Passes events on, and writes orders down.
class OrderWitness : public run::EventSink {
 public:
  OrderWitness(World& world, run::EventSink& events) : world_(world), events_(events) {}
  bool post(const Event& event) noexcept override {
    if (const auto* ordered = std::get_if<event::Ordered>(&event.body)) {
      world_.given.push_back(ordered->order);
    }
    return events_.post(event);
  }

 private:
  World& world_;
  run::EventSink& events_;
};

// The person beside the robot: gives the story's orders, and clears and resumes after a stop
// and after a person fell silent.
class Supervisor : public run::Monitor {
 public:
  // `link` is null without sockets.
  Supervisor(World& world, FullDisk& disk, run::GoalBox& goals, run::EventSink& orders,
             SocketLink* link)
      : world_(world), disk_(disk), goals_(goals), orders_(orders), link_(link) {}
  void after(const Step& step, run::EventSink&) override {
    const int64_t next = world_.tick() + 1;
    for (const StoryFault& fault : world_.story.faults) {
      if (fault.kind == DriveFault::kPause) {
        if (fault.tick == next) order(event::Order::kPause);
        if (fault.tick + fault.ticks == next) order(event::Order::kResume);
      }
      if (fault.kind == DriveFault::kStop && fault.tick == next) {
        order(event::Order::kStop);
      }
      if (fault.kind == DriveFault::kNewGoal && fault.tick == next) {
        goals_.give(make_goal(++world_.goal_id));
      }
    }
    if (link_ != nullptr) link_->follow(world_.story, next);
    disk_.full = world_.active(DriveFault::kFullDisk) != nullptr;
    stopped_ = step.mode == Mode::kStopped ? stopped_ + 1 : 0;
    if (stopped_ == kWatchTicks) {
      order(event::Order::kClear);
      stopped_ = 0;
    }
    const bool rests = step.mode == Mode::kPaused && !world_.active(DriveFault::kPause);
    paused_ = rests ? paused_ + 1 : 0;
    if (paused_ == kWatchTicks / 2) order(event::Order::kResume);
  }

 private:
  static constexpr int64_t kWatchTicks = 120;
  void order(event::Order order) {
    orders_.post({.time_ns = world_.clock_ns(), .author = "ann", .body = event::Ordered{order}});
  }
  World& world_;
  FullDisk& disk_;
  run::GoalBox& goals_;
  run::EventSink& orders_;
  SocketLink* link_;
  int64_t stopped_ = 0, paused_ = 0;  // control periods
};

// A journal in a folder of its own, on a disk that may be full.
class DriveJournal {
 public:
  DriveJournal(const Story& story, const Clock& clock, FullDisk& disk)
      : path_(fs::temp_directory_path() /
              fmt::format("gyre_drive_faults_{}_{}_{}", ::getpid(), story.seed, story.drive)) {
    fs::create_directories(path_);
    folder_.emplace(path_, data::JournalFolder::Mode::kCreate);
    sink_.emplace(*folder_, clock, data::JournalOptions::Naming::kInOrder, false, disk);
  }
  ~DriveJournal() {
    sink_.reset();
    folder_.reset();
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  run::TapeSink& sink() { return *sink_; }

 private:
  fs::path path_;
  std::optional<data::JournalFolder> folder_;
  std::optional<run::JournalSink> sink_;
};

HeaderPtr make_header(const World& world) {
  auto header = std::make_shared<Header>();
  header->contract = world.contract;
  header->attempt = true;
  header->episode.number = world.attempt;
  return header;
}

}  // namespace

DriveRecord make_drive(const Story& story, const std::shared_ptr<const RobotFolder>& folder) {
  World world(story, folder);
  DriveRecord record{.joints = world.joints, .contract = world.contract};
  WorldClock clock(world);
  const auto robot = make_robot(std::make_unique<WorldArm>(world), story.space, folder);
  std::vector<std::unique_ptr<WorldCamera>> own_cameras;
  std::vector<Camera*> cameras;
  for (const CameraSpec& spec : world.contract.cameras) {
    const auto index = static_cast<int>(own_cameras.size());
    own_cameras.push_back(std::make_unique<WorldCamera>(world, spec, index));
    cameras.push_back(own_cameras.back().get());
  }
  WorldPort remote(world, WorldPort::Place::kRemote);
  WorldPort local(world, WorldPort::Place::kLocal);
  run::LadderPort ladder(remote, local, world.contract, {});
  std::optional<SocketLink> link;
  std::optional<WitnessedPort> witnessed;
  if (story.sockets) {
    link.emplace(story, world.contract);
    witnessed.emplace(world, link->port());
  }
  run::PolicyPort& port = story.sockets  ? static_cast<run::PolicyPort&>(*witnessed)
                          : story.ladder ? static_cast<run::PolicyPort&>(ladder)
                                         : remote;
  FullDisk disk;
  RecordSink sink(record);
  std::optional<DriveJournal> journal;
  if (story.journal) journal.emplace(story, clock, disk);
  run::Tape tape(world.contract, run::Tape::WhenFull::kWait);
  tape.add(sink);
  if (journal) tape.add(journal->sink());
  OrderWitness orders(world, tape);
  WorldPerson person(world, clock, orders);
  run::GoalBox goals;
  Supervisor supervisor(world, disk, goals, orders, link ? &*link : nullptr);
  run::PolicySource policy(port, world.contract, story.config, tape);
  run::ControlLoop loop(*robot, cameras, clock, tape, &policy, story.config);
  loop.add_source(person);
  loop.set_goals(goals);
  loop.add_monitor(supervisor);
  for (; world.attempt < story.attempts; ++world.attempt) {
    world.goal_id = 1000 * (world.attempt + 1);
    const int64_t ticks = story.ticks * (world.attempt + 1) / story.attempts -
                          story.ticks * world.attempt / story.attempts;
    loop.run(make_header(world), make_goal(world.goal_id), story.seed, ticks, [] { return false; });
    record.attempt_of.resize(world.truth.size(), world.attempt);
  }
  try {
    tape.close();
  } catch (const Error& error) {
    record.journal_failed = true;
    record.journal_error = error.what();
  }
  if (link) {
    record.connections = link->connections();
    record.kills = link->kills();
  }
  record.truth = std::move(world.truth);
  record.questions = std::move(world.questions);
  return record;
}

}  // namespace gyre::faults
