#include "options.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "gyre/core/error.h"
#include "gyre/flywheel/policy_use.h"
#include "gyre/io/file.h"

namespace gyre::apps {
namespace {

struct Given {
  std::string file;
  std::vector<std::pair<std::string, std::string>> values;  // key, text; in the order of the line
};

std::string type_word(const ConfigEntry& entry) {
  switch (entry.value.index()) {
    case 0:
      return "BOOL";
    case 1:
    case 2:
    case 3:
      return "INT";
    case 4:
      return "NUMBER";
    case 5:
      return "TEXT";
    default:
      return "A,B,...";
  }
}

}  // namespace

std::function<void()> add_config_entries(CLI::App& verb, std::vector<ConfigEntry> entries) {
  const auto given = std::make_shared<Given>();
  verb.add_option("--config", given->file, "TOML file with any of the keys below")
      ->type_name("FILE")
      ->group("Configuration");
  for (const ConfigEntry& entry : entries) {
    const std::string key = entry.key;
    std::string names = "--" + key;
    if (key.find('_') != std::string::npos) {  // --loop.real-time is --loop.real_time
      std::string dashed = key;
      std::replace(dashed.begin(), dashed.end(), '_', '-');
      names = fmt::format("--{},{}", dashed, names);
    }
    const bool is_flag = std::holds_alternative<bool*>(entry.value);
    CLI::Option* option = verb.add_option_function<std::string>(
        names,
        [given, key, is_flag](const std::string& text) {
          given->values.emplace_back(key, is_flag && text.empty() ? "true" : text);
        },
        entry.help);
    option->group("Configuration");
    if (is_flag) {
      // The option alone is "true"; CLI11 would take the default for the missing value.
      option->expected(0, 1)->type_name("BOOL [" + entry_text(entry) + "]");
    } else {
      option->type_name(type_word(entry))->default_str(entry_text(entry));
    }
  }
  return [given, entries = std::move(entries)] {
    if (!given->file.empty()) load_toml(entries, given->file);
    for (const auto& [key, text] : given->values) set_entry(entries, key, text);
  };
}

CLI::Validator at_least(int least) {
  return {[least](std::string& text) {
            double value = 0;
            const bool good = CLI::detail::lexical_cast(text, value) && value >= least;
            return good ? std::string() : fmt::format("'{}' is no number from {} up", text, least);
          },
          ""};
}

CLI::Validator in_a_folder() {
  return {[](std::string& file) {
            const std::filesystem::path folder = std::filesystem::path(file).parent_path();
            const bool there = folder.empty() || std::filesystem::is_directory(folder);
            return there ? std::string()
                         : fmt::format("'{}' lies in no folder; make {} first", file,
                                       folder.string());
          },
          ""};
}

void add_json_option(CLI::App& verb, std::string& where) {
  verb.add_option("--json", where, "also write the result as JSON; - is standard output")
      ->check(in_a_folder())
      ->type_name("FILE|-");
}

void add_lossless_flag(CLI::App& verb, bool& lossless) {
  verb.add_flag(
      "--lossless", lossless,
      "the journal keeps large pictures as PNG, so that `gyre replay` gives the same bits");
}

void print_result(const std::string& text, const nlohmann::json& json, const std::string& where) {
  (where == "-" ? std::cerr : std::cout) << text << std::flush;
  if (where.empty()) return;
  // Names of files need not be UTF-8.
  const std::string dumped = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  if (where == "-") {
    std::cout << dumped << std::endl;
  } else {
    io::write_atomically(where, dumped + "\n");
  }
}

void add_embodiment_options(CLI::App& verb, std::string& name) {
  CLI::Option* known =
      verb.add_option("--embodiment", name,
                      "so101/ee, so101/joint, panda/ee or panda/joint; so101 is short for so101/ee")
          ->type_name("NAME");
  verb.add_option("--robot", name,
                  "a robot of your own: the folder of its robot.toml and robot.xml; /ee or /joint "
                  "may follow")
      ->type_name("DIR")
      ->default_str("")
      ->excludes(known);
}

std::string full_embodiment_name(const std::string& name) {
  std::filesystem::path path(name);
  if (!path.has_filename()) path = path.parent_path();  // "my_arm/"
  const bool complete = path.filename() == "ee" || path.filename() == "joint";
  return (complete ? path : path / default_space(path.string())).string();
}

void require_folder(const std::string& what, const std::string& folder) {
  if (what == "policy") flywheel::require_current(folder);
  if (std::filesystem::is_directory(folder)) return;
  throw Error(what + " '" + folder + "'",
              std::filesystem::exists(folder) ? "is not a folder" : "does not exist",
              "name the folder of a " + what);
}

}  // namespace gyre::apps
