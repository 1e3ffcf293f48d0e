#include "gyre/flywheel/compare/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "gyre/core/error.h"
#include "gyre/io/config.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> task_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  if (names.empty()) {
    throw Error(folder.string(), "holds no task to compare on",
                "name the folder of tasks with --configs");
  }
  std::ranges::sort(names);
  return names;
}

CompareTask read_task(const fs::path& folder, const std::string& name) {
  const fs::path file = folder / (name + ".toml");
  CompareTask task;
  load_toml(config_entries(task), file);
  task.name = name;
  task.validate(file);
  return task;
}

}  // namespace

void CompareTask::validate(const fs::path& file) const {
  const auto require = [&](bool holds, const char* key, const char* must) {
    if (!holds) throw Error(file.string() + ": " + key, std::string("must be ") + must);
  };
  require(!attempts.empty(), "attempts", "a suite or a family");
  require(!families_of.empty(), "families_of", "a suite");
  require(!robots.empty(), "robots", "at least one robot");
  require(is_weak() != weak.simulate.empty(), "policy and weak.simulate",
          "one of them: where recipes start");
  require(is_weak() || !old_suite.empty(), "old_suite", "a suite, with `policy`");
  require(old_episodes > 0 && weak.episodes > 0, "episodes", "above 0");
  require(weak.steps > 0, "weak.steps", "above 0");
  require(weak.seed > 0, "weak.seed", "above 0");
  require(helped >= 0 && unhelped >= 0, "helped and unhelped", "0 or more");
}

std::vector<CompareTask> read_compare_tasks(const fs::path& folder,
                                            const std::vector<std::string>& names) {
  const std::vector<std::string> known = task_names(folder);
  std::vector<CompareTask> tasks;
  for (const std::string& name : names.empty() ? known : names) {
    if (std::ranges::find(known, name) == known.end()) {
      const std::string nearest = nearest_name(name, known);
      throw Error("task", "'" + name + "' is unknown",
                  nearest.empty() ? fmt::format("it is one of {}", fmt::join(known, ", "))
                                  : "did you mean '" + nearest + "'?");
    }
    tasks.push_back(read_task(folder, name));
  }
  return tasks;
}

}  // namespace gyre::flywheel
