#include "gyre/flywheel/compare/collection.h"

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/flywheel/made.h"
#include "gyre/flywheel/stages/context.h"
#include "gyre/flywheel/stages/tasks.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kCollectionFile = "collection.json";
constexpr int kCollectionVersion = 1;

struct Succeeded {
  int64_t attempts = 0, successes = 0;
  Rate rate() const { return wilson(successes, attempts); }
};

json contract_hashes_of(const std::vector<Embodiment>& contracts) {
  json hashes = json::object();
  for (const Embodiment& contract : contracts) hashes[contract.name] = contract.contract_hash();
  return hashes;
}

std::vector<std::shared_ptr<const Labeler>> rules_of(const std::vector<Recipe>& recipes) {
  std::map<std::string, std::shared_ptr<const Labeler>> rules;
  for (const Recipe& recipe : recipes) {
    if (!recipe.labeler->learns()) rules[std::string(recipe.labeler->name())] = recipe.labeler;
  }
  std::vector<std::shared_ptr<const Labeler>> all;
  for (const auto& [name, rule] : rules) all.push_back(rule);
  return all;
}

// The journal of some attempts, made where it is not whole; "" for no attempts.
fs::path record_once(const run::Arena& arena, const infer::Engine& engine,
                     const std::vector<Embodiment>& contracts, const CollectionOrder& order,
                     bool helped, const fs::path& folder) {
  const std::vector<run::Attempt>& attempts = helped ? order.helped : order.unhelped;
  if (attempts.empty()) return {};
  json key = {{"version", kCollectionVersion},
              {"policy", engine.checkpoint().policy_hash},
              {"attempts", hash_of(attempts)},
              {"contracts", contract_hashes_of(contracts)},
              {"loop", config_json(order.loop)}};
  if (helped) key["help"] = config_json(order.help);
  fs::path journal = folder / "attempts" / sha256_hex(key.dump(), 16);
  fs::create_directories(journal.parent_path());
  const run::AttemptOptions options =
      helped ? helped_attempt(order.loop, order.help) : unhelped_attempt(order.loop);
  if (!collect(arena, engine, attempts, options, order.workers, journal)) {
    throw Interrupted(journal.string(), "was interrupted; the attempts so far are kept",
                      "give the same command again to go on");
  }
  return journal;
}

// Datasets of the journals, one for each contract, with the labels of rules.
class CollectionStore {
 public:
  CollectionStore(const std::vector<Embodiment>& contracts, const std::vector<Recipe>& recipes,
                  fs::path folder)
      : contracts_(contracts), recipes_(recipes), folder_(std::move(folder)) {}

  void store(const fs::path& helped, const fs::path& unhelped) {
    for (const Embodiment& contract : contracts_) store_contract(contract, helped, unhelped);
    const json made = {{"hash", hash()},
                       {"datasets", hashes_},
                       {"helped", helped_.rate()},
                       {"unhelped", unhelped_.rate()},
                       {"cost", cost_}};
    io::write_atomically(folder_ / kCollectionFile, made.dump(1) + "\n");
  }

 private:
  void store_contract(const Embodiment& contract, const fs::path& helped,
                      const fs::path& unhelped) {
    const fs::path out = folder_ / file_name(contract.name);
    fs::remove_all(out);
    TargetLabels labels(rules_of(recipes_), contract);
    for (const bool with_help : {true, false}) {
      const fs::path& journal = with_help ? helped : unhelped;
      if (!journal.empty()) convert(contract, journal, with_help, out, labels);
    }
    if (!fs::is_directory(out)) {
      throw Error(folder_.string(), "there is no whole attempt of " + contract.name,
                  "ask for more attempts");
    }
    labels.write(out);
    hashes_.push_back(data::Dataset(out).hash());
  }

  void convert(const Embodiment& contract, const fs::path& journal, bool with_help,
               const fs::path& out, TargetLabels& labels) {
    Progress progress("storing " + contract.name, 0, "episodes");
    const data::Converted converted =
        data::convert_journal(journal, out,
                              {.by_seed = true,
                               .contract = &contract,
                               .progress = [&](int64_t done, int64_t) { progress.update(done); },
                               .stop = stop_requested,
                               .each =
                                   [&](const data::EpisodeRows& episode) {
                                     labels.add(episode);
                                     cost_.add(episode, contract.action_period_s, with_help);
                                     Succeeded& tally = with_help ? helped_ : unhelped_;
                                     ++tally.attempts;
                                     tally.successes += episode.success.value_or(false) ? 1 : 0;
                                   }});
    if (converted.stopped) {
      throw Interrupted(out.string(), "was interrupted", "give the same command again");
    }
  }

  std::string hash() const {
    Sha256 all;
    for (const std::string& one : hashes_) all.update(one);
    return all.hex(16);
  }

  const std::vector<Embodiment>& contracts_;
  const std::vector<Recipe>& recipes_;
  fs::path folder_;
  std::vector<std::string> hashes_;  // [contracts]
  Succeeded helped_, unhelped_;
  HelpCost cost_;
};

// The collection in `folder`; nothing where that is not whole or has changed since.
std::optional<Collection> stored_collection(const std::vector<Embodiment>& contracts,
                                            const fs::path& folder) {
  if (!fs::exists(folder / kCollectionFile)) return std::nullopt;
  try {
    const json made = json::parse(io::read_text(folder / kCollectionFile));
    const auto hashes = made.at("datasets").get<std::vector<std::string>>();
    Collection collection{.hash = made.at("hash"),
                          .datasets = {},
                          .helped = made.at("helped").get<Rate>(),
                          .unhelped = made.at("unhelped").get<Rate>(),
                          .cost = made.at("cost").get<HelpCost>()};
    for (size_t i = 0; i < contracts.size(); ++i) {
      collection.datasets.push_back(folder / file_name(contracts[i].name));
      if (data::Dataset(collection.datasets[i]).hash() != hashes.at(i)) return std::nullopt;
    }
    return collection;
  } catch (const Error&) {
  } catch (const std::out_of_range&) {
  } catch (const json::exception&) {
  }
  return std::nullopt;
}

}  // namespace

void to_json(json& json, const Collection& collection) {
  json = {{"hash", collection.hash},
          {"helped", collection.helped},
          {"unhelped", collection.unhelped},
          {"help", collection.cost},
          {"help_s", collection.cost.seconds(true)},
          {"help_without_verdicts_s", collection.cost.seconds(false)}};
}

Collection collect_once(const run::Arena& arena, const infer::Engine& engine,
                        const std::vector<Embodiment>& contracts,
                        const std::vector<Recipe>& recipes, const CollectionOrder& order,
                        const fs::path& folder) {
  if (order.helped.empty() && order.unhelped.empty()) {
    throw Error("collection", "has no attempts", "ask for some with --helped or --unhelped");
  }
  json key = {{"version", kCollectionVersion},
              {"policy", engine.checkpoint().policy_hash},
              {"helped", hash_of(order.helped)},
              {"unhelped", hash_of(order.unhelped)},
              {"contracts", contract_hashes_of(contracts)},
              {"loop", config_json(order.loop)},
              {"help", config_json(order.help)},
              {"labels", json::array()}};
  for (const auto& rule : rules_of(recipes)) key["labels"].push_back(rule->name());
  const fs::path out = folder / "collections" / sha256_hex(key.dump(), 16);
  if (auto stored = stored_collection(contracts, out)) return *stored;
  const fs::path helped = record_once(arena, engine, contracts, order, true, folder);
  const fs::path unhelped = record_once(arena, engine, contracts, order, false, folder);
  fs::create_directories(out);
  CollectionStore(contracts, recipes, out).store(helped, unhelped);
  if (auto stored = stored_collection(contracts, out)) return *stored;
  throw Error(out.string(), "was changed while it was stored", "start again");
}

}  // namespace gyre::flywheel
