#include "gyre/run/journal_sink.h"

namespace gyre::run {

JournalSink::JournalSink(data::JournalFolder& folder, const Clock& clock,
                         data::JournalOptions::Naming naming, io::FileCalls& calls)
    : writer_(folder, {.naming = naming,
                       .unix_offset_ns = clock.unix_ns(0),
                       .simulated = clock.simulated(),
                       .calls = &calls,
                       .sync_thread = !clock.simulated()}) {}

}  // namespace gyre::run
