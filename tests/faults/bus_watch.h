#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "gyre/robot/fake/bus.h"
#include "gyre/robot/feetech/servo_loop.h"

namespace gyre::faults {

// Sits at the servos and judges every goal that reaches them: within the joint's range, and no
// further from the one before it than the joint may go in the time between.
class GoalWatch {
 public:
  GoalWatch(fake::Bus& bus, std::vector<feetech::LoopJoint> joints);

  void set_clock(int64_t now_ns) { now_ns_ = now_ns; }
  void forget();  // the next goals begin anew, where the arm is
  int64_t goals() const { return goals_; }
  int64_t outside() const { return outside_; }
  const std::string& first_complaint() const { return complaint_; }

 private:
  void look(const fake::Servo& servo, int goal);

  struct Last {
    int goal = -1;
    int64_t time_ns = 0;
  };
  std::vector<feetech::LoopJoint> joints_;
  std::array<Last, 256> last_{};
  int64_t now_ns_ = 0, goals_ = 0, outside_ = 0;
  std::string complaint_;
};

}  // namespace gyre::faults
