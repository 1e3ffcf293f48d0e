#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/console/wire.h"

// The answers about recorded episodes, as JSON objects. They become a part of console/src/wire.ts
// as those of wire.h do.
namespace gyre::console {

// A dataset or a journal folder.
struct FolderLine {
  int id = 0;              // index into EpisodeList::folders
  std::string path, kind;  // kind: "dataset" or "journal"
  std::string embodiment;
  double fps = 0;       // rows a second
  std::string problem;  // why its episodes cannot be listed; "": they can
  static void fields(auto& visit, auto& m) {
    visit("id", m.id);
    visit("path", m.path);
    visit("kind", m.kind);
    visit("embodiment", m.embodiment);
    visit("fps", m.fps);
    visit("problem", m.problem);
  }
};

// All episodes in columns, [n] each, so that ten thousand stay small.
struct EpisodeList {
  std::vector<FolderLine> folders;
  std::vector<std::string> tasks;
  std::vector<int> folder;     // index into `folders`
  std::vector<int64_t> index;  // number of the episode within its folder
  std::vector<int> task;       // index into `tasks`
  std::vector<double> seconds;
  std::vector<int> outcome;     // 0: nobody judged, 1: success, 2: failure
  std::vector<double> by_hand;  // share of rows that a person or an expert drove; -1: not known
  std::vector<int> alarms;      // -1: not known
  std::vector<int> here;        // 0: its file is missing
  std::vector<int> quality;     // 0: nobody said
  std::vector<int> excluded;    // 1: not to be learnt from
  // Its need of a judgement, for a queue: people differ, nobody judged, alarms, a task of
  // which no episode is judged.
  std::vector<int> need;
  static void fields(auto& visit, auto& m) {
    visit("folders", m.folders);
    visit("tasks", m.tasks);
    visit("folder", m.folder);
    visit("index", m.index);
    visit("task", m.task);
    visit("seconds", m.seconds);
    visit("outcome", m.outcome);
    visit("by_hand", m.by_hand);
    visit("alarms", m.alarms);
    visit("here", m.here);
    visit("quality", m.quality);
    visit("excluded", m.excluded);
    visit("need", m.need);
  }
};

// Positions in EpisodeList of the episodes that fit a question in SQL.
struct FoundEpisodes {
  std::vector<int64_t> found;
  std::string note;  // what could not be asked
  static void fields(auto& visit, auto& m) {
    visit("found", m.found);
    visit("note", m.note);
  }
};

// Rows [from, to) of an episode.
struct Band {
  int64_t from = 0, to = 0;
  std::string text;
  static void fields(auto& visit, auto& m) {
    visit("from", m.from);
    visit("to", m.to);
    visit("text", m.text);
  }
};

// A moment to jump to.
struct Mark {
  int64_t row = 0;
  std::string kind;  // "intervention", "words", "filter", "outcome", or an event's name: "alarm"
  std::string text, author;
  static void fields(auto& visit, auto& m) {
    visit("row", m.row);
    visit("kind", m.kind);
    visit("text", m.text);
    visit("author", m.author);
  }
};

struct RecordedEpisode {
  int folder = 0;
  int64_t index = 0;
  double fps = 0;
  std::string task, outcome;  // outcome: "success", "failure" or ""
  std::vector<std::string> cameras;
  std::vector<FieldInfo> state_fields, action_fields;
  std::vector<std::vector<float>> state;   // [n, S]
  std::vector<std::vector<float>> sent;    // [n, D]
  std::vector<std::vector<float>> wanted;  // [n, D], the policy's proposal; empty: it had none
  std::vector<Band> sources, subtasks;
  std::vector<Mark> marks;  // by row
  int64_t batch = 0;        // pictures in one answer
  static void fields(auto& visit, auto& m) {
    visit("folder", m.folder);
    visit("index", m.index);
    visit("fps", m.fps);
    visit("task", m.task);
    visit("outcome", m.outcome);
    visit("cameras", m.cameras);
    visit("state_fields", m.state_fields);
    visit("action_fields", m.action_fields);
    visit("state", m.state);
    visit("sent", m.sent);
    visit("wanted", m.wanted);
    visit("sources", m.sources);
    visit("subtasks", m.subtasks);
    visit("marks", m.marks);
    visit("batch", m.batch);
  }
};

// Something said about an episode, or about rows [from, to) of it.
struct LabelLine {
  std::string name, type, author, kind, time;
  bool whole = true;  // of the whole episode
  int64_t from = 0, to = 0;
  std::string text;  // or the number
  static void fields(auto& visit, auto& m) {
    visit("name", m.name);
    visit("type", m.type);
    visit("author", m.author);
    visit("kind", m.kind);
    visit("time", m.time);
    visit("whole", m.whole);
    visit("from", m.from);
    visit("to", m.to);
    visit("text", m.text);
  }
};

struct EpisodeLabels {
  std::vector<LabelLine> labels;
  static void fields(auto& visit, auto& m) { visit("labels", m.labels); }
};

// From a page: a judgement that becomes a label at once.
struct Judgement {
  int folder = 0;
  int64_t index = 0;
  // "success", "failure", "partial" (text: the reason), "quality" (value: 1 to 5), "exclude" (text:
  // the reason, or nothing), "subtask" (text, of rows), "text", or "undo": the author's last one.
  std::string verb, author, text;
  double value = 0;
  int64_t from = -1, to = -1;  // rows [from, to); -1: the whole episode
  static void fields(auto& visit, auto& m) {
    visit("folder", m.folder);
    visit("index", m.index);
    visit("verb", m.verb);
    visit("author", m.author);
    visit("text", m.text);
    visit("value", m.value);
    visit("from", m.from);
    visit("to", m.to);
  }
};

}  // namespace gyre::console
