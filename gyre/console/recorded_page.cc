#include "gyre/console/recorded_page.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/console/bundle.h"
#include "gyre/console/wire_json.h"
#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::console {
namespace {

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// A file of the bundle as the content of an element: nothing in it ends the element.
std::string inlined(std::string_view path) {
  const auto found = std::ranges::find(bundle(), path, &BundleFile::path);
  if (found == bundle().end()) throw Error(std::string(path), "is not in the bundle");
  std::string text(found->content);
  replace_all(text, "</script", "<\\/script");
  return text;
}

// An answer of the server, which the page finds by its path.
std::string element(const std::string& path, std::string body) {
  replace_all(body, "<", "\\u003c");
  return fmt::format("<script type=\"application/json\" data-path=\"{}\">{}</script>\n", path,
                     body);
}

template <class T>
void keep(std::vector<T>& column, const std::vector<int64_t>& places) {
  std::vector<T> kept;
  for (const int64_t place : places) kept.push_back(column[static_cast<size_t>(place)]);
  column = std::move(kept);
}

EpisodeList chosen_episodes(Recordings& recordings, const data::FilterQuery& query) {
  EpisodeList list = recordings.list();
  std::vector<int64_t> places;
  const bool all = query.where.empty() && query.having.empty();
  if (!all) places = recordings.find(query).found;
  for (int64_t place = 0; all && place < std::ssize(list.index); ++place) places.push_back(place);
  std::erase_if(places, [&](int64_t place) { return list.here[static_cast<size_t>(place)] == 0; });
  if (places.empty()) throw Error("the question", "fits no episode", "leave it out for all");
  keep(list.folder, places);
  keep(list.index, places);
  keep(list.task, places);
  keep(list.seconds, places);
  keep(list.outcome, places);
  keep(list.by_hand, places);
  keep(list.alarms, places);
  keep(list.here, places);
  keep(list.quality, places);
  keep(list.excluded, places);
  keep(list.need, places);
  return list;
}

void write_episode(io::OutputFile& out, Recordings& recordings, int folder, int64_t index) {
  const RecordedEpisode episode = recordings.read(folder, index);
  const std::string path = fmt::format("/recorded/{}/{}", folder, index);
  out.write(element(path + ".json", json_of(episode)));
  out.write(element(path + "/labels.json", json_of(recordings.labels(folder, index))));
  const auto rows = std::ssize(episode.sent);
  for (size_t camera = 0; camera < episode.cameras.size(); ++camera) {
    for (int64_t batch = 0; batch * Recordings::kBatch < rows; ++batch) {
      out.write(element(fmt::format("{}/pictures/{}/{}", path, camera, batch),
                        base64(recordings.pictures(folder, index, camera, batch))));
    }
  }
}

}  // namespace

WrittenPage write_recorded_page(const std::filesystem::path& file, Recordings& recordings,
                                const data::FilterQuery& query,
                                const std::function<void(int64_t, int64_t)>& progress) {
  const EpisodeList list = chosen_episodes(recordings, query);
  const auto total = std::ssize(list.index);
  io::write_atomically(file, [&](const std::filesystem::path& temporary) {
    io::OutputFile out(temporary);
    out.write(fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Gyre: episodes</title>\n"
        "<link rel=\"icon\" href=\"data:,\">\n<style>{}</style>\n</head>\n<body>\n"
        "<div id=\"app\"></div>\n",
        inlined("/index.css")));
    out.write(element("/recorded/list.json", json_of(list)));
    for (size_t i = 0; i < list.index.size(); ++i) {
      write_episode(out, recordings, list.folder[i], list.index[i]);
      if (progress) progress(static_cast<int64_t>(i) + 1, total);
    }
    out.write("<script type=\"module\">" + inlined("/console.js") +
              "</script>\n</body>\n</html>\n");
    out.close();
  });
  return {.episodes = total, .bytes = static_cast<int64_t>(std::filesystem::file_size(file))};
}

}  // namespace gyre::console
