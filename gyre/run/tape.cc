#include "gyre/run/tape.h"

#include <chrono>
#include <exception>
#include <thread>

namespace gyre::run {
namespace {

constexpr size_t kEvents = 1024;
constexpr std::chrono::milliseconds kPoll{1};  // readers look that often; the writer wakes nobody
constexpr std::chrono::microseconds kFullWait{200};
constexpr int kIdlePolls = 20;  // polls without a record before sink.idle()

}  // namespace

// One sink's ring (single producer, single consumer) and thread.
class Tape::Reader {
 public:
  Reader(TapeSink& sink, const Embodiment& contract, const Limits& limits,
         std::atomic<bool>& failed)
      : sink_(sink), limits_(limits), failed_(failed), slots_(limits.records) {
    for (Slot& slot : slots_) {
      slot.record.step.resize(contract.state.size(), contract.action.size(),
                              contract.cameras.size());
    }
    thread_ = std::thread([this] { run(); });
  }
  ~Reader() { finish(); }

  TapeSink& sink() const { return sink_; }
  bool wants(RecordKind kind) const noexcept {
    return !dead_.load(std::memory_order_relaxed) && sink_.wants(kind);
  }

  bool has_room(size_t bytes) const noexcept {
    const size_t written = written_.load(std::memory_order_relaxed);
    return written - read_.load(std::memory_order_acquire) < slots_.size() && fits(bytes);
  }
  // A single picture larger than the limit passes when nothing else is held.
  bool fits(size_t bytes) const noexcept {
    const size_t held = bytes_.load(std::memory_order_relaxed);
    return held == 0 || held + bytes <= limits_.bytes;
  }
  template <class Fill>
  void write(const Fill& fill, size_t bytes) noexcept {
    const size_t written = written_.load(std::memory_order_relaxed);
    Slot& slot = slots_[written % slots_.size()];
    fill(slot.record);
    slot.bytes = bytes;
    bytes_.fetch_add(bytes, std::memory_order_relaxed);
    written_.store(written + 1, std::memory_order_release);
  }

  // Lets the thread read to the end; its error comes back.
  std::exception_ptr finish() {
    if (thread_.joinable()) {
      ending_.store(true, std::memory_order_release);
      thread_.join();
    }
    return error_;
  }

  int64_t lost = 0;             // the writer's: since the beginning
  int64_t unreported_lost = 0;  // not yet reported in an Event

 private:
  struct Slot {
    Record record;
    size_t bytes = 0;
  };

  void run() noexcept {
    int idle = 0;
    while (true) {
      const bool ending = ending_.load(std::memory_order_acquire);
      if (read_all()) {
        idle = 0;
        continue;
      }
      if (ending) break;
      if (++idle % kIdlePolls == 0) guarded([this] { sink_.idle(); });
      std::this_thread::sleep_for(kPoll);
    }
    guarded([this] { sink_.end(); });
  }

  // Reads what is there; false when there was nothing.
  bool read_all() noexcept {
    size_t at = read_.load(std::memory_order_relaxed);
    const size_t end = written_.load(std::memory_order_acquire);
    if (at == end) return false;
    for (; at != end; ++at) {
      Slot& slot = slots_[at % slots_.size()];
      guarded([&] { sink_.take(slot.record); });
      slot.record.shared = std::monostate();  // released here, never by the writer
      slot.record.picture.picture = {};
      bytes_.fetch_sub(slot.bytes, std::memory_order_relaxed);
      read_.store(at + 1, std::memory_order_release);
    }
    return true;
  }

  template <class Action>
  void guarded(const Action& action) noexcept {
    if (error_) return;
    try {
      action();
    } catch (...) {
      error_ = std::current_exception();
      dead_.store(true, std::memory_order_relaxed);
      failed_.store(true, std::memory_order_relaxed);
    }
  }

  TapeSink& sink_;
  Limits limits_;
  std::atomic<bool>& failed_;
  std::vector<Slot> slots_;
  alignas(64) std::atomic<size_t> written_{0};
  alignas(64) std::atomic<size_t> read_{0};
  std::atomic<size_t> bytes_{0};
  std::atomic<bool> ending_{false};
  std::atomic<bool> dead_{false};
  std::exception_ptr error_;  // the thread's until it is joined
  std::thread thread_;
};

Tape::Tape(const Embodiment& contract, WhenFull when_full) : Tape(contract, when_full, Limits{}) {}

Tape::Tape(const Embodiment& contract, WhenFull when_full, Limits limits)
    : contract_(contract), when_full_(when_full), limits_(limits), events_(kEvents) {}

Tape::~Tape() = default;

void Tape::add(TapeSink& sink) {
  readers_.push_back(std::make_unique<Reader>(sink, contract_, limits_, failed_));
}

bool Tape::wants(RecordKind kind) const noexcept {
  for (const auto& reader : readers_) {
    if (reader->wants(kind)) return true;
  }
  return false;
}

void Tape::begin_tick(int64_t tick, int64_t time_ns) noexcept {
  tick_ = tick;
  time_ns_ = time_ns;
  tell_losses();
}

template <class Fill>
void Tape::push(RecordKind kind, const Fill& fill, size_t bytes) noexcept {
  for (const auto& reader : readers_) {
    if (!reader->wants(kind)) continue;
    while (!reader->has_room(bytes) && when_full_ == WhenFull::kWait && reader->wants(kind)) {
      std::this_thread::sleep_for(kFullWait);
    }
    if (!reader->has_room(bytes)) {
      ++reader->lost;
      ++reader->unreported_lost;
      continue;
    }
    reader->write(
        [&](Record& record) {
          record.kind = kind;
          record.tick = tick_;
          record.time_ns = time_ns_;
          fill(record);
        },
        bytes);
  }
}

// A ring that has room again says what it has lost; all sinks read it.
void Tape::tell_losses() noexcept {
  for (const auto& reader : readers_) {
    if (reader->unreported_lost == 0 || !reader->has_room(0)) continue;
    Event event{.time_ns = time_ns_, .author = "tape"};
    event.body =
        event::RecordsLost{.sink = reader->sink().name(), .count = reader->unreported_lost};
    reader->unreported_lost = 0;
    put(event);
  }
}

template <class T>
void Tape::put_shared(RecordKind kind, const std::shared_ptr<const T>& shared) noexcept {
  push(
      kind, [&](Record& record) { record.shared = shared; }, 0);
}

void Tape::put(const Event& event) noexcept {
  push(
      RecordKind::kEvent, [&](Record& record) { record.event = event; }, 0);
}

void Tape::put(const CameraPicture& picture) noexcept {
  push(
      RecordKind::kPicture, [&](Record& record) { record.picture = picture; },
      picture.picture ? picture.picture->image.rgb.size() : 0);
}

void Tape::put(const Step& step) noexcept {
  push(
      RecordKind::kStep, [&](Record& record) { record.step = step; }, 0);
}

void Tape::put(const HeaderPtr& header) noexcept { put_shared(RecordKind::kHeader, header); }
void Tape::put(const GoalPtr& goal) noexcept { put_shared(RecordKind::kGoal, goal); }
void Tape::put(const RequestPtr& request) noexcept { put_shared(RecordKind::kRequest, request); }
void Tape::put(const ChunkPtr& chunk) noexcept { put_shared(RecordKind::kChunk, chunk); }
void Tape::put(const TruthPtr& truth) noexcept { put_shared(RecordKind::kTruth, truth); }
void Tape::put(const ScenePtr& scene) noexcept { put_shared(RecordKind::kScene, scene); }

void Tape::close() {
  std::exception_ptr first;
  for (const auto& reader : readers_) {
    const std::exception_ptr error = reader->finish();
    if (!first) first = error;
  }
  if (first) std::rethrow_exception(first);
}

int64_t Tape::lost(const TapeSink& sink) const noexcept {
  for (const auto& reader : readers_) {
    if (&reader->sink() == &sink) return reader->lost;
  }
  return 0;
}

}  // namespace gyre::run
