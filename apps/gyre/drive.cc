// gyre drive: a robot in real time, by a policy, with people who watch, order and judge.
#include "drive.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "drive_keys.h"
#include "drive_watch.h"
#include "engine_flags.h"
#include "gyre/core/error.h"
#include "gyre/data/journal.h"
#include "gyre/io/lock_file.h"
#include "gyre/run/journal_sink.h"
#include "gyre/run/operator_socket.h"
#include "gyre/run/robot_lock.h"
#include "gyre/run/session.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* kShippedPolicy = "assets/policies/nano";

// The folder for what belongs to a run alone: sockets and locks.
fs::path run_folder() {
  const char* folder = std::getenv("XDG_RUNTIME_DIR");
  return folder != nullptr && *folder != 0 ? fs::path(folder) : fs::temp_directory_path();
}

// The robot's name as a part of a file's: "gyre-sim-so101-ee".
std::string file_name(const std::string& robot) {
  std::string name = "gyre-" + robot;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  return name;
}

// The words of a server or a robot that is not well.
std::string complaint_of(const DrivePolicy& policy, const DrivenRobot& robot) {
  std::string line;
  if (const std::string bad = policy.complaint(); !bad.empty()) line += "  ! server: " + bad;
  if (const std::string bad = robot.fault ? robot.fault() : ""; !bad.empty()) {
    line += "  ! robot: " + bad;
  }
  return line;
}

nlohmann::json facts(const run::Session& session) {
  const run::LoopStatus status = session.status();
  return {{"ticks", session.ticks()},
          {"held_ticks", session.held_ticks()},
          {"episodes", status.verdicts},
          {"successes", status.successes},
          {"dropped_chunks", status.dropped_chunks},
          {"failed_inferences", status.failed_inferences},
          {"lost_records", status.lost_records}};
}

std::string describe(const run::Session& session) {
  const run::LoopStatus status = session.status();
  return fmt::format("{} of {} episodes succeeded, {} control periods, {} held\n", status.successes,
                     status.verdicts, session.ticks(), session.held_ticks());
}

// The pose to begin in; none unless it was asked for. Tells of one that nobody asked for.
std::optional<std::vector<float>> reset_pose(const DriveOptions& options,
                                             const DrivePolicy& policy) {
  const auto pose = policy.reset_pose();
  if (pose && !options.reset_pose) {
    fmt::print(stderr, "the server wants the robot to begin in a pose of its own: --reset-pose\n");
  }
  if (!pose && options.reset_pose) {
    throw Error("--reset-pose", "the server names no pose", "leave it out");
  }
  return options.reset_pose ? pose : std::nullopt;
}

// Ends a session also where an error comes in between; drops what end() would tell then.
struct EndOfDrive {
  run::Session& session;
  ~EndOfDrive() {
    try {
      session.end();
    } catch (...) {  // the first error is told
    }
  }
};

// Hands let go before the session ends.
struct EndOfHands {
  Hands* hands;
  ~EndOfHands() {
    if (hands != nullptr) hands->end();
  }
};

void drive(const DriveOptions& options, DrivePolicy& policy, const DrivenRobot& robot, Hands* hands,
           Pedals* pedals, DriveDesk* desk) {
  run::Bench& bench = *robot.bench;
  const Embodiment& contract = bench.robot().embodiment();
  run::LoopConfig loop = options.config.loop;
  loop.think |= bench.attempt().long_horizon;
  run::PolicyPort* const port =
      options.by_hand ? nullptr
                      : &policy.open(contract, file_name(options.robot), options.remote, loop);
  const std::string driver = options.by_hand ? "hand" : policy.name();
  run::SessionOptions how{.loop = loop,
                          .alarms = options.config.alarms,
                          .real_time = options.real_time,
                          .paused = !options.go && !robot.simulated,
                          .reset_pose = reset_pose(options, policy),
                          .seconds = options.seconds,
                          .policy = driver,
                          .policy_hash = policy.hash()};
  DriveScope scope(options.scope, {.policy = options.policy,
                                   .policy_hash = policy.hash(),
                                   .robot = contract.name,
                                   .speed = loop.speed,
                                   .real = !robot.simulated,
                                   .journal = options.journal});
  scope.require(bench.goal()->task);
  if (scope.active()) {
    how.permit = [&scope](const std::string& words) { return scope.permit(words); };
  }
  std::optional<data::JournalFolder> journal;
  std::optional<run::JournalSink> sink;
  if (!options.journal.empty()) {
    journal.emplace(options.journal, data::JournalFolder::Mode::kContinue);
    how.first_episode = journal->next_number();
    sink.emplace(*journal, bench.clock(), options.naming, options.lossless);
  }
  run::Session session(bench, port, how, robot.next);
  if (sink) session.add(*sink);
  const auto reporter = policy.outcome_reporter(file_name(options.robot));
  run::OutcomeSink outcomes([&](const run::AttemptEnd& attempt) {
    scope.take(attempt);
    if (reporter) reporter->report(attempt);
  });
  if (scope.active() || reporter) session.add(outcomes);
  std::unique_ptr<Console> console;
  if (options.console.given()) {
    console = open_console(options.console, options.beside);
    run::TapeSink& feed =
        console->add_robot(options.robot, driver, contract, session,
                           {.camera_right = robot.camera_right, .vocabulary = policy.words()});
    console->begin();  // a console that refuses has no part in the tape
    session.add(feed);
  }
  const EndOfDrive ends{session};  // before the console's
  const run::OperatorSocket socket(options.socket, session);
  fmt::print(stderr, "driving {} by {}; socket {}\n", options.robot, driver,
             socket.path().string());
  if (isatty(STDIN_FILENO) != 0) {
    const std::string moves = hands != nullptr ? hands->help() : "";
    if (!moves.empty()) fmt::print(stderr, "hands: {}\n", moves);
    fmt::print(stderr, "keys: {}\n", DriveKeys::kHelp);
  }
  for (const std::string& refused : session.begin().refused) {
    fmt::print(stderr, "warning: {}\n", refused);
  }
  // A leader takes a real robot over only when a person says so.
  if (hands != nullptr) {
    hands->begin(contract, session, options.by_hand && (options.go || robot.simulated),
                 robot.simulated);
  }
  const EndOfHands lets_go{hands};
  if (desk != nullptr) desk->begin(session);
  watch({.operations = session,
         .running = [&session] { return session.running(); },
         .complaint = [&policy, &robot] { return complaint_of(policy, robot); },
         .hands = hands,
         .pedals = pedals,
         .desk = desk});
  if (hands != nullptr) hands->end();
  session.end();
  console.reset();
  if (desk == nullptr) print_result(describe(session), facts(session), options.json);
}

// A robot has one driver. Each process has simulated robots of its own, which differ by their
// sockets.
io::LockFile lock_driver(const DriveOptions& options) {
  if (!is_simulated(options.robot)) return run::lock_robot(options.robot);
  return {options.socket + ".lock",
          "robot '" + options.robot + "'",
          io::LockFile::AtEnd::kRemove,
          {.does = "drives it", .remedy = "end it first, or give this one a --socket of its own"}};
}

}  // namespace

void run_drive(DriveOptions options, DriveDesk* desk) {
  options.config.loop.real_time = true;
  options.config.loop.validate();
  options.robot = full_robot_name(options.robot);
  const bool simulated = is_simulated(options.robot);
  if (options.by_hand && (!options.policy.empty() || !options.remote.url.empty())) {
    throw Error("--by-hand", "leaves no room for a policy", "leave out --policy and --remote");
  }
  if (options.policy.empty() && options.remote.url.empty() && !options.by_hand) {
    options.policy = kShippedPolicy;
  }
  std::optional<RealArm> arm;
  if (!simulated) {
    options.arm.robot = split_embodiment(options.robot).robot;
    arm.emplace(options.arm);
    arm->supervise();
  }
  if (options.socket.empty()) {
    options.socket = run_folder() / (file_name(options.robot) + ".sock");
  }
  const io::LockFile lock = lock_driver(options);
  const Embodiment contract = contract_of(options.robot, options.camera_size);
  DrivePolicy policy(options.policy, options.engine);
  const int image_size = policy.image_size(contract, options.camera_size);
  std::vector<std::unique_ptr<Camera>> cameras;
  if (!simulated) cameras = arm->cameras(image_size);
  if (!simulated && !options.by_hand && cameras.empty() && !contract.cameras.empty()) {
    throw Error("robot '" + options.robot + "'", "has no cameras, and a policy sees by them",
                "give --camera NAME=DEVICE, or drive --by-hand");
  }
  std::optional<Hands> hands;
  if (!options.hands.device.empty()) {
    hands.emplace(options.hands, robot_folder(options.robot), options.arm.any_firmware);
  }
  std::optional<Pedals> pedals;
  if (!options.pedal.device.empty()) pedals.emplace(options.pedal);
  if (desk != nullptr) {
    Embodiment seen = contract_of(options.robot, image_size);
    if (!simulated && cameras.empty()) seen.cameras.clear();
    desk->prepare(seen);
  }
  const DrivenRobot robot =
      simulated
          ? open_simulated(options.robot, options.scene, image_size, 1.0 / options.rate)
          : open_real(*arm, options.robot, options.scene, std::move(cameras), 1.0 / options.rate);
  drive(options, policy, robot, hands ? &*hands : nullptr, pedals ? &*pedals : nullptr, desk);
}

std::function<void()> add_driving_flags(CLI::App& verb, DriveOptions& options) {
  add_port_flags(verb, options.arm);
  add_at_exit_flag(verb, options.arm);
  add_pedal_flags(verb, options.pedal);
  verb.add_option("--prompt", options.scene.words, "what to do, in your own words")
      ->type_name("WORDS");
  verb.add_flag("--go", options.go, "a real robot moves at once; without, it waits for a resume");
  verb.add_option("--socket", options.socket,
                  "local socket for tools; without: gyre-ROBOT.sock in $XDG_RUNTIME_DIR or /tmp")
      ->type_name("FILE");
  verb.add_option("--rate", options.rate, "control periods a second")
      ->check(CLI::Range(50, 1000))
      ->type_name("INT");
  verb.add_option("--seconds", options.seconds, "end by itself after so long; 0: go on")
      ->check(at_least(0))
      ->type_name("S");
  verb.add_option("--priority", options.real_time.priority,
                  "of the control thread (SCHED_FIFO); 0: plain scheduling")
      ->check(CLI::Range(0, 99))
      ->type_name("INT");
  verb.add_option("--affinity", options.real_time.affinity,
                  "processors that the control thread may use")
      ->delimiter(',')
      ->type_name("N,N,...");
  return add_config(verb, options.config);
}

std::function<void()> add_robot_driving_flags(CLI::App& verb, DriveOptions& options) {
  verb.add_option("--robot", options.robot,
                  "a robot's name or folder, or sim:so101 for the kitchen by the wall clock")
      ->required()
      ->type_name("NAME|DIR");
  verb.add_option("--task", options.scene.task, "simulated: one task by name (`gyre sim --list`)")
      ->type_name("NAME");
  verb.add_option("--suite", options.scene.suite, "simulated: tasks one after another")
      ->type_name("NAME");
  verb.add_option("--seed", options.scene.seed, "simulated: draws the scenes")
      ->check(at_least(0))
      ->type_name("INT");
  verb.add_option("--journal", options.journal,
                  "record the whole run in this journal folder; one that exists is added to")
      ->type_name("DIR");
  add_lossless_flag(verb, options.lossless);
  verb.add_option("--camera-size", options.camera_size,
                  "side of the pictures (pixels); a local policy has its own")
      ->check(CLI::Range(16, 640))
      ->type_name("INT");
  add_console_flag(verb, options.console);
  add_json_option(verb, options.json);
  return add_driving_flags(verb, options);
}

void add_drive(CLI::App& app) {
  const auto options = std::make_shared<DriveOptions>();
  CLI::App* verb = app.add_subcommand("drive", "drive a robot in real time; see docs/driving.md");
  const auto resolve = add_robot_driving_flags(*verb, *options);
  verb->add_option("--policy", options->policy,
                   "checkpoint folder; with --remote: the policy for when the link is bad. Without "
                   "either: assets/policies/nano")
      ->type_name("DIR");
  add_remote_flags(*verb, options->remote);
  add_scope_flags(*verb, options->scope);
  verb->add_flag("--by-hand", options->by_hand, "no policy: people and tools drive");
  add_hand_flags(*verb, options->hands, "--hands");
  verb->add_flag("--reset-pose", options->reset_pose,
                 "bring the robot slowly to the pose that the server names (openpi's reset_pose)");
  add_engine_flags(*verb, options->engine);
  verb->callback([options, resolve] {
    resolve();
    run_drive(*options);
  });
}

}  // namespace gyre::apps
