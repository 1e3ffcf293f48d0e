#include "gyre/flywheel/turn_desk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gyre/core/error.h"
#include "gyre/flywheel/policy_use.h"
#include "gyre/flywheel/run_progress.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/io/file.h"
#include "gyre/io/lock_file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kMostEpisodes = 100'000;
constexpr double kMostMinutes = 7 * 24 * 60;
constexpr std::streamoff kLogEnd = 4096;  // bytes of a log that are looked at

struct FoundRun {
  fs::path folder;
  RunNews news;
};

// The newest run of a process, or the newest that any process works on.
std::optional<FoundRun> find_run(const fs::path& runs, const ProcessId* process) {
  std::optional<FoundRun> found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(runs, code)) {
    auto news = read_news(entry.path());
    if (!news) continue;
    const bool wanted = process != nullptr ? news->process == *process
                                           : !news->stage.empty() && is_running(news->process);
    if (wanted && (!found || entry.path() > found->folder)) {
      found = FoundRun{entry.path(), *std::move(news)};
    }
  }
  return found;
}

json read_state(const fs::path& run) {
  std::ifstream in(run / "state.json");
  json state = json::parse(in, nullptr, false);
  return state.is_object() ? state : json::object();
}

// The budgets of a run, for what it is expected to cost.
TurnConfig config_of(const json& state) {
  TurnConfig config;
  const auto& stored = state.at("order").at("config");
  stored.at("trained_episodes").get_to(config.trained_episodes);
  stored.at("frontier_episodes").get_to(config.frontier_episodes);
  stored.at("collect_episodes").get_to(config.collect_episodes);
  stored.at("replay_episodes").get_to(config.replay_episodes);
  stored.at("replay").get_to(config.replay);
  stored.at("record").get_to(config.record);
  stored.at("recipe").get_to(config.recipe);
  stored.at("learn.minutes").get_to(config.learn.minutes);
  stored.at("learn.steps").get_to(config.learn.steps);
  GateConfig& gate = config.gate;
  gate.quick = stored.value("gate.quick", gate.quick);
  gate.quick_pairs = stored.value("gate.quick_pairs", gate.quick_pairs);
  gate.frontier_pairs = stored.value("gate.frontier_pairs", gate.frontier_pairs);
  gate.family_pairs = stored.value("gate.family_pairs", gate.family_pairs);
  return config;
}

double spent_on(const json& state, const std::string& stage) {
  for (const json& entry : state.at("seconds")) {
    if (entry.at(0) == stage) return entry.at(1);
  }
  return 0;
}

// Fills stages and time left.
void add_stages(const fs::path& runs, const FoundRun& run, TurnState& state) {
  const json stored = read_state(run.folder);
  if (!stored.contains("order")) return;
  const TurnCost cost = expected_cost(config_of(stored), runs);
  state.left_s = 0;
  for (const StageCost& each : cost.stages) {
    StageState stage{.stage = each.stage,
                     .expected_s = each.seconds,
                     .spent_s = spent_on(stored, each.stage),
                     .done = stored.at("results").contains(each.stage),
                     .running = run.news.stage == each.stage};
    if (stage.running) {
      stage.spent_s += run.news.stage_s;
      // The words of a stage of several parts are of its present part alone.
      const double expected = std::max(0.0, stage.expected_s - stage.spent_s);
      const bool parts = each.stage.starts_with(stage::kLearn);
      state.left_s += run.news.left_s < 0 ? expected
                      : parts             ? std::max(expected, run.news.left_s)
                                          : run.news.left_s;
    } else if (!stage.done) {
      state.left_s += stage.expected_s;
    }
    state.stages.push_back(std::move(stage));
  }
}

// The last line that a program wrote.
std::string last_line(const fs::path& log) {
  std::ifstream in(log, std::ios::binary | std::ios::ate);
  if (!in) return "";
  const std::streamoff size = in.tellg();
  in.seekg(std::max<std::streamoff>(0, size - kLogEnd));
  std::string last;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) last = line;
  }
  constexpr std::string_view kProgram = "gyre: ";
  return last.starts_with(kProgram) ? last.substr(kProgram.size()) : last;
}

void require_between(const char* field, double value, double least, double most) {
  if (std::isfinite(value) && value >= least && value <= most) return;
  throw Error(field, fmt::format("is {}", value), fmt::format("from {} to {}", least, most));
}

}  // namespace

struct TurnDesk::Started {
  std::vector<std::string> arguments;
  ProcessId process;
  bool interrupted = false;
};

std::optional<TurnDesk::Started> TurnDesk::started() const {
  std::ifstream in(options_.runs / "turn.json");
  const json stored = json::parse(in, nullptr, false);
  if (!stored.is_object()) return std::nullopt;
  try {
    if (stored.at("arguments").size() < 2) return std::nullopt;
    return Started{.arguments = stored.at("arguments"),
                   .process = {.pid = stored.at("process").at("pid"),
                               .started = stored.at("process").at("started")},
                   .interrupted = stored.at("interrupted")};
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

void TurnDesk::write(const Started& started) const {
  const json stored = {
      {"arguments", started.arguments},
      {"process", {{"pid", started.process.pid}, {"started", started.process.started}}},
      {"interrupted", started.interrupted}};
  io::write_atomically(options_.runs / "turn.json", stored.dump(1) + "\n");
}

TurnConfig TurnDesk::config(const TurnForm& form) const {
  if (std::ranges::find(options_.suites, form.frontier_suite) == options_.suites.end()) {
    throw Error("frontier suite '" + form.frontier_suite + "'", "is unknown",
                fmt::format("it is one of {}", fmt::join(options_.suites, ", ")));
  }
  require_between("helped episodes", form.collect_episodes, 1, kMostEpisodes);
  require_between("attempts at trained tasks", form.trained_episodes, 1, kMostEpisodes);
  require_between("attempts at frontier tasks", form.frontier_episodes, 1, kMostEpisodes);
  require_between("minutes of learning", form.minutes, 0.05, kMostMinutes);
  const std::optional<UseEntry> use = policy_in_use(options_.runs);
  std::optional<fs::path> folder;
  if (!form.policy.empty()) {
    folder = policy_folder(options_.runs, form.policy);
    if (!folder) throw Error("policy " + form.policy, "is not in the ledger, or not here");
  } else if (use) {
    folder = used_folder(options_.runs, *use);
  } else {
    throw Error("policy", "none is in use", "put one in use first, or choose one");
  }
  TurnConfig config = options_.preset;
  config.policy = folder->lexically_normal().string();
  config.runs = options_.runs.string();
  config.frontier_suite = form.frontier_suite;
  config.recipe = find_recipe(standard_recipes(), form.recipe).key();
  config.collect_episodes = form.collect_episodes;
  config.trained_episodes = form.trained_episodes;
  config.frontier_episodes = form.frontier_episodes;
  config.learn.minutes = form.minutes;
  config.validate();
  return config;
}

std::string TurnDesk::refusal() const {
  const auto mine = started();
  if ((mine && is_running(mine->process)) || find_run(options_.runs, nullptr)) {
    return "a turn is running: one at a time";
  }
  if (!options_.driven_robots) return "";
  const std::vector<std::string> robots = options_.driven_robots();
  if (robots.empty()) return "";
  return fmt::format("robot {} is driven on this machine: no turn while a real arm moves",
                     fmt::join(robots, ", "));
}

void TurnDesk::require_free() const {
  const std::string why = refusal();
  if (!why.empty()) throw Error("", why);
}

void TurnDesk::start(const TurnForm& form) {
  const TurnConfig config = this->config(form);
  run({options_.program.string(), "turn", "--runs", config.runs, "--policy", config.policy,
       "--frontier-suite", config.frontier_suite, "--recipe", config.recipe, "--collect-episodes",
       std::to_string(config.collect_episodes), "--trained-episodes",
       std::to_string(config.trained_episodes), "--frontier-episodes",
       std::to_string(config.frontier_episodes), "--learn.minutes",
       fmt::format("{}", config.learn.minutes)},
      true);
}

void TurnDesk::go_on() {
  if (state().phase != "stopped") throw Error("", "no turn waits to go on");
  std::vector<std::string> arguments = started()->arguments;
  arguments.front() = options_.program.string();
  run(std::move(arguments), false);
}

void TurnDesk::run(std::vector<std::string> arguments, bool afresh) {
  const io::LockFile one(options_.runs / "turn.lock", options_.runs, io::LockFile::AtEnd::kKeep,
                         {.does = "starts a turn there", .remedy = "try again"});
  require_free();
  const fs::path log = options_.runs / "turn.log";
  std::error_code ignored;
  if (afresh) fs::remove(log, ignored);
  const ProcessId process = start_in_background(arguments, log);
  write({.arguments = std::move(arguments), .process = process});
}

void TurnDesk::stop() {
  auto mine = started();
  if (mine && is_running(mine->process)) {
    mine->interrupted = true;
    write(*mine);
    return interrupt_process(mine->process);
  }
  const auto other = find_run(options_.runs, nullptr);
  if (!other) throw Error("", "no turn is running");
  interrupt_process(other->news.process);
}

TurnState TurnDesk::state() const {
  const auto mine = started();
  const bool runs_here = mine && is_running(mine->process);
  std::optional<FoundRun> run;
  if (!runs_here) run = find_run(options_.runs, nullptr);
  TurnState state;
  if (!run && mine) {
    run = find_run(options_.runs, &mine->process);
    state.started_here = true;
    state.command =
        fmt::format("gyre {}", fmt::join(mine->arguments.begin() + 1, mine->arguments.end(), " "));
  }
  if (!run && !mine) return state;
  state.phase = "running";
  if (run) {
    state.run = run->folder.filename().string();
    state.what = run->news.what;
    state.unit = run->news.unit;
    state.done = run->news.done;
    state.total = run->news.total;
    try {
      add_stages(options_.runs, *run, state);
    } catch (const json::exception&) {
      state.stages.clear();  // of another version
      state.left_s = -1;
    }
  }
  if (!state.started_here) return state;
  if (runs_here) {
    if (mine->interrupted) state.phase = "stopping";
    return state;
  }
  const bool finished = run && read_state(run->folder).value("finished", false);
  state.phase = finished ? "finished" : "stopped";
  if (!finished) state.problem = last_line(options_.runs / "turn.log");
  return state;
}

}  // namespace gyre::flywheel
