#pragma once

#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/testing.h"
#include "gyre/run/engine_client.h"

// Shared by the tests of replay.
namespace gyre::verify::testing {

using data::testing::TemporaryFolder;

struct DecisionsOptions {
  run::ClientOptions client;
  int count = 8;
  int delay = 2;  // action periods that each answer is said to take
  int64_t episode = 0;
  std::string task = "put the red cup into the sink";
  bool lossless = false;
  bool steps = true;  // one Step a decision
};

// Random pixels, of which `change` are other in each picture.
class RandomCamera {
 public:
  RandomCamera(const CameraSpec& spec, uint64_t seed)
      : image_(Image::black(spec.width, spec.height)), rng_(seed) {
    for (auto& value : image_.rgb) value = static_cast<uint8_t>(rng_.below(256));
  }
  PictureRef next(int64_t time_ns) {
    for (int i = 0; i < 20; ++i) {
      image_.rgb[static_cast<size_t>(rng_.below(std::ssize(image_.rgb)))] =
          static_cast<uint8_t>(rng_.below(256));
    }
    return PictureRef(Picture{.image = image_, .time_ns = time_ns, .id = next_++});
  }

 private:
  Image image_;
  Rng rng_;
  int64_t next_ = 0;
};

inline Record record_of(RecordKind kind, int64_t tick, int64_t time_ns) {
  Record record;
  record.kind = kind;
  record.tick = tick;
  record.time_ns = time_ns;
  return record;
}

// Writes a journal of decisions as a robot's control loop asks for them: a new picture of the first
// camera each time, of the others every third time.
class DecisionsRecorder {
 public:
  explicit DecisionsRecorder(const std::filesystem::path& journal)
      : folder_(journal, data::JournalFolder::Mode::kContinue) {}

  void record(const infer::Engine& engine, const Embodiment& contract,
              const DecisionsOptions& options) {
    data::JournalWriter writer(
        folder_, {.lossless = options.lossless, .simulated = true, .chunk_ns = 400'000'000});
    run::EngineClient client(engine, contract, options.client);
    client.reset(900 + options.episode);
    Rng rng(options.episode + 1);
    std::vector<RandomCamera> cameras;
    for (const CameraSpec& spec : contract.cameras) cameras.emplace_back(spec, cameras.size());
    Frame frame;
    frame.pictures.resize(cameras.size());
    GoalPtr told = std::make_shared<Goal>(Goal{.task = options.task, .author = "task"});
    put(writer, RecordKind::kHeader, 0, 0, header_of(engine, contract, options));
    put(writer, RecordKind::kGoal, 0, 0, told);
    GoalPtr known = told;
    ChunkPtr last;
    for (int n = 0; n < options.count; ++n) {
      const int64_t tick = 2 * n, time_ns = 200'000'000 * static_cast<int64_t>(n);
      frame.time_ns = time_ns;
      frame.state.clear();
      for (const Field& field : contract.state) {
        const double middle = (field.min + field.max) / 2, width = field.max - field.min;
        frame.state.push_back(static_cast<float>(middle + 0.1 * width * rng.uniform(-1, 1)));
      }
      for (size_t c = 0; c < cameras.size(); ++c) {
        if (c > 0 && n % 3 != 0) continue;
        frame.pictures[c] = cameras[c].next(time_ns);
        Record record = record_of(RecordKind::kPicture, tick, time_ns);
        record.picture = {static_cast<int>(c), frame.pictures[c]};
        writer.take(record);
      }
      run::Question question{.id = n,
                             .generation = 1,
                             .frame = &frame,
                             .goal = told,
                             .sent = 2 * n,
                             .delay = options.delay};
      if (last) {
        question.planned = std::span(last->actions).subspan(2 * static_cast<size_t>(last->dim));
        question.planned_chunk = last->id;
      }
      const run::Answer answer = client.ask(question);
      if (!answer.chunk) throw Error("answer", answer.failure.view());
      if (answer.goal != known) put(writer, RecordKind::kGoal, tick, time_ns, answer.goal);
      known = answer.goal;
      put(writer, RecordKind::kRequest, tick, time_ns, answer.request);
      put(writer, RecordKind::kChunk, tick, time_ns, answer.chunk);
      last = answer.chunk;
      if (!options.steps) continue;
      Record step = record_of(RecordKind::kStep, tick, time_ns);
      step.step.resize(contract.state.size(), contract.action.size(), cameras.size());
      step.step.index = tick;
      writer.take(step);
    }
    writer.end();
  }

 private:
  template <class T>
  static void put(data::JournalWriter& writer, RecordKind kind, int64_t tick, int64_t time_ns,
                  const std::shared_ptr<T>& shared) {
    Record record = record_of(kind, tick, time_ns);
    record.shared = std::shared_ptr<const T>(shared);
    writer.take(record);
  }
  static HeaderPtr header_of(const infer::Engine& engine, const Embodiment& contract,
                             const DecisionsOptions& options) {
    return std::make_shared<Header>(
        Header{.contract = contract,
               .attempt = true,
               .episode = {.number = options.episode, .embodiment = contract.name},
               .program = "test",
               .policy = engine.checkpoint().folder.string(),
               .policy_hash = engine.checkpoint().policy_hash});
  }
  data::JournalFolder folder_;
};

// Copies a journal without loss; `change` alters each record, or drops it where it returns false.
inline void edit_journal(const std::filesystem::path& from, const std::filesystem::path& to,
                         const std::function<bool(Record&)>& change) {
  data::JournalFolder folder(to, data::JournalFolder::Mode::kCreate);
  data::JournalWriter writer(folder, {.lossless = true, .simulated = true});
  data::JournalReader reader(from);
  for (Record record; reader.next(record);) {
    if (change(record)) writer.take(record);
  }
  writer.end();
}

// Alters the body of a record of that kind.
template <class T>
void alter(Record& record, const std::function<void(T&)>& change) {
  T body = record.get<T>();
  change(body);
  record.shared = std::make_shared<const T>(std::move(body));
}

}  // namespace gyre::verify::testing
