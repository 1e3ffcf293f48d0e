#pragma once

#include <filesystem>
#include <memory>

#include "gyre/io/video.h"
#include "gyre/run/attempt.h"

namespace gyre::flywheel {

// Films one attempt: the pictures of its cameras, side by side, one for each action period, larger
// than the policy's. Add watch() to the attempt, then call finish().
class VideoRecorder {
 public:
  // An MP4 that browsers play, each picture `size` pixels high.
  VideoRecorder(std::filesystem::path file, int size = 256) : file_(std::move(file)), size_(size) {}

  // The monitor that films; this must outlive it. It throws Error naming the file.
  std::unique_ptr<run::Monitor> watch(run::Bench& bench);
  // Completes the file. Throws Error naming it.
  void finish();

 private:
  class Filming;
  void add(run::Bench& bench);

  std::filesystem::path file_;
  int size_;
  std::unique_ptr<io::VideoWriter> writer_;  // from the first picture on
};

}  // namespace gyre::flywheel
