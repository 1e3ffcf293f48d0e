// gyre drive: a robot in real time, by a policy, with people who watch, order and judge.
#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "drive_keys.h"
#include "drive_robot.h"
#include "engine_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal.h"
#include "gyre/io/lock_file.h"
#include "gyre/run/journal_sink.h"
#include "gyre/run/operator_socket.h"
#include "gyre/run/session.h"
#include "gyre/run/threaded_port.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

constexpr int kGlanceMs = 100;

struct DriveConfig {
  run::LoopConfig loop;
  run::AlarmConfig alarms;
  template <class Visitor>
  void visit(Visitor& v) {
    loop.visit(v);
    v("alarms", alarms, "thresholds of the alarms");
  }
};

struct DriveOptions {
  std::string robot;
  std::string policy = "assets/policies/nano";
  std::string journal, json, socket;
  DriveScene scene;
  int rate = 100;
  double seconds = 0;
  bool go = false;
  DriveConfig config;
  run::RealTimeOptions real_time;
  infer::EngineOptions engine;
};

// The side of the pictures that the policy was trained on.
int image_size_for(const infer::Engine& engine, const std::string& robot) {
  constexpr int kOtherwise = 64;
  const auto& known = engine.checkpoint().embodiments;
  const auto found = known.find(contract_of(robot, kOtherwise).name);
  if (found == known.end() || found->second.contract.cameras.empty()) return kOtherwise;
  return found->second.contract.cameras.front().width;
}

std::unique_ptr<run::PolicyPort> make_port(const infer::Engine& engine, const Embodiment& contract,
                                           const run::LoopConfig& loop) {
  return std::make_unique<run::ThreadedPort>(
      run::EngineClient(engine, contract,
                        {.think = loop.think,
                         .flow_steps = loop.flow_steps,
                         .method = run::join_method(loop.method),
                         .draws = loop.draws}),
      contract);
}

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

// Lets people and signals in, and shows the status, until the session or they end it.
void watch(run::Session& session) {
  const bool shows = isatty(STDERR_FILENO) != 0;
  KeyTerminal terminal;
  DriveKeys keys(session);
  auto next_line = std::chrono::steady_clock::now();
  while (session.running() && !stop_requested() && !keys.quits()) {
    terminal.wait(kGlanceMs, keys);
    if (!shows && std::chrono::steady_clock::now() < next_line) continue;
    next_line = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    const std::string line =
        keys.typing().empty() ? run::status_line(session.status()) : "words: " + keys.typing();
    fmt::print(stderr, shows ? "\r\033[K{}" : "{}\n", line);
  }
  if (shows) fmt::print(stderr, "\n");
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

void drive(const DriveOptions& options, const infer::Engine& engine, const DrivenRobot& robot) {
  run::Bench& bench = *robot.bench;
  const auto port = make_port(engine, bench.robot().embodiment(), options.config.loop);
  run::SessionOptions how{.loop = options.config.loop,
                          .alarms = options.config.alarms,
                          .real_time = options.real_time,
                          .paused = !options.go && !robot.simulated,
                          .seconds = options.seconds,
                          .policy = engine.checkpoint().folder.string(),
                          .policy_hash = engine.checkpoint().policy_hash};
  std::optional<data::JournalFolder> journal;
  std::optional<run::JournalSink> sink;
  if (!options.journal.empty()) {
    journal.emplace(options.journal, data::JournalFolder::Mode::kContinue);
    how.first_episode = journal->next_number();
    sink.emplace(*journal, bench.clock(), data::JournalOptions::Naming::kInOrder);
  }
  run::Session session(bench, port.get(), how, robot.next);
  if (sink) session.add(*sink);
  const run::OperatorSocket socket(options.socket, session);
  fmt::print(stderr, "driving {}; socket {}\n", options.robot, socket.path().string());
  if (isatty(STDIN_FILENO) != 0) fmt::print(stderr, "keys: {}\n", DriveKeys::kHelp);
  for (const std::string& refused : session.begin().refused) {
    fmt::print(stderr, "warning: {}\n", refused);
  }
  watch(session);
  session.end();
  print_result(describe(session), facts(session), options.json);
}

void run_drive(DriveOptions& options) {
  options.config.loop.real_time = true;
  options.config.loop.validate();
  options.robot = full_robot_name(options.robot);
  require_folder("policy", options.policy);
  const std::string name = file_name(options.robot);
  if (options.socket.empty()) options.socket = run_folder() / (name + ".sock");
  const io::LockFile lock(run_folder() / (name + ".lock"), "robot '" + options.robot + "'",
                          io::LockFile::AtEnd::kRemove,
                          {.does = "drives it", .remedy = "end it first: a robot has one driver"});
  const auto engine = infer::open_engine(options.policy, nullptr, {}, options.engine);
  const DrivenRobot robot = open_robot(options.robot, options.scene,
                                       image_size_for(*engine, options.robot), 1.0 / options.rate);
  drive(options, *engine, robot);
}

}  // namespace

void add_drive(CLI::App& app) {
  const auto options = std::make_shared<DriveOptions>();
  CLI::App* verb = app.add_subcommand("drive", "drive a robot in real time; see docs/driving.md");
  verb->add_option("--robot", options->robot,
                   "a robot's name or folder, or sim:so101 for the kitchen by the wall clock")
      ->required()
      ->type_name("NAME|DIR");
  verb->add_option("--policy", options->policy, "checkpoint folder")->type_name("DIR");
  verb->add_option("--prompt", options->scene.words, "what to do, in your own words")
      ->type_name("WORDS");
  verb->add_option("--task", options->scene.task, "simulated: one task by name (`gyre sim --list`)")
      ->type_name("NAME");
  verb->add_option("--suite", options->scene.suite, "simulated: tasks one after another")
      ->type_name("NAME");
  verb->add_option("--seed", options->scene.seed, "simulated: draws the scenes")
      ->check(at_least(0))
      ->type_name("INT");
  verb->add_option("--journal", options->journal,
                   "record the whole run in this journal folder; one that exists is added to")
      ->type_name("DIR");
  verb->add_flag("--go", options->go, "a real robot moves at once; without, it waits for a resume");
  verb->add_option("--socket", options->socket,
                   "local socket for tools; without: gyre-ROBOT.sock in $XDG_RUNTIME_DIR or /tmp")
      ->type_name("FILE");
  verb->add_option("--rate", options->rate, "control periods a second")
      ->check(CLI::Range(50, 1000))
      ->type_name("INT");
  verb->add_option("--seconds", options->seconds, "end by itself after so long; 0: go on")
      ->check(at_least(0))
      ->type_name("S");
  verb->add_option("--priority", options->real_time.priority,
                   "of the control thread (SCHED_FIFO); 0: plain scheduling")
      ->check(CLI::Range(0, 99))
      ->type_name("INT");
  verb->add_option("--affinity", options->real_time.affinity,
                   "processors that the control thread may use")
      ->delimiter(',')
      ->type_name("N,N,...");
  add_engine_flags(*verb, options->engine);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->config);
  verb->callback([options, resolve] {
    resolve();
    run_drive(*options);
  });
}

}  // namespace gyre::apps
