#include "tests/faults/recorder.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "gyre/core/rng.h"
#include "gyre/run/journal_sink.h"

namespace gyre::faults {
namespace {

constexpr int kWidth = 16, kHeight = 8;

Embodiment contract() {
  Embodiment e{.name = "arm/joint",
               .action_period_s = static_cast<double>(kPeriodNs) * 1e-9,
               .state = {{.name = "elbow", .unit = "rad"}},
               .action = {{.name = "elbow", .unit = "rad"}},
               .cameras = {{"front", kWidth, kHeight, "fixed"}, {"wrist", kWidth, kHeight, "hand"}},
               .workspace = {}};
  return e;
}

class WitnessedSink : public run::JournalSink {
 public:
  WitnessedSink(data::JournalFolder& folder, const Clock& clock, io::FileCalls& calls,
                Witness& witness)
      : JournalSink(folder, clock, data::JournalOptions::Naming::kInOrder, false, calls),
        witness_(witness) {}
  void take(const Record& record) override {
    JournalSink::take(record);
    if (record.kind == RecordKind::kStep) witness_.taken = record.tick;
  }

 private:
  Witness& witness_;
};

// One span of the tape after the other.
class Recorder {
 public:
  Recorder(run::Tape& tape, SteadyClock& clock, Witness& witness)
      : tape_(tape), clock_(clock), witness_(witness) {
    for (int c = 0; c < kCameras; ++c)
      pools_.push_back(std::make_unique<PicturePool>(kWidth, kHeight, 256));
    step_.resize(1, 1, kCameras);
    next_ns_ = clock_.now_ns();
  }

  void span(bool attempt, int64_t number, int64_t ticks) {
    tape_.begin_tick(tick_, clock_.now_ns());
    tape_.put(std::make_shared<const Header>(
        Header{.contract = contract(), .attempt = attempt, .episode = {.number = number}}));
    tape_.put(std::make_shared<const Goal>(Goal{.id = number, .task = "hold still"}));
    if (attempt) tape_.put(Event{.author = "loop", .body = event::EpisodeBegan{number}});
    for (int64_t i = 0; i < ticks; ++i) tick(i);
    tape_.begin_tick(tick_, clock_.now_ns());
    if (attempt) tape_.put(Event{.author = "loop", .body = event::EpisodeEnded{number}});
  }

 private:
  run::Tape& tape_;
  SteadyClock& clock_;
  Witness& witness_;
  std::vector<std::unique_ptr<PicturePool>> pools_;
  Step step_;
  int64_t tick_ = 0, next_ns_ = 0;

  void tick(int64_t index) {
    clock_.sleep_until(next_ns_);
    const int64_t time_ns = clock_.now_ns();
    next_ns_ = std::max(next_ns_, time_ns - kPeriodNs) + kPeriodNs;  // no burst, as in ControlLoop
    tape_.begin_tick(tick_, time_ns);
    for (int c = 0; c < kCameras; ++c) {
      if (!shows_picture_at(tick_, c)) continue;
      const PictureRef picture = pools_[static_cast<size_t>(c)]->make(
          [&](Picture& free) { free = picture_of(tick_, c, time_ns); });
      tape_.put(CameraPicture{c, picture});
    }
    step_.tick = tick_;
    step_.index = index;
    step_.time_ns = time_ns;
    step_.state[0] = step_.sent[0] = static_cast<float>(tick_);
    for (int c = 0; c < kCameras; ++c)
      step_.pictures[static_cast<size_t>(c)] = picture_id_at(tick_, c);
    tape_.put(step_);
    witness_.sent = tick_++;
  }
};

}  // namespace

bool shows_picture_at(int64_t tick, int camera) { return camera == 0 || tick % 2 == 0; }

int64_t picture_id_at(int64_t tick, int camera) { return camera == 0 ? tick : tick / 2; }

Picture picture_of(int64_t tick, int camera, int64_t time_ns) {
  Picture picture{Image::black(kWidth, kHeight), time_ns, picture_id_at(tick, camera)};
  Rng rng = Rng::stream(static_cast<uint64_t>(tick), camera == 0 ? "front" : "wrist");
  for (uint8_t& byte : picture.image.rgb) byte = static_cast<uint8_t>(rng.below(256));
  return picture;
}

void record(const std::filesystem::path& folder, uint64_t seed, int64_t ticks, bool long_attempt,
            io::FileCalls& calls, Witness& witness) {
  data::JournalFolder journal(folder, data::JournalFolder::Mode::kCreate);
  SteadyClock clock;
  WitnessedSink sink(journal, clock, calls, witness);
  run::Tape tape(contract(), run::Tape::WhenFull::kDrop);
  tape.add(sink);
  Recorder recorder(tape, clock, witness);
  Rng rng = Rng::stream(seed, "attempts");
  for (int64_t number = 0, done = 0; done < ticks; ++number) {
    const bool attempt = long_attempt || rng.below(4) > 0;
    const int64_t length = long_attempt ? ticks : std::min(ticks - done, 5 + rng.below(56));
    recorder.span(attempt, number, length);
    done += length;
  }
  tape.close();
}

}  // namespace gyre::faults
