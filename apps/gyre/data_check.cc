// gyre data verify and repair.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset_repair.h"
#include "gyre/data/dataset_verify.h"
#include "gyre/data/journal_info.h"
#include "gyre/io/mcap_repair.h"
#include "options.h"

namespace gyre::apps {
namespace {

struct CheckOptions {
  std::string path;
  bool fast = false, meta = false;
  data::VerifyOptions verify;
  data::RepairOptions repair;
  EditTarget target;
};

void verify_folder(const CheckOptions& options) {
  require_folder("dataset", options.path);
  data::VerifyOptions verify = options.verify;
  using Depth = data::VerifyOptions::Depth;
  verify.depth = options.meta ? Depth::kMeta : options.fast ? Depth::kRows : Depth::kDecode;
  verify.progress = progress_of("verifying", "parts");
  verify.stop = stop_requested;
  const data::VerifyReport report = data::verify_dataset(options.path, verify);
  verify.progress = {};  // ends its line
  if (report.stopped) throw Interrupted("data verify", "was interrupted", "start it again");
  std::string text;
  for (const data::Finding& finding : report.findings) text += finding.line() + '\n';
  for (const auto& [kind, count] : report.counts) {
    const auto most = static_cast<int64_t>(verify.most);
    if (count > most) text += fmt::format("{}: and {} more\n", kind, count - most);
  }
  for (const std::string& what : report.passed_over) text += "not checked: " + what + '\n';
  int64_t findings = 0;
  for (const auto& [kind, count] : report.counts) findings += count;
  text += fmt::format("{}: {} episodes, {} frames, {} video frames: {}\n", options.path,
                      report.episodes, report.frames, report.video_frames,
                      report.ok() ? "nothing wrong" : fmt::format("{} findings", findings));
  print_result(text, report, options.target.json);
  if (!report.ok()) throw CLI::RuntimeError(1);
}

void repair_file(const CheckOptions& options) {
  if (options.target.out.empty())
    throw Error(options.path, "has no place for the copy", "add --out FILE");
  const io::McapRepair kept =
      io::repair_mcap(options.path, options.target.out, io::FileCalls::system(), stop_requested);
  uint64_t messages = 0;
  for (const auto& [topic, count] : kept.messages) messages += count;
  std::string text =
      fmt::format("{} messages in {} chunks: {}\n", messages, kept.chunks, options.target.out);
  for (const data::JournalLoss& loss : data::losses_of(options.path, kept.losses)) {
    text += loss.text() + '\n';
  }
  if (kept.was_complete && kept.losses.empty()) text += options.path + " was whole already\n";
  print_result(text,
               {{"file", options.target.out},
                {"messages", kept.messages},
                {"chunks", kept.chunks},
                {"losses", kept.losses.size()},
                {"was_complete", kept.was_complete}},
               options.target.json);
}

void repair_path(const CheckOptions& options) {
  if (!std::filesystem::is_directory(options.path)) return repair_file(options);
  const data::RepairReport report =
      data::repair_dataset(options.path, options.repair, edit_options(options.target));
  if (report.edit.stopped) throw_interrupted("data repair", options.path);
  std::string text;
  for (const std::string& line : report.done) text += line + '\n';
  if (report.before.ok()) text += options.path + " was whole already\n";
  nlohmann::json json = report_json(report.edit, options.target.dry_run);
  json["done"] = report.done;
  json["findings"] = report.before.counts;
  print_result(text + report_text(report.edit, options.target.dry_run), json, options.target.json);
}

}  // namespace

void add_data_check(CLI::App& data) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* verify = data.add_subcommand(
      "verify", "check every count, row, time, picture and statistic; exit code 1 for a finding");
  verify->add_option("dataset", options->path, "LeRobotDataset folder")
      ->required()
      ->type_name("DIR");
  CLI::Option* fast =
      verify->add_flag("--fast", options->fast, "count video frames without decoding them");
  verify->add_flag("--meta", options->meta, "look at meta/ alone")->excludes(fast);
  verify
      ->add_option("--tolerance", options->verify.tolerance_s,
                   "how far a time may be off its place, in seconds")
      ->check(CLI::NonNegativeNumber)
      ->type_name("S");
  add_json_option(*verify, options->target.json);
  verify->callback([options] { verify_folder(*options); });

  CLI::App* repair = data.add_subcommand(
      "repair", "a dataset without what cannot be used; or what is whole in a journal file");
  repair->add_option("path", options->path, "dataset folder, or MCAP file that is torn or damaged")
      ->required()
      ->type_name("DIR|FILE");
  repair->add_flag("--drop-non-finite", options->repair.drop_non_finite,
                   "leave out episodes with a value that is not finite");
  repair->add_flag("--drop-duplicates", options->repair.drop_duplicates,
                   "leave out episodes whose states and actions another has");
  repair->add_flag("--decode", options->repair.decode, "decode every picture to find broken ones");
  add_edit_target(*repair, options->target);
  repair->callback([options] { repair_path(*options); });
}

}  // namespace gyre::apps
