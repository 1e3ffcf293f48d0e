#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/data/dataset.h"
#include "gyre/data/episode_rows.h"

namespace gyre::flywheel {

// Labels of one attempt, made after it. They lie beside the recording, which never changes.
struct EpisodeLabels {
  std::vector<float> target;  // [rows], 1 where the action is one to learn from, else 0
};

// 1 where the subtask is known, also where the policy did something else: its own wrong states,
// rightly named (Ross et al. 2011, DAgger). [rows]
std::vector<float> known_subtasks(const data::EpisodeRows& episode);

// Decides which recorded actions a policy shall learn from.
class Labeler {
 public:
  virtual ~Labeler() = default;
  // A word for files and keys, "corrections". It changes whenever the labels do.
  virtual std::string_view name() const = 0;
  virtual EpisodeLabels label(const data::EpisodeRows& episode) const = 0;
  // True where labels depend on outcomes: each attempt needs a verdict then.
  virtual bool needs_outcomes() const { return false; }
  // True where it must learn from all attempts of a dataset before it can label one: then only what
  // fitted() answers labels.
  virtual bool learns() const { return false; }
  // A labeler of this dataset's episodes. Null unless learns(). Throws Error for attempts that it
  // cannot learn from, and Interrupted after a stop request.
  virtual std::unique_ptr<Labeler> fitted(const data::Dataset& dataset) const;
  // For the head of its label stream: settings and measured quality; "" for rules.
  virtual std::string about() const { return ""; }
};

// Corrections (Kelly et al. 2019, HG-DAgger, with the policy's share filtered): every action of a
// person or the helper; the policy's own after the last correction of a successful attempt. Its
// actions before a correction led to the need of one, and are no targets. Nor are those for another
// subtask than the one that was due. Fallback actions never are.
std::unique_ptr<Labeler> corrections_labeler();
// The actions of a person or the helper alone (HG-DAgger, Kelly et al. 2019).
std::unique_ptr<Labeler> helper_labeler();
// Every action of each successful attempt but fallback.
std::unique_ptr<Labeler> success_labeler();
// Every action but fallback.
std::unique_ptr<Labeler> everything_labeler();

bool is_helped(const data::Row& row);                        // decided by a person or the helper
std::string outcome_word(const data::EpisodeRows& episode);  // "success", "failure", "unknown"
int64_t helped_rows(const data::EpisodeRows& episode);       // decided by a person or the helper

}  // namespace gyre::flywheel
