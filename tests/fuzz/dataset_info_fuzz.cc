#include "gyre/data/dataset_info.h"

#include <nlohmann/json.hpp>

#include "gyre/data/feature_keys.h"
#include "gyre/policy/norm_stats.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] {
    const data::DatasetInfo info = data::read_info(file.path());
    (void)data::fill_path(info.data_path, {{"chunk_index", 1}, {"file_index", 2}});
    const data::FeatureKeys keys = data::choose_keys(file.path(), info, {}, {});
    (void)data::derive_embodiment(file.path(), info, {}, keys);
  });
  fuzz::reject([&] { (void)read_norm_stats(file.path()); });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {
      R"({"codebase_version": "v3.0", "robot_type": "arm", "fps": 10, "total_episodes": 2,)"
      R"( "total_frames": 7, "chunks_size": 1000,)"
      R"( "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",)"
      R"( "video_path": "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",)"
      R"( "features": {"observation.state": {"dtype": "float32", "shape": [2],)"
      R"( "names": ["a", "b"]}, "action": {"dtype": "float32", "shape": [1], "names": ["a"]},)"
      R"( "observation.images.front": {"dtype": "video", "shape": [48, 64, 3],)"
      R"( "names": ["height", "width", "channels"]}}})",
      R"({"observation.state": {"min": [0], "max": [1], "mean": [0.5], "std": [0.1],)"
      R"( "count": [9]}, "action": {"mean": [0], "std": [1], "q01": [-1], "q99": [1]}})"};
}
