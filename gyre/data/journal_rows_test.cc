#include "gyre/data/journal_rows.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "gyre/data/journal_testing.h"

namespace gyre::data {
namespace {

using ::testing::ElementsAre;
using testing::event_record;
using testing::small_span;
using testing::SpanOptions;

std::vector<BuiltEpisode> built_of(const std::vector<Record>& tape,
                                   Pixels pixels = Pixels::kDecoded) {
  RowBuilder builder(pixels);
  std::vector<BuiltEpisode> all;
  for (const Record& record : tape) {
    if (auto built = builder.take(record)) all.push_back(std::move(*built));
  }
  if (auto built = builder.finish()) all.push_back(std::move(*built));
  return all;
}

BuiltEpisode one_of(const std::vector<Record>& tape, Pixels pixels = Pixels::kDecoded) {
  std::vector<BuiltEpisode> all = built_of(tape, pixels);
  EXPECT_EQ(all.size(), 1);
  return all.empty() ? BuiltEpisode() : std::move(all.front());
}

// Lets `change` see each Step.
void each_step(std::vector<Record>& tape, const std::function<void(Step&)>& change) {
  for (Record& record : tape) {
    if (record.kind == RecordKind::kStep) change(record.step);
  }
}

std::vector<Record> without(std::vector<Record> tape,
                            const std::function<bool(const Record&)>& is) {
  std::erase_if(tape, is);
  return tape;
}

bool is_step_of(const Record& record, int64_t tick) {
  return record.kind == RecordKind::kStep && record.tick == tick;
}

TEST(JournalRows, AreOneForEachPeriodWhereTheTwoPeriodsAreEqual) {
  const SpanOptions span{.number = 4, .seed = 9, .steps = 10};
  std::vector<Record> tape = small_span(span);
  each_step(tape, [](Step& step) {
    step.inference_ms = 3.5f;
    step.residual = 0.25f;
    if (step.index == 6) {
      step.mode = Mode::kHuman;
      step.source = Source::kExpert;
      step.reasons = Reasons(Reason::kRange) | Reason::kVelocity | Reason::kLate;
      step.of(Source::kPolicy).valid = false;
    }
    if (step.index == 7) step.reasons = Reason::kLate;  // no doing of the safety filter
  });
  const BuiltEpisode built = one_of(tape);
  EXPECT_TRUE(built.whole());
  EXPECT_EQ(built.header->episode.number, 4);
  EXPECT_EQ(built.episode.embodiment, "arm/joint");
  EXPECT_EQ(built.episode.task_name, "move/cup");
  EXPECT_EQ(built.episode.family, "move");
  EXPECT_EQ(built.episode.instruction, "move the cup");
  EXPECT_EQ(built.episode.seed, 9);
  EXPECT_EQ(built.episode.success, true);
  ASSERT_EQ(built.episode.rows.size(), 10);
  for (int i = 0; i < 10; ++i) {
    SCOPED_TRACE(i);
    const Row& row = built.episode.rows[static_cast<size_t>(i)];
    const Step step = testing::small_step(span, i);
    EXPECT_EQ(row.index, i);
    EXPECT_EQ(row.time_ns, span.begin_ns + i * 100'000'000LL);
    ASSERT_EQ(row.images.size(), 2);
    EXPECT_EQ(row.images[0], testing::moving_square(64, 48, i));
    EXPECT_EQ(row.images[1], testing::moving_square(32, 32, i - i % 2)) << "the newest there is";
    EXPECT_EQ(row.state, step.state);
    EXPECT_EQ(row.action, step.sent);
    EXPECT_EQ(row.policy_action, i == 6 ? std::vector<float>() : step.sent);
    EXPECT_EQ(row.task, "move the cup");
    EXPECT_EQ(row.subtask, i < 5 ? "reach" : "lift");
    EXPECT_EQ(row.source, i == 6 ? Source::kExpert : Source::kPolicy);
    EXPECT_EQ(row.intervention, i == 6);
    EXPECT_EQ(row.clamped, i == 6);
    EXPECT_EQ(row.chunk_id, i / 5);
    EXPECT_EQ(row.chunk_index, i % 5);
    EXPECT_EQ(row.inference_ms, 3.5f);
    EXPECT_EQ(row.tracking_residual, 0.25f);
  }
  EXPECT_EQ(built.episode.rows[6].clamp_reason,
            reasons_text(Reasons(Reason::kRange) | Reason::kVelocity | Reason::kLate));
}

TEST(JournalRows, SumDeltasAndKeepTheLastOfAnythingElse) {
  SpanOptions span{.steps = 9};
  span.contract.action = {{.name = "x", .kind = FieldKind::kDelta},
                          {.name = "elbow", .kind = FieldKind::kPosition},
                          {.name = "wheel", .kind = FieldKind::kVelocity},
                          {.name = "grip", .kind = FieldKind::kDelta, .gripper = true}};
  span.contract.control_period_s = span.contract.action_period_s / 3;
  std::vector<Record> tape = small_span(span);
  each_step(tape, [](Step& step) {
    const auto i = static_cast<float>(step.index);
    step.state[0] = i;
    step.sent = {1 + i, 10 + i, 20 + i, 30 + i};
    step.of(Source::kPolicy) = {.valid = step.index != 4, .action = {i, i, i, i}};
    step.reasons = step.index == 7 ? Reasons(Reason::kJerk) : Reasons();
    step.residual = step.index == 1 ? 0.5f : 0.25f;
  });
  const BuiltEpisode built = one_of(tape);
  EXPECT_TRUE(built.whole());
  const std::vector<Row>& rows = built.episode.rows;
  ASSERT_EQ(rows.size(), 3);
  for (size_t i = 0; i < 3; ++i) {
    const auto first = static_cast<float>(3 * i);
    EXPECT_EQ(rows[i].state[0], first) << "as it was at the row's begin";
    EXPECT_EQ(rows[i].images[0], testing::moving_square(64, 48, static_cast<int>(3 * i)));
    EXPECT_THAT(rows[i].action,
                ElementsAre(3 * (first + 1) + 3, 12 + first, 22 + first, 32 + first));
  }
  EXPECT_THAT(rows[0].policy_action, ElementsAre(0 + 1 + 2, 2, 2, 2));
  EXPECT_THAT(rows[1].policy_action, ElementsAre()) << "it had none in one of the periods";
  EXPECT_THAT(rows[2].policy_action, ElementsAre(6 + 7 + 8, 8, 8, 8));
  EXPECT_FALSE(rows[1].clamped);
  EXPECT_TRUE(rows[2].clamped);
  EXPECT_EQ(rows[2].clamp_reason, "jerk");
  EXPECT_EQ(rows[0].tracking_residual, 0.5f);
  EXPECT_EQ(rows[1].tracking_residual, 0.25f);
}

TEST(JournalRows, CountTheControlPeriodsThatAreMissing) {
  const std::vector<Record> tape = small_span({.steps = 10, .first_tick = 100});
  const struct {
    int64_t from, to;
  } cases[] = {{100, 101}, {104, 106}, {108, 109}, {100, 109}};
  for (const auto& [from, to] : cases) {
    const BuiltEpisode built = one_of(without(tape, [&](const Record& record) {
      return record.kind == RecordKind::kStep && record.tick >= from && record.tick <= to;
    }));
    EXPECT_EQ(built.missing_steps, to - from + 1) << "from " << from;
    EXPECT_TRUE(built.ended);
    EXPECT_FALSE(built.whole());
    EXPECT_EQ(std::ssize(built.episode.rows), 10 - built.missing_steps);
  }
  EXPECT_TRUE(one_of(tape).whole());
}

TEST(JournalRows, OfAnAttemptThatBrokeOffAreNotWhole) {
  const BuiltEpisode built = one_of(small_span({.steps = 5, .ended = false}));
  EXPECT_FALSE(built.ended);
  EXPECT_FALSE(built.whole());
  EXPECT_EQ(built.missing_steps, 0);
  EXPECT_EQ(built.episode.rows.size(), 5);
  EXPECT_FALSE(built.episode.success);
  EXPECT_FALSE(one_of(small_span({.steps = 0})).whole()) << "an attempt without a step";
}

TEST(JournalRows, AreNotMixedWithThoseOfAnAttemptWhoseHeaderIsLost) {
  std::vector<Record> tape = small_span({.number = 1, .steps = 5, .ended = false});
  const auto next = without(small_span({.number = 2, .steps = 8}), [](const Record& record) {
    return record.kind == RecordKind::kHeader || record.tick < 3;
  });
  tape.insert(tape.end(), next.begin(), next.end());
  const BuiltEpisode built = one_of(tape);
  EXPECT_EQ(built.header->episode.number, 1);
  EXPECT_FALSE(built.ended);
  EXPECT_FALSE(built.whole());
}

TEST(JournalRows, NameTheirPictures) {
  const std::vector<Record> tape = small_span({.steps = 6});
  const auto is_lost = [](const Record& record) {
    return record.kind == RecordKind::kPicture && record.picture.camera == 0 &&
           (record.tick == 0 || record.tick == 3);
  };
  for (const Pixels pixels : {Pixels::kDecoded, Pixels::kNone}) {
    const BuiltEpisode built = one_of(without(tape, is_lost), pixels);
    EXPECT_EQ(built.missing_pictures, 2);
    EXPECT_EQ(built.black_pictures, 1);
    EXPECT_EQ(built.missing_steps, 0);
    EXPECT_FALSE(built.whole()) << "the first row has no picture to repeat";
    if (pixels == Pixels::kNone) {
      EXPECT_TRUE(built.episode.rows[0].images.empty());
      continue;
    }
    EXPECT_EQ(built.episode.rows[0].images[0], Image::black(64, 48));
    EXPECT_EQ(built.episode.rows[3].images[0], testing::moving_square(64, 48, 2));
    EXPECT_EQ(built.episode.rows[4].images[0], testing::moving_square(64, 48, 4));
  }
}

TEST(JournalRows, RepeatThePictureBeforeALostOneAndSayHowOldItIs) {
  std::vector<Record> tape = small_span({.steps = 8});
  const auto is_lost = [](const Record& record) {
    return record.kind == RecordKind::kPicture && record.picture.camera == 0 &&
           (record.tick == 3 || record.tick == 4 || record.tick == 7);
  };
  tape = without(std::move(tape), is_lost);
  tape.insert(std::ranges::find_if(tape, [](const Record& r) { return is_step_of(r, 4); }),
              event_record(4, 0, event::FrameLost{.camera = 0, .count = 2}));
  const BuiltEpisode built = one_of(tape);
  EXPECT_TRUE(built.whole());
  for (const size_t row : {2, 3, 4}) {
    EXPECT_EQ(built.episode.rows[row].images[0], testing::moving_square(64, 48, 2));
    EXPECT_NEAR(built.episode.rows[row].picture_age_s[0],
                0.007 + 0.1 * (static_cast<double>(row) - 2), 1e-6);
  }
  EXPECT_EQ(built.episode.rows[5].images[0], testing::moving_square(64, 48, 5));
  EXPECT_THAT(built.episode.losses,
              ElementsAre(PictureLoss{"front", 3, 5, 2, "the encoder was too slow"},
                          PictureLoss{"front", 7, 8, 1, "missing in the journal"}));
}

TEST(JournalRows, TellOfLostPicturesThatNoRowNames) {
  SpanOptions span{.steps = 9};
  span.contract.control_period_s = span.contract.action_period_s / 3;
  const std::vector<Record> tape = without(small_span(span), [](const Record& record) {
    return record.kind == RecordKind::kPicture && record.picture.camera == 0 && record.tick == 4;
  });
  const BuiltEpisode built = one_of(tape);
  EXPECT_TRUE(built.whole());
  EXPECT_THAT(built.episode.losses,
              ElementsAre(PictureLoss{"front", 2, 2, 1, "missing in the journal"}));
}

TEST(JournalRows, HoldWhatPeopleSaid) {
  std::vector<Record> tape = small_span({.steps = 4});
  const auto say = [&](int64_t tick, const char* words) {
    tape.insert(std::ranges::find_if(tape, [&](const Record& r) { return is_step_of(r, tick); }),
                event_record(tick, 0, event::Said{words}));
  };
  say(2, "to the left");
  say(2, "slower");
  const BuiltEpisode built = one_of(tape);
  EXPECT_THAT(built.episode.rows[1].said, ElementsAre());
  EXPECT_THAT(built.episode.rows[2].said, ElementsAre("to the left", "slower"));
  EXPECT_THAT(built.episode.rows[3].said, ElementsAre());
}

TEST(JournalRows, ShowBlackUntilACameraHasShownSomething) {
  std::vector<Record> tape = without(small_span({.steps = 4}), [](const Record& record) {
    return record.kind == RecordKind::kPicture && record.picture.camera == 1;
  });
  each_step(tape, [](Step& step) { step.pictures[1] = -1; });
  const BuiltEpisode built = one_of(tape);
  EXPECT_TRUE(built.whole());
  EXPECT_EQ(built.episode.rows[3].images[1], Image::black(32, 32));
}

TEST(JournalRows, HoldThePictureThatAStepNamesAndNotALaterOne) {
  std::vector<Record> tape = small_span({.steps = 4});
  each_step(tape, [](Step& step) { step.pictures[0] = std::max<int64_t>(step.index - 1, 0); });
  const BuiltEpisode built = one_of(tape);
  EXPECT_TRUE(built.whole());
  EXPECT_EQ(built.episode.rows[3].images[0], testing::moving_square(64, 48, 2));
}

TEST(JournalRows, AreMissingWhereTheyDoNotFitTheContract) {
  std::vector<Record> tape = small_span({.steps = 6});
  each_step(tape, [](Step& step) {
    if (step.index == 1) step.state.pop_back();
    if (step.index == 2) step.sent.push_back(0);
    if (step.index == 3) step.of(Source::kPolicy).action.clear();
  });
  for (Record& record : tape) {
    if (record.kind != RecordKind::kPicture || record.tick != 4) continue;
    record.picture.picture =
        PictureRef(Picture{Image::black(3, 3), record.time_ns, record.picture.picture->id});
  }
  const BuiltEpisode built = one_of(tape);
  EXPECT_EQ(built.missing_steps, 3);
  EXPECT_EQ(built.missing_pictures, 3) << "two of row 4, and one of them is row 5's too";
  EXPECT_EQ(built.episode.rows.size(), 3);
}

TEST(JournalRows, TakeTheLastVerdictOnTheirEpisode) {
  using event::Outcome;
  const auto success_after = [](const std::vector<event::Verdict>& verdicts) {
    std::vector<Record> tape = small_span({.number = 1, .steps = 2, .ended = false});
    for (const event::Verdict& verdict : verdicts) {
      tape.push_back(testing::event_record(2, 5'200'000'000, verdict));
    }
    return one_of(tape).episode.success;
  };
  EXPECT_EQ(success_after({}), std::nullopt);
  EXPECT_EQ(success_after({{1, Outcome::kSuccess}}), true);
  EXPECT_EQ(success_after({{1, Outcome::kFailure}}), false);
  EXPECT_EQ(success_after({{1, Outcome::kPartial}}), false);
  EXPECT_EQ(success_after({{1, Outcome::kFailure}, {1, Outcome::kSuccess}}), true);
  EXPECT_EQ(success_after({{1, Outcome::kFailure}, {1, Outcome::kUnknown}}), std::nullopt);
  EXPECT_EQ(success_after({{0, Outcome::kSuccess}}), std::nullopt) << "of another episode";
}

TEST(JournalRows, OfSpansBetweenAttemptsAreNotBuilt) {
  std::vector<Record> tape = small_span({.steps = 3, .attempt = false});
  for (const int64_t number : {1, 2}) {
    const auto attempt = small_span({.number = number, .steps = 4, .first_tick = 3});
    const auto idle = small_span({.steps = 2, .attempt = false, .first_tick = 7});
    tape.insert(tape.end(), attempt.begin(), attempt.end());
    tape.insert(tape.end(), idle.begin(), idle.end());
  }
  const std::vector<BuiltEpisode> all = built_of(tape);
  ASSERT_EQ(all.size(), 2);
  for (const BuiltEpisode& built : all) {
    EXPECT_TRUE(built.whole());
    EXPECT_EQ(built.episode.rows.size(), 4);
  }
  EXPECT_EQ(all[1].header->episode.number, 2);
}

TEST(JournalRows, HaveThePersonsSubtaskWhereOneCoaches) {
  std::vector<Record> tape = small_span({.steps = 6});
  const auto goal = std::ranges::find(tape, RecordKind::kGoal, &Record::kind);
  Goal coached = *std::get<GoalPtr>(goal->shared);
  coached.subtask = "grasp the handle";
  goal->shared = std::make_shared<const Goal>(coached);
  EXPECT_EQ(one_of(tape).episode.rows[0].subtask, "reach") << "not a person's";
  coached.author = "anna";
  goal->shared = std::make_shared<const Goal>(coached);
  for (const Row& row : one_of(tape).episode.rows) EXPECT_EQ(row.subtask, "grasp the handle");
}

TEST(JournalRows, AreInTheGoalsWordsWhereNoTruthIsKnown) {
  std::vector<Record> tape = without(small_span({.steps = 4}), [](const Record& record) {
    return record.kind == RecordKind::kTruth;
  });
  const auto second = std::ranges::find_if(tape, [](const Record& r) { return is_step_of(r, 1); });
  tape.insert(second, testing::shared_record(RecordKind::kGoal, 1, 5'100'000'000,
                                             Goal{.id = 2, .task = "tidy", .subtask = "lift it"}));
  each_step(tape, [](Step& step) {
    step.goal_id = step.index == 3 ? 77 : step.index == 2 ? 2 : 1;
  });
  const std::vector<Row> rows = one_of(tape).episode.rows;
  ASSERT_EQ(rows.size(), 4);
  EXPECT_EQ(rows[1].task, "move the cup");
  EXPECT_EQ(rows[1].subtask, "");
  EXPECT_EQ(rows[2].task, "tidy");
  EXPECT_EQ(rows[2].subtask, "lift it");
  EXPECT_TRUE(rows[2].subtask_known) << "of a goal that no policy wrote";
  EXPECT_FALSE(rows[1].subtask_known);
  EXPECT_EQ(rows[3].task, "move the cup") << "the instruction, where the goal is not known";
}

TEST(JournalRows, KeepAGroundingThatFitsTheCameras) {
  std::vector<Record> tape = small_span({.steps = 2});
  const std::vector<float> grounding = {0.1f, 0.2f, 1, 0, 0, 0, 0.3f, 0.4f, 1, 0, 0, 0};
  for (Record& record : tape) {
    if (record.kind != RecordKind::kTruth) continue;
    Truth truth{"reach", grounding};
    if (record.tick == 1) truth.grounding.pop_back();
    record.shared = std::make_shared<const Truth>(truth);
  }
  const std::vector<Row> rows = one_of(tape).episode.rows;
  EXPECT_EQ(rows[0].grounding, grounding);
  EXPECT_TRUE(rows[1].grounding.empty());
}

TEST(JournalRows, AreTheSameFromTheTapeAndFromItsJournal) {
  testing::TemporaryFolder folder;
  JournalFolder journal(folder / "j", JournalFolder::Mode::kCreate);
  SpanOptions span{.steps = 12};
  span.contract.control_period_s = 0.05;
  const std::vector<Record> tape = small_span(span);
  testing::write_span(journal, tape);
  const BuiltEpisode direct = one_of(tape);
  const BuiltEpisode read = one_of(testing::read_journal(folder / "j").records);
  EXPECT_TRUE(read.whole());
  ASSERT_EQ(read.episode.rows.size(), 6);
  EXPECT_EQ(read.episode.hash(), direct.episode.hash());
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(read.episode.rows[i].images, direct.episode.rows[i].images);
    EXPECT_EQ(read.episode.rows[i].time_ns, direct.episode.rows[i].time_ns);
  }
}

}  // namespace
}  // namespace gyre::data
