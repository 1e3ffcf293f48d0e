#include "gyre/flywheel/stages/film.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "gyre/core/hash.h"
#include "gyre/core/progress.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/flywheel/video_recorder.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Filmed {
  std::string title, caption;
  std::string file;  // below the run's folder
  std::string hash;  // of the file
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Filmed, title, caption, file, hash)

class ShowProgress : public run::Monitor {
 public:
  explicit ShowProgress(run::Bench& bench)
      : progress_("filming", bench.time_limit_ticks(), "steps") {}
  void after(const Step& step, run::EventSink&) override { progress_.update(step.index + 1); }

 private:
  Progress progress_;
};

// Films one attempt of a policy into `file`, below the run's folder.
Filmed film_attempt(TurnContext& turn, const fs::path& policy, const run::Attempt& attempt,
                    const std::string& title, const std::string& file) {
  const fs::path path = turn.folder() / file;
  fs::create_directories(path.parent_path());
  VideoRecorder recorder(path);
  run::AttemptOptions options{.loop = turn.config.loop};
  options.watch = [&](run::Bench& bench, int64_t) {
    run::Watchers watchers;
    watchers.monitors.push_back(recorder.watch(bench));
    watchers.monitors.push_back(std::make_unique<ShowProgress>(bench));
    return watchers;
  };
  const run::AttemptResult result =
      run::make_attempt(turn.arena, &turn.policies.engine(policy), attempt, options);
  turn.stages.stop_if_requested();
  recorder.finish();
  const Episode& episode = result.episode;
  const auto contract = std::ranges::find(turn.contracts, episode.embodiment, &Embodiment::name);
  return {.title = fmt::format("{}: {}", title, episode.instruction),
          .caption = fmt::format("{} after {:.1f} s; {}, seed {}",
                                 *episode.success ? "succeeded" : "failed",
                                 static_cast<double>(episode.steps) * contract->tick_s(),
                                 episode.embodiment, episode.seed),
          .file = file,
          .hash = sha256_file(path, 16)};
}

// The first frontier attempt of this robot that was won by learning, else its first.
std::optional<size_t> attempt_to_film(const std::string& robot, const Evaluation& before,
                                      const Evaluation& after) {
  std::optional<size_t> first;
  for (size_t i = 0; i < before.episodes.size(); ++i) {
    if (before.episodes[i].embodiment != robot) continue;
    if (!before.episodes[i].success && after.episodes[i].success) return i;
    if (!first) first = i;
  }
  return first;
}

}  // namespace

void film_first_look(TurnContext& turn) {
  const run::Attempt attempt = turn.evaluated(Tasks::kFrontier).front();
  turn.stages.run<Filmed>({.name = stage::kFirstLook,
                           .inputs = {{"policy", turn.start().policy_hash},
                                      {"attempt", hash_of(std::vector{attempt})},
                                      {"loop", config_json(turn.config.loop)}},
                           .outputs = {"first_look.mp4"}},
                          [&] {
                            Filmed filmed =
                                film_attempt(turn, turn.config.policy, attempt,
                                             "First attempt, before learning", "first_look.mp4");
                            turn.note(fmt::format("{}; {}; {}", filmed.title, filmed.caption,
                                                  (turn.folder() / filmed.file).string()));
                            return filmed;
                          });
}

std::vector<Clip> film(TurnContext& turn, const Suites& before, const Suites& after,
                       const fs::path& candidate) {
  const auto filmed = turn.stages.run<std::vector<Filmed>>(
      {.name = stage::kFilm,
       .inputs = {{"before", turn.start().policy_hash},
                  {"after", turn.policies.checkpoint(candidate).policy_hash},
                  {"evaluations", {before.frontier.hash(), after.frontier.hash()}},
                  {"loop", config_json(turn.config.loop)}},
       .outputs = {"clips"}},
      [&] {
        const std::vector<run::Attempt> attempts = turn.evaluated(Tasks::kFrontier);
        std::vector<Filmed> clips;
        for (const std::string& robot : turn.names()) {
          const auto chosen = attempt_to_film(robot, before.frontier, after.frontier);
          if (!chosen) continue;
          const std::string name = "clips/" + file_name(robot);
          clips.push_back(film_attempt(turn, turn.config.policy, attempts[*chosen], "Before",
                                       name + "_before.mp4"));
          clips.push_back(
              film_attempt(turn, candidate, attempts[*chosen], "After", name + "_after.mp4"));
        }
        return clips;
      },
      [&](const std::vector<Filmed>& clips) {
        return std::ranges::all_of(
            clips, [&](const Filmed& clip) { return turn.has_file(clip.file, clip.hash); });
      });
  std::vector<Clip> clips;
  for (const Filmed& clip : filmed) {
    clips.push_back({clip.title, clip.caption, turn.folder() / clip.file});
  }
  return clips;
}

}  // namespace gyre::flywheel
