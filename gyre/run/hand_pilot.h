#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "gyre/core/embodiment.h"
#include "gyre/robot/hand_device.h"
#include "gyre/run/hand_motion.h"
#include "gyre/run/operator.h"

namespace gyre::run {

// Reads a device of hands sixty times a second and beats for the person while they hold the
// dead-man control. One thread reads and beats, so that a device that hangs falls silent. Released,
// the robot holds still at once and is paused; so it is when the device is lost. A control that was
// held before the device was there counts only when it is pressed anew.
class HandPilot {
 public:
  using Note = std::function<void(const std::string& line)>;

  // `operations` must outlive it. `note` tells a person that the device was lost; on its thread.
  HandPilot(std::unique_ptr<HandDevice> device, const Embodiment& contract, Operator& operations,
            Note note);
  ~HandPilot();  // releases

  void begin();  // starts the thread
  // One turn of the thread's work, `seconds` after the one before; false when the device is lost.
  bool turn(double seconds);

 private:
  void work();
  void release();

  std::unique_ptr<HandDevice> device_;
  HandMotion motion_;
  Operator& operations_;
  Note note_;
  bool drives_ = false;
  bool free_ = false;  // the dead-man control was seen released
  std::atomic<bool> leave_{false};
  std::thread thread_;
};

}  // namespace gyre::run
