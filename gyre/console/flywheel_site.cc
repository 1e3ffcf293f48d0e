#include "gyre/console/flywheel_site.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "gyre/console/wire_json.h"
#include "gyre/core/error.h"
#include "gyre/flywheel/overview.h"
#include "gyre/flywheel/policy_use.h"
#include "gyre/flywheel/scope.h"
#include "gyre/flywheel/stages/learn.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/io/file.h"
#include "gyre/serve/access.h"

namespace gyre::console {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kFlywheel = "/flywheel/";
constexpr std::string_view kRuns = "/flywheel/runs/";
constexpr const char* kReport = "report.html";
// The report is one file: its style and its videos lie within it.
constexpr const char* kPolicyOfReport =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

serve::HttpAnswer fresh_answer(std::string body, std::string type) {
  return {.body = std::move(body),
          .type = std::move(type),
          .headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}};
}

template <class Message>
serve::HttpAnswer json_of_answer(const Message& message) {
  return fresh_answer(json_of(message), "application/json");
}

RateLine line_of(const std::string& suite, const flywheel::Rate& rate) {
  return {.suite = suite,
          .episodes = rate.episodes,
          .successes = rate.successes,
          .rate = rate.rate,
          .low = rate.low,
          .high = rate.high};
}

PolicyLine line_of(const flywheel::KnownPolicy& policy) {
  PolicyLine line{.hash = policy.hash,
                  .parent = policy.parent,
                  .folder = policy.folder.string(),
                  .created = policy.created,
                  .run = policy.run,
                  .here = policy.here,
                  .in_use = policy.in_use,
                  .verdict = policy.verdict,
                  .reason = policy.reason};
  for (const flywheel::MeasuredRate& measured : policy.rates) {
    line.rates.push_back(line_of(measured.suite, measured.rate));
    line.rates.back().created = measured.created;
  }
  return line;
}

// A promotion's evidence: {trained, frontier: {before, after, paired}}.
std::vector<ComparisonLine> comparisons_of(const std::string& evidence) {
  std::vector<ComparisonLine> lines;
  const json all = json::parse(evidence, nullptr, false);
  try {
    for (const char* suite : {"frontier", "trained"}) {
      if (!all.is_object() || !all.contains(suite)) continue;
      const json& one = all.at(suite);
      const auto paired = one.at("paired").get<flywheel::Difference>();
      lines.push_back({.suite = suite,
                       .rates = {line_of(suite, one.at("before").get<flywheel::Rate>()),
                                 line_of(suite, one.at("after").get<flywheel::Rate>())},
                       .difference = paired.difference,
                       .low = paired.low,
                       .high = paired.high});
    }
  } catch (const json::exception&) {
    lines.clear();  // of another version
  }
  return lines;
}

std::string path_of(const std::string& run, const std::string& file) {
  return fmt::format("{}{}/{}", kRuns, run, file);
}

// The videos that a run says it has made.
std::vector<ClipLine> clips_of(const fs::path& run) {
  std::ifstream in(run / "state.json");
  const json state = json::parse(in, nullptr, false);
  std::vector<ClipLine> clips;
  const auto add = [&](const json& clip) {
    const std::string file = clip.at("file");
    clips.push_back({.title = clip.at("title"),
                     .caption = clip.at("caption"),
                     .path = path_of(run.filename().string(), file)});
  };
  try {
    const json& results = state.at("results");
    for (const char* stage : {flywheel::stage::kFilm, flywheel::stage::kFirstLook}) {
      if (!results.contains(stage)) continue;
      const json& made = results.at(stage).at("result");
      if (made.is_object()) add(made);
      if (made.is_array()) std::ranges::for_each(made, add);
      if (!clips.empty()) break;  // the first look is for while there is no more
    }
  } catch (const json::exception&) {
    clips.clear();
  }
  return clips;
}

// A name that is one folder's below another.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos;
}

std::vector<RunLine> turns_of(const fs::path& runs, const flywheel::Overview& overview) {
  std::vector<RunLine> lines;
  for (size_t i = 0; i < overview.decisions.size(); ++i) {
    const flywheel::PromotionEntry& decision = overview.decisions[i];
    const bool reported = fs::is_regular_file(runs / decision.run / kReport);
    lines.push_back(
        {.name = decision.run,
         .words = overview.words.contains(decision.run) ? overview.words.at(decision.run) : "",
         .decided = overview.decided[i],
         .before = decision.before,
         .after = decision.after,
         .promoted = decision.promoted,
         .reason = decision.reason,
         .comparisons = comparisons_of(decision.evidence),
         .clips = clips_of(runs / decision.run),
         .report = reported ? path_of(decision.run, kReport) : ""});
  }
  return lines;
}

struct Training {
  std::string name;  // its folder, below the runs
  fs::file_time_type heard;
};

// Folders with a training's metrics, the newest last.
std::vector<Training> trainings_in(const fs::path& runs) {
  std::vector<Training> trainings;
  std::error_code none;
  const auto look = [&](const fs::path& folder) {
    std::error_code absent;
    const auto heard = fs::last_write_time(folder / "metrics.jsonl", absent);
    if (!absent) trainings.push_back({folder.lexically_relative(runs).string(), heard});
  };
  for (const auto& run : fs::directory_iterator(runs, none)) {
    if (fs::is_symlink(run.path(), none) || !run.is_directory(none)) continue;
    look(run.path());
    for (const auto& candidate : fs::directory_iterator(run.path() / "candidates", none)) {
      look(candidate.path());
    }
  }
  std::ranges::sort(trainings, {}, &Training::heard);
  return trainings;
}

void add_turn(const flywheel::TurnState& turn, FlywheelState& state) {
  state.phase = turn.phase;
  state.run = turn.run;
  state.command = turn.command;
  state.what = turn.what;
  state.unit = turn.unit;
  state.stopped_by = turn.problem;
  state.done = turn.done;
  state.total = turn.total;
  state.left_s = turn.left_s;
  state.started_here = turn.started_here;
  for (const flywheel::StageState& stage : turn.stages) {
    state.stages.push_back({.stage = stage.stage,
                            .expected_s = stage.expected_s,
                            .spent_s = stage.spent_s,
                            .done = stage.done,
                            .running = stage.running});
  }
}

flywheel::TurnForm form_of(const TurnCommand& command) {
  return {.policy = command.policy,
          .frontier_suite = command.frontier_suite,
          .recipe = command.recipe,
          .collect_episodes = command.collect_episodes,
          .trained_episodes = command.trained_episodes,
          .frontier_episodes = command.frontier_episodes,
          .minutes = command.minutes};
}

}  // namespace

bool FlywheelSite::owns(const serve::HttpRequest& request) const {
  return !request.head.upgrade && request.path().starts_with(kFlywheel);
}

serve::SiteAnswer FlywheelSite::answer(const serve::HttpRequest& request) {
  const bool admin = serve::may_administer(request.role);
  const std::string path(request.path());
  if (request.head.method == "POST") {
    if (!admin) return {.http = serve::http_line(403, "only an administrator may do this")};
    return {.http = {},
            .later = [this, path, body = std::string(request.body),
                      author = request.name.empty() ? "console" : request.name] {
              return post(path, body, author);
            }};
  }
  if (request.head.method != "GET") return {.http = serve::http_line(405, "GET or POST")};
  return {.http = {}, .later = [this, admin, target = std::string(request.head.target)] {
            const std::lock_guard lock(mutex_);
            try {
              return get(target, admin);
            } catch (const std::exception& error) {
              return serve::http_line(400, error.what());
            }
          }};
}

serve::HttpAnswer FlywheelSite::get(const std::string& target, bool admin) {
  const std::string path = target.substr(0, target.find('?'));
  if (path == "/flywheel/state.json") return json_of_answer(state(admin));
  if (path == "/flywheel/curves.json") return curves(serve::query_value(target, "training"));
  if (path == "/flywheel/scope.json") {
    return json_of_answer(
        scope(serve::query_value(target, "policy"), serve::query_value(target, "real") == "1"));
  }
  if (path.starts_with(kRuns)) return run_file(path);
  return serve::http_line(404, "there is nothing here");
}

serve::HttpAnswer FlywheelSite::post(const std::string& path, const std::string& body,
                                     const std::string& author) {
  const std::lock_guard lock(mutex_);
  const fs::path& runs = desk_.options().runs;
  try {
    if (runs.empty()) return serve::http_line(409, "this console has no folder of runs");
    if (path == "/flywheel/use") {
      const auto command = read_frame<UseCommand>(body);
      if (!flywheel::is_policy_hash(command.policy)) throw Error("policy", "is no hash");
      flywheel::use_policy(runs,
                           {.policy = command.policy, .author = author, .reason = command.reason});
      return json_of_answer(state(true));
    }
    if (path != "/flywheel/turn") return serve::http_line(404, "there is nothing here");
    const auto command = read_frame<TurnCommand>(body);
    if (command.verb == "cost") return json_of_answer(cost(form_of(command)));
    if (command.verb == "start") {
      desk_.start(form_of(command));
    } else if (command.verb == "go on") {
      desk_.go_on();
    } else if (command.verb == "stop") {
      desk_.stop();
    } else {
      return serve::http_line(400, "a turn's verb is start, go on, stop or cost");
    }
    return json_of_answer(state(true));
  } catch (const std::exception& error) {
    return serve::http_line(409, error.what());
  }
}

FlywheelState FlywheelSite::state(bool admin) const {
  const flywheel::TurnDesk::Options& options = desk_.options();
  FlywheelState state{.runs = options.runs.string(), .may_administer = admin};
  if (options.runs.empty()) return state;
  try {
    const flywheel::Overview overview = flywheel::read_overview(options.runs);
    for (const flywheel::KnownPolicy& policy : overview.policies) {
      state.policies.push_back(line_of(policy));
    }
    for (const flywheel::UseEntry& use : overview.uses) {
      state.uses.push_back({.kind = use.kind,
                            .before = use.before,
                            .after = use.after,
                            .author = use.author,
                            .reason = use.reason,
                            .created = use.created});
    }
    state.turns = turns_of(options.runs, overview);
  } catch (const Error& error) {
    state.problem = error.what();
  }
  const std::vector<Training> trainings = trainings_in(options.runs);
  if (!trainings.empty()) state.training = trainings.back().name;
  add_turn(desk_.state(), state);
  state.refusal = desk_.refusal();
  state.suites = options.suites;
  for (const flywheel::Recipe& recipe : flywheel::standard_recipes()) {
    state.recipes.push_back(recipe.key());
  }
  const flywheel::TurnConfig& preset = options.preset;
  state.collect_episodes = preset.collect_episodes;
  state.trained_episodes = preset.trained_episodes;
  state.frontier_episodes = preset.frontier_episodes;
  state.minutes = preset.learn.minutes;
  return state;
}

// Only what the run itself has written down is served.
serve::HttpAnswer FlywheelSite::run_file(std::string_view path) const {
  const std::string_view rest = path.substr(kRuns.size());
  const size_t slash = rest.find('/');
  const std::string run(rest.substr(0, slash));
  if (slash != std::string_view::npos && is_plain_name(run)) {
    const fs::path folder = desk_.options().runs / run;
    const fs::path file = folder / rest.substr(slash + 1);
    if (rest.substr(slash + 1) == kReport && fs::is_regular_file(file)) {
      serve::HttpAnswer answer = fresh_answer(io::read_text(file), "text/html; charset=utf-8");
      answer.headers.emplace_back("Content-Security-Policy", kPolicyOfReport);
      return answer;
    }
    const std::vector<ClipLine> clips = clips_of(folder);
    const bool known = std::ranges::find(clips, path, &ClipLine::path) != clips.end();
    if (known && path.find("..") == std::string_view::npos && fs::is_regular_file(file)) {
      return fresh_answer(io::read_text(file), "video/mp4");
    }
  }
  return serve::http_line(404, "there is nothing here");
}

serve::HttpAnswer FlywheelSite::curves(const std::string& name) const {
  const std::vector<Training> trainings = trainings_in(desk_.options().runs);
  const auto training = std::ranges::find(trainings, name, &Training::name);
  if (training == trainings.end()) return serve::http_line(404, "there is no such training");
  TrainingCurves answer{
      .age_s = std::chrono::duration<double>(fs::file_time_type::clock::now() - training->heard)
                   .count()};
  for (const flywheel::Series& series : flywheel::learning_curves(desk_.options().runs / name)) {
    Curve curve{.name = series.name};
    for (const auto& [step, value] : series.points) {
      curve.steps.push_back(step);
      curve.values.push_back(value);
    }
    answer.curves.push_back(std::move(curve));
  }
  return json_of_answer(answer);
}

ScopeState FlywheelSite::scope(const std::string& policy, bool real) const {
  const flywheel::Scope scope =
      flywheel::read_scope(desk_.options().runs / flywheel::kLedgerFile, policy, real, {});
  ScopeState state{.policy = policy, .real = real, .asked_rate = flywheel::kScopeRate};
  for (const flywheel::ScopeRow& row : scope.rows) {
    state.cells.push_back({.verb = row.cell.verb,
                           .object = row.cell.object,
                           .place = row.cell.place,
                           .robot = row.cell.robot,
                           .speed = row.cell.speed,
                           .successes = row.successes,
                           .attempts = row.attempts,
                           .mean = row.estimate.mean,
                           .low = row.estimate.low,
                           .high = row.estimate.high,
                           .verdict = flywheel::verdict_name(row.verdict)});
  }
  return state;
}

CostAnswer FlywheelSite::cost(const flywheel::TurnForm& form) const {
  const fs::path& runs = desk_.options().runs;
  const flywheel::TurnCost cost = flywheel::expected_cost(desk_.config(form), runs);
  std::error_code unknown;
  const fs::space_info space = fs::space(runs, unknown);
  CostAnswer answer{.seconds = cost.seconds(),
                    .cores = static_cast<int>(std::thread::hardware_concurrency()),
                    .bytes = static_cast<double>(cost.bytes),
                    .free_bytes = unknown ? -1 : static_cast<double>(space.available),
                    .basis = cost.basis};
  for (const flywheel::StageCost& stage : cost.stages) {
    answer.stages.push_back({.stage = stage.stage, .expected_s = stage.seconds});
  }
  return answer;
}

}  // namespace gyre::console
