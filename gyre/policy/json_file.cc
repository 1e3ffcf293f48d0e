#include "gyre/policy/json_file.h"

#include "gyre/io/json_text.h"

namespace gyre {

nlohmann::ordered_json read_ordered_json_object(const std::filesystem::path& file) {
  auto json = nlohmann::ordered_json::parse(io::read_json_text(file), nullptr, false);
  if (!json.is_object()) throw Error(file.string(), "is not JSON", "restore it from a copy");
  return json;
}

nlohmann::json read_json_object(const std::filesystem::path& file) {
  return read_ordered_json_object(file);
}

}  // namespace gyre
