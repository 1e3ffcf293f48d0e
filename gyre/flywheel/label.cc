#include "gyre/flywheel/label.h"

#include <algorithm>

namespace gyre::flywheel {
namespace {

// The policy acted on a subtask that was not due.
bool misled(const data::Row& row) { return !row.thought.empty() && row.thought != row.subtask; }

class Corrections : public Labeler {
 public:
  std::string_view name() const override { return "corrections"; }
  bool needs_outcomes() const override { return true; }
  EpisodeLabels label(const data::EpisodeRows& episode) const override {
    const bool success = episode.success.value_or(false);
    size_t unaided = 0;  // first row after the last correction
    for (size_t i = 0; i < episode.rows.size(); ++i) {
      if (is_helped(episode.rows[i])) unaided = i + 1;
    }
    EpisodeLabels labels;
    for (size_t i = 0; i < episode.rows.size(); ++i) {
      const data::Row& row = episode.rows[i];
      const bool own = row.source == Source::kPolicy && success && i >= unaided && !misled(row);
      labels.target.push_back(is_helped(row) || own ? 1 : 0);
    }
    return labels;
  }
};

class HelperAlone : public Labeler {
 public:
  std::string_view name() const override { return "helper"; }
  EpisodeLabels label(const data::EpisodeRows& episode) const override {
    EpisodeLabels labels;
    for (const data::Row& row : episode.rows) labels.target.push_back(is_helped(row) ? 1 : 0);
    return labels;
  }
};

// All actions, of successful attempts alone or of every attempt.
class Cloning : public Labeler {
 public:
  explicit Cloning(bool successes_alone) : successes_alone_(successes_alone) {}
  std::string_view name() const override { return successes_alone_ ? "successes" : "everything"; }
  bool needs_outcomes() const override { return successes_alone_; }
  EpisodeLabels label(const data::EpisodeRows& episode) const override {
    const bool counts = !successes_alone_ || episode.success.value_or(false);
    EpisodeLabels labels;
    for (const data::Row& row : episode.rows) {
      labels.target.push_back(counts && row.source != Source::kFallback ? 1 : 0);
    }
    return labels;
  }

 private:
  bool successes_alone_;
};

}  // namespace

std::unique_ptr<Labeler> corrections_labeler() { return std::make_unique<Corrections>(); }
std::unique_ptr<Labeler> helper_labeler() { return std::make_unique<HelperAlone>(); }
std::unique_ptr<Labeler> success_labeler() { return std::make_unique<Cloning>(true); }
std::unique_ptr<Labeler> everything_labeler() { return std::make_unique<Cloning>(false); }

std::vector<float> known_subtasks(const data::EpisodeRows& episode) {
  std::vector<float> known;
  for (const data::Row& row : episode.rows) {
    known.push_back(row.subtask_known && !row.subtask.empty() ? 1 : 0);
  }
  return known;
}

std::unique_ptr<Labeler> Labeler::fitted(const data::Dataset&) const { return nullptr; }

bool is_helped(const data::Row& row) {
  return row.source == Source::kHuman || row.source == Source::kExpert;
}

std::string outcome_word(const data::EpisodeRows& episode) {
  if (!episode.success) return "unknown";
  return *episode.success ? "success" : "failure";
}

int64_t helped_rows(const data::EpisodeRows& episode) {
  return std::count_if(episode.rows.begin(), episode.rows.end(), is_helped);
}

}  // namespace gyre::flywheel
