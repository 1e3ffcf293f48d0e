#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gyre/sim/task.h"

namespace gyre::sim {

using TaskPtr = std::shared_ptr<const Task>;

// Which tasks there are:
//   trained   what demonstrations show, atomic
//   heldout   put-tasks whose combination of object, colour and place no demonstration shows
//   frontier  a colour (purple) and a place (plate) that nothing above has
//   long      chains of trained tasks
//   disturbed the trained put-tasks with one disturbance an attempt, a family for each kind
//
// Held-out rule: with colours red, green, blue, yellow = 0..3, shapes cup, can, block, sponge =
// 0..3 and places sink, rack, bin = 0..2, the put-tasks with (colour + shape + 2 place) mod 5 = 4.
std::vector<std::string> suite_names();
std::vector<TaskPtr> suite(const std::string& name);  // throws Error with the nearest name

// Any task of any suite by its name. Throws Error with the nearest name.
TaskPtr find_task(const std::string& name);

// Tasks dealt so that each family of a suite gets the same share, whatever the number of its tasks:
// entry `i` of the endless round.
TaskPtr deal(const std::vector<TaskPtr>& tasks, int64_t i);

// Every instruction of every suite, for the vocabulary.
std::vector<std::string> all_instructions();

}  // namespace gyre::sim
