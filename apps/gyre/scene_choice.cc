#include "scene_choice.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <vector>

namespace gyre::apps {
namespace {

std::set<std::string> words_of(std::string text) {
  for (char& c : text) {
    c = std::isalpha(static_cast<unsigned char>(c)) ? static_cast<char>(std::tolower(c)) : ' ';
  }
  std::istringstream stream(text);
  std::set<std::string> words;
  for (std::string word; stream >> word;) words.insert(word);
  return words;
}

std::vector<sim::TaskPtr> all_tasks() {
  std::vector<sim::TaskPtr> tasks;
  for (const std::string& name : sim::suite_names()) {
    if (name == "disturbed") continue;  // the words of trained tasks again
    for (const sim::TaskPtr& task : sim::suite(name)) tasks.push_back(task);
  }
  return tasks;
}

}  // namespace

SceneChoice choose_scene(const std::string& prompt) {
  const std::vector<sim::TaskPtr> tasks = all_tasks();
  std::vector<std::set<std::string>> words;  // of each task's first instruction
  std::map<std::string, int> uses;
  for (const sim::TaskPtr& task : tasks) {
    const std::vector<std::string> instructions = task->instructions();
    if (std::find(instructions.begin(), instructions.end(), prompt) != instructions.end()) {
      return {task, true};
    }
    words.push_back(words_of(instructions.front()));
    for (const std::string& word : words.back()) ++uses[word];
  }
  const std::set<std::string> wanted = words_of(prompt);
  size_t best = 0;
  double best_score = -1;
  for (size_t i = 0; i < tasks.size(); ++i) {
    double score = 0;
    for (const std::string& word : wanted) {
      if (words[i].contains(word)) {
        score += std::log(static_cast<double>(tasks.size() + 1) / uses[word]);
      }
    }
    if (score > best_score) {
      best = i;
      best_score = score;
    }
  }
  return {tasks[best], false};
}

}  // namespace gyre::apps
