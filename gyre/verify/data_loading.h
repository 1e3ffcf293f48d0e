#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>

// The cost of reading a dataset's pictures in the random order of training.
namespace gyre::verify {

struct LoadingCase {
  std::filesystem::path folder;  // of write_loading_data()
  double seconds = 4;            // of drawing windows, for each codec and number of threads
  int64_t memory_mib = 64;       // LoadOptions::memory_bytes while windows are drawn
  int train_steps = 20;          // of each training run; 0: none
  std::filesystem::path vocabulary = "assets/vocabulary/nano.model";
  std::function<bool()> stop = {};  // true: ends early
};

// Writes into a new folder: h264/ and av1/, datasets of one camera of 224x224 pixels at 30 Hz, 20
// episodes of 10 s; many/, 1,000 episodes of 60 rows and two cameras of 64x64; long.mp4, 20 minutes
// of 224x224 as Gyre writes it.
void write_loading_data(const std::filesystem::path& folder,
                        const std::function<void(int64_t done, int64_t total)>& progress = {},
                        const std::function<bool()>& stop = {});

// Answers one object:
//   windows     frames a second from windows of 8 frames drawn at random, for each codec with one
//               thread that decodes, all on one core, and with one a core on all, beside the
//               memory that was allowed and the growth of the process
//   seek_ms     median and 99 % of one random frame of the 20 minutes, its decoder open
//   first_batch_s  from opening 1,000 episodes to the pictures of 64 random frames
//   resume      at 100 random samples the order's next 100,000 are compared with those of a run
//               that went on: how many differ
//   training    samples a second of nano from pictures in memory, from videos, and from videos
//   whose
//               pictures were learnt from before, in turns
nlohmann::json measure_loading(const LoadingCase& wanted);

}  // namespace gyre::verify
