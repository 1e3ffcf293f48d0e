#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"

namespace gyre::apps {

// How other people's dataset folders are to be understood.
struct DatasetFlags {
  std::vector<std::string> key_map;
  double time_tolerance_s = data::OpenOptions{}.time_tolerance_s;

  // Warnings go to standard error, each once.
  data::OpenOptions open_options() const;
};

// Adds --key-map and --time-tolerance; `flags` must live as long as the program.
void add_dataset_flags(CLI::App& verb, DatasetFlags& flags);

}  // namespace gyre::apps
