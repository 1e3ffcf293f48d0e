#pragma once

#include <vector>

// Real-time chunking: a new chunk that agrees with the actions of the last one that are carried out
// while it is computed (Black et al. 2025). What of it is numbers alone; model/ and infer/cpu apply
// it.
namespace gyre {

// Weight of the previous chunk over the actions after the frozen ones; LeRobot's names.
enum class PrefixSchedule { kZeros, kOnes, kLinear, kExp };

// Guidance of any flow policy, as LeRobot computes it.
struct GuidedChunking {
  int delay = 0;  // actions that will have been carried out when the chunk is there
  int execution_horizon = 10;
  double max_weight = 10;
  PrefixSchedule schedule = PrefixSchedule::kLinear;
};

// The guidance that Gyre's robots ask for, in process and of a server: towards `horizon` actions of
// the previous chunk, of which `delay` will have been carried out.
inline GuidedChunking robot_guidance(int delay, int horizon) {
  return {.delay = delay,
          .execution_horizon = horizon,
          .max_weight = 5,
          .schedule = PrefixSchedule::kExp};
}

// The weight of action `i`: 1 for the first `delay`, 0 from `end` on.
double prefix_weight(PrefixSchedule schedule, int delay, int end, int i);
// Of each of `horizon` actions.
std::vector<double> prefix_weights(PrefixSchedule schedule, int delay, int end, int horizon);

// Of the guidance at flow time t (1 noise, 0 actions), at most `most`.
double guidance_weight(double t, double most);

}  // namespace gyre
