#include "gyre/run/real_arena.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "gyre/run/attempt.h"
#include "gyre/run/session.h"
#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

// Passes a tape on to a list that outlives it.
class PassOn : public TapeSink {
 public:
  explicit PassOn(ListSink& list) : list_(list) {}
  std::string_view name() const override { return "pass on"; }
  bool wants(RecordKind kind) const override { return kind != RecordKind::kPicture; }
  void take(const Record& record) override { list_.take(record); }

 private:
  ListSink& list_;
};

// A person at a small arm who acts once at each scene: lays it out, then does what the plan says.
class RealArenaTest : public ::testing::Test {
 protected:
  using Phase = BenchDesk::Phase;
  static constexpr const char* kWords[] = {"tidy up", "dust"};

  RealArena arena(double attempt_s = 60) {
    return RealArena({.embodiment = "small/joint",
                      .tasks = {{"tidy", "home", kWords[0]}, {"dust", "home", kWords[1]}},
                      .contract = [](int) { return small_arm(0.005); },
                      .open =
                          [this](int) {
                            ++opened_;
                            auto bench = std::make_unique<SmallBench>();
                            SmallBench* small = bench.get();
                            return RealArena::Place{
                                std::move(bench),
                                [small](const Attempt& attempt) { small->prepare(attempt); }};
                          },
                      .attend = [this](BenchDesk& desk) { attend(desk); },
                      .attempt_s = attempt_s,
                      .hold_at_end_s = 0.02,
                      .real_time = {.priority = 0, .lock_memory = false}});
  }

  void attend(BenchDesk& desk) {
    size_t next = 0;
    for (int i = 0; i < 10'000 && !desk.done(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (!desk.look()) continue;
      said_ += desk.task_words() + desk.phase_words();
      if (desk.phase() == Phase::kLaysOut) {
        if (next == plan_.size()) return;
        desk.judge(event::Outcome::kSuccess, "", "anna");  // of nothing
        EXPECT_FALSE(desk.discard(true, "anna"));
        wait(desk, 30);
        EXPECT_NE(desk.status().mode, Mode::kPolicy);
        if (next == 1) {
          desk.order(event::Order::kResume, "anna");  // as from a page
        } else {
          EXPECT_TRUE(desk.start("anna"));
          EXPECT_FALSE(desk.start("anna")) << "it begins already";
        }
      } else if (desk.phase() == Phase::kDrives) {
        plan_[next++](desk);
      }
    }
  }

  // Some control periods more.
  static void wait(BenchDesk& desk, int64_t ticks) {
    const int64_t begin = desk.status().tick;
    for (int i = 0; i < 10'000 && desk.status().tick < begin + ticks; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  static void come_to(BenchDesk& desk, Mode mode) {
    for (int i = 0; i < 10'000 && desk.status().mode != mode; ++i) {
      desk.look();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_EQ(desk.status().mode, mode);
  }
  static void succeed(BenchDesk& desk) {
    come_to(desk, Mode::kPolicy);
    desk.judge(event::Outcome::kSuccess, "", "anna");
  }
  static void fail(BenchDesk& desk) { desk.judge(event::Outcome::kFailure, "fell", "anna"); }
  static void drop(BenchDesk& desk) { EXPECT_TRUE(desk.discard(true, "anna")); }
  static void take_over(BenchDesk& desk) {
    come_to(desk, Mode::kPolicy);
    for (int i = 0; i < 1000 && desk.status().mode != Mode::kHuman; ++i) {
      EXPECT_TRUE(desk.beat(std::array<float, 2>{0, 0}));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    desk.let_go();
    desk.judge(event::Outcome::kSuccess, "", "anna");
  }

  bool make(const RealArena& real, const std::vector<Trial>& trials,
            Driver driver = Driver::kPolicy) {
    AttemptOptions options{.driver = driver};
    options.watch = [this](Bench&, int64_t) {
      Watchers watchers;
      watchers.sinks.push_back(std::make_unique<PassOn>(tape_));
      return watchers;
    };
    options.first_number = 7;
    return real.make(trials, options, 0, "testing", [this](int64_t index, AttemptResult&& result) {
      EXPECT_EQ(index, std::ssize(results_));
      results_.push_back(std::move(result));
      return std::ssize(results_) < enough_;
    });
  }
  std::vector<Trial> trials(const RealArena& real, int count) {
    std::vector<Trial> trials;
    for (const Attempt& attempt : real.deal("bench", {"small/joint"}, count, 1)) {
      trials.push_back({attempt, &engine_});
    }
    return trials;
  }
  std::string outcomes() const {
    std::string all;
    for (const AttemptResult& result : results_) all += *result.episode.success ? 'S' : 'F';
    return all;
  }

  SmallEngine engine_{small_arm(0.005)}, other_{small_arm(0.005), "fedcba9876543210"};
  std::vector<std::function<void(BenchDesk&)>> plan_;
  ListSink tape_;
  std::vector<AttemptResult> results_;
  int64_t enough_ = 100;
  int opened_ = 0;
  std::string said_;  // to the person
};

TEST_F(RealArenaTest, AttemptsAreMadeAndJudgedByAPerson) {
  const RealArena real = arena();
  plan_ = {succeed, drop, fail, succeed};
  EXPECT_TRUE(make(real, trials(real, 3)));
  EXPECT_EQ(opened_, 1) << "the robot stays connected";
  EXPECT_EQ(outcomes(), "SFS") << "what is discarded is made again";
  EXPECT_EQ(results_[1].episode.instruction, "dust");
  EXPECT_EQ(results_[1].episode.task_name, "dust");
  EXPECT_EQ(results_[2].episode.instruction, "tidy up");
  EXPECT_NE(results_[0].episode.seed, results_[2].episode.seed);
  EXPECT_GT(results_[0].episode.steps, 0);
  EXPECT_GT(results_[0].time_s, 0);
  EXPECT_EQ(results_[0].hash.size(), 16U);

  EXPECT_EQ(tape_.events<event::EpisodeBegan>().size(), 4U);
  EXPECT_EQ(tape_.events<event::EpisodeEnded>().size(), 3U);
  bool attempt = true;
  int64_t number = 6;
  for (const Record& record : tape_.records) {
    if (record.kind == RecordKind::kStep && !attempt) {
      EXPECT_NE(record.step.source, Source::kPolicy) << "a scene is laid out";
    }
    if (record.kind != RecordKind::kHeader) continue;
    const Header& header = record.get<Header>();
    EXPECT_EQ(header.attempt, !attempt) << "in turns";
    attempt = header.attempt;
    EXPECT_EQ(header.policy_hash, attempt ? "0123456789abcdef" : "");
    EXPECT_EQ(header.episode.number, ++number);
  }
}

TEST_F(RealArenaTest, NothingButTheTapeTellsWhichPolicyDrives) {
  const RealArena real = arena();
  std::vector<Trial> two = trials(real, 2);
  two[1] = {two[0].attempt, &other_};
  plan_ = {succeed, succeed};
  EXPECT_TRUE(make(real, two));
  EXPECT_EQ(results_[0].episode.seed, results_[1].episode.seed);
  std::vector<std::string> hashes;
  for (const Record& record : tape_.records) {
    if (record.kind != RecordKind::kHeader) continue;
    if (record.get<Header>().attempt) hashes.push_back(record.get<Header>().policy_hash);
  }
  EXPECT_EQ(hashes, (std::vector<std::string>{"0123456789abcdef", "fedcba9876543210"}));
  EXPECT_GT(engine_.action_passes, 0);
  EXPECT_GT(other_.action_passes, 0);
  EXPECT_NE(said_.find("scene 1: \"tidy up\""), std::string::npos) << said_;
  for (const char* secret : {"0123456789abcdef", "fedcba9876543210", "candidate"}) {
    EXPECT_EQ(said_.find(secret), std::string::npos) << said_;
  }
}

TEST_F(RealArenaTest, APersonWhoQuitsKeepsWhatIsJudged) {
  const RealArena real = arena();
  plan_ = {fail};
  EXPECT_FALSE(make(real, trials(real, 3)));
  EXPECT_EQ(outcomes(), "F");
}

TEST_F(RealArenaTest, NoMoreAttemptsAreMadeThanAreWanted) {
  const RealArena real = arena();
  plan_ = {succeed, succeed, succeed};
  enough_ = 2;
  EXPECT_FALSE(make(real, trials(real, 3)));
  EXPECT_EQ(outcomes(), "SS");
}

TEST_F(RealArenaTest, AHelpedSuccessIsNoneOfAPolicyAlone) {
  const RealArena real = arena();
  plan_ = {take_over};
  EXPECT_TRUE(make(real, trials(real, 1)));
  EXPECT_EQ(outcomes(), "F");
  results_.clear();
  EXPECT_TRUE(make(real, trials(real, 1), Driver::kHelped));
  EXPECT_EQ(outcomes(), "S") << "collecting with help";
}

TEST_F(RealArenaTest, WhenTimeIsOverTheRobotWaitsForTheVerdict) {
  const RealArena real = arena(0.2);
  plan_ = {[](BenchDesk& desk) {
    const auto over = [&] { return desk.phase_words().find("TIME IS OVER") != std::string::npos; };
    for (int i = 0; i < 10'000 && !over(); ++i) {
      desk.look();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_TRUE(over());
    come_to(desk, Mode::kPaused);
    fail(desk);
  }};
  EXPECT_TRUE(make(real, trials(real, 1)));
}

TEST_F(RealArenaTest, RefusesWhatIsNotOnTheBench) {
  const RealArena real = arena();
  EXPECT_THROW(real.deal("kitchen", {"small/joint"}, 1, 1), Error);
  EXPECT_THROW(real.deal("bench", {"other/joint"}, 1, 1), Error);
  EXPECT_THROW(real.contract("other/joint", 64), Error);
  EXPECT_THROW(real.attempt("juggle", "small/joint", 1), Error);
  EXPECT_EQ(real.attempt("dust", "small/joint", 1).instruction, "dust");
  EXPECT_THROW(real.make({{real.attempt("dust", "small/joint", 1), nullptr}}, {}, 0, "testing", {}),
               Error)
      << "there is no expert";
  EXPECT_THROW(RealArena({.embodiment = "small/joint", .tasks = {}}), Error);
  EXPECT_TRUE(real.make({}, {}, 0, "testing", {}));
}

}  // namespace
}  // namespace gyre::run
