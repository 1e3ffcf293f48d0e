// Attempts in the simulated kitchen: loop, policy, experts and journal together.
#include "gyre/run/attempt.h"

#include <gtest/gtest.h>

#include "gyre/data/journal_reader.h"
#include "gyre/data/testing.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/run/journal_sink.h"
#include "gyre/sim/arena.h"
#include "gyre/sim/testing.h"
#include "tests/source_dir.h"

namespace gyre::flywheel {
namespace {

TEST(Attempts, TheLoopAddsNothingToAnExpertsMotion) {
  const sim::KitchenArena arena;
  for (const char* robot : {"panda/joint", "so101/ee"}) {
    const run::Attempt attempt = arena.attempt("open_drawer", robot, 5);
    const auto looped =
        run::make_attempt(arena, nullptr, attempt, {.driver = run::Driver::kExpert});
    const auto alone = sim::make_attempt(*arena.open(attempt, {}));
    EXPECT_TRUE(looped.episode.success.value_or(false));
    EXPECT_EQ(looped.episode.steps, alone.steps);
    EXPECT_EQ(looped.hash, alone.hash) << robot;
  }
}

// The shipped policy cannot do the frontier; the helper corrects it and gives back. Every byte of
// the journal follows from the seed.
TEST(Attempts, HelpedOnesAreTheSameAgainWithAnyNumberOfWorkers) {
  const data::testing::TemporaryFolder folder;
  const sim::KitchenArena arena;
  const auto engine = infer::open_engine(source_dir() / "assets/policies/nano");
  const auto attempts = arena.deal("frontier", {"so101/ee", "panda/ee"}, 2, 11);
  ASSERT_TRUE(collect(arena, *engine, attempts, {}, {}, 1, folder / "one"));
  ASSERT_TRUE(collect(arena, *engine, attempts, {}, {}, 2, folder / "two"));
  EXPECT_EQ(journal_hash(folder / "two"), journal_hash(folder / "one"));
  EXPECT_EQ(recorded_attempts(folder / "one").size(), 2U);
}

TEST(Attempts, TheHelperStepsInWhenNothingComesOfItAndGivesBack) {
  const sim::KitchenArena arena;
  const auto engine = infer::open_engine(source_dir() / "assets/policies/nano");
  const run::HelpConfig help{.patience_s = 1, .stretch_s = 0.5};
  int64_t begins = 0, ends = 0;
  make_episodes(arena, engine.get(), arena.deal("frontier", {"panda/ee"}, 1, 4),
                helped_attempt({}, help), 1, "helped", [&](int64_t, data::EpisodeRows&& episode) {
                  EXPECT_TRUE(episode.success.value_or(false));
                  EXPECT_FALSE(episode.rows.front().intervention) << "the policy has its chance";
                  for (size_t i = 0; i < episode.rows.size(); ++i) {
                    const data::Row& row = episode.rows[i];
                    EXPECT_EQ(row.intervention, row.source == Source::kExpert);
                    EXPECT_FALSE(row.subtask.empty());
                    EXPECT_EQ(row.grounding.size(), 12U);
                    if (i == 0) continue;
                    const bool before = episode.rows[i - 1].intervention;
                    begins += row.intervention && !before ? 1 : 0;
                    ends += !row.intervention && before ? 1 : 0;
                  }
                  return true;
                });
  EXPECT_GE(begins, 1);
  EXPECT_GE(ends, 1);
}

// The start state brings back the very scene, and viewers see it.
TEST(Attempts, AJournalHoldsTheStartStateAndTheScene) {
  const data::testing::TemporaryFolder folder;
  const sim::KitchenArena arena;
  const run::Attempt attempt = arena.attempt("open_drawer", "so101/ee", 5);
  run::AttemptOptions options{.driver = run::Driver::kExpert};
  data::JournalFolder journal(folder / "j", data::JournalFolder::Mode::kCreate);
  options.watch = [&](run::Bench& bench, int64_t) {
    run::Watchers watchers;
    watchers.sinks.push_back(std::make_unique<run::JournalSink>(journal, bench.clock()));
    return watchers;
  };
  const auto made = run::make_attempt(arena, nullptr, attempt, options);

  data::JournalReader reader(folder / "j");
  std::string start_state;
  int64_t scenes = 0, with_shapes = 0;
  for (Record record; reader.next(record);) {
    if (record.kind == RecordKind::kHeader) start_state = record.get<Header>().start_state;
    if (record.kind != RecordKind::kScene) continue;
    ++scenes;
    with_shapes += record.get<Scene>().shapes.empty() ? 0 : 1;
    EXPECT_FALSE(record.get<Scene>().poses.empty());
  }
  EXPECT_EQ(scenes, made.episode.steps);
  EXPECT_EQ(with_shapes, 1);
  const auto again = arena.open(attempt, {});
  sim::make_attempt(*again);
  again->restore(start_state);
  EXPECT_EQ(sim::make_attempt(*again).hash, made.hash);
}

}  // namespace
}  // namespace gyre::flywheel
