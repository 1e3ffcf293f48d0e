#include "dataset_flags.h"

#include <fmt/format.h>

#include <cstdio>

#include "gyre/data/feature_keys.h"
#include "options.h"

namespace gyre::apps {

data::OpenOptions DatasetFlags::open_options() const {
  return {.keys = data::parse_key_map(key_map),
          .time_tolerance_s = time_tolerance_s,
          .tell = [](const std::string& line) { fmt::print(stderr, "warning: {}\n", line); }};
}

void add_dataset_flags(CLI::App& verb, DatasetFlags& flags) {
  const std::string group = "Datasets that others wrote";
  verb.add_option("--key-map", flags.key_map,
                  "the features that are observation.state or action, joined in this order; once "
                  "for each")
      ->type_name("observation.state=KEY[,KEY...]")
      ->allow_extra_args(false)
      ->group(group);
  verb.add_option("--time-tolerance", flags.time_tolerance_s,
                  "how far a recorded time may be from frame_index / fps, and a video's frame from "
                  "the time")
      ->check(at_least(0))
      ->type_name("SECONDS")
      ->group(group);
}

}  // namespace gyre::apps
