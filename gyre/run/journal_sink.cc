#include "gyre/run/journal_sink.h"

#include <functional>

namespace gyre::run {
namespace {

// A kill may cost 250 ms: the rest is for the writer's thread to wait for a processor.
constexpr int64_t kChunkNs = 150'000'000;

std::function<int64_t(int64_t)> lateness(const Clock& clock) {
  if (clock.simulated()) return {};
  return [&clock](int64_t time_ns) { return clock.now_ns() - time_ns; };
}

}  // namespace

JournalSink::JournalSink(data::JournalFolder& folder, const Clock& clock,
                         data::JournalOptions::Naming naming, bool lossless, io::FileCalls& calls)
    : writer_(folder, {.naming = naming,
                       .unix_offset_ns = clock.unix_ns(0),
                       .lossless = lossless,
                       .simulated = clock.simulated(),
                       .chunk_ns = clock.simulated() ? data::JournalOptions().chunk_ns : kChunkNs,
                       .calls = &calls,
                       .sync_thread = !clock.simulated(),
                       .late_ns = lateness(clock)}) {}

}  // namespace gyre::run
