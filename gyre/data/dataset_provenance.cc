#include "gyre/data/dataset_provenance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gyre/io/file.h"

namespace gyre::data {
namespace {

using nlohmann::ordered_json;

std::string text_of(const ordered_json& entry, const char* key) {
  return entry.is_object() && entry.contains(key) && entry[key].is_string()
             ? entry[key].get<std::string>()
             : "";
}

void collect_lines(const ordered_json& history, const std::string& indent,
                   std::vector<std::string>& lines) {
  if (!history.is_array()) return;
  for (const ordered_json& entry : history) {
    std::string line = indent + text_of(entry, "verb");
    if (entry.is_object() && entry.contains("arguments") && entry["arguments"].is_array()) {
      for (const ordered_json& word : entry["arguments"]) {
        if (word.is_string()) line += " " + word.get<std::string>();
      }
    }
    std::vector<std::string> inputs;
    if (entry.is_object() && entry.contains("inputs") && entry["inputs"].is_array()) {
      for (const ordered_json& input : entry["inputs"]) {
        inputs.push_back(fmt::format("{} {}", text_of(input, "folder"), text_of(input, "hash")));
        if (input.is_object() && input.contains("history")) {
          collect_lines(input["history"], indent + "  ", lines);
        }
      }
    }
    if (!inputs.empty()) line += fmt::format(" (of {})", fmt::join(inputs, ", "));
    lines.push_back(std::move(line));
  }
}

}  // namespace

ordered_json history_after(const Provenance& command, std::span<const ProvenanceInput> inputs,
                           const std::vector<std::string>& notes) {
  ordered_json history = ordered_json::array();
  ordered_json entry = {{"verb", command.verb},
                        {"arguments", command.arguments},
                        {"program", "gyre 0.1.0"},
                        {"inputs", ordered_json::array()}};
  for (size_t i = 0; i < inputs.size(); ++i) {
    const ProvenanceInput& input = inputs[i];
    ordered_json one = {
        {"folder", i < command.inputs.size() ? command.inputs[i] : input.folder.string()},
        {"hash", input.hash}};
    if (inputs.size() > 1 && !input.history.empty()) one["history"] = input.history;
    entry["inputs"].push_back(std::move(one));
  }
  if (!command.plan.is_null()) entry["plan"] = command.plan;
  if (!notes.empty()) entry["notes"] = notes;
  if (inputs.size() == 1 && inputs[0].history.is_array()) history = inputs[0].history;
  history.push_back(std::move(entry));
  return history;
}

ordered_json read_history(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "meta" / "gyre_history.json";
  if (!std::filesystem::exists(file)) return ordered_json::array();
  ordered_json history = ordered_json::parse(io::read_text(file), nullptr, false);
  return history.is_array() ? history : ordered_json::array();
}

std::vector<std::string> history_lines(const ordered_json& history) {
  std::vector<std::string> lines;
  collect_lines(history, "", lines);
  return lines;
}

}  // namespace gyre::data
