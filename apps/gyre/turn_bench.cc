// gyre turn --robot: attempts on a real robot, which a person lays out and judges.
#include "turn_bench.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "drive_robot.h"
#include "drive_watch.h"
#include "gyre/core/error.h"
#include "gyre/flywheel/scope_words.h"
#include "gyre/run/robot_lock.h"
#include "options.h"
#include "scope_tasks.h"

namespace gyre::apps {
namespace {

constexpr std::string_view kJudgeName = "keyboard";
constexpr const char* kBenchHelp =
    "Enter begins an attempt; s success, f failure, x discards it: it is made again; "
    "r goes on after a correction";

// The person's keys.
class BenchKeys : public KeyDesk {
 public:
  explicit BenchKeys(run::BenchDesk& desk) : desk_(desk) {}

  bool press(char key) override {
    switch (key) {
      case '\n':
      case '\r':
        desk_.start(kJudgeName);
        return true;
      case 'x':
      case 'b':
        desk_.discard(true, kJudgeName);
        return true;
      default:
        return false;
    }
  }
  std::string look() override {
    const bool shows = isatty(STDERR_FILENO) != 0;
    if (desk_.look()) {
      if (shows) fmt::print(stderr, "\a\r\033[K");
      if (desk_.phase() == run::BenchDesk::Phase::kLaysOut) {
        fmt::print(stderr, "lay out {}, then Enter\n", desk_.task_words());
      }
    }
    return desk_.phase_words();
  }
  bool done() const override { return desk_.done(); }

 private:
  run::BenchDesk& desk_;
};

// Words that ask for a task of the kitchen have its name, so that attempts are evidence in its
// cell of the scope.
std::vector<run::BenchTask> bench_tasks(const std::vector<std::string>& words) {
  const flywheel::ScopeWords known(kitchen_tasks());
  std::vector<run::BenchTask> tasks;
  for (const std::string& each : words) {
    const std::string task = known.find(each).task;
    tasks.push_back(task.empty() ? run::BenchTask{.name = each, .family = "bench", .words = each}
                                 : run::BenchTask{.name = task,
                                                  .family = task.substr(0, task.find('/')),
                                                  .words = each});
  }
  return tasks;
}

// The process that commands the robot is the one that has it.
io::LockFile supervised_lock(const RealArm& arm, const std::string& robot) {
  arm.supervise();
  return run::lock_robot(robot);
}

BenchFlags with_robot(BenchFlags flags) {
  if (is_simulated(flags.robot)) {
    throw Error("--robot " + flags.robot, "is no real robot",
                "leave --robot out: a turn is simulated without it");
  }
  if (flags.tasks.empty()) {
    throw Error("--task", "is missing", "say what is to be done, as a policy is told it");
  }
  if (flags.hands.device == "none") flags.hands.device.clear();
  flags.arm.robot = split_embodiment(full_embodiment_name(flags.robot)).robot;
  return flags;
}

}  // namespace

void add_bench_flags(CLI::App& verb, BenchFlags& flags) {
  const std::string group = "Real bench";
  verb.add_option("--robot", flags.robot,
                  "a real robot's name or folder: a person lays each attempt out and judges it")
      ->type_name("NAME|DIR")
      ->group(group);
  verb.add_option("--task", flags.tasks, "what is to be done, in words; may be given several times")
      ->allow_extra_args(false)
      ->type_name("WORDS")
      ->group(group);
  add_port_flags(verb, flags.arm);
  add_at_exit_flag(verb, flags.arm);
  add_hand_flags(verb, flags.hands, "--operator", "|none");
  add_pedal_flags(verb, flags.pedal);
  verb.add_option("--attempt-s", flags.attempt_s,
                  "after so long the robot pauses and the person judges; 0: no limit")
      ->check(at_least(0))
      ->type_name("S")
      ->group(group);
  verb.add_option("--rate", flags.rate, "control periods a second")
      ->check(CLI::Range(50, 1000))
      ->type_name("INT")
      ->group(group);
  verb.add_option("--priority", flags.real_time.priority,
                  "of the control thread (SCHED_FIFO); 0: plain scheduling")
      ->check(CLI::Range(0, 99))
      ->type_name("INT")
      ->group(group);
}

void PresentOperator::set(run::Operator* present) {
  const std::lock_guard lock(mutex_);
  present_ = present;
}
void PresentOperator::order(event::Order order, std::string_view author) {
  const std::lock_guard lock(mutex_);
  if (present_ != nullptr) present_->order(order, author);
}
void PresentOperator::judge(event::Outcome outcome, std::string_view reason,
                            std::string_view author) {
  const std::lock_guard lock(mutex_);
  if (present_ != nullptr) present_->judge(outcome, reason, author);
}
void PresentOperator::remark(std::string_view words, std::string_view author) {
  const std::lock_guard lock(mutex_);
  if (present_ != nullptr) present_->remark(words, author);
}
bool PresentOperator::discard(bool again, std::string_view author) {
  const std::lock_guard lock(mutex_);
  return present_ != nullptr && present_->discard(again, author);
}
bool PresentOperator::beat(std::span<const float> action) {
  const std::lock_guard lock(mutex_);
  return present_ != nullptr && present_->beat(action);
}
bool PresentOperator::follow(std::span<const float> action, std::span<const float> rates) {
  const std::lock_guard lock(mutex_);
  return present_ != nullptr && present_->follow(action, rates);
}
void PresentOperator::let_go() {
  const std::lock_guard lock(mutex_);
  if (present_ != nullptr) present_->let_go();
}
run::LoopStatus PresentOperator::status() const {
  const std::lock_guard lock(mutex_);
  return present_ != nullptr ? present_->status() : run::LoopStatus();
}

TurnBench::TurnBench(const BenchFlags& flags)
    : flags_(with_robot(flags)),
      robot_(full_embodiment_name(flags_.robot)),
      arm_(flags_.arm),
      lock_(supervised_lock(arm_, robot_)) {
  if (!flags_.hands.device.empty()) {  // a device that is missing is told before anything is done
    Hands(flags_.hands, robot_folder(robot_), flags_.arm.any_firmware);
  }
  arena_.emplace(arena_options());
}

run::RealArena::Options TurnBench::arena_options() {
  return {.embodiment = robot_,
          .tasks = bench_tasks(flags_.tasks),
          .contract = [robot = robot_](int image_size) { return contract_of(robot, image_size); },
          .open = [this](int image_size) { return open(image_size); },
          .attend = [this](run::BenchDesk& desk) { attend(desk); },
          .attempt_s = flags_.attempt_s,
          .real_time = flags_.real_time,
          .sinks = feed_ != nullptr ? std::vector<run::TapeSink*>{feed_}
                                    : std::vector<run::TapeSink*>{}};
}

void TurnBench::show_on(Console& console, int image_size) {
  feed_ = &console.add_robot(flags_.robot, "the turn's policies", contract_of(robot_, image_size),
                             operator_);
  arena_.emplace(arena_options());
}

run::RealArena::Place TurnBench::open(int image_size) {
  std::vector<std::unique_ptr<Camera>> cameras = arm_.cameras(image_size);
  if (cameras.empty()) {
    throw Error("robot '" + robot_ + "'", "has no cameras, and a policy sees by them",
                "give --camera NAME=DEVICE");
  }
  auto bench = arm_.open(1.0 / flags_.rate, {.space = split_embodiment(robot_).space, .words = ""},
                         std::move(cameras));
  run::RealBench* const real = bench.get();
  driven_ = &real->robot();
  return {std::move(bench), [real](const run::Attempt& attempt) { real->prepare(attempt); }};
}

void TurnBench::attend(run::BenchDesk& desk) {
  struct Attended {
    TurnBench& bench;
    std::optional<Hands> hands;
    ~Attended() {
      if (hands) hands->end();
      bench.operator_.set(nullptr);
    }
  } attended{*this, {}};
  operator_.set(&desk);
  std::optional<Pedals> pedals;
  if (!flags_.pedal.device.empty()) pedals.emplace(flags_.pedal);
  if (!flags_.hands.device.empty()) {
    attended.hands.emplace(flags_.hands, robot_folder(robot_), flags_.arm.any_firmware);
  }
  Hands* const hands = attended.hands ? &*attended.hands : nullptr;
  if (isatty(STDIN_FILENO) != 0) {
    const std::string moves = hands != nullptr ? hands->help() : "";
    if (!moves.empty()) fmt::print(stderr, "hands: {}\n", moves);
    fmt::print(stderr, "bench: {}\n", kBenchHelp);
  }
  if (hands != nullptr) hands->begin(driven_->embodiment(), desk, false, false);
  BenchKeys keys(desk);
  watch({.operations = desk,
         .running = [&desk] { return !desk.done(); },
         .complaint =
             [this] {
               const std::string bad = driven_->fault();
               return bad.empty() ? "" : "  ! robot: " + bad;
             },
         .hands = hands,
         .pedals = pedals ? &*pedals : nullptr,
         .desk = &keys});
}

}  // namespace gyre::apps
