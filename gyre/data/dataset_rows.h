#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/episode_rows.h"
#include "gyre/data/frame_times.h"
#include "gyre/data/notices.h"
#include "gyre/io/parquet.h"

// An EpisodeRows as rows of LeRobot's data files, and back.
namespace gyre::data {

// What columns of a component's own fields begin with in meta/info.json and in the statistics.
inline constexpr const char* kComponentInfo = "complementary_info.";

struct RowLayout {
  bool grounding = false;       // column observation.grounding
  bool complete = true;         // columns complementary_info.*
  bool picture_age = true;      // complementary_info.picture_age_s, when `complete`
  bool language_events = true;  // column language_events
};

struct RowPlace {
  int64_t episode_index = 0;
  int64_t first_index = 0;  // of the first row, over the whole dataset
  int fps = 10;
  std::function<int64_t(const std::string& task)> task_index;
};

// Checks each step against the contract; throws Error naming the step.
io::Table episode_rows(const EpisodeRows& episode, const Embodiment& embodiment,
                       const RowLayout& layout, const RowPlace& place);

// The entries of these columns in info.json's "features", without the cameras' ones.
nlohmann::ordered_json row_features(const Embodiment& embodiment, const RowLayout& layout);
// The footer's key "huggingface" for a data file with these features.
std::string huggingface_metadata(const nlohmann::ordered_json& features);

// The columns beside state, action and pictures that fill_rows() knows.
std::vector<std::string> known_columns();

// What fill_rows() needs to know of a dataset.
struct RowsAsked {
  struct Part {
    std::string column;
    size_t width = 0;  // numbers of a row
  };
  std::vector<Part> state, action;       // joined in this order
  size_t cameras = 0;                    // grounding has 6 numbers for each
  std::map<int64_t, std::string> tasks;  // by their index
  bool gyre = false;                     // Gyre wrote it
  Notices tell;
};
// Fills in the steps without images; `times` are those of the rows, `task` stands for words that
// meta/ lacks. Numbers of any type are taken.
// Columns that are missing or hold something else leave the members' defaults, which is told where
// they hold something else; without a column "source" (others' recordings) a person drove.
void fill_rows(const io::Table& rows, const FrameTimes& times, const RowsAsked& asked,
               const std::string& task, EpisodeRows& episode);

}  // namespace gyre::data
