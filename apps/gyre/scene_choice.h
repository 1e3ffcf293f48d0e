#pragma once

#include <string>

#include "gyre/sim/suite.h"

namespace gyre::apps {

struct SceneChoice {
  sim::TaskPtr task;
  bool exact = false;  // the prompt is one of the task's own instructions: success can be judged
};

// A task whose scene has the things that free words name: the one with these very words among its
// instructions, else the one that shares the most (rare words count most).
SceneChoice choose_scene(const std::string& prompt);

}  // namespace gyre::apps
