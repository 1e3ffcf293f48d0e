#include "gyre/train/metrics.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"

namespace gyre::train {
namespace {

void put(const std::filesystem::path& path, const std::string& text, std::ios::openmode mode) {
  std::ofstream file(path, mode);
  file << text << std::flush;
  if (!file) throw Error(path.string(), "cannot be written", "is the disk full?");
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& folder, int64_t first_step)
    : path_(folder / "metrics.jsonl"), events_(folder / "events", first_step) {
  std::string kept;
  std::ifstream old(path_);
  for (std::string line; std::getline(old, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object() && json.value("step", first_step) < first_step) kept += line + "\n";
  }
  old.close();
  put(path_, kept, std::ios::trunc);
}

void MetricsLog::write(int64_t step, const std::map<std::string, double>& scalars) {
  nlohmann::ordered_json line = {{"step", step}};
  for (const auto& [name, value] : scalars) line[name] = value;
  put(path_, line.dump() + "\n", std::ios::app);
  events_.write(step, scalars);
}

}  // namespace gyre::train
