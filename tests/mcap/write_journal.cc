// Writes a journal through a tape and its sink, a torn file of it and that file repaired, and
// prints what an outside reader must find in each: what was put on the tape, file by file.
//
//   write_journal DIR
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "gyre/data/journal_testing.h"
#include "gyre/io/mcap_repair.h"
#include "gyre/run/journal_sink.h"
#include "tests/mcap/expected.h"

namespace {

namespace fs = std::filesystem;
using namespace gyre;
using Counts = std::map<std::string, uint64_t>;

void put(run::Tape& tape, const Record& record) {
  tape.begin_tick(record.tick, record.time_ns);
  switch (record.kind) {
    case RecordKind::kEvent:
      return tape.put(record.event);
    case RecordKind::kPicture:
      return tape.put(record.picture);
    case RecordKind::kStep:
      return tape.put(record.step);
    default:
      std::visit(
          [&]<class T>(const T& shared) {
            if constexpr (!std::is_same_v<T, std::monostate>) tape.put(shared);
          },
          record.shared);
  }
}

Counts counts_of(const std::vector<Record>& span, const Embodiment& contract) {
  Counts counts;
  for (const Record& record : span) {
    ++counts[data::journal_topic(record.kind, contract, record.picture.camera, 0).topic];
    if (record.kind != RecordKind::kStep) continue;
    ++counts["/state"];
    ++counts["/command"];
  }
  return counts;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const fs::path folder = argv[1];
  const Embodiment contract = data::testing::small_embodiment();
  const std::vector<std::pair<std::string, data::testing::SpanOptions>> spans = {
      {"000000.mcap", {.number = 0, .steps = 40, .start_state = "a saved state"}},
      {"000000_idle.mcap", {.number = 0, .steps = 7, .attempt = false}},
      {"000001.mcap", {.number = 1, .steps = 25, .outcome = event::Outcome::kFailure}}};
  {
    data::JournalFolder journal(folder, data::JournalFolder::Mode::kCreate);
    const SimulatedClock clock;
    run::JournalSink sink(journal, clock);
    run::Tape tape(contract, run::Tape::WhenFull::kWait);
    tape.add(sink);
    for (const auto& [file, options] : spans) {
      for (const Record& record : data::testing::small_span(options)) put(tape, record);
    }
    tape.close();
  }
  for (const auto& [file, options] : spans) {
    print_expected(file, true, counts_of(data::testing::small_span(options), contract));
  }
  fs::copy_file(folder / "000000.mcap", folder / "torn.mcap");
  fs::resize_file(folder / "torn.mcap", fs::file_size(folder / "torn.mcap") / 2);
  const io::McapRepair repair = io::repair_mcap(folder / "torn.mcap", folder / "repaired.mcap");
  print_expected("repaired.mcap", true, repair.messages);
  print_expected("torn.mcap", false, repair.messages);
  return repair.losses.size() == 1 ? 0 : 1;
}
