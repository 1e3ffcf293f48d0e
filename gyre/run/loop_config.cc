#include "gyre/run/loop_config.h"

#include <cmath>

#include "gyre/core/error.h"
#include "gyre/run/join_method.h"

namespace gyre::run {

void LoopConfig::validate() const {
  if (execute < 1) throw Error("execute", "is below 1", "execute at least one action of a chunk");
  join_method(method);
  if (draws < 1 || draws > 64) throw Error("draws", "is not within 1 .. 64", "8 is a good choice");
  if (in_flight < 1 || in_flight > kMostInFlight) {
    throw Error("in_flight", "is not within 1 .. " + std::to_string(kMostInFlight));
  }
  if (!(max_age_s > 0)) throw Error("max_age_s", "is not positive", "give seconds, e.g. 5");
  if (!(delay_ticks >= 0)) {
    throw Error("delay_ticks", "is negative", "give 0 or more action periods");
  }
  if (!(jitter_ticks >= 0 && jitter_ticks <= delay_ticks)) {
    throw Error("jitter_ticks", "is not within 0 .. delay_ticks",
                "an answer cannot come before its question");
  }
  if (!(loss >= 0 && loss < 1)) throw Error("loss", "is not within 0 .. 1", "0.02 is 2 %");
  const auto check = [](const char* name, double seconds, bool zero) {
    if (std::isfinite(seconds) && (seconds > 0 || (zero && seconds == 0))) return;
    throw Error(name, zero ? "is negative or not finite" : "is not positive and finite",
                "give seconds");
  };
  check("picture_limit_s", picture_limit_s, false);
  check("fresh_s", fresh_s, true);
  check("soft_start_s", soft_start_s, true);
  check("start_limit_s", start_limit_s, true);
  check("hold_limit_s", hold_limit_s, false);
  check("heartbeat_s", heartbeat_s, false);
  if (!(cut_at_s >= 0 && cut_s >= 0)) throw Error("cut_s", "is negative", "give seconds");
  ladder.validate();
  if (!(speed >= 1 && speed <= 2)) throw Error("speed", "is not within 1 .. 2", "1 is as shown");
  if (speed > 1 && join_method(method).chunking != Chunking::kIndependent) {
    throw Error("speed", "needs a method of joining chunks that gives the policy no actions",
                "choose draws, aligned, ensemble, wait or naive");
  }
  if (flow_steps < 0) throw Error("flow_steps", "is negative", "give 0 for the checkpoint's");
}

}  // namespace gyre::run
