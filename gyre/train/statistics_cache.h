#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "gyre/core/stats.h"

namespace gyre::train {

// Statistics that took long to compute, by the content that they are of: one file each in
// $XDG_CACHE_HOME/gyre/statistics, or ~/.cache/gyre/statistics.
class StatisticsCache {
 public:
  StatisticsCache();  // that folder
  explicit StatisticsCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // `key`: hexadecimal digits over everything that the statistics depend on. Nothing where there
  // are none, or the file is broken.
  std::optional<Stats> find(const std::string& key) const;
  // A folder that cannot be written keeps nothing.
  void keep(const std::string& key, const Stats& stats) const;

 private:
  std::filesystem::path file(const std::string& key) const { return folder_ / (key + ".json"); }
  std::filesystem::path folder_;  // empty: there is none
};

}  // namespace gyre::train
