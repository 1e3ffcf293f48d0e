#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gyre/data/journal_dataset.h"

// A conversion of journals as meta/gyre_history.json keeps it, so that it can be carried out again.
namespace gyre::data {

inline constexpr const char* kConversionVerb = "convert journal";

// Which files, by content, became episodes of `out` with which options. No path is in it but names
// of files, so that the same journals give the same dataset wherever they lie. To be made before
// the dataset is written: it names the hash of a dataset that grows.
nlohmann::ordered_json conversion_step(const std::vector<std::filesystem::path>& files,
                                       const std::filesystem::path& out,
                                       const ConvertOptions& options);

struct RecordedConversion {
  ConvertOptions options;  // without the contract
  bool one_contract = false;
  std::vector<std::pair<std::string, std::string>> files;  // name, and SHA-256 in 16 digits
};
bool is_conversion(const nlohmann::ordered_json& step);
// Throws Error when the step does not say what it should.
RecordedConversion recorded_conversion(const nlohmann::ordered_json& step);

}  // namespace gyre::data
