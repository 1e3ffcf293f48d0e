// gyre demo: one turn of the flywheel that fits 15 minutes on two cores.
#include "turn.h"
#include "verbs.h"

namespace gyre::apps {

void add_demo(CLI::App& app) {
  add_turn_verb(app, "demo",
                "one turn of the flywheel in the simulated kitchen, within 15 minutes on 2 cores; "
                "goes on with an interrupted one",
                flywheel::TurnConfig::demo());
}

}  // namespace gyre::apps
