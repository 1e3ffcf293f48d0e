#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "gyre/core/progress.h"
#include "gyre/data/dataset_edit.h"

// The groups of `gyre data`, each in a file of its own.
namespace gyre::apps {

void add_data_edit(CLI::App& data);     // merge, split, delete, trim, filter
void add_data_change(CLI::App& data);   // tasks, drop-feature, reencode, stats
void add_data_check(CLI::App& data);    // verify, repair
void add_data_convert(CLI::App& data);  // convert
void add_data_view(CLI::App& data);     // view
void add_data_ask(CLI::App& data);      // ask
void add_data_lineage(CLI::App& data);  // lineage, rebuild
void add_data_label(CLI::App& data);    // label add, list, drop, feedback
void add_data_label_feedback(CLI::App& label);

// Where the result of an edit goes.
struct EditTarget {
  std::string out;
  bool in_place = false, dry_run = false;
  std::string json;
};
// Adds --out, --in-place (unless `new_folder`), --dry-run and --json.
void add_edit_target(CLI::App& verb, EditTarget& target, bool new_folder = false);

// A progress line that begins with the first call.
std::function<void(int64_t, int64_t)> progress_of(const std::string& what, const std::string& unit);

// The command of this process, as meta/gyre_history.json keeps it.
data::Provenance this_command();

// Carries the edit out, or says what it would do; prints the result. `summary` comes first.
void carry_out(const data::DatasetEdit& edit, const EditTarget& target, const std::string& summary);
// Options for edit_dataset(); throws Error when the line says no place, or two.
data::EditOptions edit_options(const EditTarget& target);
nlohmann::json report_json(const data::EditReport& report, bool dry_run);
std::string report_text(const data::EditReport& report, bool dry_run);

// Throws Interrupted: nothing has changed.
[[noreturn]] void throw_interrupted(const std::string& verb, const std::string& folder);

}  // namespace gyre::apps
