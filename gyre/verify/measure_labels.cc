#include "gyre/verify/measure_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/data/labels.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;
using SteadyTime = std::chrono::steady_clock::time_point;

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string episode_hash(int64_t episode) { return sha256_hex(std::to_string(episode), 16); }

std::vector<data::Label> stream_labels(const LabelScale& scale, int64_t stream) {
  const int64_t steps = std::max<int64_t>(scale.labels / scale.streams / scale.episodes, 1);
  std::vector<data::Label> labels;
  for (int64_t episode = 0; episode < scale.episodes; ++episode) {
    const std::string hash = episode_hash(episode);
    for (int64_t step = 0; step < steps; ++step) {
      const int64_t time_ns = step * 20'000'000;
      labels.push_back({.recorded = hash,
                        .begin_ns = time_ns,
                        .end_ns = time_ns,
                        .value = static_cast<double>(step * (stream + 1) % 997),
                        .text = {}});
    }
  }
  return labels;
}

int64_t ask(const data::Labels& labels, int64_t episode) {
  int64_t found = 0;
  for (const auto& of_stream : labels.of(episode_hash(episode))) found += std::ssize(of_stream);
  return found;
}

// Milliseconds of each question after the first.
nlohmann::json time_questions(const data::Labels& labels, const LabelScale& scale) {
  std::vector<double> ms;
  int64_t found = 0;
  for (int64_t i = 0; i < scale.queries; ++i) {
    const auto start = std::chrono::steady_clock::now();
    found += ask(labels, i * 7919 % scale.episodes);
    ms.push_back(1e3 * seconds_since(start));
  }
  std::ranges::sort(ms);
  return {{"queries", scale.queries},
          {"found", found},
          {"query_ms", {{"median", ms[ms.size() / 2]}, {"max", ms.back()}}}};
}

}  // namespace

nlohmann::json measure_labels(const LabelScale& scale,
                              const std::function<void(int64_t, int64_t)>& progress) {
  if (fs::exists(scale.folder)) {
    throw Error(scale.folder.string(), "is there already", "name another folder with --folder");
  }
  double add_s = 0;
  int64_t written = 0;
  for (int64_t stream = 0; stream < scale.streams; ++stream) {
    std::vector<data::Label> labels = stream_labels(scale, stream);
    written += std::ssize(labels);
    const auto start = std::chrono::steady_clock::now();
    data::write_labels(scale.folder,
                       {.name = fmt::format("value_{}", stream),
                        .type = data::LabelType::kValue,
                        .author = "bench",
                        .kind = "program"},
                       std::move(labels));
    add_s += seconds_since(start);
    if (progress) progress(stream + 1, scale.streams);
  }
  auto start = std::chrono::steady_clock::now();
  const data::Labels labels(scale.folder);
  const double open_s = seconds_since(start);
  start = std::chrono::steady_clock::now();
  ask(labels, scale.episodes / 2);
  const double first_s = seconds_since(start);
  nlohmann::json json = time_questions(labels, scale);
  uintmax_t bytes = 0;
  for (const fs::path& file : data::label_files(scale.folder)) bytes += fs::file_size(file);
  json.update({{"labels", written},
               {"streams", scale.streams},
               {"episodes", scale.episodes},
               {"mb", static_cast<double>(bytes) * 1e-6},
               {"add_s", add_s},
               {"open_s", open_s},
               {"first_query_ms", 1e3 * first_s},
               {"reach", {{"add_s", 5}, {"query_ms", 5}}}});
  std::error_code ignored;
  fs::remove_all(scale.folder, ignored);
  return json;
}

}  // namespace gyre::verify
