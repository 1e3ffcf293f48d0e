// gyre robot move: one joint, slowly, through the same filter as every other command.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/run/robot_lock.h"
#include "gyre/run/session.h"
#include "options.h"
#include "real_arm.h"
#include "robot.h"

namespace gyre::apps {
namespace {

constexpr double kUnset = std::numeric_limits<double>::quiet_NaN();
constexpr double kPeriodS = 0.01, kBeatS = 0.02;
constexpr double kSame = 1e-3;    // of what is sent
constexpr double kSettleS = 0.4;  // at the target: the arm follows what is sent
constexpr double kLateS = 3;      // that a busy machine may add to the way

struct MoveOptions {
  ArmFlags arm;
  std::string joint, json;
  double by = kUnset, to = kUnset;
  double speed = 0.3;
};

size_t field_of(const Embodiment& contract, const std::string& joint) {
  std::vector<std::string> names;
  for (size_t i = 0; i < contract.action.size(); ++i) {
    if (contract.action[i].name == joint) return i;
    names.push_back(contract.action[i].name);
  }
  const std::string nearest = nearest_name(joint, names);
  throw Error("--joint " + joint, "there is no such joint",
              nearest.empty() ? "see gyre robot info" : "did you mean '" + nearest + "'?");
}

double target_of(const MoveOptions& options, const Field& field, double from) {
  const double target = std::isnan(options.by) ? options.to : from + options.by;
  if (target >= field.min && target <= field.max) return target;
  throw Error(fmt::format("{} to {:.3f}", field.name, target),
              fmt::format("is outside of {} .. {} {}", field.min, field.max, field.unit),
              std::isnan(from) ? "" : fmt::format("it stands at {:.3f}", from));
}

// Beats the target on its way there, until it has been sent for a while. Throws Error for a fault.
void lead(run::Session& session, const Robot& robot, std::vector<float> command, size_t field,
          double target, double speed) {
  using Clock = std::chrono::steady_clock;
  const double from = command[field];
  const double way_s = std::abs(target - from) / speed;
  const auto begin = Clock::now();
  auto arrived = begin;
  for (;;) {
    const auto now = Clock::now();
    const double since = std::chrono::duration<double>(now - begin).count();
    const double share = way_s > 0 ? std::min(1.0, since / way_s) : 1;
    command[field] = static_cast<float>(from + share * (target - from));
    session.beat(command);
    const std::vector<float> sent = session.status().sent;
    if (share < 1 || sent.empty() || std::abs(sent[field] - target) > kSame) arrived = now;
    if (now - arrived > std::chrono::duration<double>(kSettleS) || since > way_s + kLateS ||
        stop_requested() || !session.running()) {
      return;
    }
    if (const std::string fault = robot.fault(); !fault.empty()) throw Error("move", fault);
    std::this_thread::sleep_for(std::chrono::duration<double>(kBeatS));
  }
}

void move(const MoveOptions& options) {
  if (std::isnan(options.by) == std::isnan(options.to)) {
    throw Error("move", "wants one of --by and --to", "--by 0.1 moves by 0.1 rad");
  }
  RealArm real(options.arm);
  // Names and numbers are looked at before anything moves.
  const size_t field = field_of(real.folder().contract("joint", 64), options.joint);
  if (!std::isnan(options.to)) {
    target_of(options, real.folder().contract("joint", 64).action[field], kUnset);
  }
  real.supervise();
  const io::LockFile lock = run::lock_robot(options.arm.robot);
  const auto bench = real.open(kPeriodS, {.box = false});
  const Embodiment& contract = bench->robot().embodiment();
  std::vector<float> hold(contract.action.size());
  bench->robot().hold(hold);
  const double from = hold[field];
  const double target = target_of(options, contract.action[field], from);
  run::Session session(*bench, nullptr, {.real_time = {.priority = 0, .lock_memory = false}},
                       [](int64_t) { return false; });
  session.begin();
  lead(session, bench->robot(), hold, field, target, options.speed);
  session.let_go();
  session.end();
  RobotState state;
  state.values.resize(contract.state.size());
  bench->robot().read(state);
  const double reached = state.values[field];
  print_result(fmt::format("{}: {:+.3f} -> {:+.3f} {}, asked for {:+.3f}\n", options.joint, from,
                           reached, contract.action[field].unit, target),
               {{"joint", options.joint}, {"from", from}, {"to", reached}, {"asked", target}},
               options.json);
}

}  // namespace

void add_robot_move(CLI::App& robot) {
  const auto options = std::make_shared<MoveOptions>();
  CLI::App* verb = robot.add_subcommand("move", "one joint of a real arm, slowly");
  add_arm_flags(*verb, options->arm);
  add_at_exit_flag(*verb, options->arm);
  verb->add_option("--joint", options->joint, "its name, or gripper")
      ->required()
      ->type_name("NAME");
  verb->add_option("--by", options->by, "change (rad; of the gripper's opening: 0 .. 1)")
      ->type_name("X")
      ->default_str("");
  verb->add_option("--to", options->to, "where to (rad; the gripper 0 closed .. 1 open)")
      ->type_name("X")
      ->default_str("");
  verb->add_option("--speed", options->speed, "a second")
      ->check(CLI::Range(0.01, 2.0))
      ->type_name("X");
  add_json_option(*verb, options->json);
  verb->callback([options] { move(*options); });
}

}  // namespace gyre::apps
