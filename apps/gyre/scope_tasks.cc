#include "scope_tasks.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "gyre/core/error.h"
#include "gyre/sim/arena.h"
#include "gyre/sim/suite.h"

namespace gyre::apps {

std::vector<flywheel::ScopeTask> kitchen_tasks(const std::vector<std::string>& suites) {
  std::vector<flywheel::ScopeTask> tasks;
  for (const std::string& suite : suites) {
    for (const sim::TaskPtr& task : sim::suite(suite)) {
      tasks.push_back({.name = task->name(), .suite = suite, .sentences = task->instructions()});
    }
  }
  return tasks;
}

std::vector<flywheel::ScopeTask> kitchen_tasks() { return kitchen_tasks(sim::suite_names()); }

std::vector<std::string> kitchen_robots(const Checkpoint& policy) {
  std::vector<std::string> robots;
  for (const std::string& robot : sim::KitchenArena().embodiments()) {
    if (policy.embodiments.contains(robot)) robots.push_back(robot);
  }
  if (robots.empty()) {
    throw Error(policy.folder.string(), "knows none of the kitchen's robots",
                "name one with --robots");
  }
  return robots;
}

std::string user_name() {
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : fmt::format("user {}", ::getuid());
}

}  // namespace gyre::apps
