#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"
#include "gyre/io/parquet.h"

// Labels as those who train read them: one number for each frame of a dataset.
namespace gyre::data {

// Authors may disagree. The newest label of each frame counts, of all authors or of one; or the
// newest of each author, of which the mean, the most (`any`) or the least (`all`) counts.
struct LabelRule {
  enum class Kind { kNewest, kAuthor, kMean, kAny, kAll } kind = Kind::kNewest;
  std::string author;  // of kAuthor
};
// "newest", "author=ann", "mean", "any", "all". Throws Error with these words.
LabelRule parse_label_rule(const std::string& text);

// Entry [i][r] is of row r of dataset.episodes()[i]; NaN where nobody says. Where labels of one
// stream overlap, the one that begins later counts. Throws Error when no stream of that name holds
// numbers, naming those that there are, and when the author of the rule has made none.
std::vector<std::vector<float>> frame_labels(const Dataset& dataset, const std::string& name,
                                             const LabelRule& rule = {});

// Entry [i][r] is 1 where an exclusion, of whatever name, covers the row. By default one author is
// enough; with kAll every author of an exclusion must agree. Throws Error for a mean.
std::vector<std::vector<uint8_t>> excluded_frames(const Dataset& dataset,
                                                  const LabelRule& rule = {
                                                      .kind = LabelRule::Kind::kAny, .author = {}});

// Every label of the dataset's episodes: episode_index, recorded_hash, name, type, author, kind,
// version, time, begin_frame and end_frame (the last one; both null: the whole episode), value,
// text, stream (LabelStream::hash). Labels of frames that are cut off are left out.
io::Table labels_table(const Dataset& dataset);

}  // namespace gyre::data
