// gyre data ask: questions in SQL over journals, datasets, labels and the ledger.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "data_verbs.h"
#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal_info.h"
#include "gyre/data/record_query.h"
#include "gyre/flywheel/answer.h"
#include "gyre/flywheel/ledger_tables.h"
#include "gyre/flywheel/lineage.h"
#include "gyre/io/file.h"
#include "options.h"

namespace gyre::apps {
namespace {

struct AskOptions {
  std::string question, ledger, json, csv, plot;
  std::vector<std::string> journals, datasets;
};

// The ledger beside the journals and datasets ("": none), where they lie beside one alone.
std::string known_ledger(const AskOptions& options) {
  if (!options.ledger.empty()) return options.ledger;
  std::set<std::filesystem::path> found;
  for (const auto* folders : {&options.journals, &options.datasets}) {
    for (const std::string& folder : *folders) found.insert(flywheel::ledger_beside(folder));
  }
  found.erase("");
  if (found.size() > 1) {
    print_warnings(
        {fmt::format("{} ledgers lie beside what was named; none is asked without "
                     "--ledger FILE",
                     found.size())});
  }
  return found.size() == 1 ? found.begin()->string() : "";
}

void load(const AskOptions& options, data::RecordQuery& query) {
  for (const std::string& journal : options.journals) {
    if (!data::is_journal(journal)) {
      throw Error(journal, "holds no journal", "name a folder of .mcap files, or one of them");
    }
    query.add_journal(journal, progress_of("reading " + journal, "files"), stop_requested);
  }
  for (const std::string& folder : options.datasets) {
    require_folder("dataset", folder);
    query.add_dataset(folder);
  }
  flywheel::add_ledger(known_ledger(options), query);
  query.close();
}

void ask(const AskOptions& options) {
  if (options.journals.empty() && options.datasets.empty() && options.ledger.empty()) {
    throw Error("data ask", "there is nothing to ask about",
                "add --journals DIR, --data DIR or --ledger FILE");
  }
  if (options.json == "-" && options.csv == "-") {
    throw Error("--csv -", "and --json - cannot both be standard output", "give one a file");
  }
  data::RecordQuery query;
  load(options, query);
  const io::Table answer = query.ask(options.question);
  if (!options.plot.empty()) {
    io::write_atomically(options.plot, flywheel::answer_plot(answer));
  }
  const std::string csv = options.csv.empty() ? "" : flywheel::answer_csv(answer);
  if (options.csv == "-") {
    std::cout << csv << std::flush;
  } else if (!options.csv.empty()) {
    io::write_atomically(options.csv, csv);
  }
  nlohmann::json json;
  if (!options.json.empty()) {
    json = flywheel::answer_json(answer);
    json["question"] = options.question;
  }
  if (options.csv != "-" || !options.json.empty()) {
    print_result(options.csv == "-" ? "" : flywheel::answer_text(answer), json, options.json);
  }
}

}  // namespace

void add_data_ask(CLI::App& data) {
  const auto options = std::make_shared<AskOptions>();
  CLI::App* verb = data.add_subcommand(
      "ask", "answer a question in SQL over journals, datasets, labels and the ledger");
  verb->add_option("question", options->question,
                   "one SELECT over episodes, steps, events, requests, labels, policies, "
                   "evaluations ... (docs/record.md)")
      ->required()
      ->type_name("SQL");
  verb->add_option("--journals", options->journals, "journal folders or files")
      ->type_name("DIR...");
  verb->add_option("--data", options->datasets, "LeRobot datasets, with their labels")
      ->type_name("DIR...");
  verb->add_option(
          "--ledger", options->ledger,
          "the ledger.db of a folder of runs; default: the one beside the journals and datasets")
      ->type_name("FILE");
  verb->add_option("--csv", options->csv, "also write the answer as CSV; - is standard output")
      ->check(in_a_folder())
      ->type_name("FILE|-");
  verb->add_option("--plot", options->plot, "also draw the answer: the first column is the axis")
      ->check(in_a_folder())
      ->type_name("FILE.svg");
  add_json_option(*verb, options->json);
  verb->callback([options] { ask(*options); });
}

}  // namespace gyre::apps
