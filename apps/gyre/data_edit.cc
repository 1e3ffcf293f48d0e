// gyre data merge, split, delete, trim, filter: which frames a dataset keeps.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset_edit_plan.h"
#include "gyre/data/dataset_filter.h"
#include "options.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct KeepOptions {
  std::string folder, episodes, where, having;
  std::vector<std::string> folders, keep, parts;
  std::optional<uint64_t> shuffle;
  EditTarget target;
};

void merge_folders(const KeepOptions& options) {
  std::vector<fs::path> folders;
  for (const std::string& folder : options.folders) {
    require_folder("dataset", folder);
    folders.emplace_back(folder);
  }
  carry_out(data::merge_plan(folders), options.target, "");
}

void delete_episodes(const KeepOptions& options) {
  require_folder("dataset", options.folder);
  const data::DatasetEdit edit = data::delete_plan(options.folder, options.episodes);
  carry_out(edit, options.target,
            fmt::format("without episodes {} of {}\n", options.episodes, options.folder));
}

void trim_episodes(const KeepOptions& options) {
  require_folder("dataset", options.folder);
  carry_out(data::trim_plan(options.folder, options.keep), options.target, "");
}

void split_folder(const KeepOptions& options) {
  require_folder("dataset", options.folder);
  const auto parts = data::split_plan(options.folder, options.parts, options.shuffle);
  std::error_code failed;
  const fs::path out = options.target.out;
  for (const auto& [name, edit] : parts) {
    if (!options.target.dry_run && fs::exists(out / name)) {
      throw Error((out / name).string(), "is there already", "name another folder with --out");
    }
  }
  const bool made = !options.target.dry_run && !out.empty() && fs::create_directory(out, failed);
  std::string text;
  nlohmann::json json = nlohmann::json::object();
  std::vector<fs::path> written;
  try {
    for (const auto& [name, edit] : parts) {
      data::EditOptions edit_to = edit_options(options.target);
      edit_to.out = out / name;
      const data::EditReport report = data::edit_dataset(edit, edit_to);
      if (report.stopped) throw_interrupted("data split", options.folder);
      if (!options.target.dry_run) written.push_back(out / name);
      text += fmt::format("{}: {}", name, report_text(report, options.target.dry_run));
      json[name] = report_json(report, options.target.dry_run);
    }
  } catch (...) {  // all parts or none
    std::error_code ignored;
    for (const fs::path& folder : written) fs::remove_all(folder, ignored);
    if (made) fs::remove(out, ignored);
    throw;
  }
  print_result(text, json, options.target.json);
}

void filter_folder(const KeepOptions& options) {
  require_folder("dataset", options.folder);
  if (options.where.empty() && options.having.empty()) {
    throw Error("data filter", "no question", "add --where SQL or --having SQL");
  }
  const std::vector<int64_t> found =
      data::filter_episodes(options.folder, {.where = options.where, .having = options.having});
  const bool only_asks = options.target.out.empty() && !options.target.in_place;
  std::string text = fmt::format("{} episodes fit: {}\n", found.size(), fmt::join(found, ", "));
  if (only_asks || options.target.dry_run) {
    print_result(text, {{"folder", options.folder}, {"episodes", found}}, options.target.json);
    return;
  }
  data::DatasetEdit edit{
      .sources = {options.folder}, .episodes = {}, .rename = {}, .drop = {}, .encode = {}};
  for (const int64_t index : found) edit.episodes.push_back({.episode = index});
  carry_out(edit, options.target, text);
}

}  // namespace

void add_data_edit(CLI::App& data) {
  const auto options = std::make_shared<KeepOptions>();
  const auto add_folder = [options](CLI::App& verb) {
    verb.add_option("dataset", options->folder, "LeRobotDataset folder")
        ->required()
        ->type_name("DIR");
  };
  CLI::App* merge = data.add_subcommand("merge", "one dataset of several of one contract");
  merge->add_option("datasets", options->folders, "LeRobotDataset folders, in order")
      ->required()
      ->expected(2, 1000)
      ->type_name("DIR...");
  add_edit_target(*merge, options->target, true);
  merge->callback([options] { merge_folders(*options); });

  CLI::App* split = data.add_subcommand("split", "several datasets of one");
  add_folder(*split);
  split
      ->add_option("--part", options->parts,
                   "a folder under --out and its episodes: train=0.8, val=10-19,25")
      ->required()
      ->type_name("NAME=WHICH");
  split->add_option("--shuffle", options->shuffle, "deal shares in an order with this seed")
      ->type_name("SEED");
  add_edit_target(*split, options->target, true);
  split->callback([options] { split_folder(*options); });

  CLI::App* remove = data.add_subcommand("delete", "leave episodes out");
  add_folder(*remove);
  remove->add_option("--episodes", options->episodes, "which: 3,7-9")
      ->required()
      ->type_name("LIST");
  add_edit_target(*remove, options->target);
  remove->callback([options] { delete_episodes(*options); });

  CLI::App* trim = data.add_subcommand("trim", "leave frames at the ends of episodes out");
  add_folder(*trim);
  trim->add_option("--keep", options->keep,
                   "frames that stay: 3=10:200 (10 to 199), all=5:-5 (five less at each end)")
      ->required()
      ->type_name("EPISODES=FIRST:END");
  add_edit_target(*trim, options->target);
  trim->callback([options] { trim_episodes(*options); });

  CLI::App* filter =
      data.add_subcommand("filter", "keep episodes that a question in SQL fits; or list them");
  add_folder(*filter);
  filter
      ->add_option(
          "--where", options->where,
          "of an episode, by the tables `episodes` and `steps`: \"length > 100 AND success\"")
      ->type_name("SQL");
  filter
      ->add_option("--having", options->having,
                   "over the steps of an episode: \"max(abs(action[1])) < 2\"")
      ->type_name("SQL");
  add_edit_target(*filter, options->target);
  filter->callback([options] { filter_folder(*options); });
}

}  // namespace gyre::apps
