#include "gyre/console/label_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::console {
namespace {

using data::Label;
using data::LabelType;

// A label about the rows that the judgement names, or about the whole episode.
Label label_of(const data::LabelledEpisode& episode, const Judgement& judgement) {
  if (judgement.from < 0) return {.recorded = episode.recorded.hash};
  if (judgement.to <= judgement.from || judgement.to > episode.length) {
    throw Error("judgement", fmt::format("is about frames {} to {} of {}", judgement.from,
                                         judgement.to, episode.length));
  }
  return data::label_for(episode, judgement.from, judgement.to);
}

// The streams that one judgement becomes: name, type, and the label's value or text.
struct Said {
  const char* name;
  LabelType type;
  std::string text;
  double value = 0;
};

std::vector<Said> said_by(const Judgement& judgement) {
  const std::string& verb = judgement.verb;
  if (verb == "success" || verb == "failure") return {{"outcome", LabelType::kOutcome, verb}};
  if (verb == "partial") {
    if (judgement.text.empty()) throw Error("partial success", "needs a reason");
    return {{"outcome", LabelType::kOutcome, "failure"},
            {"partial", LabelType::kText, judgement.text}};
  }
  if (verb == "quality") return {{"quality", LabelType::kQuality, "", judgement.value}};
  if (verb == "exclude") {
    return {{"exclude", LabelType::kExclusion,
             judgement.text.empty() ? "excluded by hand" : judgement.text}};
  }
  if (verb == "subtask") return {{"subtask", LabelType::kSubtask, judgement.text}};
  if (verb == "text") return {{"text", LabelType::kText, judgement.text}};
  throw Error("judgement", "there is no '" + verb + "'");
}

bool same_place(const Label& a, const Label& b) {
  return a.recorded == b.recorded && a.begin_ns == b.begin_ns && a.end_ns == b.end_ns;
}

}  // namespace

std::vector<JudgedEpisode> LabelDesk::judged(
    const std::vector<data::LabelledEpisode>& episodes) const {
  std::vector<JudgedEpisode> judged(episodes.size());
  std::unordered_map<std::string, size_t> places;
  for (size_t i = 0; i < episodes.size(); ++i) places[episodes[i].recorded.hash] = i;
  std::map<std::pair<size_t, std::string>, std::string> by_author;
  const data::Labels labels(folder_);
  for (const data::LabelStream& stream : labels.streams()) {  // the newest of a name comes last
    const LabelType type = stream.head.type;
    if (type != LabelType::kOutcome && type != LabelType::kQuality &&
        type != LabelType::kExclusion) {
      continue;
    }
    for (const Label& label : labels.read(stream)) {
      const auto place = places.find(label.recorded);
      if (place == places.end()) continue;
      JudgedEpisode& one = judged[place->second];
      if (type == LabelType::kExclusion) one.excluded = true;
      if (type == LabelType::kQuality) one.quality = static_cast<int>(label.value.value_or(0));
      if (type == LabelType::kOutcome) {
        one.outcome = *label.text == "unknown" ? "" : *label.text;
        by_author[{place->second, stream.head.author}] = one.outcome;
      }
    }
  }
  std::map<size_t, std::set<std::string>> outcomes;
  for (const auto& [who, outcome] : by_author) outcomes[who.first].insert(outcome);
  for (const auto& [place, words] : outcomes) judged[place].disputed = words.size() > 1;
  return judged;
}

std::vector<LabelLine> LabelDesk::of(const data::LabelledEpisode& episode) const {
  std::vector<LabelLine> lines;
  const data::Labels labels(folder_);
  const auto found = labels.of(episode.recorded.hash);
  for (size_t i = 0; i < found.size(); ++i) {
    const data::LabelHead& head = labels.streams()[i].head;
    for (const Label& label : found[i]) {
      const auto [from, to] = data::labelled_rows(label, episode);
      if (from == to) continue;  // cut off
      lines.push_back(
          {.name = head.name,
           .type = data::label_type_word(head.type),
           .author = head.author,
           .kind = head.kind,
           .time = head.time,
           .whole = !label.begin_ns.has_value(),
           .from = from,
           .to = to,
           .text = label.text.value_or(label.value ? fmt::format("{}", *label.value) : "")});
    }
  }
  return lines;
}

void LabelDesk::judge(const data::LabelledEpisode& episode, const Judgement& judgement) {
  std::vector<Done> done;
  for (const Said& said : said_by(judgement)) {
    Label label = label_of(episode, judgement);
    if (data::is_number(said.type)) {
      label.value = said.value;
    } else {
      label.text = said.text;
    }
    add({.name = said.name,
         .type = said.type,
         .author = judgement.author,
         .kind = "person",
         .arguments = "console",
         .contract_hash = episode.contract_hash},
        label, done);
  }
  done_[judgement.author].push_back(std::move(done));
}

void LabelDesk::add(const data::LabelHead& head, const Label& label, std::vector<Done>& done) {
  data::check_head(head);
  data::check_label(head.type, label);
  const std::string key = head.author + '\n' + head.name + '\n' + head.contract_hash;
  Stream& stream = streams_[key];
  Stream before = stream;
  if (!is_newest(stream)) stream = {};
  // The begin of the stream as its version: no other session's file is ever the same.
  const std::string begun = stream.labels.empty() ? data::utc_now() : stream.head.version;
  stream.head = head;
  stream.head.version = begun;
  std::erase_if(stream.labels, [&](const Label& other) { return same_place(other, label); });
  stream.labels.push_back(label);
  try {
    write(stream);
  } catch (const std::exception&) {
    stream = std::move(before);
    throw;
  }
  done.push_back({key, std::move(before)});
}

// A crash between the two steps leaves both files, which say the same.
void LabelDesk::write(Stream& stream) {
  const std::filesystem::path old = stream.file;
  stream.head.time = data::utc_now();
  stream.file = data::write_labels(folder_, stream.head, stream.labels).file;
  if (!old.empty() && old != stream.file) std::filesystem::remove(old);
}

bool LabelDesk::is_newest(const Stream& stream) const {
  if (stream.file.empty()) return true;
  const data::Labels labels(folder_);
  return std::ranges::none_of(labels.streams(), [&](const data::LabelStream& other) {
    return other.head.name == stream.head.name && other.head.author != stream.head.author &&
           other.head.time >= stream.head.time;
  });
}

bool LabelDesk::undo(const std::string& author) {
  std::vector<std::vector<Done>>& all = done_[author];
  if (all.empty()) return false;
  for (Done& done : all.back()) {
    Stream& stream = streams_[done.key];
    const std::filesystem::path wrong = std::exchange(stream, std::move(done.before)).file;
    if (!stream.labels.empty() && !std::filesystem::exists(stream.file)) {
      stream.file.clear();
      write(stream);
    }
    if (wrong != stream.file) std::filesystem::remove(wrong);
  }
  all.pop_back();
  return true;
}

}  // namespace gyre::console
