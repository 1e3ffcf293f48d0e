#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "drive.h"
#include "record_journal.h"

namespace gyre::apps {

// Episodes that a person shows a robot, real or simulated, as a journal and from it a dataset.
struct PersonOptions {
  RecordPlace place;
  int64_t episodes = 0;  // 0: until the person quits
  double reset_s = 0;
  bool failures = false;  // keep failed ones too
  DriveOptions drive;     // robot, cameras, scene, console; hands may be "console"
};

// Flags that `gyre record` has for a person alone. The function resolves the configuration.
std::function<void()> add_person_flags(CLI::App& verb, PersonOptions& options);

// Records until enough is kept, the person quits or Ctrl-C. Throws Error.
void record_person(PersonOptions options);

}  // namespace gyre::apps
