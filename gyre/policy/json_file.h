#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"

namespace gyre {

// Throws Error naming the file unless it holds a JSON object.
nlohmann::json read_json_object(const std::filesystem::path& file);
// The same with the file's order of keys.
nlohmann::ordered_json read_ordered_json_object(const std::filesystem::path& file);

// Runs `read`, and names the file when a field is missing or of another type.
template <class Read>
auto with_file_named(const std::filesystem::path& file, const Read& read) {
  try {
    return read();
  } catch (const nlohmann::json::exception& error) {
    throw Error(file.string(),
                std::string("lacks a field or holds another type (") + error.what() + ")");
  }
}

}  // namespace gyre
