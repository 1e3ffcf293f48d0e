#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gyre {

// Configuration: a plain struct whose defaults are the defaults. It lists its fields once,
//
//   struct TrainConfig {
//     int steps = 1000;
//     AdamConfig adam;
//     template <class Visitor> void visit(Visitor& v) {
//       v("steps", steps, "optimiser steps");
//       v("adam", adam, "the optimiser");  // a struct with its own visit()
//     }
//   };
//
// and from that list come the TOML file, the dotted overrides (--adam.beta1 0.9), the help and the
// resolved dump. An unknown key is refused with the nearest known one.
struct ConfigEntry {
  std::string key;  // dotted
  std::string help;
  std::variant<bool*, int*, int64_t*, uint64_t*, double*, std::string*, std::vector<std::string>*,
               std::vector<int>*>
      value;
};

namespace config_internal {
struct Collector {
  std::string prefix;
  std::vector<ConfigEntry>& entries;

  template <class T>
  void operator()(std::string_view name, T& field, std::string_view help) {
    if constexpr (requires(Collector& c) { field.visit(c); }) {
      Collector nested{prefix + std::string(name) + ".", entries};
      field.visit(nested);
    } else {
      entries.push_back({prefix + std::string(name), std::string(help), &field});
    }
  }
};
}  // namespace config_internal

// The entries point into `config`, which must outlive them.
template <class Config>
std::vector<ConfigEntry> config_entries(Config& config) {
  std::vector<ConfigEntry> entries;
  config_internal::Collector collector{"", entries};
  config.visit(collector);
  return entries;
}

// Reads a TOML file into the entries. Throws Error naming file, line and key for syntax, an unknown
// key or a value of another type.
void load_toml(const std::vector<ConfigEntry>& entries, const std::filesystem::path& file);

// Names of the tables inside the file's table `key`, in the file's order: for tables whose names
// the file chooses. Throws Error naming file and line for syntax.
std::vector<std::string> toml_tables(const std::filesystem::path& file, std::string_view key);

// Sets one entry from text, as the command line gives it; lists are comma-separated.
void set_entry(const std::vector<ConfigEntry>& entries, std::string_view key,
               const std::string& text);

std::string entry_text(const ConfigEntry& entry);
std::string dump_toml(const std::vector<ConfigEntry>& entries);
nlohmann::json dump_json(const std::vector<ConfigEntry>& entries);

}  // namespace gyre
