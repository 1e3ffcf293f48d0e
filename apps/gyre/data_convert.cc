// gyre data convert: journals and older datasets to LeRobotDataset v3.0, datasets to MCAP files.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_mcap.h"
#include "gyre/data/dataset_paths.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/data/journal_info.h"
#include "options.h"

namespace gyre::apps {
namespace {

struct ConvertChoice {
  std::string path, to = "v3.0";
  bool successes = false;
  EditTarget target;
};

// "; left out: 2 that broke off, 1 damaged"
std::string left_out(const data::Converted& converted) {
  std::vector<std::string> parts;
  const auto add = [&](int64_t count, const char* which) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, which));
  };
  add(converted.broken_off, "that broke off");
  add(converted.damaged, "damaged");
  add(converted.failures, "failed");
  return parts.empty() ? "" : fmt::format("; left out: {}", fmt::join(parts, ", "));
}

void convert_journal(const ConvertChoice& options) {
  const data::Converted converted =
      data::convert_journal(options.path, options.target.out,
                            {.keep_failures = !options.successes,
                             .progress = progress_of("writing the dataset", "episodes"),
                             .stop = stop_requested});
  if (converted.stopped) throw_interrupted("data convert", options.target.out);
  std::string text =
      fmt::format("{} episodes, {} frames: {} (hash {}){}\n", converted.episodes, converted.rows,
                  options.target.out, converted.hash, left_out(converted));
  if (converted.losses > 0) {
    text += fmt::format("{} damaged places in the journal: `gyre data info {}` names them\n",
                        converted.losses, options.path);
  }
  if (converted.lost_pictures > 0) {
    text += fmt::format("{} pictures were lost: {}/{} says which\n", converted.lost_pictures,
                        options.target.out, data::kLossesFile);
  }
  print_result(text,
               {{"folder", options.target.out},
                {"episodes", converted.episodes},
                {"frames", converted.rows},
                {"lost_pictures", converted.lost_pictures},
                {"broken_off", converted.broken_off},
                {"damaged", converted.damaged},
                {"failures", converted.failures},
                {"losses", converted.losses},
                {"hash", converted.hash}},
               options.target.json);
}

void convert_to_mcap(const ConvertChoice& options) {
  const data::McapExport done =
      data::export_mcap(options.path, options.target.out,
                        progress_of("writing MCAP files", "episodes"), stop_requested);
  if (done.stopped) throw_interrupted("data convert", options.path);
  std::string text = fmt::format("{} episodes, {} frames, {} messages: {}\n", done.episodes,
                                 done.frames, done.messages, options.target.out);
  if (done.missing > 0) text += fmt::format("{} episodes are not here: left out\n", done.missing);
  print_result(text,
               {{"folder", options.target.out},
                {"episodes", done.episodes},
                {"frames", done.frames},
                {"messages", done.messages},
                {"missing", done.missing}},
               options.target.json);
}

void convert_dataset(const ConvertChoice& options) {
  require_folder("dataset or journal", options.path);
  if (options.to == "mcap") return convert_to_mcap(options);
  const data::Dataset dataset(options.path);
  if (dataset.version() == data::kVersion30) {
    throw Error(options.path, "is LeRobotDataset v3.0 already",
                "--to mcap makes files for Foxglove and Rerun of it");
  }
  const size_t missing = dataset.missing().size();
  const std::string left =
      missing == 0 ? "" : fmt::format("{} episodes are not here: left out\n", missing);
  carry_out(data::whole_dataset(options.path, true), options.target, left);
}

void convert_path(const ConvertChoice& options) {
  if (!data::is_journal(options.path)) return convert_dataset(options);
  if (options.to != "v3.0") {
    throw Error(options.path, "is a journal, whose files are MCAP files already");
  }
  convert_journal(options);
}

}  // namespace

void add_data_convert(CLI::App& data) {
  const auto options = std::make_shared<ConvertChoice>();
  CLI::App* verb = data.add_subcommand(
      "convert", "a dataset of a journal or of an older dataset; MCAP files of a dataset");
  verb->add_option("path", options->path,
                   "journal folder or file, also of an older Gyre; LeRobotDataset folder")
      ->required()
      ->type_name("DIR|FILE");
  verb->add_option("folder,--out", options->target.out,
                   "folder of the result; of a journal's, one that exists is added to")
      ->required()
      ->type_name("DIR");
  verb->add_option("--to", options->to, "v3.0, or mcap: a file of each episode for viewers")
      ->check(CLI::IsMember({"v3.0", "mcap"}))
      ->type_name("FORMAT");
  verb->add_flag("--successes", options->successes,
                 "of a journal: leave out what failed or was not judged");
  add_json_option(*verb, options->target.json);
  verb->callback([options] { convert_path(*options); });
}

}  // namespace gyre::apps
