// What the verbs of `gyre data` that write a dataset share.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "options.h"

namespace gyre::apps {

void add_edit_target(CLI::App& verb, EditTarget& target, bool new_folder) {
  CLI::Option* out =
      verb.add_option("--out", target.out, "folder of the result; it must not be there yet")
          ->type_name("DIR");
  if (!new_folder) {
    verb.add_flag("--in-place", target.in_place,
                  "replace the dataset; the former one stays beside it as DIR.backup")
        ->excludes(out);
  }
  verb.add_flag("--dry-run", target.dry_run, "check everything, write nothing, say what would be");
  add_json_option(verb, target.json);
}

std::function<void(int64_t, int64_t)> progress_of(const std::string& what,
                                                  const std::string& unit) {
  auto progress = std::make_shared<std::optional<Progress>>();
  return [progress, what, unit](int64_t done, int64_t total) {
    if (!*progress) progress->emplace(what, total, unit);
    (*progress)->update(done);
  };
}

data::Provenance this_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  data::Provenance command{.verb = "data", .arguments = {}};
  const auto data = std::find(words.begin(), words.end(), "data");
  if (data == words.end() || data + 1 == words.end()) return command;
  command.verb = "data " + data[1];
  command.arguments.assign(data + 2, words.end());
  return command;
}

void throw_interrupted(const std::string& verb, const std::string& folder) {
  throw Interrupted(verb, fmt::format("was interrupted, {} is as it was", folder),
                    "start it again");
}

data::EditOptions edit_options(const EditTarget& target) {
  if (!target.dry_run && target.out.empty() && !target.in_place) {
    throw Error("the result", "has no place", "add --out DIR, or --in-place, or --dry-run");
  }
  return {.out = target.out,
          .provenance = this_command(),
          .dry_run = target.dry_run,
          .progress = progress_of("writing the dataset", "frames"),
          .stop = stop_requested};
}

nlohmann::json report_json(const data::EditReport& report, bool dry_run) {
  return {{"folder", report.folder.string()},
          {"backup", report.backup.string()},
          {"episodes", report.episodes},
          {"frames", report.frames},
          {"notes", report.notes},
          {"hash", report.hash},
          {"dry_run", dry_run}};
}

std::string report_text(const data::EditReport& report, bool dry_run) {
  std::string text;
  if (dry_run) {
    text = fmt::format("would write {} episodes, {} frames\n", report.episodes, report.frames);
  } else {
    text = fmt::format("{} episodes, {} frames: {} (hash {})\n", report.episodes, report.frames,
                       report.folder.string(), report.hash);
  }
  if (!report.backup.empty()) text += "the former one: " + report.backup.string() + '\n';
  for (const std::string& note : report.notes) text += note + '\n';
  return text;
}

void carry_out(const data::DatasetEdit& edit, const EditTarget& target,
               const std::string& summary) {
  const data::EditReport report = data::edit_dataset(edit, edit_options(target));
  if (report.stopped) throw_interrupted(this_command().verb, edit.sources.at(0).string());
  print_result(summary + report_text(report, target.dry_run), report_json(report, target.dry_run),
               target.json);
}

}  // namespace gyre::apps
