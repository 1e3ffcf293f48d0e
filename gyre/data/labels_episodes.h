#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gyre/data/labels_head.h"
#include "gyre/data/recorded.h"

// The episodes that labels can be about, and the border that labels from outside pass.
namespace gyre::data {

struct BuiltEpisode;

struct LabelledEpisode {
  int64_t number = 0;  // in the dataset or the journal
  Recorded recorded;
  int64_t length = 0;         // rows that are here
  double fps = 0;             // rows a second
  std::string contract_hash;  // Embodiment::contract_hash()
};

// A whole attempt of a journal.
LabelledEpisode labelled_episode(const BuiltEpisode& built);

std::vector<LabelledEpisode> labelled_episodes(const Dataset& dataset);
// The episodes of a dataset, or the whole attempts of a journal folder. An episode whose file is
// not here is left out. Throws Error as Dataset and JournalReader do, and when the folder is
// neither.
std::vector<LabelledEpisode> labelled_episodes(const std::filesystem::path& folder);

// Rows [first, second) of the episode that the label is about; empty where they are cut off.
std::pair<int64_t, int64_t> labelled_rows(const Label& label, const LabelledEpisode& episode);
// A label without a value, about rows [first, last) of the episode.
Label label_for(const LabelledEpisode& episode, int64_t first, int64_t last);

// Adds one number a row of an episode as recorded: a span for each run of equal numbers.
void add_row_labels(const std::string& recorded_hash, double fps, std::span<const float> values,
                    std::vector<Label>& labels);

// Throws Error naming `where` when the head's contract is none of the episodes', a label is of an
// episode that is not among them, or of a step that the episode has not.
void require_labels_fit(const std::string& where, const LabelHead& head,
                        const std::vector<Label>& labels,
                        std::span<const LabelledEpisode> episodes);

}  // namespace gyre::data
