#pragma once

#include <string>

#include "gyre/run/ladder_config.h"

namespace gyre::run {

struct LoopConfig {
  int execute = 2;               // actions of a chunk before the next takes over
  std::string method = "draws";  // of joining chunks: a name of join_methods()
  int draws = 8;                 // chunks to choose from, for the methods that choose
  int in_flight = 4;             // requests that may be under way at once
  double max_age_s = 5;          // an answer to an older frame is dropped
  double delay_ticks = 0;   // simulated time: inference takes this many action periods, give or
  double jitter_ticks = 0;  // take this many,
  double loss = 0;          // and this share of the answers is lost
  double cut_at_s = 0;      // the link is cut at this time of an attempt,
  double cut_s = 0;         // for so long (0: it is not);
  bool local = false;       // a local policy, the same one, takes over by the ladder
  LadderConfig ladder;
  bool real_time = false;
  bool think = false;
  bool shadow = true;  // ask the policy while somebody else drives
  int flow_steps = 0;  // 0: the checkpoint's
  double speed = 1;    // times the demonstrated pace
  // By the wall clock, seconds:
  double picture_limit_s = 1;  // a camera whose newest picture is older has frozen
  double fresh_s = 1;          // state and pictures are fresh for so long before motion resumes
  double soft_start_s = 0.5;   // and it then takes so long to come to full speed
  double start_limit_s = 0.2;  // a first command that is further away needs a person; 0: none does
  double hold_limit_s = 30;    // a longer hold in mid-motion is a protective stop
  double heartbeat_s = 0.2;    // a person who is silent for so long has let go
  template <class Visitor>
  void visit(Visitor& v) {
    v("execute", execute, "actions of each chunk that are executed before the next");
    v("method", method, "how chunks are joined (`gyre eval --methods all` compares)");
    v("draws", draws, "chunks drawn for each request, for methods that choose the one that fits");
    v("in_flight", in_flight, "requests that may be under way at once");
    v("max_age_s", max_age_s, "an answer to a frame older than this is dropped");
    v("delay_ticks", delay_ticks, "simulated inference delay (action periods), without real_time");
    v("jitter_ticks", jitter_ticks, "the simulated delay varies by up to this (action periods)");
    v("loss", loss, "share of answers that the simulated link loses (0 .. 1)");
    v("cut_at_s", cut_at_s, "the simulated link is cut at this time of an attempt (s)");
    v("cut_s", cut_s, "for so long (s; 0: it is not)");
    v("local", local, "simulated: the same policy without delay takes over by the ladder");
    v("ladder", ladder, "from the remote policy to the local one and back");
    v("real_time", real_time, "run by the wall clock, inference in its own thread");
    v("think", think, "let the policy name its subtask once a second");
    v("shadow", shadow, "record the policy's proposals while somebody else drives");
    v("flow_steps", flow_steps, "steps of the flow (0: the checkpoint's)");
    v("speed", speed, "of a local policy's motions, times the demonstrated pace (1 .. 2)");
    v("picture_limit_s", picture_limit_s,
      "real time: a camera without a picture for so long has frozen (s)");
    v("fresh_s", fresh_s,
      "real time: motion resumes when state and pictures were fresh for so long (s)");
    v("soft_start_s", soft_start_s, "real time: motion takes so long to come to full speed (s)");
    v("start_limit_s", start_limit_s,
      "real time: motion begins by itself where the first command is no further than the velocity "
      "limits allow in so long (s; 0: anywhere)");
    v("hold_limit_s", hold_limit_s,
      "a hold in mid-motion that lasts longer is a protective stop (s)");
    v("heartbeat_s", heartbeat_s, "real time: a person who is silent for so long has let go (s)");
  }
  void validate() const;  // throws Error naming the field
};

}  // namespace gyre::run
