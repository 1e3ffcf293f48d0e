#pragma once

#include "gyre/core/clock.h"
#include "gyre/data/journal.h"
#include "gyre/run/tape.h"

namespace gyre::run {

// Writes a tape into a folder of journal files. The folder must outlive the sink.
class JournalSink : public TapeSink {
 public:
  // `clock` is the tape's and must outlive the sink. Tapes that run at once in one folder are named
  // by episode.
  // `lossless`: large pictures are kept without loss.
  JournalSink(data::JournalFolder& folder, const Clock& clock,
              data::JournalOptions::Naming naming = data::JournalOptions::Naming::kByEpisode,
              bool lossless = false, io::FileCalls& calls = io::FileCalls::system());

  std::string_view name() const override { return "journal"; }
  void take(const Record& record) override { writer_.take(record); }
  void idle() override { writer_.flush_due(); }
  void end() override { writer_.end(); }

 private:
  data::JournalWriter writer_;
};

}  // namespace gyre::run
