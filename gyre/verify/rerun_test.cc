#include "gyre/verify/rerun.h"

#include <gmock/gmock.h>

#include "gyre/core/testing.h"
#include "gyre/run/journal_sink.h"
#include "gyre/sim/arena.h"
#include "gyre/verify/replay.h"
#include "gyre/verify/replay_testing.h"
#include "tests/source_dir.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

const std::string kShipped = source_dir() / "assets/policies/nano";
const std::string kOther = source_dir() / "assets/policies/nano_continued";

// Records one short attempt at opening the drawer.
run::AttemptResult record_attempt(const fs::path& folder, const infer::Engine* engine,
                                  run::AttemptOptions options,
                                  const std::string& robot = "so101/ee") {
  const sim::KitchenArena arena;
  data::JournalFolder journal(folder, data::JournalFolder::Mode::kCreate);
  options.bench.more_time = 0.1;
  options.watch = [&](run::Bench& bench, int64_t) {
    run::Watchers watchers;
    watchers.sinks.push_back(std::make_unique<run::JournalSink>(journal, bench.clock()));
    return watchers;
  };
  return run::make_attempt(arena, engine, arena.attempt("open_drawer", robot, 5), options);
}

RecordedAttempt attempt_of(const fs::path& folder) {
  return read_attempt(data::journal_files(folder), {});
}

// With delays that vary and lost answers, a disturbance, and every decision replayed too.
TEST(Rerun, GivesTheSameHash) {
  const TemporaryFolder folder;
  const sim::KitchenArena arena;
  const auto engine = infer::open_engine(kShipped);
  run::AttemptOptions options;
  options.loop = {.delay_ticks = 1.5, .jitter_ticks = 1, .loss = 0.1, .think = true};
  options.bench.disturb = true;
  for (const char* robot : {"so101/ee", "panda/ee"}) {
    const fs::path journal = folder / std::string(robot).substr(0, 5);
    const auto made = record_attempt(journal, engine.get(), options, robot);
    const RecordedAttempt attempt = attempt_of(journal);
    EXPECT_EQ(attempt.hash, made.hash);
    EXPECT_EQ(std::ssize(attempt.steps), made.episode.steps);
    const Rerun again = rerun(arena, engine.get(), attempt);
    EXPECT_TRUE(again.same(attempt));
    EXPECT_EQ(again.first_other_step, -1);
    const Replay decisions = replay(data::journal_files(journal), {});
    EXPECT_GE(decisions.equal, 3);
    EXPECT_TRUE(decisions.all_equal());
  }
}

TEST(Rerun, OfAnExpertGivesTheSameHash) {
  const TemporaryFolder folder;
  record_attempt(folder / "j", nullptr, {.driver = run::Driver::kExpert});
  const RecordedAttempt attempt = attempt_of(folder / "j");
  EXPECT_FALSE(attempt.setup.engine.has_value());
  EXPECT_TRUE(rerun(sim::KitchenArena(), nullptr, attempt).same(attempt));
  EXPECT_THAT(message_of([&] { replay(data::journal_files(folder / "j"), {}); }),
              HasSubstr("no request"));
}

// Other options than recorded, or another start, are another attempt.
TEST(Rerun, OfAnotherSetupDiffers) {
  const TemporaryFolder folder;
  const sim::KitchenArena arena;
  const auto engine = infer::open_engine(kShipped);
  record_attempt(folder / "j", engine.get(), {});
  RecordedAttempt attempt = attempt_of(folder / "j");
  attempt.setup.options.loop.delay_ticks = 1;
  const Rerun late = rerun(arena, engine.get(), attempt);
  EXPECT_FALSE(late.same(attempt));
  EXPECT_GE(late.first_other_step, 0);
}

TEST(Rerun, FromAnyStepAnotherPolicyMayBeInControl) {
  const TemporaryFolder folder;
  const sim::KitchenArena arena;
  const auto engine = infer::open_engine(kShipped), other = infer::open_engine(kOther);
  record_attempt(folder / "j", engine.get(), {});
  const RecordedAttempt attempt = attempt_of(folder / "j");
  EXPECT_TRUE(take_over(arena, *engine, attempt, 0).same(attempt));
  EXPECT_EQ(take_over(arena, *other, attempt, 0).first_other_step, 0);
  for (const int64_t at : {int64_t{4}, std::ssize(attempt.steps) / 2}) {
    const Rerun taken = take_over(arena, *other, attempt, at);
    EXPECT_GE(taken.first_other_step, at);
    EXPECT_EQ(taken.result.hash, take_over(arena, *other, attempt, at).result.hash);
    EXPECT_NE(taken.result.hash, attempt.hash);
  }
  EXPECT_THAT(message_of([&] { take_over(arena, *other, attempt, 100'000); }),
              HasSubstr("steps; choose a step before its end"));
  RecordedAttempt forged = attempt;
  forged.steps[2].command[0] += 0.01F;
  EXPECT_THAT(message_of([&] { take_over(arena, *other, forged, 8); }),
              HasSubstr("lead elsewhere from step 2 on"));
}

TEST(Rerun, RefusesWhatCannotBeMadeAgain) {
  const TemporaryFolder folder;
  record_attempt(folder / "j", nullptr, {.driver = run::Driver::kExpert});
  const auto refusal = [&](const std::string& name, const std::function<bool(Record&)>& change) {
    testing::edit_journal(folder / "j", folder / name, change);
    return message_of([&] { attempt_of(folder / name); });
  };
  const auto with_header = [](const std::function<void(Header&)>& change) {
    return [change](Record& record) {
      if (record.kind == RecordKind::kHeader) testing::alter<Header>(record, change);
      return true;
    };
  };
  EXPECT_EQ(refusal("same", [](Record&) { return true; }), "");
  EXPECT_THAT(refusal("no_start", with_header([](Header& h) { h.start_state.clear(); })),
              HasSubstr("no start state"));
  EXPECT_THAT(refusal("no_setup", with_header([](Header& h) { h.setup.clear(); })),
              HasSubstr("does not say how the attempt was run"));
  EXPECT_THAT(refusal("no_step",
                      [](Record& r) { return r.kind != RecordKind::kStep || r.step.index != 3; }),
              HasSubstr("control periods of the episode are lost"));
  EXPECT_THAT(refusal("no_end",
                      [](Record& r) {
                        return r.kind != RecordKind::kEvent ||
                               !std::holds_alternative<event::EpisodeEnded>(r.event.body);
                      }),
              HasSubstr("broke off"));
  EXPECT_THAT(message_of([&] { read_attempt(data::journal_files(folder / "j"), 7); }),
              HasSubstr("no episode 7"));
}

}  // namespace
}  // namespace gyre::verify
