// gyre policy use, list, add: the policies of a folder of runs, and the one that robots are driven
// by.
#include "policy_use.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gyre/core/error.h"
#include "gyre/flywheel/overview.h"
#include "gyre/flywheel/policy_use.h"
#include "options.h"
#include "scope_tasks.h"

namespace gyre::apps {
namespace {

struct UseOptions {
  std::string policy, runs = "runs", author, reason, json;
};

nlohmann::json json_of(const flywheel::UseEntry& use) {
  return {{"kind", use.kind},     {"before", use.before}, {"after", use.after},
          {"folder", use.folder}, {"author", use.author}, {"reason", use.reason},
          {"time", use.created}};
}

nlohmann::json json_of(const flywheel::KnownPolicy& policy) {
  nlohmann::json rates = nlohmann::json::object();
  for (const flywheel::MeasuredRate& measured : policy.rates) {
    rates[measured.suite] = measured.rate;
    rates[measured.suite]["time"] = measured.created;
  }
  return {{"hash", policy.hash},     {"parent", policy.parent}, {"folder", policy.folder.string()},
          {"time", policy.created},  {"run", policy.run},       {"here", policy.here},
          {"in_use", policy.in_use}, {"gate", policy.verdict},  {"reason", policy.reason},
          {"rates", rates}};
}

void use(const UseOptions& options) {
  const std::string link = (std::filesystem::path(options.runs) / flywheel::kCurrent).string();
  const auto before = flywheel::policy_in_use(options.runs);
  const flywheel::UseEntry now = flywheel::use_policy(
      options.runs, {.policy = options.policy,
                     .author = options.author.empty() ? user_name() : options.author,
                     .reason = options.reason});
  const bool same = before && before->after == now.after;
  if (same) flywheel::refresh_current(options.runs);
  print_result(same ? fmt::format("{} is in use already\n", now.after.substr(0, 12))
                    : fmt::format("{}: {} takes the place of {}\ndrive by it with --policy {}\n",
                                  now.kind, now.after.substr(0, 12),
                                  now.before.empty() ? "none" : now.before.substr(0, 12), link),
               json_of(now), options.json);
}

void list(const UseOptions& options) {
  if (!std::filesystem::is_regular_file(std::filesystem::path(options.runs) /
                                        flywheel::kLedgerFile)) {
    throw Error(options.runs, "has no ledger.db",
                "name a folder of runs with --runs; `gyre turn` and `gyre policy add` make one");
  }
  flywheel::refresh_current(options.runs);
  const flywheel::Overview overview = flywheel::read_overview(options.runs);
  nlohmann::json policies = nlohmann::json::array(), uses = nlohmann::json::array();
  for (const flywheel::KnownPolicy& policy : overview.policies) policies.push_back(json_of(policy));
  for (const flywheel::UseEntry& entry : overview.uses) uses.push_back(json_of(entry));
  print_result(flywheel::policies_text(overview), {{"policies", policies}, {"uses", uses}},
               options.json);
}

void enter(const UseOptions& options) {
  require_folder("policy", options.policy);
  const std::string hash = flywheel::enter_policy(options.runs, options.policy);
  print_result(fmt::format("{} is in {}\n", hash.substr(0, 12),
                           (std::filesystem::path(options.runs) / flywheel::kLedgerFile).string()),
               {{"hash", hash}}, options.json);
}

CLI::App* add_verb(CLI::App& policy, const char* name, const char* help, UseOptions& options) {
  CLI::App* verb = policy.add_subcommand(name, help);
  verb->add_option("--runs", options.runs, "folder of runs and of the ledger")->type_name("DIR");
  add_json_option(*verb, options.json);
  return verb;
}

}  // namespace

void add_policy_use(CLI::App& policy) {
  const auto used = std::make_shared<UseOptions>();
  CLI::App* verb = add_verb(policy, "use",
                            "put a policy of the ledger in use, or go back to one: DIR/current "
                            "points to it",
                            *used);
  verb->add_option("policy", used->policy, "hash (six digits or more), or folder")
      ->required()
      ->type_name("HASH|DIR");
  verb->add_option("--reason", used->reason, "kept in the ledger")->type_name("TEXT");
  verb->add_option("--author", used->author, "kept in the ledger; without: your user name")
      ->type_name("NAME");
  verb->callback([used] { use(*used); });

  const auto listed = std::make_shared<UseOptions>();
  add_verb(policy, "list", "the ledger's policies: parents, rates, which is in use", *listed)
      ->callback([listed] { list(*listed); });

  const auto added = std::make_shared<UseOptions>();
  CLI::App* add =
      add_verb(policy, "add", "enter a policy that was made elsewhere into the ledger", *added);
  add->add_option("folder", added->policy, "checkpoint folder")->required()->type_name("DIR");
  add->callback([added] { enter(*added); });
}

}  // namespace gyre::apps
