#include "gyre/train/metrics.h"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::train {
MetricsLog::MetricsLog(const std::filesystem::path& folder, int64_t first_step)
    : path_(folder / "metrics.jsonl"), events_(folder / "events", first_step) {
  std::string kept;
  std::ifstream old(path_);
  for (std::string line; std::getline(old, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object() && json.value("step", first_step) < first_step) kept += line + "\n";
  }
  old.close();
  io::write_atomically(path_, kept);
}

void MetricsLog::write(int64_t step, std::map<std::string, double> scalars) {
  std::erase_if(scalars, [](const auto& each) { return !std::isfinite(each.second); });
  nlohmann::ordered_json line = {{"step", step}};
  for (const auto& [name, value] : scalars) line[name] = value;
  std::ofstream file(path_, std::ios::app);
  file << line.dump() << std::endl;
  if (!file) throw Error(path_.string(), "cannot be written", "is the disk full?");
  events_.write(step, scalars);
}

}  // namespace gyre::train
