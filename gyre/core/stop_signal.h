#pragma once

#include "gyre/core/error.h"

namespace gyre {

// Ctrl-C and SIGTERM ask for a clean end: loops test stop_requested() between units of work, save
// what they have and return. A second one, later than a second after the first (`make` passes the
// same Ctrl-C on, so it may come twice), ends the process at once.
void install_stop_signal();
bool stop_requested();
// The first signal that came, SIGINT or SIGTERM; 0 before it.
int stop_signal();
// For a program that goes on after a clean end, such as a test: no stop is requested any more.
void clear_stop_signal();

// A clean end on request, with what was kept and how to go on.
class Interrupted : public Error {
 public:
  using Error::Error;
};

}  // namespace gyre
