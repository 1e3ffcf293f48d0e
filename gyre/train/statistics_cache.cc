#include "gyre/train/statistics_cache.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/policy/stats_json.h"

namespace gyre::train {

StatisticsCache::StatisticsCache() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (cache != nullptr && *cache == '/') {
    folder_ = std::filesystem::path(cache) / "gyre/statistics";
  } else if (home != nullptr && *home == '/') {
    folder_ = std::filesystem::path(home) / ".cache/gyre/statistics";
  }
}

std::optional<Stats> StatisticsCache::find(const std::string& key) const {
  std::error_code ignored;
  if (folder_.empty() || !std::filesystem::exists(file(key), ignored)) return {};
  try {
    const auto kept = nlohmann::json::parse(io::read_text(file(key)));
    if (kept.at("key") != key) return {};
    return stats_from_json(kept.at("statistics"));
  } catch (const Error&) {
  } catch (const nlohmann::json::exception&) {
  }
  return {};
}

void StatisticsCache::keep(const std::string& key, const Stats& stats) const {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  const nlohmann::json kept{{"key", key}, {"statistics", stats_json(stats)}};
  try {
    io::write_atomically(file(key), kept.dump());
  } catch (const Error&) {
  }
}

}  // namespace gyre::train
