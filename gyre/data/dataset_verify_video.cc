#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "gyre/core/error.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_verify_parts.h"
#include "gyre/io/video_splice.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct Use {  // of a video file by an episode
  const DatasetEpisode* episode;
  double from_s;
};

// The frames of one episode in a file whose frames are at `times`; returns how many there are.
int64_t check_span(const Use& use, const std::string& key, const std::vector<double>& times,
                   double fps, double tolerance_s, Findings& findings) {
  const double half = 0.5 / fps;
  const int64_t length = use.episode->length;
  const double to_s = use.from_s + static_cast<double>(length) / fps;
  const auto first = std::lower_bound(times.begin(), times.end(), use.from_s - half);
  const auto last = std::lower_bound(first, times.end(), to_s - half);
  const int64_t count = last - first;
  if (count != length) {
    findings.add({.kind = "video",
                  .episode = use.episode->index,
                  .text = fmt::format("{} has {} frames, the table {}", key, count, length)},
                 true);
    return count;
  }
  int64_t wrong = 0, where = 0;
  for (int64_t i = 0; i < length; ++i) {
    const double wanted = use.from_s + static_cast<double>(i) / fps;
    const double off = std::abs(first[i] - wanted);
    if (off > tolerance_s + 1e-9 && wrong++ == 0) where = i;
  }
  if (wrong > 0) {
    findings.add({.kind = "video",
                  .episode = use.episode->index,
                  .frame = where,
                  .text = fmt::format("{}: the picture is at {:.6f} s, not at {:.6f} s{}", key,
                                      first[where], use.from_s + static_cast<double>(where) / fps,
                                      wrong == 1 ? "" : fmt::format(" (and {} more)", wrong - 1))});
  }
  return count;
}

void check_size(const EditSource& source, const std::string& key, const fs::path& file,
                const io::VideoFrames& frames, Findings& findings) {
  const ordered_json& feature = source.features()[key];
  std::vector<int64_t> sides;
  for (const auto& side : feature.at("shape")) sides.push_back(side.get<int64_t>());
  const auto has = [&](int64_t side) {
    return std::find(sides.begin(), sides.end(), side) != sides.end();
  };
  if (has(frames.width) && has(frames.height)) return;
  findings.add({.kind = "video",
                .text = fmt::format("{} is {}x{}, {} has the shape {}", file.string(), frames.width,
                                    frames.height, key, feature["shape"].dump())});
}

}  // namespace

void verify_videos(const EditSource& source, const VerifyOptions& options, Findings& findings,
                   VerifyReport& report) {
  const double fps = source.info().at("fps").get<double>();
  const bool decode = options.depth == VerifyOptions::Depth::kDecode;
  std::map<fs::path, std::pair<std::string, std::vector<Use>>> files;
  for (const DatasetEpisode& episode : source.dataset().episodes()) {
    if (!episode.missing.empty()) continue;
    for (size_t k = 0; k < episode.videos.size(); ++k) {
      auto& [key, uses] = files[episode.videos[k].file];
      key = source.videos().at(k);
      uses.push_back({&episode, episode.videos[k].from_s});
    }
  }
  int64_t done = 0;
  for (const auto& [file, named] : files) {
    const auto& [key, uses] = named;
    if (options.progress) options.progress(done++, std::ssize(files));
    try {
      const io::VideoFrames frames = io::video_frames(file, decode, options.stop);
      if (options.stop && options.stop()) {
        report.stopped = true;
        return;
      }
      check_size(source, key, file, frames, findings);
      int64_t used = 0;
      for (const Use& use : uses) {
        used += check_span(use, key, frames.times_s, fps, options.tolerance_s, findings);
      }
      const int64_t more = std::ssize(frames.times_s) - used;
      if (more > 0) {
        findings.add({.kind = "video",
                      .text = fmt::format("{} of the {} frames in {} belong to no episode", more,
                                          frames.times_s.size(), file.string())});
      }
      report.video_frames += std::ssize(frames.times_s);
    } catch (const Error& error) {
      for (const Use& use : uses) {
        findings.add({.kind = "unreadable", .episode = use.episode->index, .text = error.what()},
                     true);
      }
    }
  }
  if (!decode && !files.empty()) {
    report.passed_over.emplace_back("pictures were not decoded");
  }
}

}  // namespace gyre::data
