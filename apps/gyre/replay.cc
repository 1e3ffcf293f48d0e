// gyre replay: recorded decisions computed again, and simulated attempts made again.
#include "gyre/verify/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal_reader.h"
#include "gyre/flywheel/plot.h"
#include "gyre/io/file.h"
#include "gyre/sim/arena.h"
#include "gyre/verify/replay_policies.h"
#include "gyre/verify/replay_report.h"
#include "gyre/verify/rerun.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

constexpr int kDiffers = 1;  // exit code: the same terms, other bits

struct ReplayFlags {
  std::string journal;
  bool all = false, rerun = false;
  std::optional<int64_t> take_over_at;
  std::string plot, json;
  verify::ReplayOptions options;
};

// The files of the journal or, of one episode, those that begin with its header.
std::vector<fs::path> files_of(const ReplayFlags& flags) {
  const fs::path journal = flags.journal;
  if (!fs::exists(journal)) {
    throw Error(journal.string(), "is no journal", "name a .mcap file or a folder of them");
  }
  if (!fs::is_directory(journal)) return {journal};
  std::vector<fs::path> files = data::journal_files(journal);
  if (files.empty()) {
    throw Error(journal.string(), "holds no journal file", "name a folder with .mcap files");
  }
  if (!flags.options.episode) return files;
  const auto belongs = [&](const fs::path& file) {
    try {
      data::JournalReader reader(file, {.pixels = data::Pixels::kNone});
      Record record;
      return reader.next(record) && record.kind == RecordKind::kHeader &&
             record.get<Header>().attempt &&
             record.get<Header>().episode.number == *flags.options.episode;
    } catch (const Error&) {
      return false;  // nothing of it can be read
    }
  };
  std::erase_if(files, [&](const fs::path& file) { return !belongs(file); });
  if (files.empty()) {
    throw Error(journal.string(), fmt::format("there is no episode {}", *flags.options.episode),
                "`gyre data info` says what the journal holds");
  }
  return files;
}

// Each action field's difference over an episode's time, in percent of its range.
std::string difference_plot(const verify::Replay& replay) {
  constexpr size_t kMostFields = 8;  // there are so many colours
  const verify::Replay::Robot& robot = replay.robots.front();
  std::vector<flywheel::Series> series;
  for (size_t i = 0; i < std::min(robot.names.size(), kMostFields); ++i) {
    flywheel::Series one{.name = robot.names[i], .points = {}};
    for (const verify::ReplayedDecision& decision : replay.decisions) {
      if (decision.embodiment != robot.embodiment || decision.fields.empty() ||
          decision.episode != replay.decisions.front().episode) {
        continue;
      }
      one.points.emplace_back(decision.time_s, 100 * decision.fields[i].rms() / robot.ranges[i]);
    }
    series.push_back(std::move(one));
  }
  return flywheel::line_plot(series, "time (s)", "rms difference of a chunk (% of the range)");
}

void write_plot(const verify::Replay& replay, const std::string& file) {
  const std::string svg = replay.robots.empty() ? "" : difference_plot(replay);
  if (svg.empty()) {
    throw Error(file, "there is nothing to draw: no two decisions differ",
                "give another policy with --policy");
  }
  io::write_atomically(file, flywheel::stand_alone(svg));
}

// Exits with 1 where a decision differs under the recorded terms.
void replay_decisions(const ReplayFlags& flags) {
  const verify::Replay replay = verify::replay(files_of(flags), flags.options);
  if (!flags.plot.empty()) write_plot(replay, flags.plot);
  print_result(verify::replay_table(replay), nlohmann::json(replay), flags.json);
  if (replay.differing > 0) throw CLI::RuntimeError(kDiffers);
}

// The policy that drives again, or takes over; null where an expert drives.
const infer::Engine* driver_of(const ReplayFlags& flags, const verify::RecordedAttempt& attempt,
                               verify::ReplayPolicies& policies) {
  const bool takes_over = flags.take_over_at.has_value();
  if (!takes_over && !attempt.setup.engine) return nullptr;
  const infer::EngineDescription recorded =
      attempt.setup.engine.value_or(infer::EngineDescription{.precision = "auto"});
  const infer::Engine& engine = policies.engine(*attempt.header, recorded);
  print_warnings(engine.checkpoint().warnings);
  if (takes_over) return &engine;
  const std::string terms = verify::other_terms(attempt.header->policy_hash, recorded, engine);
  if (!terms.empty()) {
    throw Error("--rerun", "the attempt cannot be made again to the same hash: " + terms,
                "--take-over-at 0 --policy DIR makes it with this policy");
  }
  return &engine;
}

std::string outcome_text(const char* which, bool success, int64_t steps, const std::string& hash) {
  return fmt::format("  {:<9} {} after {} steps, hash {}\n", which,
                     success ? "success" : "no success", steps, hash);
}

void rerun_attempt(const ReplayFlags& flags) {
  const verify::RecordedAttempt attempt =
      verify::read_attempt(files_of(flags), flags.options.episode);
  verify::ReplayPolicies policies(flags.options.policy, flags.options.folder);
  const infer::Engine* engine = driver_of(flags, attempt, policies);
  const sim::KitchenArena arena;
  const verify::Rerun rerun = flags.take_over_at
                                  ? verify::take_over(arena, *engine, attempt, *flags.take_over_at)
                                  : verify::rerun(arena, engine, attempt);
  if (stop_requested()) throw Interrupted("replay", "was interrupted");
  const Episode& recorded = attempt.header->episode;
  const Episode& again = rerun.result.episode;
  const bool success = again.success.value_or(false);
  const char* which = flags.take_over_at ? "otherwise" : "again";
  std::string text = fmt::format("{} on {}: \"{}\"\n", recorded.task_name, recorded.embodiment,
                                 recorded.instruction);
  if (flags.take_over_at) {
    text += fmt::format("  {} in control from step {} on\n", engine->checkpoint().folder.string(),
                        *flags.take_over_at);
  }
  text += outcome_text("recorded", attempt.success.value_or(false), std::ssize(attempt.steps),
                       attempt.hash);
  text += outcome_text(which, success, again.steps, rerun.result.hash);
  if (rerun.first_other_step >= 0) {
    text += fmt::format("  the first step that differs is {}\n", rerun.first_other_step);
  }
  nlohmann::json json = {
      {"episode", recorded.number},
      {"task", recorded.task_name},
      {"embodiment", recorded.embodiment},
      {"recorded",
       {{"success", attempt.success.value_or(false)},
        {"steps", attempt.steps.size()},
        {"hash", attempt.hash}}},
      {"again", {{"success", success}, {"steps", again.steps}, {"hash", rerun.result.hash}}},
      {"same", rerun.same(attempt)},
      {"first_other_step", rerun.first_other_step}};
  if (flags.take_over_at) {
    json["take_over_at"] = *flags.take_over_at;
    json["policy_hash"] = engine->checkpoint().policy_hash;
  }
  print_result(text, json, flags.json);
  if (!flags.take_over_at && !rerun.same(attempt)) throw CLI::RuntimeError(kDiffers);
}

void run(const ReplayFlags& flags) {
  if (!flags.options.policy.empty()) require_folder("policy", flags.options.policy.string());
  if (flags.take_over_at && flags.options.policy.empty()) {
    throw Error("--take-over-at", "needs the policy that takes over", "give --policy DIR");
  }
  if (flags.rerun || flags.take_over_at) {
    rerun_attempt(flags);
  } else {
    replay_decisions(flags);
  }
}

}  // namespace

void add_replay(CLI::App& app) {
  const auto flags = std::make_shared<ReplayFlags>();
  CLI::App* verb = app.add_subcommand("replay", "compute recorded decisions again, bit for bit");
  verb->add_option("EPISODE", flags->journal, "journal file, or a folder of them")->required();
  verb->add_option("--episode", flags->options.episode, "the episode of this number alone")
      ->type_name("N");
  auto* step = verb->add_option("--step", flags->options.step,
                                "the one decision in force at this control period of the episode")
                   ->check(at_least(0))
                   ->type_name("N");
  auto* all = verb->add_flag("--all", flags->all, "every decision (without other flags too)");
  verb->add_option("--policy", flags->options.policy,
                   "the recorded policy's folder, where it lies elsewhere; or another policy, to "
                   "see how its chunks differ")
      ->type_name("DIR");
  auto* rerun = verb->add_flag("--rerun", flags->rerun,
                               "make a simulated attempt again from its start state");
  auto* take_over =
      verb->add_option("--take-over-at", flags->take_over_at,
                       "make a simulated attempt again; from this control period on, the policy of "
                       "--policy is in control")
          ->check(at_least(0))
          ->type_name("N");
  auto* plot = verb->add_option("--plot", flags->plot, "draw the differences over time (SVG)")
                   ->check(in_a_folder())
                   ->type_name("FILE");
  step->excludes(all, rerun, take_over, plot);
  all->excludes(rerun, take_over);
  rerun->excludes(take_over, plot);
  take_over->excludes(plot);
  add_folder_flags(*verb, flags->options.folder);
  add_json_option(*verb, flags->json);
  verb->callback([flags] { run(*flags); });
}

}  // namespace gyre::apps
