#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

// Where a dataset comes from: meta/gyre_history.json, a list of commands, each with its inputs, and
// with the history of those.
namespace gyre::data {

// What stands in meta/gyre_history.json about one command.
struct Provenance {
  std::string verb;                    // "data merge"
  std::vector<std::string> arguments;  // as given
  // Names of the inputs; empty: their folders. A dataset that is made again keeps those that it
  // had.
  std::vector<std::string> inputs = {};
  // The edit, so that it can be done again without the arguments; null: not known.
  nlohmann::ordered_json plan = {};
};

struct ProvenanceInput {
  std::filesystem::path folder;
  std::string hash;                // Dataset::hash()
  nlohmann::ordered_json history;  // its own, an array
};

// The file's content after a command. One input: its history goes on; several: each keeps its own.
nlohmann::ordered_json history_after(const Provenance& command,
                                     std::span<const ProvenanceInput> inputs,
                                     const std::vector<std::string>& notes);

// An empty array when the folder has none or it is broken.
nlohmann::ordered_json read_history(const std::filesystem::path& folder);

// One line for each command, the latest last: "data merge a b --out c (a 0123456789abcdef, ...)".
std::vector<std::string> history_lines(const nlohmann::ordered_json& history);

}  // namespace gyre::data
