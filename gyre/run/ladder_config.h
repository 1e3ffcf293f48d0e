#pragma once

namespace gyre::run {

// When a robot changes from its remote policy to its local one, and back.
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

}  // namespace gyre::run
