#pragma once

namespace gyre::run {

struct LoopConfig {
  int execute = 2;      // actions of a chunk before the next takes over
  int delay_ticks = 0;  // simulated time: inference takes this many action periods
  bool real_time = false;
  bool think = false;
  bool shadow = true;  // ask the policy while somebody else drives
  int flow_steps = 0;  // 0: the checkpoint's
  template <class Visitor>
  void visit(Visitor& v) {
    v("execute", execute, "actions of each chunk that are executed before the next");
    v("delay_ticks", delay_ticks, "simulated inference delay (action periods), without real_time");
    v("real_time", real_time, "run by the wall clock, inference in its own thread");
    v("think", think, "let the policy name its subtask once a second");
    v("shadow", shadow, "record the policy's proposals while somebody else drives");
    v("flow_steps", flow_steps, "steps of the flow (0: the checkpoint's)");
  }
  void validate() const;  // throws Error naming the field
};

}  // namespace gyre::run
