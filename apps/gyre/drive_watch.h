#pragma once

#include <functional>
#include <string>

#include "gyre/run/operator.h"
#include "hands.h"
#include "pedal_flags.h"

namespace gyre::apps {

// A verb's keys of its own, and their effects. On the thread that watches.
class KeyDesk {
 public:
  virtual ~KeyDesk() = default;
  virtual bool press(char key) = 0;  // false for a key that is not its own
  virtual std::string look() = 0;    // ten times a second: words for the status line
  virtual bool done() const = 0;     // the watch is to end
};

// A robot that is driven, as the people at the terminal have it.
struct Watched {
  run::Operator& operations;
  std::function<bool()> running;           // it is driven still
  std::function<std::string()> complaint;  // a bad word for the status line; "" or empty: none
  Hands* hands = nullptr;                  // each of these may be null
  Pedals* pedals = nullptr;
  KeyDesk* desk = nullptr;
};

// Lets people and signals in, and shows the status, until the robot is not driven any more, the
// desk is done, they quit or a stop is requested.
void watch(const Watched& watched);

}  // namespace gyre::apps
