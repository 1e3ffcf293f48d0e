#pragma once

#include <memory>
#include <mutex>

#include "gyre/console/recordings.h"
#include "gyre/serve/listener.h"

namespace gyre::console {

// Answers about recorded episodes, all on the listener's thread that may wait:
//   GET /recorded/list.json                        EpisodeList
//   GET /recorded/found.json?where=SQL&having=SQL  FoundEpisodes
//   GET /recorded/FOLDER/EPISODE.json              RecordedEpisode
//   GET /recorded/FOLDER/EPISODE/labels.json       EpisodeLabels
//   GET /recorded/FOLDER/EPISODE/pictures/CAMERA/BATCH   Recordings::pictures()
//   POST /recorded/judge                           a Judgement; EpisodeLabels
class RecordedSite : public serve::Site {
 public:
  // Throws Error as Recordings does.
  explicit RecordedSite(const std::vector<std::filesystem::path>& folders);

  bool owns(const serve::HttpRequest& request) const override;
  serve::SiteAnswer answer(const serve::HttpRequest& request) override;

 private:
  serve::SiteAnswer judge(const serve::HttpRequest& request);
  serve::HttpAnswer find(const std::string& target);
  serve::HttpAnswer get(const std::string& path);

  std::mutex mutex_;
  Recordings recordings_;
};

}  // namespace gyre::console
