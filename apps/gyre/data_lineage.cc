// gyre data lineage, rebuild: where a policy or a dataset comes from, and its training set again.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/flywheel/lineage.h"
#include "gyre/flywheel/rebuild.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/sim/arena.h"
#include "options.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct LineageOptions {
  std::string folder, ledger, json;
};

void show_lineage(const LineageOptions& options) {
  require_folder("policy or dataset", options.folder);
  const bool dataset = fs::exists(fs::path(options.folder) / "meta/info.json");
  const fs::path ledger =
      options.ledger.empty() ? flywheel::ledger_beside(options.folder) : fs::path(options.ledger);
  const flywheel::Lineage lineage = dataset ? flywheel::lineage_of_dataset(options.folder, ledger)
                                            : flywheel::lineage_of_policy(options.folder, ledger);
  print_result(flywheel::lineage_text(lineage),
               {{"tree", lineage.tree}, {"changes", lineage.changes}, {"ledger", ledger.string()}},
               options.json);
  for (size_t i = 1; i < lineage.changes.size(); ++i) {
    fmt::print(stderr, "gyre: {}\n", lineage.changes[i]);
  }
  if (!lineage.changes.empty()) throw Error("", lineage.changes.front());
}

struct RebuildChoice {
  std::string policy, out, json;
  std::vector<std::string> journals, datasets;
  int workers = 0;
};

void make_again(const RebuildChoice& options) {
  require_folder("policy", options.policy);
  for (const std::string& journal : options.journals) {
    if (!fs::exists(journal)) throw Error(journal, "is not here", "name a folder with journals");
  }
  for (const std::string& folder : options.datasets) require_folder("dataset", folder);
  const Checkpoint policy = Checkpoint::open(options.policy);
  const nlohmann::json data = policy.about.value("data", nlohmann::json::array());
  if (data.empty()) {
    throw Error(options.policy, "does not say what it learnt from",
                "only policies that this Gyre has trained do");
  }
  std::optional<io::ScratchFolder> scratch;
  if (options.out.empty()) scratch.emplace();
  const std::vector<flywheel::Rebuilt> all =
      flywheel::rebuild(data, sim::KitchenArena(),
                        {.journals = {options.journals.begin(), options.journals.end()},
                         .datasets = {options.datasets.begin(), options.datasets.end()},
                         .out = scratch ? scratch->path() / "data" : fs::path(options.out),
                         .workers = options.workers});
  std::string text;
  nlohmann::json parts = nlohmann::json::array();
  bool equal = true;
  for (const flywheel::Rebuilt& part : all) {
    equal = equal && part.equal();
    text += fmt::format("{} {}: {}\n", part.name, part.hash,
                        part.equal() ? "made again, equal" : "not the same");
    for (const std::string& labels : part.labels) {
      text += fmt::format("  labels {}: equal\n", labels);
    }
    for (const std::string& line : part.missing) text += fmt::format("  missing: {}\n", line);
    parts.push_back({{"name", part.name},
                     {"hash", part.hash},
                     {"now", part.now},
                     {"equal", part.equal()},
                     {"folder", scratch ? "" : part.folder.string()},
                     {"labels", part.labels},
                     {"missing", part.missing}});
  }
  print_result(text, {{"policy", policy.policy_hash}, {"equal", equal}, {"data", parts}},
               options.json);
  if (!equal) throw CLI::RuntimeError(1);
}

}  // namespace

void add_data_lineage(CLI::App& data) {
  const auto options = std::make_shared<LineageOptions>();
  CLI::App* verb = data.add_subcommand(
      "lineage", "what a policy or dataset was made of, down to recorded episodes");
  verb->add_option("folder", options->folder, "policy or dataset")->required()->type_name("DIR");
  verb->add_option("--ledger", options->ledger,
                   "the ledger.db of a folder of runs; default: one beside the folder")
      ->type_name("FILE");
  add_json_option(*verb, options->json);
  verb->callback([options] { show_lineage(*options); });

  const auto choice = std::make_shared<RebuildChoice>();
  CLI::App* rebuild = data.add_subcommand(
      "rebuild", "make the training set of a policy again; exit code 1 where it is not the same");
  rebuild->add_option("policy", choice->policy, "checkpoint folder")->required()->type_name("DIR");
  rebuild->add_option("--journals", choice->journals, "folders with the journals, or above them")
      ->type_name("DIR...");
  rebuild
      ->add_option("--data", choice->datasets, "datasets of others, and those with people's labels")
      ->type_name("DIR...");
  rebuild
      ->add_option("--out", choice->out,
                   "folder for the datasets, which must not be there yet; without it they are "
                   "compared and not kept")
      ->type_name("DIR");
  rebuild->add_option("--workers", choice->workers, "demonstrations made at once; 0: one a core")
      ->check(at_least(0))
      ->type_name("N");
  add_json_option(*rebuild, choice->json);
  rebuild->callback([choice] { make_again(*choice); });
}

}  // namespace gyre::apps
