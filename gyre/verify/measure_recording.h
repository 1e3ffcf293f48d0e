#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>

// What it costs to record a robot with cameras in real time.
namespace gyre::verify {

struct RecordingCase {
  double seconds = 10;  // of recording
  int cameras = 3, width = 640, height = 480;
  double camera_hz = 30, control_hz = 50, action_hz = 10;
  double attempt_s = 10;         // one attempt after the other
  int noise = 6;                 // largest change of a channel of a test picture
  std::filesystem::path folder;  // for the journal and the dataset; it must not exist
  std::function<bool()> stop;    // true: ends early
};

// Records test pictures with noise and 50 Hz state into a journal, an attempt after the other, then
// makes a dataset of it. Answers the time that the end of an attempt takes until the next may begin
// (ms), the share of one core that recording takes in all, resident memory at a third and at the
// end (MB), the pictures shown, lost, and told as lost by meta/gyre_losses.parquet. The folder is
// removed. Throws Error where nothing was recorded.
nlohmann::json measure_recording(const RecordingCase& wanted);

}  // namespace gyre::verify
