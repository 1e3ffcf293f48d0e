#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "gyre/core/record.h"
#include "gyre/io/file.h"

// A recorder of a tape whose content follows from the tick alone, so that whoever reads the journal
// later knows what must be there.
namespace gyre::faults {

inline constexpr int64_t kPeriodNs = 10'000'000;  // control period
inline constexpr int kCameras = 2;                // the second shows a picture in every second tick

// What the recorder has done, in memory that outlives it: the newest ticks, -1 before the first.
struct Witness {
  std::atomic<int64_t> sent{-1};   // to the tape
  std::atomic<int64_t> taken{-1};  // by the journal's writer
};

Picture picture_of(int64_t tick, int camera, int64_t time_ns);
int64_t picture_id_at(int64_t tick, int camera);  // of the newest picture
bool shows_picture_at(int64_t tick, int camera);

// Records `ticks` control periods in real time, in attempts of 50 to 600 ms with pauses between
// some of them; the lengths are drawn from `seed`. One long attempt when `long_attempt`.
void record(const std::filesystem::path& folder, uint64_t seed, int64_t ticks, bool long_attempt,
            io::FileCalls& calls, Witness& witness);

}  // namespace gyre::faults
