#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "gyre/core/embodiment.h"
#include "gyre/run/ladder_config.h"
#include "gyre/run/policy_port.h"

namespace gyre::run {

// Two policies of one robot: a remote one, and a local one for when the link is bad. Rung 0 is the
// remote policy, rung 1 the local one; below them the loop holds, and stops when that lasts.
//
// From the first late answer on the local policy is asked too, so that its chunk is there when it
// is needed. The remote one goes on being asked from rung 1, to learn when it is well again. Down
// when the present chunk is used up or too many answers were late; up when enough were in time.
// A failed answer counts as late; what was asked before the first answer came does not count.
class LadderPort : public PolicyPort {
 public:
  // Both ports must outlive this. Throws Error for a config that is not valid.
  LadderPort(PolicyPort& remote, PolicyPort& local, const Embodiment& robot,
             const LadderConfig& config);

  void reset(uint64_t noise_seed) noexcept override;
  bool has_room() const noexcept override;
  void submit(const Question& question, int64_t tick) noexcept override;
  bool poll(int64_t tick, Answer& answer) noexcept override;
  double expected_delay() const noexcept override;
  int choose_rung(int64_t tick, bool used_up) noexcept override;

 private:
  // A question to the remote policy.
  struct Asked {
    int64_t id = -1, generation = 0;  // id -1: a free place
    int64_t tick = 0;
    bool counts = true;  // its answer, in time or late; false once it was counted as late
  };
  void came(const Answer& answer, int64_t tick) noexcept;
  void count(bool late) noexcept;
  bool give(Answer& from, Answer& answer) noexcept;

  PolicyPort& remote_;
  PolicyPort& local_;
  LadderConfig config_;
  int64_t late_ticks_;
  int rung_ = 0;
  bool shadow_ = false;  // the local policy is asked too
  bool warm_ = false;    // the remote policy has answered
  std::array<Asked, 32> asked_;
  uint64_t late_ = 0;                           // of the last answers, one bit each
  int on_time_ = 0;                             // in a row
  int64_t given_ = -1, given_generation_ = -1;  // the newest question whose answer was passed on
  Answer remote_answer_, spare_;
  // The remote and the local policy's newest answers are there and were not passed on yet.
  bool has_remote_ = false, has_spare_ = false;
};

}  // namespace gyre::run
