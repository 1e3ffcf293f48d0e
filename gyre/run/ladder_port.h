#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "gyre/core/embodiment.h"
#include "gyre/run/policy_port.h"

namespace gyre::run {

struct LadderConfig {
  double late_s = 0.5;  // an answer that takes longer is late
  int late_of = 10;     // of so many answers in a row,
  int late_down = 2;    // so many late ones lead down
  int on_time_up = 20;  // so many in time, one after the other, lead up
  template <class Visitor>
  void visit(Visitor& v) {
    v("late_s", late_s, "a remote answer that takes longer is late (s)");
    v("late_of", late_of, "remote answers that are looked back on (1 .. 64)");
    v("late_down", late_down, "so many late ones among them lead to the local policy");
    v("on_time_up", on_time_up, "so many in time, one after the other, lead back");
  }
  void validate() const;  // throws Error naming the field
};

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
