#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gyre {

// The task to be done, in words. Steps refer to a goal by its id; a new subtask is a new goal.
struct Goal {
  // Words of a person about this goal.
  struct Words {
    std::string author;
    int64_t time_ns = 0;
    std::string text;
    bool operator==(const Words&) const = default;
  };

  int64_t id = 0;
  std::string task;     // the instruction
  std::string subtask;  // the present step of it; "" when the policy acts on the task itself
  std::string author;   // a person, "task" or the policy that thought the subtask
  int64_t time_ns = 0;  // robot clock
  std::vector<Words> words;

  // The words that the policy acts on.
  const std::string& prompt() const { return subtask.empty() ? task : subtask; }
  bool operator==(const Goal&) const = default;
};

using GoalPtr = std::shared_ptr<const Goal>;

}  // namespace gyre
