#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"
#include "gyre/data/dataset_info.h"
#include "gyre/io/parquet.h"

// The picture features of a recording: which of them are colour cameras.
namespace gyre::data {

// A feature's entry in info.json that says it is a depth map: is_depth_map or video.is_depth_map
// in `info` (in old files `video_info`), or a pixel format of more than 8 bits of grey.
bool states_depth_map(const nlohmann::json& feature);

// Marks the features whose first picture is 16-bit grey (PNG), or grey of more than 8 bits (video),
// as depth maps; looks only at those that state one channel. Those in `wanted` are colour cameras
// whatever they hold.
void mark_depth_maps(const std::vector<DatasetEpisode>& episodes, const io::Parquet& parquet,
                     const std::vector<std::string>& wanted, DatasetInfo& info);

// A picture feature as a camera: its name without `observation.images.`, and its stated size.
// Throws Error naming the file for a shape that is no picture's.
CameraSpec camera_of(const std::filesystem::path& file, const DatasetFeature& feature);

// The first picture of a column in an episode's data file; "" when the file holds none.
std::string first_picture(const DatasetEpisode& episode, const std::string& column,
                          const io::Parquet& parquet);

}  // namespace gyre::data
