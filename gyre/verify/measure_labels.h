#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>

namespace gyre::verify {

// Label streams of one number a step, spread evenly over streams and episodes.
struct LabelScale {
  int64_t labels = 1'000'000, streams = 10, episodes = 1000;
  int64_t queries = 1000;
  std::filesystem::path folder;  // for the streams; it must not exist
};

// Writes the streams, opens them as another program would, and asks for all labels of one episode
// after the other, in an order that jumps. Answers seconds of adding all (add_s) and of opening
// (open_s), milliseconds of the first question (first_query_ms), which reads the streams, and of
// the others (query_ms: median, max), and the files' size (mb), beside the reach. The folder is
// removed. Throws Error as data::write_labels() does.
nlohmann::json measure_labels(
    const LabelScale& scale, const std::function<void(int64_t done, int64_t total)>& progress = {});

}  // namespace gyre::verify
