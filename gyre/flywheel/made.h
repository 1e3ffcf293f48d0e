#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"
#include "gyre/data/labels.h"
#include "gyre/flywheel/feedback.h"
#include "gyre/flywheel/label.h"

namespace gyre::flywheel {

// The making of a dataset, for the card of a policy that learns from it: {"history": as
// meta/gyre_history.json, "recorded": hashes of its recorded episodes, "labels": the streams that
// learning read, which are those of these names and exclusions}. Throws Error as Dataset does.
nlohmann::json made_of(const data::Dataset& dataset, const std::vector<std::string>& labels);

// A stream of labels, as cards and lineages hold it.
nlohmann::json label_card(const data::LabelStream& stream);

// The stream that says where a recorded subtask is known (label.h), one for all labelers.
inline constexpr const char* kKnownSubtasks = "known_subtasks";

// Streams of targets by several labelers, and the one of known subtasks, while episodes are stored.
class TargetLabels {
 public:
  TargetLabels(std::vector<std::shared_ptr<const Labeler>> labelers, Embodiment contract);
  void add(const data::EpisodeRows& episode);
  // Writes the streams beside the dataset, which holds the added episodes; answers the hash of
  // each, by name. Throws Error where a labeler that learns cannot.
  std::map<std::string, std::string> write(const std::filesystem::path& folder) const;

 private:
  std::vector<data::Label> labels_of(const data::Dataset& dataset, const Labeler& labeler) const;
  // `about`: settings and measured quality of a model; "" of a rule.
  std::string write_stream(const std::filesystem::path& folder, const std::string& name,
                           const std::string& about, const std::vector<data::Label>& labels) const;

  std::vector<std::shared_ptr<const Labeler>> labelers_;
  Embodiment contract_;
  std::map<std::string, std::vector<data::Label>> labels_;
  std::map<std::string, std::vector<Remark>> remarks_;  // by the episode's hash
};

}  // namespace gyre::flywheel
