#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/image.h"
#include "gyre/core/stats.h"
#include "gyre/io/parquet.h"

// Statistics of what a dataset stores, of one episode or of the whole.
namespace gyre::data {

inline constexpr int64_t kExactRows = 1'000'000;  // beyond, quantiles come from a histogram
// Of numeric columns by their names; exact to a million rows.
using RowStats = std::map<std::string, RunningStats>;
// Strings, annotations and lists of anything but floats are passed over.
void add_rows(const io::Table& rows, RowStats& stats);

// How often each 8-bit value came in each channel: all that a picture's statistics are made of.
struct PixelCounts {
  std::array<std::array<int64_t, 256>, 3> counts{};
  int64_t frames = 0;

  // Every pixel, or of sides of 300 and more every second, third, ... as LeRobot does.
  void add(const Image& image);
  void add(const PixelCounts& other);
  Stats stats() const;  // of values in [0, 1]; `count` counts frames. At least one was added
};
void to_json(nlohmann::ordered_json& json, const PixelCounts& pixels);
void from_json(const nlohmann::ordered_json& json, PixelCounts& pixels);

// The rows whose pictures are counted: at least 100 (or all), evenly spaced; LeRobot's rule.
std::vector<size_t> counted_rows(size_t length);

}  // namespace gyre::data
