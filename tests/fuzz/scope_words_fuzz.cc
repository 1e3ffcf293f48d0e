#include <string>
#include <vector>

#include "gyre/flywheel/scope_cell.h"
#include "gyre/flywheel/scope_words.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

// Words of a person, and a task's name: a sentence of a task is found whatever surrounds it, and
// nothing else is.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const flywheel::ScopeWords kWords(
      {{.name = "pick_place/red_cup/sink", .sentences = {"put the red cup into the sink"}}});
  const flywheel::ScopeWords::Match match = kWords.find(text);
  if (match.task.empty() == match.why.empty()) __builtin_trap();
  const bool short_enough = size < 390;
  if (short_enough && kWords.find("Please " + text + "!").task != match.task) __builtin_trap();
  const auto cell = flywheel::find_scope_cell(text, "arm/ee");
  if (cell && flywheel::find_scope_cell(flywheel::task_of(*cell), "arm/ee")->verb != cell->verb) {
    __builtin_trap();
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {"put the red cup into the sink", "PUT, please, the Red Cup into a sink.",
          "pick_place/red_cup/sink", "open_drawer", "\xc3\xa4\xff put/the"};
}
