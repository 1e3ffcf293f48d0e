#include "gyre/verify/replay.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <concepts>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/run/join_method.h"
#include "gyre/verify/ask_again.h"
#include "gyre/verify/recorded_answers.h"
#include "gyre/verify/recorded_requests.h"
#include "gyre/verify/replay_report.h"
#include "gyre/verify/replay_testing.h"
#include "tests/source_dir.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::alter;
using testing::DecisionsOptions;
using testing::DecisionsRecorder;
using testing::edit_journal;
using ::testing::HasSubstr;
using testing::TemporaryFolder;
using Verdict = ReplayedDecision::Verdict;

const fs::path kSource = source_dir();
const fs::path kNano = kSource / "assets/policies/nano";
const fs::path kContinuedNano = kSource / "assets/policies/nano_continued";

std::unique_ptr<infer::Engine> open_nano(double reuse_pictures = 0) {
  return infer::open_engine(kNano.string(), nullptr, {}, {.reuse_pictures = reuse_pictures});
}

const Embodiment& contract_of(const infer::Engine& engine, const std::string& robot) {
  return engine.checkpoint().embodiments.at(robot).contract;
}

DecisionsOptions with_method(const std::string& method, int64_t episode = 0) {
  DecisionsOptions options{.episode = episode};
  options.client.method = run::join_method(method);
  options.client.draws = 3;
  options.client.timed = false;
  return options;
}

// A journal of one episode of nano.
void record_nano(const fs::path& journal, const DecisionsOptions& options,
                 const std::string& robot = "so101/ee") {
  const auto engine = open_nano();
  DecisionsRecorder(journal).record(*engine, contract_of(*engine, robot), options);
}

Replay replay_of(const fs::path& journal, const ReplayOptions& options = {}) {
  return replay(data::journal_files(journal), options);
}

double largest_of(const Replay& replay) {
  double largest = 0;
  for (const Replay::Robot& robot : replay.robots) {
    for (const FieldDifference& field : robot.fields) largest = std::max(largest, field.largest);
  }
  return largest;
}

// Both arms, the ways of joining chunks, thinking, and pictures whose tokens stood for later ones.
TEST(Replay, GivesEveryDecisionTheSameBits) {
  const TemporaryFolder folder;
  int64_t episode = 0, thought = 0, reused = 0;
  for (const double reuse : {0.0, 0.1}) {
    const auto engine = open_nano(reuse);
    for (const char* robot : {"so101/ee", "panda/ee"}) {
      for (const char* method : {"naive", "draws", "guided"}) {
        DecisionsOptions options = with_method(method, episode++);
        options.client.think = episode % 2 == 0;
        options.client.think_interval_s = 0.5;
        DecisionsRecorder(folder / "j").record(*engine, contract_of(*engine, robot), options);
      }
    }
  }
  const auto continued = infer::open_engine(kContinuedNano.string());
  DecisionsRecorder(folder / "j")
      .record(*continued, contract_of(*continued, "so101/ee"), with_method("trained", episode++));

  RequestReader reader(data::journal_files(folder / "j"));
  for (RecordedRequest asked; reader.next(asked);) {
    thought += asked.request->thought ? 1 : 0;
    for (const RequestPicture& picture : asked.request->pictures) {
      reused += picture.reused_id >= 0 && picture.reused_id != picture.id ? 1 : 0;
    }
  }
  EXPECT_GT(thought, 10);
  EXPECT_GT(reused, 10);
  const Replay replayed = replay_of(folder / "j");
  EXPECT_EQ(replayed.decisions.size(), 8U * static_cast<size_t>(episode));
  EXPECT_EQ(replayed.equal, std::ssize(replayed.decisions)) << replay_table(replayed);
  EXPECT_TRUE(replayed.all_equal());
  EXPECT_EQ(largest_of(replayed), 0);
  EXPECT_EQ(replayed.robots.size(), 2U);
}

// The policy of another project, whose picture tokens do not depend on the prompt.
TEST(Replay, GivesDecisionsOfATinyPi05TheSameBits) {
  const TemporaryFolder folder;
  const std::vector<double> low(14, -1), high(14, 1), zero(14, 0);
  const nlohmann::json feature = {{"mean", zero}, {"std", high}, {"q01", low}, {"q99", high}};
  const FolderOptions given{.stats = folder / "stats.json",
                            .tokenizer = kSource / "assets/vocabulary/nano.model"};
  io::write_atomically(
      given.stats,
      nlohmann::json{{"norm_stats", {{"state", feature}, {"actions", feature}}}}.dump());
  Embodiment robot{.name = "test/joint"};
  for (int i = 0; i < 14; ++i) {
    robot.state.push_back({.name = "j" + std::to_string(i), .unit = "rad", .min = -1, .max = 1});
  }
  robot.action = robot.state;
  robot.cameras = {{"base_0_rgb", 160, 144, "fixed"}, {"left_wrist_0_rgb", 32, 24, "hand"}};
  const std::string policy = (kSource / "tests/golden/pi05").string();
  const auto engine = infer::open_engine(policy, &robot, given, {.reuse_pictures = 0.2});
  int64_t episode = 0;
  for (const char* method : {"draws", "guided"}) {
    DecisionsOptions options = with_method(method, episode++);
    options.client.think = true;
    options.count = 5;
    options.lossless = true;
    DecisionsRecorder(folder / "j").record(*engine, robot, options);
    options.lossless = false;
    DecisionsRecorder(folder / "lossy").record(*engine, robot, options);
  }
  const Replay replayed = replay_of(folder / "j", {.folder = given});
  EXPECT_EQ(replayed.equal, 10) << replay_table(replayed);

  // The same with a camera kept as H.264: compared, and never called equal.
  const Replay lossy = replay_of(folder / "lossy", {.folder = given});
  EXPECT_EQ(lossy.compared, 10) << replay_table(lossy);
  EXPECT_FALSE(lossy.all_equal());
  EXPECT_THAT(lossy.decisions.front().why, HasSubstr("--lossless"));
  EXPECT_GT(largest_of(lossy), 0);
}

TEST(Replay, AChangedPixelDrawPromptOrStateMakesADifference) {
  const TemporaryFolder folder;
  record_nano(folder / "j", with_method("guided"));
  const auto edited = [&](const std::string& name, const std::function<bool(Record&)>& change) {
    edit_journal(folder / "j", folder / name, change);
    return replay_of(folder / name);
  };
  EXPECT_EQ(edited("same", [](Record&) { return true; }).equal, 8);

  // The first picture of the first camera: the hash in the request tells of it.
  const auto change_pixel = [](Record& record) {
    if (record.kind != RecordKind::kPicture || record.picture.camera != 0 ||
        record.picture.picture->id != 0) {
      return true;
    }
    Picture picture = *record.picture.picture;
    picture.image.rgb[100] ^= 64;
    record.picture.picture = PictureRef(std::move(picture));
    return true;
  };
  const Replay pixel = edited("pixel", change_pixel);
  EXPECT_EQ(pixel.decisions.front().verdict, Verdict::kCompared);
  EXPECT_GT(largest_of(pixel), 0);
  EXPECT_EQ(pixel.equal, 7);

  // A forged hash does not help.
  const Replay forged = edited("forged", [&](Record& record) {
    change_pixel(record);
    if (record.kind != RecordKind::kRequest || record.get<RequestRecord>().id != 0) return true;
    data::JournalReader pictures(folder / "pixel");
    for (Record other; pictures.next(other);) {
      if (other.kind != RecordKind::kPicture || other.picture.camera != 0) continue;
      alter<RequestRecord>(record, [&](RequestRecord& request) {
        request.pictures[0].pixel_hash = pixel_hash(other.picture.picture->image);
      });
      break;
    }
    return true;
  });
  EXPECT_EQ(forged.decisions.front().verdict, Verdict::kDiffers);
  EXPECT_EQ(forged.equal, 7);

  const auto differing = [&](const std::string& name,
                             const std::function<void(RequestRecord&)>& change) {
    const Replay replay = edited(name, [&](Record& record) {
      if (record.kind == RecordKind::kRequest && record.get<RequestRecord>().id == 3) {
        alter<RequestRecord>(record, change);
      }
      return true;
    });
    EXPECT_EQ(replay.equal, 7) << name;
    EXPECT_EQ(replay.decisions[3].verdict, Verdict::kDiffers) << name;
    return replay.decisions[3].why;
  };
  differing("draw", [](RequestRecord& request) { ++request.noise_seed; });
  differing("draws", [](RequestRecord& request) { request.draws = 4; });
  differing("delay", [](RequestRecord& request) { request.delay = 1; });
  differing("horizon", [](RequestRecord& request) { request.previous_horizon = 8; });
  differing("previous", [](RequestRecord& request) { request.previous[0] += 0.01F; });
  differing("steps", [](RequestRecord& request) { ++request.flow_steps; });
  differing("state", [](RequestRecord& request) { request.state[0] += 0.01F; });
  EXPECT_THAT(differing("prompt", [](RequestRecord& request) { request.prompt += "!"; }),
              HasSubstr("the prompt is"));

  const Replay words = edited("words", [](Record& record) {
    if (record.kind == RecordKind::kGoal) {
      alter<Goal>(record, [](Goal& goal) { goal.task = "open the drawer"; });
    }
    return true;
  });
  EXPECT_EQ(words.differing, 8);
  EXPECT_GT(largest_of(words), 0);
}

TEST(Replay, AChangedChunkOrSubtaskMakesADifference) {
  const TemporaryFolder folder;
  DecisionsOptions options = with_method("naive");
  options.client.think = true;
  record_nano(folder / "j", options);
  edit_journal(folder / "j", folder / "chunk", [](Record& record) {
    if (record.kind == RecordKind::kChunk) {
      alter<ActionChunk>(record, [](ActionChunk& chunk) {
        if (chunk.id == 2) chunk.actions.back() = std::nextafter(chunk.actions.back(), 9.0F);
      });
    }
    return true;
  });
  const Replay chunk = replay_of(folder / "chunk");
  EXPECT_EQ(chunk.equal, 7);
  EXPECT_EQ(chunk.decisions[2].verdict, Verdict::kDiffers);
  edit_journal(folder / "j", folder / "subtask", [](Record& record) {
    if (record.kind == RecordKind::kGoal) {
      alter<Goal>(record, [](Goal& goal) {
        if (!goal.subtask.empty()) goal.subtask += " now";
      });
    }
    return true;
  });
  const Replay subtask = replay_of(folder / "subtask");
  EXPECT_EQ(subtask.equal, 0);
  EXPECT_THAT(subtask.decisions.front().why, HasSubstr("names the subtask"));
}

template <class T>
concept HoldsAnAnswer = requires(T asked) { asked.chunk; } || requires(T asked) {
  asked.answer;
} || requires(T asked) { asked.actions; } || requires(T asked) { asked.subtask; };

// The recomputing code has no way to the recorded answers: its input holds none, and a journal
// without any chunk, Step and thought subtask gives the same bits.
TEST(Replay, CannotReadTheRecordedChunks) {
  static_assert(!HoldsAnAnswer<RecordedRequest> && HoldsAnAnswer<AnswerAgain>);
  static_assert(std::invocable<decltype(ask_again), const infer::Engine&, const RecordedRequest&>);
  static_assert(
      !std::invocable<decltype(ask_again), const infer::Engine&, const RecordedRequest&, ChunkPtr>);
  const TemporaryFolder folder;
  DecisionsOptions options = with_method("draws");
  options.client.think = true;
  options.client.think_interval_s = 0;  // each request thinks
  record_nano(folder / "j", options);
  edit_journal(folder / "j", folder / "blind", [](Record& record) {
    if (record.kind == RecordKind::kGoal)
      alter<Goal>(record, [](Goal& goal) { goal.subtask = ""; });
    if (record.kind == RecordKind::kRequest) {
      alter<RequestRecord>(record, [](RequestRecord& request) { request.prompt = ""; });
    }
    return record.kind != RecordKind::kChunk && record.kind != RecordKind::kStep;
  });
  const auto engine = open_nano();
  const auto answers = recorded_answers(data::journal_files(folder / "j"), {});
  RequestReader reader(data::journal_files(folder / "blind"));
  for (RecordedRequest asked; reader.next(asked);) {
    ASSERT_TRUE(asked.request->thought);
    const AnswerAgain again = ask_again(*engine, asked);
    const RecordedAnswer& recorded = answers.at(static_cast<size_t>(asked.number));
    EXPECT_EQ(again.chunk.actions, recorded.chunk->actions);
    EXPECT_EQ(again.subtask, recorded.goal->subtask);
  }
  const Replay blind = replay_of(folder / "blind");
  EXPECT_EQ(blind.lost, 8);
  EXPECT_THAT(blind.decisions.front().why, HasSubstr("chunk is lost"));
}

TEST(Replay, APolicyThatChangedSinceIsRefusedWithBothHashes) {
  const TemporaryFolder folder;
  fs::copy(kNano, folder / "policy", fs::copy_options::recursive);
  const auto engine = infer::open_engine((folder / "policy").string());
  const std::string recorded = engine->checkpoint().policy_hash;
  DecisionsRecorder(folder / "j")
      .record(*engine, contract_of(*engine, "so101/ee"), with_method("naive"));
  EXPECT_EQ(replay_of(folder / "j").equal, 8);
  {
    std::fstream weights(folder / "policy" / "model.safetensors",
                         std::ios::in | std::ios::out | std::ios::binary);
    weights.seekg(-2, std::ios::end);  // the upper half of the last float
    const char upper = static_cast<char>(weights.get() ^ 1);
    weights.seekp(-2, std::ios::end);
    weights.put(upper);
  }
  const std::string now = Checkpoint::open(folder / "policy").policy_hash;
  ASSERT_NE(now, recorded);
  EXPECT_THAT(message_of([&] { replay_of(folder / "j"); }),
              AllOf(HasSubstr("changed since"), HasSubstr(now), HasSubstr(recorded)));
  // Asked as another policy, it is compared.
  const Replay other = replay_of(folder / "j", {.policy = folder / "policy"});
  EXPECT_EQ(other.compared, 8);
  EXPECT_THAT(other.decisions.front().why, AllOf(HasSubstr(now), HasSubstr(recorded)));
  // The recorded one lies elsewhere.
  EXPECT_EQ(replay_of(folder / "j", {.policy = kNano}).equal, 8);
  fs::remove_all(folder / "policy");
  EXPECT_THAT(message_of([&] { replay_of(folder / "j"); }),
              AllOf(HasSubstr("is no folder here"), HasSubstr(recorded)));
}

TEST(Replay, AnotherPolicyIsComparedFieldByField) {
  const TemporaryFolder folder;
  record_nano(folder / "j", with_method("draws"));
  const Replay other = replay_of(folder / "j", {.policy = kContinuedNano});
  EXPECT_EQ(other.compared, 8);
  const Replay::Robot& robot = other.robots.front();
  for (size_t i = 0; i < robot.fields.size(); ++i) {
    EXPECT_GT(robot.fields[i].rms(), 0);
    EXPECT_LE(robot.fields[i].rms(), robot.fields[i].largest);
    double largest = 0;
    for (const ReplayedDecision& decision : other.decisions) {
      largest = std::max(largest, decision.fields[i].largest);
    }
    EXPECT_EQ(robot.fields[i].largest, largest);
    EXPECT_THAT(replay_table(other), HasSubstr(robot.names[i]));
  }
  const nlohmann::json json = other;
  EXPECT_EQ(json.at("decisions").size(), 8U);
  EXPECT_EQ(json.at("fields").at("so101/ee").size(), robot.names.size());
  EXPECT_FALSE(json.at("all_equal").get<bool>());
}

TEST(Replay, ClaimsNoEqualityOnAnotherEngine) {
  const TemporaryFolder folder;
  record_nano(folder / "j", with_method("naive"));
  const auto recorded_on = [&](const std::string& name,
                               const std::function<void(RequestRecord&)>& change) {
    edit_journal(folder / "j", folder / name, [&](Record& record) {
      if (record.kind == RecordKind::kRequest) alter<RequestRecord>(record, change);
      return true;
    });
    const Replay replay = replay_of(folder / name);
    EXPECT_EQ(replay.compared, 8) << name;
    EXPECT_FALSE(replay.all_equal());
    return replay.decisions.front().why;
  };
  EXPECT_THAT(recorded_on("target", [](RequestRecord& r) { r.target = "abacus"; }),
              AllOf(HasSubstr("recorded on engine cpu f32 abacus"), HasSubstr("asked of engine")));
  EXPECT_THAT(recorded_on("engine", [](RequestRecord& r) { r.engine = "remote"; }),
              HasSubstr("recorded on engine remote"));
  EXPECT_THAT(recorded_on("precision", [](RequestRecord& r) { r.precision = "f64"; }),
              HasSubstr("f64"));
  // The recorded choice is opened again where this machine has it.
  const auto portable =
      infer::open_engine(kNano.string(), nullptr, {}, {.precision = "int8", .target = "portable"});
  DecisionsRecorder(folder / "portable")
      .record(*portable, contract_of(*portable, "so101/ee"), with_method("naive"));
  EXPECT_EQ(replay_of(folder / "portable").equal, 8);
}

TEST(Replay, OfADamagedJournalNamesWhatIsLost) {
  const TemporaryFolder folder;
  DecisionsOptions options = with_method("draws");
  options.count = 24;
  record_nano(folder / "j", options);
  const fs::path file = data::journal_files(folder / "j").front();
  std::string bytes = io::read_text(file);
  for (size_t i = 0; i < 64; ++i) bytes[bytes.size() / 2 + i] ^= 0x55;
  io::write_atomically(file, bytes);
  const Replay replayed = replay_of(folder / "j");
  EXPECT_FALSE(replayed.losses.empty());
  EXPECT_FALSE(replayed.all_equal() && replayed.losses.empty());
  EXPECT_LT(replayed.decisions.size(), 24U);
  EXPECT_GT(replayed.equal, 12);
  EXPECT_EQ(replayed.differing + replayed.compared, 0) << replay_table(replayed);
  EXPECT_THAT(replay_table(replayed), HasSubstr("bytes from"));

  const auto lost = [&](const std::string& name, const std::function<bool(Record&)>& change) {
    record_nano(folder / (name + "_whole"), with_method("draws"));
    edit_journal(folder / (name + "_whole"), folder / name, change);
    const Replay replay = replay_of(folder / name);
    EXPECT_GT(replay.lost, 0) << name;
    std::string whys;
    for (const ReplayedDecision& decision : replay.decisions) whys += decision.why + "\n";
    return whys;
  };
  EXPECT_THAT(lost("goal", [](Record& r) { return r.kind != RecordKind::kGoal; }),
              HasSubstr("goal 0 is lost"));
  EXPECT_THAT(lost("picture",
                   [](Record& r) {
                     return r.kind != RecordKind::kPicture || r.picture.camera != 0 ||
                            r.picture.picture->id != 5;
                   }),
              HasSubstr("picture 5 of camera"));
  EXPECT_THAT(
      lost("one_chunk",
           [](Record& r) { return r.kind != RecordKind::kChunk || r.get<ActionChunk>().id != 5; }),
      HasSubstr("its chunk is lost"));
}

TEST(Replay, ChoosesOneStepAndOneEpisode) {
  const TemporaryFolder folder;
  record_nano(folder / "j", with_method("naive", 3));
  const Replay one = replay_of(folder / "j", {.step = 5});
  ASSERT_EQ(one.decisions.size(), 1U);
  EXPECT_EQ(one.decisions.front().request_id, 2);
  EXPECT_EQ(one.equal, 1);
  const auto refusal = [&](const ReplayOptions& options) {
    return message_of([&] { replay_of(folder / "j", options); });
  };
  EXPECT_THAT(refusal({.step = 15}), HasSubstr("the episode has 15 steps"));
  EXPECT_THAT(refusal({.episode = 4}), HasSubstr("no request of episode 4"));
  record_nano(folder / "j", with_method("naive", 4), "panda/ee");
  EXPECT_THAT(refusal({.step = 5}), HasSubstr("holds 2 episodes"));
  const Replay second = replay_of(folder / "j", {.episode = 4, .step = 5});
  EXPECT_EQ(second.equal, 1);
  EXPECT_EQ(second.decisions.front().embodiment, "panda/ee");
  EXPECT_EQ(replay_of(folder / "j").equal, 16);
}

}  // namespace
}  // namespace gyre::verify
