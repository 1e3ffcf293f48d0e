#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gyre/data/episode_rows.h"
#include "gyre/flywheel/rollout.h"
#include "gyre/infer/engine.h"
#include "gyre/run/control_loop.h"

namespace gyre::flywheel {

// When a helper takes over, and for how long.
struct HelpConfig {
  double patience_s = 2.5;
  double progress_m = 0.02;
  double stretch_s = 3;
  template <class Visitor>
  void visit(Visitor& v) {
    v("patience_s", patience_s, "time without progress after which the helper takes over (s)");
    v("progress_m", progress_m,
      "smallest change of distance that is progress (m, at panda's scale)");
    v("stretch_s", stretch_s,
      "how long the first correction lasts; each further twice as long (s)");
  }
};

struct CollectConfig {
  run::LoopConfig loop;
  HelpConfig help;
  int workers = 0;  // attempts made at once (0: one a core); changes no result
};

// The task's scripted expert behind a trigger that uses only what somebody who watches could see:
// no progress of the distances that the task is about (gripper to thing, thing to place) for some
// time, or an error about to happen (a thing is grasped that the task does not name). It corrects
// for a stretch, then gives control back.
MakeHelper watching_expert(const HelpConfig& config);

// The policy acts, the helper corrects. Each data::Row says who decided it, `intervention` where the
// helper did, and the true subtask. An attempt may take half as long again as the task's limit:
// help begins where the policy has spent its time. `take` receives each episode whole, in order, as
// soon as it is done: write it down there. Returns false when a stop was requested before the last
// one.
bool collect(const infer::Engine& engine, const std::vector<Attempt>& attempts,
             const CollectConfig& config, const std::function<void(data::EpisodeRows&& episode)>& take);

}  // namespace gyre::flywheel
