#include "gyre/io/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre {
namespace {

const ConfigEntry& find_entry(const std::vector<ConfigEntry>& entries, std::string_view key,
                              const std::string& where) {
  std::vector<std::string> keys;
  for (const ConfigEntry& entry : entries) {
    if (entry.key == key) return entry;
    keys.push_back(entry.key);
  }
  const std::string nearest = nearest_name(key, keys);
  throw Error(
      where, fmt::format("unknown key '{}'", key),
      nearest.empty() ? "--help lists the known ones" : fmt::format("did you mean '{}'?", nearest));
}

template <class T>
T parse_number(const std::string& text, std::string_view key) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.empty()) {
    throw Error(key, fmt::format("'{}' is not {}", text,
                                 std::is_integral_v<T> ? "a whole number in range" : "a number"));
  }
  return value;
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  std::stringstream stream(text);
  for (std::string item; std::getline(stream, item, ',');) items.push_back(item);
  return items;
}

struct SetFromText {
  const std::string& text;
  std::string_view key;
  void operator()(bool* v) const {
    if (text != "true" && text != "false") throw Error(key, "'" + text + "' is not true or false");
    *v = text == "true";
  }
  void operator()(std::string* v) const { *v = text; }
  void operator()(std::vector<std::string>* v) const { *v = split_list(text); }
  void operator()(std::vector<int>* v) const {
    v->clear();
    for (const std::string& item : split_list(text)) v->push_back(parse_number<int>(item, key));
  }
  template <class T>
  void operator()(T* v) const {
    *v = parse_number<T>(text, key);
  }
};

struct SetFromToml {
  const toml::node& node;
  std::string where;

  [[noreturn]] void refuse(std::string_view wanted) const {
    throw Error(where, fmt::format("the value is not {}", wanted));
  }
  void operator()(bool* v) const {
    if (!node.is_boolean()) refuse("true or false");
    *v = *node.value<bool>();
  }
  void operator()(std::string* v) const {
    if (!node.is_string()) refuse("a string");
    *v = *node.value<std::string>();
  }
  void operator()(double* v) const {
    if (!node.is_number()) refuse("a number");
    *v = *node.value<double>();
  }
  void operator()(std::vector<std::string>* v) const {
    const toml::array* list = node.as_array();
    if (list == nullptr || (!list->empty() && !list->is_homogeneous(toml::node_type::string))) {
      refuse("a list of strings");
    }
    v->clear();
    for (const toml::node& item : *list) v->push_back(*item.value<std::string>());
  }
  void operator()(std::vector<int>* v) const {
    const toml::array* list = node.as_array();
    if (list == nullptr) refuse("a list of whole numbers");
    v->clear();
    for (const toml::node& item : *list) {
      const auto number = item.is_integer() ? item.value<int64_t>() : std::nullopt;
      if (!number || !std::in_range<int>(*number)) refuse("a list of whole numbers");
      v->push_back(static_cast<int>(*number));
    }
  }
  template <std::integral T>
  void operator()(T* v) const {
    const auto number = node.is_integer() ? node.value<int64_t>() : std::nullopt;
    if (!number || !std::in_range<T>(*number)) refuse("a whole number in range");
    *v = static_cast<T>(*number);
  }
};

void apply_table(const std::vector<ConfigEntry>& entries, const toml::table& table,
                 const std::string& prefix, const std::string& file) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    if (const toml::table* nested = node.as_table()) {
      apply_table(entries, *nested, key + ".", file);
      continue;
    }
    const std::string where = fmt::format("{}:{}", file, node.source().begin.line);
    const ConfigEntry& entry = find_entry(entries, key, where);
    std::visit(SetFromToml{node, fmt::format("{}: {}", where, key)}, entry.value);
  }
}

std::string toml_value(const ConfigEntry& entry) {
  if (std::holds_alternative<std::string*>(entry.value) ||
      std::holds_alternative<std::vector<std::string>*>(entry.value) ||
      std::holds_alternative<std::vector<int>*>(entry.value)) {
    // JSON's strings and lists are TOML's too.
    return dump_json({entry}).at(entry.key).dump();
  }
  return entry_text(entry);
}

toml::table parse_toml(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) io::throw_file_error(file, "read", ENOENT);
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    throw Error(fmt::format("{}:{}", file.string(), error.source().begin.line),
                error.description());
  }
}

}  // namespace

void load_toml(const std::vector<ConfigEntry>& entries, const std::filesystem::path& file) {
  apply_table(entries, parse_toml(file), "", file.string());
}

std::vector<std::string> toml_tables(const std::filesystem::path& file, std::string_view key) {
  const toml::table whole = parse_toml(file);
  std::vector<std::pair<toml::source_position, std::string>> found;
  if (const toml::table* outer = whole[key].as_table()) {
    for (const auto& [name, node] : *outer) {
      if (node.is_table()) found.emplace_back(node.source().begin, name.str());
    }
  }
  std::ranges::sort(found);
  std::vector<std::string> names;
  for (auto& [place, name] : found) names.push_back(std::move(name));
  return names;
}

void set_entry(const std::vector<ConfigEntry>& entries, std::string_view key,
               const std::string& text) {
  const ConfigEntry& entry = find_entry(entries, key, "command line");
  std::visit(SetFromText{text, key}, entry.value);
}

std::string entry_text(const ConfigEntry& entry) {
  return std::visit(
      [](const auto* v) -> std::string {
        if constexpr (requires { v->push_back({}); } &&
                      !std::is_same_v<decltype(v), const std::string*>) {
          return fmt::format("{}", fmt::join(*v, ","));
        } else {
          return fmt::format("{}", *v);
        }
      },
      entry.value);
}

std::string dump_toml(const std::vector<ConfigEntry>& entries) {
  // Dotted keys, so that every line stands for itself.
  std::string text;
  for (const ConfigEntry& entry : entries) {
    text += fmt::format("{} = {}  # {}\n", entry.key, toml_value(entry), entry.help);
  }
  return text;
}

nlohmann::json dump_json(const std::vector<ConfigEntry>& entries) {
  nlohmann::json json = nlohmann::json::object();
  for (const ConfigEntry& entry : entries) {
    std::visit([&](const auto* v) { json[entry.key] = *v; }, entry.value);
  }
  return json;
}

}  // namespace gyre
