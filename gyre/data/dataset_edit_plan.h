#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gyre/data/dataset_edit.h"

// The tools' words as edits. All throw Error naming the folder and the word that does not fit.
namespace gyre::data {

// "3,7-9": episode numbers in that order, each once, all of them among `known`.
std::vector<int64_t> parse_episodes(const std::string& text, const std::vector<int64_t>& known,
                                    const std::string& folder);

DatasetEdit merge_plan(const std::vector<std::filesystem::path>& folders);
DatasetEdit delete_plan(const std::filesystem::path& folder, const std::string& episodes);

// "train=0.8", "val=10-19": a name with a share of the episodes or with their numbers. Shares are
// dealt in order, or in one that `shuffle` seeds, and are of one kind in all parts.
std::vector<std::pair<std::string, DatasetEdit>> split_plan(const std::filesystem::path& folder,
                                                            const std::vector<std::string>& parts,
                                                            std::optional<uint64_t> shuffle = {});

// "3=10:200": episode 3 keeps its frames 10 to 199. Either number may be missing, and a negative
// one counts from the end. "all=5:-5" is for every episode that is not named.
DatasetEdit trim_plan(const std::filesystem::path& folder, const std::vector<std::string>& keep);

// "OLD=NEW" words, and "EPISODE=WORDS".
DatasetEdit tasks_plan(const std::filesystem::path& folder, const std::vector<std::string>& rename,
                       const std::vector<std::string>& set);

}  // namespace gyre::data
