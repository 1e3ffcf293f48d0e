#include "record_journal.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_info.h"
#include "options.h"

namespace gyre::apps {

std::string RecordPlace::rescue() const {
  return fmt::format("make a dataset of it: gyre data convert {} {}", folder().string(), out);
}

bool RecordPlace::holds_episodes() const try {
  const data::JournalInfo info = data::journal_info(folder());
  return info.episodes > info.unended;
} catch (const Error&) {
  return false;  // no whole record in any file
}

void RecordPlace::refuse_left_journal() const {
  if (keeps() || !std::filesystem::is_directory(folder()) ||
      data::journal_files(folder()).empty()) {
    return;
  }
  // Takes the lock first: the recording may go on still.
  data::JournalFolder(folder(), data::JournalFolder::Mode::kContinue);
  throw Error(folder().string(), "is left from a recording that broke off",
              rescue() + ", then remove it");
}

void tell_recorded(const RecordPlace& place, const Embodiment& contract,
                   const data::Converted& converted, int64_t attempts, const std::string& json) {
  if (converted.episodes == 0) {
    const std::string what = fmt::format("{} attempts, and none to keep", attempts);
    if (stop_requested()) throw Interrupted("record", "was interrupted: " + what, "start it again");
    throw Error("record", what, "--failures keeps failed ones");
  }
  nlohmann::json facts = {{"folder", place.out},
                          {"embodiment", contract.name},
                          {"contract_hash", contract.contract_hash()},
                          {"attempts", converted.episodes + converted.failures},
                          {"episodes", converted.episodes},
                          {"frames", converted.rows},
                          {"hash", converted.hash}};
  if (place.keeps()) facts["journal"] = place.journal;
  print_result(fmt::format("{} of {} episodes kept, {} frames of {}: {} (hash {})\n",
                           converted.episodes, converted.episodes + converted.failures,
                           converted.rows, contract.name, place.out, converted.hash),
               facts, json);
}

}  // namespace gyre::apps
