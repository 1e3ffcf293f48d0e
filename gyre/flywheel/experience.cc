#include "gyre/flywheel/experience.h"

#include <algorithm>

#include "gyre/core/error.h"

namespace gyre::flywheel {

namespace fs = std::filesystem;

std::string file_name(std::string contract) {
  std::replace(contract.begin(), contract.end(), '/', '_');
  return contract;
}

Experience::Experience(fs::path folder, const std::vector<Embodiment>& contracts)
    : folder_(std::move(folder)) {
  std::error_code ignored;  // opening the journal says what is wrong
  fs::create_directories(folder_, ignored);
  for (const Embodiment& contract : contracts) {
    const fs::path file = journal(contract.name);
    const bool there = fs::exists(file);
    writers_[contract.name] = std::make_unique<data::JournalWriter>(file, contract);
    if (!there) continue;
    data::JournalReader reader(file);
    while (const auto recorded = reader.next()) {
      if (recorded->whole()) seeds_.insert(recorded->episode.seed);
    }
  }
}

void Experience::add(const Episode& episode) {
  const auto writer = writers_.find(episode.embodiment);
  if (writer == writers_.end()) {
    throw Error("episode of " + episode.embodiment, "this run has no journal for it");
  }
  writer->second->begin_episode(episode);
  for (const Step& step : episode.steps) writer->second->step(step);
  writer->second->end_episode(episode.success);
  seeds_.insert(episode.seed);
}

void Experience::read(const std::string& contract,
                      const std::function<void(const Episode&)>& take) const {
  data::JournalReader reader(journal(contract));
  std::map<uint64_t, Episode> whole;
  while (auto recorded = reader.next()) {
    if (recorded->whole()) whole.insert_or_assign(recorded->episode.seed, recorded->episode);
  }
  for (const auto& [seed, episode] : whole) take(episode);
}

fs::path Experience::journal(const std::string& contract) const {
  return folder_ / (file_name(contract) + ".journal");
}

}  // namespace gyre::flywheel
