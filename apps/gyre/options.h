#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gyre/io/config.h"

// Options that several verbs share.
namespace gyre::apps {

// Adds `--config FILE` (TOML) and one option for each entry, with help and default. The function
// that comes back sets the entries: first from the file, then from the command line. Throws Error.
std::function<void()> add_config_entries(CLI::App& verb, std::vector<ConfigEntry> entries);

// `config` must live as long as the program.
template <class Config>
std::function<void()> add_config(CLI::App& verb, Config& config) {
  return add_config_entries(verb, config_entries(config));
}

// Checks of options: a number, and a file to write, before hours of work are lost to it.
CLI::Validator at_least(int least);
CLI::Validator in_a_folder();

// Adds `--json FILE`.
void add_json_option(CLI::App& verb, std::string& where);

// Adds --lossless: a journal keeps large pictures as PNG, so that `gyre replay` can compute every
// decision again to the bit.
void add_lossless_flag(CLI::App& verb, bool& lossless);

// Prints `text` for people and, when `where` is not empty, writes `json` there: a file, or "-" for
// standard output (which then has nothing else; the text goes to standard error).
void print_result(const std::string& text, const nlohmann::json& json, const std::string& where);

// Adds --embodiment NAME and --robot DIR, which both set `name`; the verb passes it through
// full_embodiment_name().
void add_embodiment_options(CLI::App& verb, std::string& name);

// "so101" is short for "so101/ee", and the path of a robot folder for "<path>/ee".
std::string full_embodiment_name(const std::string& name);

// Throws Error unless `folder` is a folder; `what` is "policy" or "dataset". The link to a policy
// in use ("runs/current") must be what the ledger beside it says.
void require_folder(const std::string& what, const std::string& folder);

}  // namespace gyre::apps
