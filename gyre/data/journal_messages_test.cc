#include "gyre/data/journal_messages.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <set>
#include <sstream>

#include "gyre/data/journal_schema.h"
#include "gyre/data/journal_testing.h"
#include "gyre/io/file.h"
#include "tests/source_dir.h"

namespace gyre::data {
namespace {

using protobuf::Bytes;
using testing::event_record;
using testing::same;
using testing::shared_record;

constexpr int64_t kUnixOffset = 1'700'000'000'000'000'123;
constexpr int64_t kTick = 77, kTime = 9'876'543'210;
constexpr RecordKind kRecordKinds[] = {
    RecordKind::kHeader, RecordKind::kGoal,    RecordKind::kRequest,
    RecordKind::kChunk,  RecordKind::kPicture, RecordKind::kEvent,
    RecordKind::kTruth,  RecordKind::kScene,   RecordKind::kStep};

// No member has its default.
Header full_header() {
  Header header{.contract = testing::small_embodiment(),
                .attempt = true,
                .episode = {.number = 12,
                            .embodiment = "arm/joint",
                            .task_name = "move/cup",
                            .family = "move",
                            .instruction = "bouge la tasse, \"vite\"",
                            .seed = ~uint64_t{0} - 3,
                            .success = false,
                            .first_tick = 70,
                            .steps = 400},
                .program = "0.1.0",
                .policy = "assets/policies/nano",
                .policy_hash = "0123456789abcdef",
                .start_state = {},
                .setup = R"({"driver":"policy"})"};
  header.contract.control_period_s = 0.02;
  return header;
}

RequestRecord full_request() {
  return {.id = 5,
          .goal_id = 6,
          .frame_time_ns = 7,
          .state = {1, -2.5f, 3},
          .pictures = {{.id = 8, .pixel_hash = ~uint64_t{0}, .reused_id = 4}, {.id = 9}},
          .prompt = "Task: move the cup, State: 1 2 3;\nAction: ",
          .noise_seed = uint64_t{1} << 63,
          .chunking = Chunking::kContinued,
          .delay = 3,
          .previous_chunk_id = 2,
          .previous = {0.5f, 0.25f},
          .flow_steps = 10,
          .engine = "cpu",
          .precision = "int8",
          .target = "AVX2",
          .threads = 2,
          .policy_hash = "fedcba",
          .shadow = true,
          .draws = 8,
          .thought = true,
          .previous_horizon = 10};
}

Step full_step() {
  Step step{.tick = kTick,
            .index = 3,
            .time_ns = kTime - 1,
            .state = {1, 2, 3},
            .proposals = {},
            .sent = {4, 5},
            .source = Source::kExpert,
            .mode = Mode::kHuman,
            .reasons = Reasons(Reason::kVelocity) | Reason::kFault,
            .action_start = false,
            .pictures = {6, -1},
            .picture_age_ns = {7, 8},
            .state_age_ns = 9,
            .chunk_age_ns = 10,
            .goal_id = 11,
            .chunk_id = 12,
            .chunk_index = 13,
            .inference_ms = 14.5f,
            .residual = 0.015f};
  for (const Source source :
       {Source::kPolicy, Source::kHuman, Source::kExpert, Source::kFallback}) {
    step.of(source) = {.valid = true, .action = {static_cast<float>(source) + 20, 0}};
  }
  return step;
}

Record full_record(RecordKind kind) {
  switch (kind) {
    case RecordKind::kHeader:
      return shared_record(kind, kTick, kTime, full_header());
    case RecordKind::kGoal:
      return shared_record(kind, kTick, kTime,
                           Goal{.id = 3,
                                .task = "clear the table",
                                .subtask = "take the cup",
                                .author = "Ada",
                                .time_ns = 4,
                                .words = {{"Ada", 5, "not the blue one"}, {"Bo", 6, "yes"}}});
    case RecordKind::kRequest:
      return shared_record(kind, kTick, kTime, full_request());
    case RecordKind::kChunk:
      return shared_record(kind, kTick, kTime,
                           ActionChunk{.id = 5,
                                       .observation_time_ns = 6,
                                       .period_s = 0.05,
                                       .horizon = 2,
                                       .dim = 3,
                                       .actions = {1, 2, 3, 4, 5, 6},
                                       .policy_hash = "fedcba",
                                       .frozen = 1,
                                       .times = {1.5f, 2.5f, 3.5f, 4.5f}});
    case RecordKind::kPicture:
      return testing::picture_record(kTick, kTime, 1,
                                     {testing::moving_square(32, 24, 4), kTime - 33, 41});
    case RecordKind::kEvent:
      return event_record(kTick, kTime, event::ChunkDropped{7, "came too late"});
    case RecordKind::kTruth:
      return shared_record(kind, kTick, kTime, Truth{"lift", {0.1f, -0.2f, 1, 0, 0, 0}});
    case RecordKind::kScene:
      return shared_record(kind, kTick, kTime,
                           Scene{.shapes = {{.link = "hand",
                                             .kind = Scene::Shape::Kind::kMesh,
                                             .size = {1, 2, 3},
                                             .position = {4, 5, 6},
                                             .rotation = {0, 1, 0, 0},
                                             .rgba = {0.1f, 0.2f, 0.3f, 0.4f}}},
                                 .poses = {{"hand", {1, 2, 3}, {0, 0, 1, 0}}, {.link = "cup"}}});
    case RecordKind::kStep: {
      Record record = testing::record_at(kind, kTick, kTime);
      record.step = full_step();
      return record;
    }
  }
  return {};
}

struct Encoded {
  JournalTopic topic;
  Bytes bytes;
  uint32_t sequence = 0;
};

Encoded encoded(const Record& record, bool repeat = false) {
  const Embodiment contract = testing::small_embodiment();
  Encoded message{journal_topic(record.kind, contract, record.picture.camera, kUnixOffset), {}};
  encode_record(record, contract, kUnixOffset, repeat, message.bytes);
  if (record.kind == RecordKind::kPicture) {
    message.sequence = static_cast<uint32_t>(record.picture.picture->id);
  }
  return message;
}

Decoded decoded(const Encoded& message, Record& record, bool& repeat, bool pixels = true) {
  return decode_record({message.topic.schema, message.topic.metadata, message.sequence,
                        kTime + kUnixOffset, message.bytes},
                       pixels ? Pixels::kDecoded : Pixels::kNone, record, repeat);
}

Decoded decoded(const Encoded& message) {
  Record record;
  bool repeat = false;
  return decoded(message, record, repeat);
}

void expect_to_come_back(const Record& record) {
  Record back;
  bool repeat = true;
  ASSERT_EQ(decoded(encoded(record), back, repeat), Decoded::kRecord);
  EXPECT_FALSE(repeat);
  EXPECT_TRUE(same(record, back));
}

// The places before, between and after a message's fields.
std::vector<size_t> field_bounds(const Bytes& bytes) {
  std::vector<size_t> bounds = {0};
  protobuf::View rest = bytes;
  for (protobuf::Field field; protobuf::take_field(rest, field);) {
    bounds.push_back(bytes.size() - rest.size());
  }
  return bounds;
}

class JournalMessages : public ::testing::TestWithParam<RecordKind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, JournalMessages, ::testing::ValuesIn(kRecordKinds));

TEST_P(JournalMessages, ComeBack) {
  const Record record = full_record(GetParam());
  expect_to_come_back(record);
  // Storage that is used again keeps nothing of what was there.
  Record back = full_record(RecordKind::kStep);
  bool repeat = false;
  ASSERT_EQ(decoded(encoded(record, true), back, repeat), Decoded::kRecord);
  EXPECT_TRUE(same(record, back));
  EXPECT_EQ(repeat, GetParam() != RecordKind::kPicture) << "pictures are never repeated";
}

TEST_P(JournalMessages, OfAnOlderProgramLackFields) {
  const Encoded whole = encoded(full_record(GetParam()));
  const std::vector<size_t> bounds = field_bounds(whole.bytes);
  for (size_t i = 1; i < bounds.size(); ++i) {
    Encoded older = whole;
    older.bytes.erase(older.bytes.begin() + static_cast<ptrdiff_t>(bounds[i - 1]),
                      older.bytes.begin() + static_cast<ptrdiff_t>(bounds[i]));
    protobuf::View view(whole.bytes.data() + bounds[i - 1], bounds[i] - bounds[i - 1]);
    protobuf::Field lost;
    ASSERT_TRUE(protobuf::take_field(view, lost));
    // What a record cannot be without: a contract and its period, all actions, pixels, a body.
    const bool needed =
        (GetParam() == RecordKind::kHeader && lost.number == 3) ||
        (GetParam() == RecordKind::kChunk && lost.number >= 6 && lost.number <= 8) ||
        (GetParam() == RecordKind::kPicture && lost.number == 2) ||
        (GetParam() == RecordKind::kEvent && lost.number >= 10);
    EXPECT_EQ(decoded(older) == Decoded::kRecord, !needed) << "field " << lost.number;
  }
}

TEST_P(JournalMessages, OfANewerProgramHaveFieldsThatArePassedOver) {
  const Record record = full_record(GetParam());
  const Encoded whole = encoded(record);
  Bytes unknown;
  protobuf::put_varint(unknown, 5000 << 3 | protobuf::kVarint);
  protobuf::put_varint(unknown, ~uint64_t{0});
  protobuf::put_varint(unknown, 5001 << 3 | protobuf::kFixed64);
  unknown.resize(unknown.size() + 8, 1);
  protobuf::put_varint(unknown, 5002 << 3 | protobuf::kLength);
  protobuf::put_varint(unknown, 3);
  unknown.resize(unknown.size() + 3, 2);
  protobuf::put_varint(unknown, 5003 << 3 | protobuf::kFixed32);
  unknown.resize(unknown.size() + 4, 3);
  for (const size_t at : field_bounds(whole.bytes)) {
    Encoded newer = whole;
    newer.bytes.insert(newer.bytes.begin() + static_cast<ptrdiff_t>(at), unknown.begin(),
                       unknown.end());
    Record back;
    bool repeat = false;
    ASSERT_EQ(decoded(newer, back, repeat), Decoded::kRecord) << at;
    EXPECT_TRUE(same(record, back));
  }
}

TEST_P(JournalMessages, ThatAreCutWithinAFieldAreMalformed) {
  const Encoded whole = encoded(full_record(GetParam()));
  const std::vector<size_t> bounds = field_bounds(whole.bytes);
  for (size_t size = 0; size < whole.bytes.size(); ++size) {
    Encoded cut = whole;
    cut.bytes.resize(size);
    if (std::ranges::find(bounds, size) == bounds.end()) {
      EXPECT_EQ(decoded(cut), Decoded::kMalformed) << size;
    } else {
      decoded(cut);  // may lack what a record cannot be without
    }
  }
}

TEST_P(JournalMessages, WithHugeLengthsAreMalformed) {
  const Encoded whole = encoded(full_record(GetParam()));
  for (const uint64_t length : {uint64_t{1} << 63, ~uint64_t{0}, uint64_t{1} << 32}) {
    for (const int number : {1, 2, 3, 8, 10, 5000}) {
      Encoded huge = whole;
      protobuf::put_varint(huge.bytes, static_cast<uint64_t>(number) << 3 | protobuf::kLength);
      protobuf::put_varint(huge.bytes, length);
      EXPECT_EQ(decoded(huge), Decoded::kMalformed) << number;
    }
  }
}

TEST(JournalMessage, EachEventComesBack) {
  const Event::Body bodies[] = {event::Ordered{event::Order::kClear},
                                event::ModeChanged{Mode::kStopped, Mode::kPaused, "Ada"},
                                event::GoalSet{5},
                                event::Said{"not that one"},
                                event::EpisodeBegan{6},
                                event::EpisodeEnded{7},
                                event::Verdict{8, event::Outcome::kPartial, "half of it"},
                                event::ChunkArrived{9},
                                event::ChunkDropped{10, "too late"},
                                event::InferenceFailed{11, "no engine"},
                                event::LinkRung{-1, 2},
                                event::Alarm{"stall", "no progress"},
                                event::HelpAsked{"I see no cup"},
                                event::HelpGiven{},
                                event::Fault{"servo 3"},
                                event::FrameLost{1, 12},
                                event::RecordsLost{"journal", 13},
                                event::ScopeOverridden{"juggle", "no cell"}};
  static_assert(std::size(bodies) == std::variant_size_v<Event::Body>);
  for (size_t i = 0; i < std::size(bodies); ++i) {
    EXPECT_EQ(bodies[i].index(), i);
    expect_to_come_back(event_record(kTick, kTime, bodies[i]));
  }
}

TEST(JournalMessage, AnEventOfANewerProgramIsUnknown) {
  Encoded event = encoded(full_record(RecordKind::kEvent));
  event.bytes.resize(field_bounds(event.bytes).end()[-2]);  // without its body
  EXPECT_EQ(decoded(event), Decoded::kUnknown);
  constexpr int kNext =
      protobuf::Message<Event>::kBody + static_cast<int>(std::variant_size_v<Event::Body>);
  protobuf::put_varint(event.bytes, kNext << 3 | protobuf::kLength);
  protobuf::put_varint(event.bytes, 0);
  EXPECT_EQ(decoded(event), Decoded::kUnknown);
  event.topic.schema = "another.Schema";
  EXPECT_EQ(decoded(event), Decoded::kUnknown);
}

TEST(JournalMessage, AnEnumValueOfANewerProgramIsTheDefault) {
  Encoded step = encoded(full_record(RecordKind::kStep));
  protobuf::put_varint(step.bytes, 13 << 3 | protobuf::kVarint);  // the last of a field counts
  protobuf::put_varint(step.bytes, 200);
  Record back;
  bool repeat = false;
  ASSERT_EQ(decoded(step, back, repeat), Decoded::kRecord);
  EXPECT_EQ(back.step.mode, Mode::kHuman);
  EXPECT_EQ(back.step.source, Source::kExpert);
}

TEST(JournalMessage, NumbersKeepTheirBits) {
  Record record = full_record(RecordKind::kStep);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  record.step.state = {-0.0f, kInfinity, -kInfinity, std::numeric_limits<float>::denorm_min(),
                       std::numeric_limits<float>::max()};
  record.step.time_ns = std::numeric_limits<int64_t>::min();
  record.step.goal_id = std::numeric_limits<int64_t>::max();
  record.step.chunk_index = std::numeric_limits<int>::min();
  record.time_ns = -1;
  expect_to_come_back(record);
  record.step.state = {std::nanf("1")};
  Record back;
  bool repeat = false;
  ASSERT_EQ(decoded(encoded(record), back, repeat), Decoded::kRecord);
  ASSERT_EQ(back.step.state.size(), 1);
  EXPECT_TRUE(std::isnan(back.step.state[0]));
}

TEST(JournalMessage, TextKeepsWhetherItWasCut) {
  const std::string exact(400, 'x'), longer(401, 'x');
  for (const std::string& words : {exact, longer}) {
    Record back;
    bool repeat = false;
    const Record record = event_record(kTick, kTime, event::Said{Words(words)});
    ASSERT_EQ(decoded(encoded(record), back, repeat), Decoded::kRecord);
    const auto& said = std::get<event::Said>(back.event.body);
    EXPECT_EQ(said.words.view(), exact);
    EXPECT_EQ(said.words.cut(), words.size() > 400);
  }
}

TEST(JournalMessage, BytesThatAreNoTextBecomeQuestionMarks) {
  Record back;
  bool repeat = false;
  const Record record =
      shared_record(RecordKind::kGoal, kTick, kTime,
                    Goal{.task = "caf\xc3\xa9 \xe9 \xed\xa0\x80 \xf0\x9f\xa4\x96"});
  ASSERT_EQ(decoded(encoded(record), back, repeat), Decoded::kRecord);
  EXPECT_EQ(back.get<Goal>().task, "caf\xc3\xa9 ? ??? \xf0\x9f\xa4\x96");
}

TEST(JournalMessage, LargePicturesAreJpegAndSmallOnesKeepEveryPixel) {
  for (const int side : {128, 136}) {
    Record back;
    bool repeat = false;
    const Record record =
        testing::picture_record(kTick, kTime, 0, {testing::moving_square(side, 96, 1), kTime, 1});
    const Encoded message = encoded(record);
    ASSERT_EQ(decoded(message, back, repeat), Decoded::kRecord);
    const Image& image = back.picture.picture->image;
    EXPECT_EQ(image == record.picture.picture->image, side == 128);
    EXPECT_LT(testing::mean_difference(image, record.picture.picture->image), 3);
    ASSERT_EQ(decoded(message, back, repeat, false), Decoded::kRecord);
    EXPECT_TRUE(back.picture.picture->image.rgb.empty());
    EXPECT_EQ(back.picture.picture->time_ns, kTime);
  }
}

TEST(JournalMessage, APictureNeedsItsChannelsMetadata) {
  for (const char* key : {"camera", "unix_offset_ns"}) {
    for (const char* value : {"", "x", "1x", "99999999999999999999"}) {
      Encoded picture = encoded(full_record(RecordKind::kPicture));
      picture.topic.metadata[key] = value;
      EXPECT_EQ(decoded(picture), Decoded::kMalformed) << key << " " << value;
    }
    Encoded picture = encoded(full_record(RecordKind::kPicture));
    picture.topic.metadata.erase(key);
    EXPECT_EQ(decoded(picture), Decoded::kMalformed) << key;
  }
  Encoded picture = encoded(full_record(RecordKind::kPicture));
  picture.topic.metadata["camera"] = "-1";
  EXPECT_EQ(decoded(picture), Decoded::kMalformed);
}

TEST(JournalMessage, ContentThatContradictsItselfIsMalformed) {
  ActionChunk chunk = full_record(RecordKind::kChunk).get<ActionChunk>();
  for (const auto& [horizon, dim] : {std::pair{2, 2}, {-2, -3}, {1 << 30, 1 << 30}, {0, 3}}) {
    chunk.horizon = horizon;
    chunk.dim = dim;
    EXPECT_EQ(decoded(encoded(shared_record(RecordKind::kChunk, kTick, kTime, chunk))),
              Decoded::kMalformed);
  }
  for (const char* contract : {"", "{", "[]", "{}", R"({"name": 3})"}) {
    Encoded header = encoded(full_record(RecordKind::kHeader));
    protobuf::put_varint(header.bytes, 3 << 3 | protobuf::kLength);
    protobuf::put_text(header.bytes, contract);
    EXPECT_EQ(decoded(header), Decoded::kMalformed) << contract;
  }
}

TEST(JournalMessage, AFieldOfAnotherWireTypeIsPassedOver) {
  Encoded goal = encoded(full_record(RecordKind::kGoal));
  protobuf::put_varint(goal.bytes, 4 << 3 | protobuf::kVarint);  // the task is text
  protobuf::put_varint(goal.bytes, 17);
  Record back;
  bool repeat = false;
  ASSERT_EQ(decoded(goal, back, repeat), Decoded::kRecord);
  EXPECT_TRUE(same(full_record(RecordKind::kGoal), back));
}

TEST(JournalMessage, RepeatedMessagesAreBounded) {
  Encoded request = encoded(full_record(RecordKind::kRequest));
  for (size_t i = 0; i < protobuf::kMaxRepeated; ++i) {
    protobuf::put_varint(request.bytes, 7 << 3 | protobuf::kLength);
    protobuf::put_varint(request.bytes, 0);
  }
  EXPECT_EQ(decoded(request), Decoded::kMalformed);
}

TEST(JournalMessage, AListMayBePackedOrNot) {
  Encoded truth = encoded(full_record(RecordKind::kTruth));
  const float more = 0.75f;
  protobuf::put_varint(truth.bytes, 4 << 3 | protobuf::kFixed32);
  protobuf::put_number(truth.bytes, more);
  Record back;
  bool repeat = false;
  ASSERT_EQ(decoded(truth, back, repeat), Decoded::kRecord);
  std::vector<float> expected = full_record(RecordKind::kTruth).get<Truth>().grounding;
  expected.push_back(more);
  EXPECT_EQ(back.get<Truth>().grounding, expected);
}

// Of a FileDescriptorSet: "gyre.Step.tick = 3: int64" for each field.
std::string text_of_schema(const Bytes& descriptors) {
  constexpr const char* kTypes[] = {"",      "double",  "float", "int64",  "",
                                    "int32", "fixed64", "",      "bool",   "string",
                                    "",      "message", "bytes", "uint32", "enum"};
  const auto text = [](const protobuf::Field& field) {
    return std::string(field.bytes.begin(), field.bytes.end());
  };
  std::string lines;
  const auto each = [](protobuf::View bytes, const auto& take) {
    for (protobuf::Field field; !bytes.empty();) {
      ASSERT_TRUE(protobuf::take_field(bytes, field));
      take(field);
    }
  };
  each(descriptors, [&](const protobuf::Field& file) {
    std::string package;
    each(file.bytes, [&](const protobuf::Field& part) {
      if (part.number == 2) package = text(part);
      if (part.number != 4) return;
      std::string message;
      each(part.bytes, [&](const protobuf::Field& member) {
        if (member.number == 1) message = text(member);
        if (member.number != 2) return;
        std::string name, type;
        uint64_t number = 0;
        bool repeated = false;
        each(member.bytes, [&](const protobuf::Field& f) {
          if (f.number == 1) name = text(f);
          if (f.number == 3) number = f.value;
          if (f.number == 4) repeated = f.value == 3;
          if (f.number == 5) type = kTypes[f.value];
          if (f.number == 6) type = text(f).substr(1);
        });
        lines += package + "." + message + "." + name + " = " + std::to_string(number) + ": " +
                 (repeated ? "repeated " : "") + type + "\n";
      });
    });
  });
  return lines;
}

// Every field that was ever written is in gyre/data/journal_fields.txt. Lines are added there,
// never changed: journals of every version are read.
TEST(JournalSchema, OnlyGrows) {
  std::set<std::string> present;
  const auto add = [&](const Bytes& descriptors) {
    std::istringstream lines(text_of_schema(descriptors));
    for (std::string line; std::getline(lines, line);) present.insert(line);
  };
  for (const RecordKind kind : kRecordKinds) {
    add(journal_topic(kind, testing::small_embodiment(), 0, 0).descriptors);
  }
  add(joints_topic(kStateTopic).descriptors);
  add(video_topic(testing::small_embodiment(), 0, 0).descriptors);
  std::string text;
  for (const std::string& line : present) text += line + "\n";
  EXPECT_EQ(text, io::read_text(source_dir() / "gyre/data/journal_fields.txt"));
}

TEST(JournalSchema, ATypeStandsAfterThoseThatItUses) {
  for (const RecordKind kind : kRecordKinds) {
    const JournalTopic topic = journal_topic(kind, testing::small_embodiment(), 1, 0);
    std::set<std::string> before;
    protobuf::View rest = topic.descriptors;
    std::string last;
    for (protobuf::Field file; !rest.empty();) {
      ASSERT_TRUE(protobuf::take_field(rest, file));
      protobuf::View parts = file.bytes;
      for (protobuf::Field part; !parts.empty();) {
        ASSERT_TRUE(protobuf::take_field(parts, part));
        const std::string name(part.bytes.begin(), part.bytes.end());
        if (part.number == 1) last = name;
        if (part.number != 3) continue;
        EXPECT_TRUE(before.contains(name)) << last << " uses " << name;
      }
      EXPECT_TRUE(before.insert(last).second) << last << " stands there twice";
    }
    EXPECT_TRUE(record_kind(topic.schema) == kind);
  }
}

TEST(JournalTopics, HaveNamesThatViewersShow) {
  const Embodiment contract = testing::small_embodiment();
  EXPECT_EQ(journal_topic(RecordKind::kPicture, contract, 1, 5).topic, "/camera/wrist");
  EXPECT_EQ(journal_topic(RecordKind::kPicture, contract, 1, 5).schema, "foxglove.CompressedImage");
  EXPECT_EQ(video_topic(contract, 1, 5).topic, "/camera/wrist");
  EXPECT_EQ(video_topic(contract, 1, 5).schema, "foxglove.CompressedVideo");
  EXPECT_TRUE(record_kind("foxglove.CompressedVideo") == RecordKind::kPicture);
  EXPECT_EQ(journal_topic(RecordKind::kStep, contract, 0, 5).topic, "/step");
  EXPECT_EQ(journal_topic(RecordKind::kStep, contract, 0, 5).schema, "gyre.Step");
  EXPECT_EQ(joints_topic(kStateTopic).schema, "foxglove.JointStates");
  EXPECT_FALSE(record_kind("foxglove.JointStates"));
}

TEST(JournalJoints, AreNamedPositionsAndVelocities) {
  const std::vector<Field> fields = {{.name = "base", .kind = FieldKind::kVelocity},
                                     {.name = "elbow", .kind = FieldKind::kPosition}};
  Bytes bytes;
  encode_joints(fields, std::vector<float>{0.5f, -0.25f}, -1, bytes);
  JointStates joints;
  ASSERT_TRUE(protobuf::decode(bytes, joints));
  EXPECT_EQ(joints.timestamp.seconds, -1);
  EXPECT_EQ(joints.timestamp.nanos, 999'999'999);
  ASSERT_EQ(joints.joints.size(), 2);
  EXPECT_EQ(joints.joints[0].name, "base");
  EXPECT_EQ(joints.joints[0].velocity, 0.5);
  EXPECT_FALSE(joints.joints[0].position);
  EXPECT_EQ(joints.joints[1].position, -0.25);
  EXPECT_FALSE(joints.joints[1].velocity);
}

}  // namespace
}  // namespace gyre::data
