#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace gyre::flywheel {

// A task and the sentences that ask for it.
struct ScopeTask {
  std::string name;  // "pick_place/red_cup/sink"
  std::string suite;
  std::vector<std::string> sentences;
};

// Finds the task that words of a person ask for. Case, punctuation, articles and politeness do not
// matter; every other word does, so that words of which one is not understood match no task.
class ScopeWords {
 public:
  explicit ScopeWords(const std::vector<ScopeTask>& tasks);

  struct Match {
    std::string task;  // its name; "" where there is none
    std::string why;   // there is none
  };
  Match find(const std::string& words) const;

 private:
  std::map<std::string, std::string> tasks_;  // by plain sentence
  std::set<std::string> known_;               // words of all sentences
};

}  // namespace gyre::flywheel
