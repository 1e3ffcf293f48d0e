#include "gyre/verify/recorded_answers.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "gyre/data/journal_reader.h"

namespace gyre::verify {

std::vector<RecordedAnswer> recorded_answers(const std::vector<std::filesystem::path>& files,
                                             std::optional<int64_t> episode) {
  data::JournalReader reader(files, {.pixels = data::Pixels::kNone,
                                     .kinds = {RecordKind::kHeader, RecordKind::kGoal,
                                               RecordKind::kRequest, RecordKind::kChunk}});
  std::vector<RecordedAnswer> answers;
  std::map<std::pair<int64_t, std::string>, size_t> open;  // requests without their answer
  std::map<int64_t, GoalPtr> goals;
  bool wanted = false;
  for (Record record; reader.next(record);) {
    if (record.kind == RecordKind::kHeader) {
      const auto& header = record.get<Header>();
      wanted = !episode || (header.attempt && header.episode.number == *episode);
      open.clear();
      goals.clear();
    } else if (!wanted) {
      continue;
    } else if (record.kind == RecordKind::kGoal) {
      goals[record.get<Goal>().id] = std::get<GoalPtr>(record.shared);
    } else if (record.kind == RecordKind::kRequest) {
      const auto& request = record.get<RequestRecord>();
      open[{request.id, request.policy_hash}] = answers.size();
      const auto goal = goals.find(request.goal_id);
      answers.push_back({.chunk = nullptr, .goal = goal == goals.end() ? nullptr : goal->second});
    } else {
      const auto& chunk = record.get<ActionChunk>();
      const auto asked = open.find({chunk.id, chunk.policy_hash});
      if (asked == open.end()) continue;
      answers[asked->second].chunk = std::get<ChunkPtr>(record.shared);
      open.erase(asked);
    }
  }
  return answers;
}

}  // namespace gyre::verify
