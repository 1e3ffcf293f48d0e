#include "gyre/flywheel/episodes.h"

#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "gyre/run/rows_sink.h"

namespace gyre::flywheel {
namespace {

constexpr int kSettle = 3;  // action periods at rest at the end of what is learnt from

// Episodes that the sinks have built, until it is their turn.
class Waiting {
 public:
  void put(int64_t index, data::BuiltEpisode&& built) {
    const std::lock_guard lock(mutex_);
    built_.insert_or_assign(index, std::move(built));
  }
  data::EpisodeRows take(int64_t index) {
    const std::lock_guard lock(mutex_);
    return std::move(built_.extract(index).mapped().episode);
  }
  // Those that ended, in order.
  std::map<int64_t, data::EpisodeRows> take_ended() {
    const std::lock_guard lock(mutex_);
    std::map<int64_t, data::EpisodeRows> ended;
    for (auto& [index, built] : built_) {
      if (built.whole()) ended.emplace(index, std::move(built.episode));
    }
    built_.clear();
    return ended;
  }

 private:
  std::mutex mutex_;
  std::map<int64_t, data::BuiltEpisode> built_;
};

}  // namespace

bool make_episodes(const run::Arena& arena, const infer::Engine* engine,
                   const std::vector<run::Attempt>& attempts, run::AttemptOptions options,
                   int workers, const std::string& what,
                   const std::function<bool(int64_t, data::EpisodeRows&&)>& take) {
  Waiting waiting;
  options.watch = [&waiting, more = std::move(options.watch)](run::Bench& bench, int64_t index) {
    run::Watchers watchers = more ? more(bench, index) : run::Watchers{};
    watchers.sinks.push_back(std::make_unique<run::RowsSink>(
        [&waiting, index](data::BuiltEpisode&& built) { waiting.put(index, std::move(built)); }));
    return watchers;
  };
  bool go_on = true;
  const bool complete = run::make_attempts(arena, engine, attempts, options, workers, what,
                                           [&](int64_t index, run::AttemptResult&&) {
                                             return go_on = take(index, waiting.take(index));
                                           });
  if (complete || !go_on) return complete;
  for (auto& [index, episode] : waiting.take_ended()) {
    if (!take(index, std::move(episode))) break;
  }
  return false;
}

run::AttemptOptions demonstration(int image_size, bool disturb) {
  return {
      .bench = {.image_size = image_size, .labels = true, .settle = kSettle, .disturb = disturb},
      .driver = run::Driver::kExpert};
}

run::AttemptOptions unhelped_attempt(const run::LoopConfig& loop) {
  return {.loop = loop, .bench = {.labels = true, .settle = kSettle}};
}

run::AttemptOptions helped_attempt(const run::LoopConfig& loop, const run::HelpConfig& help) {
  return {.loop = loop,
          .bench = {.more_time = 1.5, .labels = true, .settle = kSettle},
          .driver = run::Driver::kHelped,
          .help = help};
}

}  // namespace gyre::flywheel
