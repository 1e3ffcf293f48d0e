#pragma once

#include <cstdint>
#include <string>

#include "gyre/data/dataset_info.h"

// Names of the files of a LeRobotDataset v3.0 that Gyre writes.
namespace gyre::data {

inline constexpr const char* kDataPath =
    "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";
inline constexpr const char* kVideoPath =
    "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4";
inline constexpr const char* kEpisodesPath =
    "meta/episodes/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";
inline constexpr const char* kLossesFile = "meta/gyre_losses.parquet";
inline constexpr const char* kRecordedFile = "meta/gyre_recorded.parquet";

// A file by its number over all chunks.
inline std::string numbered_file(const char* pattern, int64_t number,
                                 const std::string& video_key = "") {
  return fill_path(pattern,
                   {{"chunk_index", number / kChunkFiles}, {"file_index", number % kChunkFiles}},
                   video_key);
}

}  // namespace gyre::data
