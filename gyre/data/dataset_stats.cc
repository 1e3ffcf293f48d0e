#include <algorithm>
#include <array>
#include <cmath>

#include "gyre/data/dataset_rows.h"

namespace gyre::data {

using io::Column;
using io::ColumnKind;

std::map<std::string, Stats> row_stats(const io::Table& table) {
  std::map<std::string, Stats> result;
  for (const Column& column : table.columns) {
    const bool list = column.kind == ColumnKind::kList;
    if (column.kind == ColumnKind::kString || column.kind == ColumnKind::kStruct) continue;
    if (list && column.children[0].kind != ColumnKind::kFloat) continue;
    const size_t width = list ? column.items(0).second : 1;
    RunningStats running(width);
    for (size_t row = 0; row < table.rows(); ++row) {
      if (list) {
        running.add({column.children[0].floats.data() + row * width, width});
        continue;
      }
      const float value = column.kind == ColumnKind::kBool ? column.bools[row]
                          : column.kind == ColumnKind::kFloat
                              ? column.floats[row]
                              : static_cast<float>(column.ints[row]);
      running.add({&value, 1});
    }
    result[column.name] = running.stats();
  }
  return result;
}

Stats image_stats(const EpisodeRows& episode, size_t camera) {
  const size_t length = episode.rows.size();
  const auto wanted = static_cast<size_t>(std::pow(static_cast<double>(length), 0.75));
  const size_t frames = std::min(length, std::max<size_t>(100, std::min<size_t>(wanted, 10'000)));
  // 8-bit values: their counts say everything.
  std::array<std::array<int64_t, 256>, 3> counts{};
  for (size_t i = 0; i < frames; ++i) {
    const size_t step = frames == 1 ? 0 : i * (length - 1) / (frames - 1);
    const std::vector<uint8_t>& rgb = episode.rows[step].images[camera].rgb;
    for (size_t p = 0; p + 2 < rgb.size(); p += 3) {
      for (size_t c = 0; c < 3; ++c) ++counts[c][rgb[p + c]];
    }
  }
  Stats stats;
  stats.count = static_cast<int64_t>(frames);
  for (const auto& channel : counts) {
    double total = 0, sum = 0, squares = 0;
    int low = 255, high = 0;
    for (int v = 0; v < 256; ++v) {
      const auto n = static_cast<double>(channel[v]);
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
      int v = 0;
      while (v < 255 && (seen += static_cast<double>(channel[v])) < fraction * total) ++v;
      return v / 255.0;
    };
    stats.q01.push_back(quantile(0.01));
    stats.q10.push_back(quantile(0.10));
    stats.q50.push_back(quantile(0.50));
    stats.q90.push_back(quantile(0.90));
    stats.q99.push_back(quantile(0.99));
  }
  return stats;
}

}  // namespace gyre::data
