#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/testing.h"

// Tapes for the tests of journals.
namespace gyre::data::testing {

inline Record record_at(RecordKind kind, int64_t tick, int64_t time_ns) {
  Record record;
  record.kind = kind;
  record.tick = tick;
  record.time_ns = time_ns;
  return record;
}

template <class T>
Record shared_record(RecordKind kind, int64_t tick, int64_t time_ns, T body) {
  Record record = record_at(kind, tick, time_ns);
  record.shared = std::make_shared<const T>(std::move(body));
  return record;
}

inline Record event_record(int64_t tick, int64_t time_ns, Event::Body body) {
  Record record = record_at(RecordKind::kEvent, tick, time_ns);
  record.event = {.time_ns = time_ns, .author = "loop", .body = body};
  return record;
}

inline Record picture_record(int64_t tick, int64_t time_ns, int camera, Picture picture) {
  Record record = record_at(RecordKind::kPicture, tick, time_ns);
  record.picture = {camera, PictureRef(std::move(picture))};
  return record;
}

struct SpanOptions {
  Embodiment contract = small_embodiment();
  int64_t number = 0;
  uint64_t seed = 0;
  int steps = 10;
  bool attempt = true;
  bool ended = true;  // false: as if a kill had come after the last step
  event::Outcome outcome = event::Outcome::kSuccess;
  int64_t first_tick = 0;
  int64_t begin_ns = 5'000'000'000;
  int64_t period_ns = 0;  // 0: the contract's control period
  std::string start_state;
};

// The Step of control period `index`, its pictures not named.
inline Step small_step(const SpanOptions& span, int64_t index) {
  const Embodiment& contract = span.contract;
  // Exact in every floating-point unit.
  const float value = static_cast<float>(index) / 8 + static_cast<float>(span.seed);
  Step step;
  step.resize(contract.state.size(), contract.action.size(), contract.cameras.size());
  step.tick = span.first_tick + index;
  step.index = index;
  step.action_start = index % contract.ticks_per_action() == 0;
  std::ranges::fill(step.state, value);
  std::ranges::fill(step.sent, -value);
  Proposal& policy = step.of(Source::kPolicy);
  policy = {.valid = true, .action = step.sent};
  step.source = Source::kPolicy;
  step.mode = Mode::kPolicy;
  step.goal_id = 1;
  step.chunk_id = index / 5;
  step.chunk_index = static_cast<int>(index % 5);
  return step;
}

// A span of a tape with every kind of record, as the control loop writes it: camera 0 shows a new
// picture in each control period, the others in every second.
inline std::vector<Record> small_span(const SpanOptions& span = {}) {
  const Embodiment& contract = span.contract;
  const int64_t period_ns = span.period_ns > 0
                                ? span.period_ns
                                : static_cast<int64_t>(std::llround(contract.tick_s() * 1e9));
  int64_t tick = span.first_tick, time_ns = span.begin_ns;
  std::vector<Record> tape;
  const auto put = [&](RecordKind kind, auto body) {
    tape.push_back(shared_record(kind, tick, time_ns, std::move(body)));
  };
  const auto post = [&](Event::Body body) { tape.push_back(event_record(tick, time_ns, body)); };
  put(RecordKind::kHeader, Header{.contract = contract,
                                  .attempt = span.attempt,
                                  .episode = {.number = span.number,
                                              .embodiment = contract.name,
                                              .task_name = "move/cup",
                                              .family = "move",
                                              .instruction = "move the cup",
                                              .seed = span.seed},
                                  .program = "0.1.0",
                                  .start_state = span.start_state});
  put(RecordKind::kGoal, Goal{.id = 1, .task = "move the cup", .author = "task"});
  if (span.attempt) post(event::EpisodeBegan{span.number});
  std::vector<int64_t> newest(contract.cameras.size(), -1);
  for (int i = 0; i < span.steps; ++i, ++tick, time_ns += period_ns) {
    for (size_t c = 0; c < newest.size(); ++c) {
      if (c > 0 && i % 2 == 1) continue;
      const CameraSpec& camera = contract.cameras[c];
      ++newest[c];
      tape.push_back(picture_record(
          tick, time_ns, static_cast<int>(c),
          {moving_square(camera.width, camera.height, i), time_ns - 7'000'000, newest[c]}));
    }
    if (i % 5 == 0) {
      put(RecordKind::kRequest, RequestRecord{.id = i / 5, .goal_id = 1, .state = {1, 2, 3}});
      put(RecordKind::kChunk, ActionChunk{.id = i / 5, .horizon = 1, .dim = 2, .actions = {1, 2}});
    }
    put(RecordKind::kTruth, Truth{.subtask = i < span.steps / 2 ? "reach" : "lift"});
    Scene scene{.shapes = {}, .poses = {{.link = "hand", .position = {0.25 * i, 0, 0}}}};
    if (i == 0) scene.shapes = {{.link = "hand", .size = {1, 2, 3}}};
    put(RecordKind::kScene, std::move(scene));
    Record step = record_at(RecordKind::kStep, tick, time_ns);
    step.step = small_step(span, i);
    step.step.time_ns = time_ns;
    step.step.pictures = newest;
    tape.push_back(std::move(step));
  }
  if (span.attempt && span.ended) {
    post(event::Verdict{span.number, span.outcome, "the judge saw it"});
    post(event::EpisodeEnded{span.number});
  }
  return tape;
}

// Files follow from the records alone. Chunks hold 3 steps of small_span().
inline JournalOptions simulated_options() {
  JournalOptions options;
  options.naming = JournalOptions::Naming::kByEpisode;
  options.simulated = true;
  options.wall_ns = [] { return int64_t{0}; };
  return options;
}

inline void write_span(JournalFolder& folder, const std::vector<Record>& span,
                       const JournalOptions& options = simulated_options()) {
  JournalWriter writer(folder, options);
  for (const Record& record : span) writer.take(record);
  writer.end();
}

// All records in one file, as somebody who joins files writes it. `change` may damage a message.
inline void write_one_file(
    const std::filesystem::path& file, const std::vector<Record>& tape,
    const std::function<void(const Record&, std::vector<uint8_t>&)>& change =
        [](const Record&, std::vector<uint8_t>&) {}) {
  io::McapWriter writer(file, io::McapWriter::Compression::kNone);
  std::map<std::pair<RecordKind, int>, uint16_t> channels;
  Embodiment contract;
  for (const Record& record : tape) {
    if (record.kind == RecordKind::kHeader) contract = record.get<Header>().contract;
    const bool picture = record.kind == RecordKind::kPicture;
    const int camera = picture ? record.picture.camera : 0;
    uint16_t& channel = channels[{record.kind, camera}];
    if (channel == 0) {
      const JournalTopic topic = journal_topic(record.kind, contract, camera, 0);
      channel = writer.add_channel(topic.topic, "protobuf",
                                   writer.add_schema(topic.schema, "protobuf", topic.descriptors),
                                   topic.metadata);
    }
    std::vector<uint8_t> bytes;
    encode_record(record, contract, 0, false, bytes);
    change(record, bytes);
    const auto time = static_cast<uint64_t>(record.time_ns);
    writer.message(channel, picture ? static_cast<uint32_t>(record.picture.picture->id) : 0, time,
                   time, bytes);
  }
  // What another program added is passed over.
  const uint16_t note = writer.add_channel("/note", "json", 0);
  writer.message(note, 0, 1, 1, std::vector<uint8_t>{'{', '}'});
  writer.close();
}

struct ReadJournal {
  std::vector<Record> records;
  std::vector<std::filesystem::path> files;  // of each record
  std::vector<JournalLoss> losses;
};

inline ReadJournal read_journal(const std::filesystem::path& journal,
                                const JournalReadOptions& options = {}) {
  JournalReader reader(journal, options);
  ReadJournal read;
  for (Record record; reader.next(record);) {
    read.records.push_back(record);
    read.files.push_back(reader.file());
  }
  read.losses = reader.losses();
  return read;
}

// Whether two records say the same.
inline bool same(const Record& a, const Record& b) {
  if (a.kind != b.kind || a.tick != b.tick || a.time_ns != b.time_ns) return false;
  switch (a.kind) {
    case RecordKind::kHeader:
      return a.get<Header>() == b.get<Header>();
    case RecordKind::kGoal:
      return a.get<Goal>() == b.get<Goal>();
    case RecordKind::kRequest:
      return a.get<RequestRecord>() == b.get<RequestRecord>();
    case RecordKind::kChunk:
      return a.get<ActionChunk>() == b.get<ActionChunk>();
    case RecordKind::kPicture: {
      const Picture &x = *a.picture.picture, &y = *b.picture.picture;
      return a.picture.camera == b.picture.camera && x.id == y.id && x.time_ns == y.time_ns &&
             x.image == y.image;
    }
    case RecordKind::kEvent:
      return a.event == b.event;
    case RecordKind::kTruth:
      return a.get<Truth>() == b.get<Truth>();
    case RecordKind::kScene:
      return a.get<Scene>() == b.get<Scene>();
    case RecordKind::kStep:
      return a.step == b.step;
  }
  return false;
}

// Where two tapes differ first: "record 5 of 40 and 41"; "" where they are the same.
inline std::string difference(const std::vector<Record>& a, const std::vector<Record>& b) {
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), same);
  if (at == a.end() && other == b.end()) return "";
  return "record " + std::to_string(at - a.begin()) + " of " + std::to_string(a.size()) + " and " +
         std::to_string(b.size());
}

}  // namespace gyre::data::testing
