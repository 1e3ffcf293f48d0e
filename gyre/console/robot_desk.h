#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gyre/console/wire.h"
#include "gyre/core/embodiment.h"
#include "gyre/run/operator.h"

namespace gyre::console {

// Facts about a robot that its contract does not hold; wire.h, RobotInfo.
struct RobotExtras {
  std::vector<std::vector<double>> camera_right;
  std::vector<std::string> vocabulary;
};

// `name` is for people. The id is 0.
RobotInfo robot_info(const std::string& name, const std::string& policy, const Embodiment& contract,
                     const run::Operator& operations, const RobotExtras& extras);

// Carries out what people on pages want of one robot, and knows who drives it by hand. It is where
// the robot's program is. On one thread, but for holder() and asking().
class RobotDesk {
 public:
  // `operations` must outlive it.
  RobotDesk(RobotInfo info, run::Operator& operations)
      : info_(std::move(info)), operations_(operations) {}

  const RobotInfo& info() const { return info_; }
  // A line that says why the command was not carried out, or "". The author is for the record.
  std::string obey(int viewer, const std::string& author, const Command& command);
  // The page is gone. One that is lost in a take-over falls silent, and the robot pauses.
  void left(int viewer);
  void all_left() { holder_ = asking_ = 0; }

  int holder() const { return holder_; }  // the viewer that drives by hand; 0: nobody
  int asking() const { return asking_; }  // the viewer that asks them for it; 0: nobody

 private:
  std::string order(const Command& command, const std::string& author);
  std::string hold(int viewer, const Command& command, const std::string& author);
  std::string take_control(int viewer, const std::string& author);
  std::string pass_control(int viewer, const std::string& author);
  void give_control(int viewer, const std::string& author);
  std::string coach(const Command& command, const std::string& author);
  std::string judge(const Command& command, const std::string& author);
  std::string beat(int viewer, const Command& command);

  RobotInfo info_;
  run::Operator& operations_;
  std::atomic<int> holder_{0}, asking_{0};
  std::string asker_;     // the author of who asks
  int64_t heard_ns_ = 0;  // the holder's last beat
  int64_t sequence_ = 0;  // of it
};

}  // namespace gyre::console
