#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Which episodes of a dataset fit a question in SQL.
namespace gyre::data {

// Two tables can be named, in either text:
//   episodes: one row an episode: episode_index, length, seconds, task (the first words), tasks
//     (all), success (null: nobody judged), task_name, family, seed, and whatever else
//     meta/episodes says
//   steps: one row a frame: all columns of the data files ("observation.state"[1] counts from 1),
//     and `state` and `action` for the vectors
struct FilterQuery {
  std::string where;   // of an episode: "length > 100 AND success"
  std::string having;  // over the steps of an episode: "max(abs(action[1])) < 2"
};

// In ascending order. The question sees no other file. Throws Error with DuckDB's words for a question that it does not understand.
std::vector<int64_t> filter_episodes(const std::filesystem::path& folder, const FilterQuery& query);

}  // namespace gyre::data
