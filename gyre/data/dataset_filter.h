#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Which episodes of a dataset fit a question in SQL.
namespace gyre::data {

// Three tables can be named, in either text:
//   episodes: one row an episode: episode_index, length, seconds, task (the first words), tasks
//     (all), success (null: nobody judged), task_name, family, seed, and whatever else
//     meta/episodes says
//   steps: one row a frame: all columns of the data files ("observation.state"[1] counts from 1),
//     and `state` and `action` for the vectors
//   labels: one row a label, as labels_table() of labels_frames.h has them
struct FilterQuery {
  std::string where;    // of an episode: "length > 100 AND success"
  std::string having;   // over the steps of an episode: "max(abs(action[1])) < 2"
  bool trusted = true;  // false: it comes over a network, and may open no other file
};

// In ascending order. Throws Error with DuckDB's words for a question that it does not understand.
std::vector<int64_t> filter_episodes(const std::filesystem::path& folder, const FilterQuery& query);

// A number for each step, from 0 up, by an expression over the columns of both tables: "CASE WHEN
// success THEN 2 ELSE 1 END". [episodes of the folder's Dataset][rows]; an episode whose file is
// missing has none. Throws Error as filter_episodes() does, and naming the first step without such
// a number.
std::vector<std::vector<float>> weigh_steps(const std::filesystem::path& folder,
                                            const std::string& number);

}  // namespace gyre::data
