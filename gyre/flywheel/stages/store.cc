#include "gyre/flywheel/stages/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gyre/core/progress.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/flywheel/made.h"
#include "gyre/flywheel/stages/stage_names.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

EpisodeEntry entry_of(const data::EpisodeRows& episode) {
  return {.hash = episode.hash(),
          .embodiment = episode.embodiment,
          .task = episode.task_name,
          .family = episode.family,
          .outcome = outcome_word(episode),
          .seed = episode.seed,
          .steps = std::ssize(episode.rows),
          .helped_steps = helped_rows(episode)};
}

StoredData store_contract(TurnContext& turn, const Embodiment& contract,
                          const std::vector<RecordedJournal>& journals, const Recipe& recipe) {
  StoredData stored{.embodiment = contract.name, .folder = "data/" + file_name(contract.name)};
  const fs::path folder = turn.folder() / stored.folder;
  std::error_code ignored;  // writing says what is wrong
  fs::remove_all(folder, ignored);
  TargetLabels targets({recipe.labeler}, contract);
  std::vector<EpisodeEntry> entries;
  for (const RecordedJournal& journal : journals) {
    Progress progress("storing " + contract.name, 0, "episodes");
    const data::Converted converted =
        data::convert_journal(journal.folder, folder,
                              {.by_seed = true,
                               .contract = &contract,
                               .progress = [&](int64_t done, int64_t) { progress.update(done); },
                               .stop = stop_requested,
                               .each =
                                   [&](const data::EpisodeRows& episode) {
                                     targets.add(episode);
                                     entries.push_back(entry_of(episode));
                                   }});
    if (converted.stopped) turn.stages.interrupt();
    if (converted.damaged > 0) {
      turn.note(fmt::format("{}: {} episodes are damaged and left out", journal.folder.string(),
                            converted.damaged));
    }
    stored.hash = converted.hash;
  }
  stored.labels = targets.write(folder);
  stored.content = hash_of_folder(folder);
  stored.episodes = std::ssize(entries);
  for (const EpisodeEntry& entry : entries) {
    stored.rows += entry.steps;
    stored.helped_rows += entry.helped_steps;
  }
  turn.ledger.add_dataset({.hash = stored.hash,
                           .folder = folder.string(),
                           .embodiment = contract.name,
                           .episodes = entries});
  return stored;
}

bool is_intact(const TurnContext& turn, const StoredData& stored) {
  const fs::path folder = turn.folder() / stored.folder;
  return fs::is_directory(folder) && hash_of_folder(folder) == stored.content;
}

}  // namespace

std::vector<StoredData> store_and_label(TurnContext& turn, const Recipe& recipe,
                                        const std::vector<RecordedJournal>& journals) {
  json inputs = {{"journals", json::array()},
                 {"contracts", turn.contract_hashes()},
                 {"labelers", json::array()}};
  for (const RecordedJournal& journal : journals) inputs["journals"].push_back(journal.hash);
  inputs["labelers"].push_back(kKnownSubtasks);
  inputs["labelers"].push_back(recipe.labeler->name());
  return turn.stages.run<std::vector<StoredData>>(
      {.name = stage::kStore, .inputs = inputs, .outputs = {"data"}},
      [&] {
        std::vector<StoredData> stored;
        for (const auto& [contract, present] :
             journals_by_contract(turn.arena, turn.config, turn.contracts, journals)) {
          stored.push_back(store_contract(turn, turn.contracts[contract], present, recipe));
        }
        return stored;
      },
      [&](const std::vector<StoredData>& all) {
        return std::ranges::all_of(
            all, [&](const StoredData& stored) { return is_intact(turn, stored); });
      });
}

}  // namespace gyre::flywheel
