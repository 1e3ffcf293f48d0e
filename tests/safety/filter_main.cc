// filter_property --sequences N --seed N --json FILE|-: the property of the safety filter over
// many sequences. Exits 0 when it holds, 1 when it does not.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/safety/filter_property.h"

namespace {

nlohmann::json report(const gyre::run::PropertyResult& r, double seconds) {
  nlohmann::json limits;
  for (size_t i = 0; i < r.limits.size(); ++i) {
    limits[gyre::run::kLimitNames[i]] = {{"present", r.limits[i].present},
                                         {"bound", r.limits[i].bound},
                                         {"share", r.limits[i].share()}};
  }
  return {{"sequences", r.sequences},
          {"commands", r.commands},
          {"values", r.values},
          {"outside", r.outside},
          {"unfaithful", r.unfaithful},
          {"passed_unchanged", r.passed},
          {"starts_outside", r.outside_starts},
          {"with_box", r.boxes},
          {"limits", limits},
          {"worst_excess_share", r.worst},
          {"first_fault", r.first_fault},
          {"seconds", seconds},
          {"holds", r.holds()}};
}

int usage() {
  std::cerr << "usage: filter_property [--sequences N] [--seed N] [--json FILE|-]\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  int64_t sequences = 1'000'000;
  uint64_t seed = 1;
  std::string json;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    if (i + 1 == argc) return usage();
    char* end = nullptr;
    if (flag == "--json") {
      json = argv[i + 1];
      continue;
    }
    const long long number = std::strtoll(argv[i + 1], &end, 10);
    if (*end != 0 || number < 0) return usage();
    if (flag == "--sequences") {
      sequences = number;
    } else if (flag == "--seed") {
      seed = static_cast<uint64_t>(number);
    } else {
      return usage();
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  const gyre::run::PropertyResult result = gyre::run::check_filter(sequences, seed);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const std::string text = report(result, took.count()).dump(2) + "\n";
  if (json.empty() || json == "-") {
    std::cout << text;
  } else if (!(std::ofstream(json) << text)) {
    std::cerr << json << ": cannot be written; give another --json\n";
    return 2;
  }
  return result.holds() ? 0 : 1;
}
