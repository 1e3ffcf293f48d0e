#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace gyre::data {

struct McapExport {
  int64_t episodes = 0, frames = 0, messages = 0;
  int64_t missing = 0;  // episodes whose files are not here
  bool stopped = false;
};

// Writes each episode of a dataset as episode_000012.mcap for Foxglove and Rerun: /state and
// /action as foxglove.JointStates, /camera/NAME as foxglove.CompressedImage (PNG up to 128 pixels a
// side, else JPEG), and /row, JSON with the task and every other column. Time is the frame's
// timestamp. `out` is a new folder; it appears whole or not at all. Throws Error naming the file.
McapExport export_mcap(const std::filesystem::path& dataset, const std::filesystem::path& out,
                       const std::function<void(int64_t done, int64_t total)>& progress = {},
                       const std::function<bool()>& stop = {});

}  // namespace gyre::data
