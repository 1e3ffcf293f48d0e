#pragma once

namespace gyre {

// Ctrl-C and SIGTERM ask for a clean end: loops test stop_requested() between units of work, save
// what they have and return. A second one, later than a second after the first (`make` passes the
// same Ctrl-C on, so it may come twice), ends the process at once.
void install_stop_signal();
bool stop_requested();
// The signal that came first (SIGINT, SIGTERM), 0 while there was none. A program that ended
// because of it exits with 128 plus this number, as shells expect.
int stop_signal();

}  // namespace gyre
