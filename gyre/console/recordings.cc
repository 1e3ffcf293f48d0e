#include "gyre/console/recordings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "gyre/core/error.h"
#include "gyre/data/journal_reader.h"

namespace gyre::console {
namespace {

namespace fs = std::filesystem;

// Parts of EpisodeList::need.
constexpr int kDisputed = 8, kUnjudged = 2, kNewTask = 1, kMostAlarms = 4;

bool is_recorded(const fs::path& folder) {
  return fs::is_directory(folder) &&
         (fs::exists(folder / "meta" / "info.json") || !data::journal_files(folder).empty());
}

void add_number(std::string& bytes, size_t number) {
  const auto value = static_cast<uint32_t>(number);
  char raw[4];
  std::memcpy(raw, &value, sizeof raw);
  bytes.append(raw, sizeof raw);
}

// Adds the episodes of one folder; `tasks` holds the place of each task's words.
void add_lines(const std::vector<EpisodeLine>& lines, int folder, double fps,
               std::map<std::string, int>& tasks, EpisodeList& list) {
  for (const EpisodeLine& line : lines) {
    const auto [task, is_new] = tasks.try_emplace(line.task, static_cast<int>(tasks.size()));
    if (is_new) list.tasks.push_back(line.task);
    list.folder.push_back(folder);
    list.index.push_back(line.index);
    list.task.push_back(task->second);
    list.seconds.push_back(static_cast<double>(line.rows) / fps);
    list.outcome.push_back(!line.success ? 0 : *line.success ? 1 : 2);
    list.by_hand.push_back(line.by_hand);
    list.alarms.push_back(line.alarms);
    list.here.push_back(line.missing.empty() ? 1 : 0);
    list.quality.push_back(0);
    list.excluded.push_back(0);
    list.need.push_back(0);
  }
}

// Words of people about the last episodes of the list.
void add_judged(const std::vector<JudgedEpisode>& judged, EpisodeList& list) {
  const size_t first = list.index.size() - judged.size();
  for (size_t i = 0; i < judged.size(); ++i) {
    const size_t at = first + i;
    if (!judged[i].outcome.empty()) list.outcome[at] = judged[i].outcome == "success" ? 1 : 2;
    list.quality[at] = judged[i].quality;
    list.excluded[at] = judged[i].excluded ? 1 : 0;
    list.need[at] = judged[i].disputed ? kDisputed : 0;
  }
}

void add_needs(EpisodeList& list) {
  std::vector<int> judged(list.tasks.size());  // episodes of each task
  for (size_t i = 0; i < list.index.size(); ++i) {
    judged[static_cast<size_t>(list.task[i])] += list.outcome[i] != 0 ? 1 : 0;
  }
  for (size_t i = 0; i < list.index.size(); ++i) {
    if (list.here[i] == 0 || list.outcome[i] != 0) continue;
    list.need[i] += kUnjudged + std::clamp(list.alarms[i], 0, kMostAlarms);
    list.need[i] += judged[static_cast<size_t>(list.task[i])] == 0 ? kNewTask : 0;
  }
}

}  // namespace

std::vector<fs::path> recorded_folders(const fs::path& folder) {
  if (is_recorded(folder)) return {folder};
  std::vector<fs::path> found;
  if (fs::is_directory(folder)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (is_recorded(entry.path())) found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  if (found.empty()) {
    throw Error(folder.string(), "holds neither a dataset nor a journal", "check the path");
  }
  return found;
}

Recordings::Recordings(const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    parts_.push_back({open_recording(folder, static_cast<int>(parts_.size())), LabelDesk(folder)});
  }
}

Recordings::Part& Recordings::at(int folder) {
  if (folder < 0 || folder >= std::ssize(parts_)) throw Error("folder", "there is none such");
  return parts_[static_cast<size_t>(folder)];
}

const data::LabelledEpisode& Recordings::labelled(Part& part, int64_t index) {
  const auto& all = part.recording->labelled();
  const auto found = std::ranges::find(all, index, &data::LabelledEpisode::number);
  if (found == all.end() || found->recorded.hash.empty()) {
    throw Error(fmt::format("episode {}", index), "is not whole: it cannot be labelled");
  }
  return *found;
}

EpisodeList Recordings::list() {
  EpisodeList list;
  std::map<std::string, int> tasks;
  for (Part& part : parts_) {
    Recording& recording = *part.recording;
    std::string problem;
    try {
      const std::vector<EpisodeLine>& lines =
          recording.episodes();  // a journal tells its rate then
      add_lines(lines, recording.folder().id, recording.folder().fps, tasks, list);
      if (part.desk.any()) add_judged(part.desk.judged(recording.labelled()), list);
    } catch (const Error& error) {
      problem = error.what();
    }
    list.folders.push_back(recording.folder());
    list.folders.back().problem = problem;
  }
  add_needs(list);
  return list;
}

FoundEpisodes Recordings::find(const data::FilterQuery& query) {
  FoundEpisodes answer;
  int64_t first = 0;
  for (Part& part : parts_) {
    Recording& recording = *part.recording;
    const std::vector<EpisodeLine>& lines = recording.episodes();
    if (recording.folder().kind == "journal") {
      answer.note = "journals are left out: `gyre data convert` makes datasets of them";
    } else {
      const std::vector<int64_t> found = recording.find(query);
      for (size_t i = 0; i < lines.size(); ++i) {
        if (std::ranges::binary_search(found, lines[i].index)) {
          answer.found.push_back(first + static_cast<int64_t>(i));
        }
      }
    }
    first += std::ssize(lines);
  }
  return answer;
}

RecordedEpisode Recordings::read(int folder, int64_t index) {
  RecordedEpisode episode = at(folder).recording->read(index);
  episode.batch = kBatch;
  return episode;
}

std::string Recordings::pictures(int folder, int64_t index, size_t camera, int64_t batch) {
  const std::vector<std::string> files =
      at(folder).recording->pictures(index, camera, batch * kBatch, (batch + 1) * kBatch);
  std::string bytes;
  add_number(bytes, files.size());
  for (const std::string& file : files) add_number(bytes, file.size());
  for (const std::string& file : files) bytes += file;
  return bytes;
}

EpisodeLabels Recordings::labels(int folder, int64_t index) {
  Part& part = at(folder);
  if (!part.desk.any()) return {};
  return {part.desk.of(labelled(part, index))};
}

EpisodeLabels Recordings::judge(const Judgement& judgement) {
  Part& part = at(judgement.folder);
  const data::LabelledEpisode& episode = labelled(part, judgement.index);
  if (judgement.verb != "undo") {
    part.desk.judge(episode, judgement);
  } else if (!part.desk.undo(judgement.author)) {
    throw Error("undo", "there is nothing to take back");
  }
  return {part.desk.of(episode)};
}

}  // namespace gyre::console
