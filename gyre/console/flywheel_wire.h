#pragma once

#include <cstdint>
#include <string>
#include <vector>

// The answers about a folder of runs, as JSON objects. They become a part of console/src/wire.ts as
// those of wire.h do.
namespace gyre::console {

// A rate with its 95 % interval, all 0 .. 1.
struct RateLine {
  std::string suite, created;
  int64_t episodes = 0, successes = 0;
  double rate = 0, low = 0, high = 0;
  static void fields(auto& visit, auto& m) {
    visit("suite", m.suite);
    visit("created", m.created);
    visit("episodes", m.episodes);
    visit("successes", m.successes);
    visit("rate", m.rate);
    visit("low", m.low);
    visit("high", m.high);
  }
};

struct PolicyLine {
  std::string hash, parent;  // parent: "" where it is not known
  std::string folder, created, run;
  bool here = false, in_use = false;
  std::string verdict, reason;  // of its gate: "promoted", "kept" or ""
  std::vector<RateLine> rates;  // the newest of each suite
  static void fields(auto& visit, auto& m) {
    visit("hash", m.hash);
    visit("parent", m.parent);
    visit("folder", m.folder);
    visit("created", m.created);
    visit("run", m.run);
    visit("here", m.here);
    visit("in_use", m.in_use);
    visit("verdict", m.verdict);
    visit("reason", m.reason);
    visit("rates", m.rates);
  }
};

struct UseLine {
  std::string kind, before, after, author, reason, created;
  static void fields(auto& visit, auto& m) {
    visit("kind", m.kind);
    visit("before", m.before);
    visit("after", m.after);
    visit("author", m.author);
    visit("reason", m.reason);
    visit("created", m.created);
  }
};

// Two policies over the same seeds; `difference` is paired, -1 .. 1, with its 95 % interval.
struct ComparisonLine {
  std::string suite;
  std::vector<RateLine> rates;  // before, after
  double difference = 0, low = 0, high = 0;
  static void fields(auto& visit, auto& m) {
    visit("suite", m.suite);
    visit("rates", m.rates);
    visit("difference", m.difference);
    visit("low", m.low);
    visit("high", m.high);
  }
};

struct ClipLine {
  std::string title, caption, path;  // path: of the MP4 on this server
  static void fields(auto& visit, auto& m) {
    visit("title", m.title);
    visit("caption", m.caption);
    visit("path", m.path);
  }
};

// One turn, decided or not.
struct RunLine {
  std::string name, words;
  std::string decided;  // UTC; "": not yet
  std::string before, after;
  bool promoted = false;
  std::string reason;
  std::vector<ComparisonLine> comparisons;
  std::vector<ClipLine> clips;
  std::string report;  // path of the report on this server; "": there is none
  static void fields(auto& visit, auto& m) {
    visit("name", m.name);
    visit("words", m.words);
    visit("decided", m.decided);
    visit("before", m.before);
    visit("after", m.after);
    visit("promoted", m.promoted);
    visit("reason", m.reason);
    visit("comparisons", m.comparisons);
    visit("clips", m.clips);
    visit("report", m.report);
  }
};

struct StageLine {
  std::string stage;
  double expected_s = 0, spent_s = 0;
  bool done = false, running = false;
  static void fields(auto& visit, auto& m) {
    visit("stage", m.stage);
    visit("expected_s", m.expected_s);
    visit("spent_s", m.spent_s);
    visit("done", m.done);
    visit("running", m.running);
  }
};

struct FlywheelState {
  std::string runs;  // the folder; "": the console has none
  bool may_administer = false;
  std::string problem;  // why the ledger cannot be read; "": it can
  std::vector<PolicyLine> policies;
  std::vector<UseLine> uses;   // oldest first
  std::vector<RunLine> turns;  // oldest first
  std::string training;        // with curves: the newest, by its name; "": there is none
  // The turn that runs, or was started last; gyre/flywheel/turn_desk.h.
  std::string phase, run, command, what, unit, stopped_by;
  std::vector<StageLine> stages;
  int64_t done = 0, total = 0;
  double left_s = -1;
  bool started_here = false;
  std::string refusal;  // why no turn can be started now
  std::vector<std::string> suites, recipes;
  int64_t collect_episodes = 0, trained_episodes = 0, frontier_episodes = 0;  // what is proposed
  double minutes = 0;
  static void fields(auto& visit, auto& m) {
    visit("runs", m.runs);
    visit("may_administer", m.may_administer);
    visit("problem", m.problem);
    visit("policies", m.policies);
    visit("uses", m.uses);
    visit("turns", m.turns);
    visit("training", m.training);
    visit("phase", m.phase);
    visit("run", m.run);
    visit("command", m.command);
    visit("what", m.what);
    visit("unit", m.unit);
    visit("stopped_by", m.stopped_by);
    visit("stages", m.stages);
    visit("done", m.done);
    visit("total", m.total);
    visit("left_s", m.left_s);
    visit("started_here", m.started_here);
    visit("refusal", m.refusal);
    visit("suites", m.suites);
    visit("recipes", m.recipes);
    visit("collect_episodes", m.collect_episodes);
    visit("trained_episodes", m.trained_episodes);
    visit("frontier_episodes", m.frontier_episodes);
    visit("minutes", m.minutes);
  }
};

// One cell of a scope; rates 0 .. 1.
struct ScopeLine {
  std::string verb, object, place, robot;
  double speed = 1;
  int64_t successes = 0, attempts = 0;  // of the policy itself
  double mean = 0, low = 0, high = 0;   // low, high: one-sided 95 % bounds
  std::string verdict;                  // "in", "ask" or "out"
  static void fields(auto& visit, auto& m) {
    visit("verb", m.verb);
    visit("object", m.object);
    visit("place", m.place);
    visit("robot", m.robot);
    visit("speed", m.speed);
    visit("successes", m.successes);
    visit("attempts", m.attempts);
    visit("mean", m.mean);
    visit("low", m.low);
    visit("high", m.high);
    visit("verdict", m.verdict);
  }
};

// A policy's scope, as far as there is evidence.
struct ScopeState {
  std::string policy;
  bool real = false;
  double asked_rate = 0;
  std::vector<ScopeLine> cells;
  static void fields(auto& visit, auto& m) {
    visit("policy", m.policy);
    visit("real", m.real);
    visit("asked_rate", m.asked_rate);
    visit("cells", m.cells);
  }
};

// One line of a training's plot.
struct Curve {
  std::string name;
  std::vector<double> steps, values;
  static void fields(auto& visit, auto& m) {
    visit("name", m.name);
    visit("steps", m.steps);
    visit("values", m.values);
  }
};

struct TrainingCurves {
  std::vector<Curve> curves;
  double age_s = 0;  // of the newest word
  static void fields(auto& visit, auto& m) {
    visit("curves", m.curves);
    visit("age_s", m.age_s);
  }
};

// From a page: a turn that shall be made. `verb`: "start", "go on", "stop", or "cost": only asked.
struct TurnCommand {
  std::string verb, policy, frontier_suite, recipe;
  int collect_episodes = 0, trained_episodes = 0, frontier_episodes = 0;
  double minutes = 0;
  static void fields(auto& visit, auto& m) {
    visit("verb", m.verb);
    visit("policy", m.policy);
    visit("frontier_suite", m.frontier_suite);
    visit("recipe", m.recipe);
    visit("collect_episodes", m.collect_episodes);
    visit("trained_episodes", m.trained_episodes);
    visit("frontier_episodes", m.frontier_episodes);
    visit("minutes", m.minutes);
  }
};

struct CostAnswer {
  double seconds = 0;
  std::vector<StageLine> stages;
  int cores = 0;                     // of the machine; the turn takes what nothing else wants
  double bytes = 0, free_bytes = 0;  // bytes: left on the disk; 0: not known
  std::string basis;                 // on which measurement this rests
  static void fields(auto& visit, auto& m) {
    visit("seconds", m.seconds);
    visit("stages", m.stages);
    visit("cores", m.cores);
    visit("bytes", m.bytes);
    visit("free_bytes", m.free_bytes);
    visit("basis", m.basis);
  }
};

// From a page: puts a policy in use.
struct UseCommand {
  std::string policy, reason;
  static void fields(auto& visit, auto& m) {
    visit("policy", m.policy);
    visit("reason", m.reason);
  }
};

}  // namespace gyre::console
