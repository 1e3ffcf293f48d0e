#include "gyre/data/dataset_edit_record.h"

#include <fmt/format.h>

#include <cstdio>

#include "gyre/core/error.h"

namespace gyre::data {
namespace {

using nlohmann::ordered_json;

// More would be a list that no dataset holds.
constexpr int64_t kMostEpisodes = 100'000'000;

bool is_whole(const KeptEpisode& kept) { return kept.first == 0 && kept.frames < 0 && !kept.words; }

ordered_json kept_json(const KeptEpisode& kept) {
  ordered_json json = {{"source", kept.source},
                       {"episode", kept.episode},
                       {"first", kept.first},
                       {"frames", kept.frames}};
  if (kept.words) json["words"] = *kept.words;
  return json;
}

void add_run(const std::string& text, std::vector<KeptEpisode>& episodes) {
  size_t source = 0;
  int64_t first = 0, last = 0;
  char end = 0;
  if (std::sscanf(text.c_str(), "%zu:%ld-%ld%c", &source, &first, &last, &end) != 3 || first < 0 ||
      last < first || last - first >= kMostEpisodes) {
    throw Error("plan", fmt::format("'{}' is no run of episodes", text), "write 0:0-9");
  }
  for (int64_t i = first; i <= last; ++i) episodes.push_back({.source = source, .episode = i});
}

}  // namespace

ordered_json plan_json(const DatasetEdit& edit) {
  ordered_json episodes = ordered_json::array();
  const std::vector<KeptEpisode>& all = edit.episodes;
  for (size_t i = 0; i < all.size();) {
    if (!is_whole(all[i])) {
      episodes.push_back(kept_json(all[i++]));
      continue;
    }
    size_t end = i + 1;
    while (end < all.size() && is_whole(all[end]) && all[end].source == all[i].source &&
           all[end].episode == all[end - 1].episode + 1) {
      ++end;
    }
    episodes.push_back(
        fmt::format("{}:{}-{}", all[i].source, all[i].episode, all[end - 1].episode));
    i = end;
  }
  ordered_json plan = {{"episodes", std::move(episodes)}};
  if (!edit.rename.empty()) plan["rename"] = edit.rename;
  if (!edit.drop.empty()) plan["drop"] = edit.drop;
  if (edit.retime) plan["retime"] = true;
  if (edit.encode) {
    ordered_json encode = {{"width", edit.encode->width}, {"height", edit.encode->height}};
    if (edit.encode->codec) encode["codec"] = *edit.encode->codec;
    if (edit.encode->crf) encode["crf"] = *edit.encode->crf;
    if (edit.encode->group) encode["group"] = *edit.encode->group;
    encode["fast_decode"] = edit.encode->fast_decode;
    plan["encode"] = std::move(encode);
  }
  return plan;
}

DatasetEdit planned_edit(const ordered_json& plan,
                         const std::vector<std::filesystem::path>& sources) {
  DatasetEdit edit{.sources = sources, .episodes = {}, .rename = {}, .drop = {}, .encode = {}};
  try {
    for (const ordered_json& entry : plan.at("episodes")) {
      if (entry.is_string()) {
        add_run(entry.get<std::string>(), edit.episodes);
        continue;
      }
      edit.episodes.push_back({.source = entry.at("source"),
                               .episode = entry.at("episode"),
                               .first = entry.at("first"),
                               .frames = entry.at("frames")});
      if (entry.contains("words")) edit.episodes.back().words = entry.at("words");
    }
    edit.rename = plan.value("rename", edit.rename);
    edit.drop = plan.value("drop", edit.drop);
    edit.retime = plan.value("retime", false);
    if (plan.contains("encode")) {
      const ordered_json& encode = plan.at("encode");
      edit.encode = DatasetEdit::Encode{};
      edit.encode->width = encode.at("width");
      edit.encode->height = encode.at("height");
      if (encode.contains("codec")) edit.encode->codec = encode.at("codec");
      if (encode.contains("crf")) edit.encode->crf = encode.at("crf");
      if (encode.contains("group")) edit.encode->group = encode.at("group");
      edit.encode->fast_decode = encode.value("fast_decode", false);  // younger than the others
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error("plan", fmt::format("is no plan of an edit ({})", error.what()));
  }
  for (const KeptEpisode& kept : edit.episodes) {
    if (kept.source < sources.size()) continue;
    throw Error("plan", fmt::format("names source {} of {}", kept.source, sources.size()));
  }
  return edit;
}

}  // namespace gyre::data
