#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "gyre/console/recordings.h"
#include "gyre/data/dataset_filter.h"

namespace gyre::console {

struct WrittenPage {
  int64_t episodes = 0, bytes = 0;
};

// Writes the page of recorded episodes with everything that it shows, pictures included, as one
// file that any browser opens without a server. An empty query: all episodes that are here.
// Throws Error for a query that fits none, and where the file cannot be written.
WrittenPage write_recorded_page(
    const std::filesystem::path& file, Recordings& recordings, const data::FilterQuery& query,
    const std::function<void(int64_t done, int64_t total)>& progress = {});

}  // namespace gyre::console
