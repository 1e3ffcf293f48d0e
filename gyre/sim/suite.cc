#include "gyre/sim/suite.h"

#include <algorithm>
#include <array>
#include <map>

#include "gyre/core/error.h"
#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

const std::array<std::string, 4> kSuiteColours = {"red", "green", "blue", "yellow"};
constexpr std::array<Shape, 4> kSuiteShapes = {Shape::kCup, Shape::kCan, Shape::kBlock,
                                               Shape::kSponge};
const std::array<std::string, 3> kSuitePlaces = {"sink", "rack", "bin"};

bool held_out(size_t colour, size_t shape, size_t place) {
  return (colour + shape + 2 * place) % 5 == 4;
}

// Made by `make(thing, place)` of those that are held out, or of the others.
template <class Make>
std::vector<TaskPtr> puts(bool want_held_out, const Make& make) {
  std::vector<TaskPtr> tasks;
  for (size_t c = 0; c < kSuiteColours.size(); ++c) {
    for (size_t s = 0; s < kSuiteShapes.size(); ++s) {
      for (size_t p = 0; p < kSuitePlaces.size(); ++p) {
        if (held_out(c, s, p) == want_held_out) {
          tasks.push_back(make({kSuiteColours[c], kSuiteShapes[s]}, kSuitePlaces[p]));
        }
      }
    }
  }
  return tasks;
}

std::vector<TaskPtr> trained() {
  std::vector<TaskPtr> tasks = puts(false, make_put);
  for (const std::string& colour : kSuiteColours) {
    for (Shape shape : {Shape::kBlock, Shape::kSponge}) {
      for (bool left : {true, false}) tasks.push_back(make_push({colour, shape}, left));
    }
    for (const std::string& bottom : kSuiteColours) {
      if (bottom != colour) tasks.push_back(make_stack(colour, bottom));
    }
  }
  tasks.push_back(make_open_drawer());
  tasks.push_back(make_close_drawer());
  for (bool on : {true, false}) tasks.push_back(make_press_button(on));
  return tasks;
}

std::vector<TaskPtr> frontier() {
  std::vector<TaskPtr> tasks;
  for (Shape shape : {Shape::kBlock, Shape::kCan, Shape::kCup}) {
    tasks.push_back(make_put({"purple", shape}, "plate"));
  }
  return tasks;
}

std::vector<TaskPtr> long_tasks() {
  std::vector<TaskPtr> tasks = {make_clear_table()};
  for (const std::string& colour : kSuiteColours) tasks.push_back(make_put_away(colour));
  return tasks;
}

std::vector<TaskPtr> disturbed() {
  std::vector<TaskPtr> tasks;
  for (const Disturbance kind :
       {Disturbance::kSetAside, Disturbance::kMovedAway, Disturbance::kForcedOpen}) {
    const auto of_kind = puts(false, [&](const Thing& thing, const std::string& place) {
      return make_disturbed(kind, thing, place);
    });
    tasks.insert(tasks.end(), of_kind.begin(), of_kind.end());
  }
  return tasks;
}

}  // namespace

std::vector<std::string> suite_names() {
  return {"trained", "heldout", "frontier", "long", "disturbed"};
}

std::vector<TaskPtr> suite(const std::string& name) {
  if (name == "trained") return trained();
  if (name == "heldout") return puts(true, make_put);
  if (name == "frontier") return frontier();
  if (name == "long") return long_tasks();
  if (name == "disturbed") return disturbed();
  const std::string nearest = nearest_name(name, suite_names());
  throw Error("suite", "'" + name + "' is unknown",
              nearest.empty() ? "it is one of trained, heldout, frontier, long, disturbed"
                              : "did you mean '" + nearest + "'?");
}

TaskPtr find_task(const std::string& name) {
  std::vector<std::string> names;
  for (const std::string& suite_name : suite_names()) {
    for (const TaskPtr& task : suite(suite_name)) {
      if (task->name() == name) return task;
      names.push_back(task->name());
    }
  }
  const std::string nearest = nearest_name(name, names);
  throw Error(
      "task", "'" + name + "' is unknown",
      nearest.empty() ? "`gyre sim --list` names them all" : "did you mean '" + nearest + "'?");
}

TaskPtr deal(const std::vector<TaskPtr>& tasks, int64_t i) {
  std::map<std::string, std::vector<TaskPtr>> families;
  for (const TaskPtr& task : tasks) families[task->family()].push_back(task);
  auto family = families.begin();
  std::advance(family, i % static_cast<int64_t>(families.size()));
  // A stride prime to the sizes that occur spreads few episodes over colours, shapes and places.
  const int64_t turn = i / static_cast<int64_t>(families.size());
  const auto size = static_cast<int64_t>(family->second.size());
  return family->second[static_cast<size_t>((turn * 7 + turn / size) % size)];
}

std::vector<std::string> all_instructions() {
  std::vector<std::string> words;
  for (const std::string& name : suite_names()) {
    for (const TaskPtr& task : suite(name)) {
      for (std::string& text : task->instructions()) words.push_back(std::move(text));
    }
  }
  return words;
}

}  // namespace gyre::sim
