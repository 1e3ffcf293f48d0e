#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/episode_rows.h"
#include "gyre/data/journal.h"

namespace gyre::flywheel {

// The episodes that a run collects: one journal for each contract in `folder`, each episode on disk
// as soon as it ended. Opening the folder again goes on where it was left; an episode that broke
// off stays in its journal but counts as not made.
class Experience {
 public:
  // Throws Error, also when a journal there holds another contract.
  Experience(std::filesystem::path folder, const std::vector<Embodiment>& contracts);

  std::filesystem::path journal(const std::string& contract) const;
  bool has(uint64_t seed) const { return seeds_.contains(seed); }
  int64_t episodes() const { return static_cast<int64_t>(seeds_.size()); }
  // Throws Error for an episode of another contract, or a full disk.
  void add(const data::EpisodeRows& episode);

  // Hands over every whole episode of one contract, ordered by seed, so that what is made of them
  // does not depend on interruptions.
  void read(const std::string& contract, const std::function<void(const data::EpisodeRows&)>& take) const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::unique_ptr<data::JournalWriter>> writers_;
  std::set<uint64_t> seeds_;
};

// A contract's name as a file's: "so101/ee" -> "so101_ee".
std::string file_name(std::string contract);

}  // namespace gyre::flywheel
