#include "gyre/data/dataset_stats.h"

#include <algorithm>
#include <cmath>

namespace gyre::data {

using io::Column;
using io::ColumnKind;

namespace {

bool is_counted(const Column& column) {
  if (column.kind == ColumnKind::kList) return column.children[0].kind == ColumnKind::kFloat;
  return column.kind == ColumnKind::kBool || column.kind == ColumnKind::kInt64 ||
         column.kind == ColumnKind::kFloat;
}

float scalar(const Column& column, size_t row) {
  if (column.kind == ColumnKind::kBool) return column.bools[row];
  if (column.kind == ColumnKind::kFloat) return column.floats[row];
  return static_cast<float>(column.ints[row]);
}

}  // namespace

void add_rows(const io::Table& table, RowStats& stats) {
  for (const Column& column : table.columns) {
    if (!is_counted(column) || table.rows() == 0) continue;
    const bool list = column.kind == ColumnKind::kList;
    const size_t width = list ? column.items(0).second : 1;
    RunningStats& running =
        stats.try_emplace(column.name, RunningStats(width, kExactRows)).first->second;
    for (size_t row = 0; row < table.rows(); ++row) {
      if (list) {
        const auto [first, last] = column.items(row);
        running.add({column.children[0].floats.data() + first, last - first});
      } else {
        const float value = scalar(column, row);
        running.add({&value, 1});
      }
    }
  }
}

void PixelCounts::add(const Image& image) {
  constexpr int kLargeSide = 300, kWantedSide = 150;
  const int side = std::max(image.width, image.height);
  const int step = side < kLargeSide ? 1 : side / kWantedSide;
  for (int y = 0; y < image.height; y += step) {
    const uint8_t* row = &image.rgb[static_cast<size_t>(y) * image.width * 3];
    for (int x = 0; x < image.width; x += step) {
      for (size_t c = 0; c < 3; ++c) ++counts[c][row[static_cast<size_t>(x) * 3 + c]];
    }
  }
  ++frames;
}

void PixelCounts::add(const PixelCounts& other) {
  for (size_t c = 0; c < 3; ++c) {
    for (size_t v = 0; v < 256; ++v) counts[c][v] += other.counts[c][v];
  }
  frames += other.frames;
}

Stats PixelCounts::stats() const {
  Stats stats;
  stats.count = frames;
  for (const auto& channel : counts) {
    double total = 0, sum = 0, squares = 0;
    int low = 255, high = 0;
    for (int v = 0; v < 256; ++v) {
      const auto n = static_cast<double>(channel[static_cast<size_t>(v)]);
      total += n;
      sum += n * v;
      squares += n * v * v;
      if (n > 0) low = std::min(low, v), high = v;
    }
    const double mean = sum / total;
    stats.min.push_back(low / 255.0);
    stats.max.push_back(high / 255.0);
    stats.mean.push_back(mean / 255);
    stats.std.push_back(std::sqrt(std::max(0.0, squares / total - mean * mean)) / 255);
    const auto quantile = [&](double fraction) {
      double seen = 0;
      size_t v = 0;
      while (v < 255 && (seen += static_cast<double>(channel[v])) < fraction * total) ++v;
      return static_cast<double>(v) / 255.0;
    };
    stats.q01.push_back(quantile(0.01));
    stats.q10.push_back(quantile(0.10));
    stats.q50.push_back(quantile(0.50));
    stats.q90.push_back(quantile(0.90));
    stats.q99.push_back(quantile(0.99));
  }
  return stats;
}

void to_json(nlohmann::ordered_json& json, const PixelCounts& pixels) {
  json = {{"frames", pixels.frames}, {"counts", pixels.counts}};
}

void from_json(const nlohmann::ordered_json& json, PixelCounts& pixels) {
  pixels.frames = json.at("frames").get<int64_t>();
  json.at("counts").get_to(pixels.counts);
}

std::vector<size_t> counted_rows(size_t length) {
  const auto wanted = static_cast<size_t>(std::pow(static_cast<double>(length), 0.75));
  const size_t count = std::min(length, std::clamp<size_t>(wanted, 100, 10'000));
  std::vector<size_t> rows;
  for (size_t i = 0; i < count; ++i) {
    rows.push_back(count == 1 ? 0 : i * (length - 1) / (count - 1));
  }
  return rows;
}

}  // namespace gyre::data
