#include "gyre/flywheel/made.h"

#include <algorithm>
#include <utility>

#include "gyre/data/dataset_provenance.h"
#include "gyre/data/labels_episodes.h"
#include "gyre/data/recorded.h"

namespace gyre::flywheel {

using nlohmann::json;

json label_card(const data::LabelStream& stream) {
  json card = data::stream_json(stream);
  for (const char* left_out : {"time", "contract_hash", "labels", "episodes"}) card.erase(left_out);
  return card;
}

json made_of(const data::Dataset& dataset, const std::vector<std::string>& labels) {
  json recorded = json::array(), read = json::array();
  for (const data::Recorded& episode : data::recorded_episodes(dataset)) {
    recorded.push_back(episode.hash);
  }
  const data::Labels streams(dataset.folder());
  for (const data::LabelStream& stream : streams.streams()) {
    const data::LabelHead& head = stream.head;
    const bool is_named = std::ranges::find(labels, head.name) != labels.end();
    if (!is_named && head.type != data::LabelType::kExclusion) continue;
    read.push_back(label_card(stream));
  }
  return {{"history", data::read_history(dataset.folder())},
          {"recorded", std::move(recorded)},
          {"labels", std::move(read)}};
}

TargetLabels::TargetLabels(std::vector<std::shared_ptr<const Labeler>> labelers,
                           Embodiment contract)
    : labelers_(std::move(labelers)), contract_(std::move(contract)) {}

void TargetLabels::add(const data::EpisodeRows& episode) {
  const std::string hash = episode.hash();
  const std::vector<Remark>& remarks = remarks_[hash] = remarks_of(episode);
  for (const auto& labeler : labelers_) {
    if (labeler->learns()) continue;
    EpisodeLabels labels = labeler->label(episode);
    heed_remarks(remarks, episode, labels.target);
    data::add_row_labels(hash, 1 / contract_.action_period_s, labels.target,
                         labels_[std::string(labeler->name())]);
  }
  data::add_row_labels(hash, 1 / contract_.action_period_s, known_subtasks(episode),
                       labels_[kKnownSubtasks]);
}

std::map<std::string, std::string> TargetLabels::write(const std::filesystem::path& folder) const {
  std::map<std::string, std::string> hashes;
  for (const auto& labeler : labelers_) {
    const std::string name(labeler->name());
    if (labeler->learns()) {
      const data::Dataset dataset(folder);
      const auto fitted = labeler->fitted(dataset);
      hashes[name] = write_stream(folder, name, fitted->about(), labels_of(dataset, *fitted));
    } else if (labels_.contains(name)) {
      hashes[name] = write_stream(folder, name, labeler->about(), labels_.at(name));
    }
  }
  if (labels_.contains(kKnownSubtasks)) {
    hashes[kKnownSubtasks] = write_stream(folder, kKnownSubtasks, "", labels_.at(kKnownSubtasks));
  }
  return hashes;
}

std::vector<data::Label> TargetLabels::labels_of(const data::Dataset& dataset,
                                                 const Labeler& labeler) const {
  std::vector<data::Label> labels;
  for (const int64_t index : dataset.present()) {
    const data::EpisodeRows episode = dataset.read(index, {.images = false});
    const std::string hash = episode.hash();
    EpisodeLabels made = labeler.label(episode);
    if (const auto remarks = remarks_.find(hash); remarks != remarks_.end()) {
      heed_remarks(remarks->second, episode, made.target);
    }
    data::add_row_labels(hash, 1 / contract_.action_period_s, made.target, labels);
  }
  return labels;
}

std::string TargetLabels::write_stream(const std::filesystem::path& folder, const std::string& name,
                                       const std::string& about,
                                       const std::vector<data::Label>& labels) const {
  const data::LabelHead head{.name = name,
                             .type = data::LabelType::kTarget,
                             .version = "1",
                             .author = name,
                             .kind = about.empty() ? "program" : "model",
                             .time = data::utc_now(),
                             .arguments = about,
                             .contract_hash = contract_.contract_hash()};
  return data::write_labels(folder, head, labels).hash;
}

}  // namespace gyre::flywheel
