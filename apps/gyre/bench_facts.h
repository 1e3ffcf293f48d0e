#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

// Shared by every benchmark of the program.
namespace gyre::apps {

std::string processor();     // its name
const char* bench_commit();  // that the program was built from

// Runs this program again with `words`, so that memory and processor time are its own; the JSON
// that it printed. Throws Error, or CLI::RuntimeError where it has said why it failed.
nlohmann::json run_apart(const std::vector<std::string>& words);

double resident_mib();  // memory of this process

// The value that a `part` (0 .. 1) of the values does not exceed; 0 for none.
double percentile(std::vector<double> values, double part);

}  // namespace gyre::apps
