#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

// Whether a dataset folder is what it says: every count, number, time, frame and statistic.
namespace gyre::data {

struct Finding {
  // "counts", "numbers", "times", "video", "statistics", "contract", "duplicate", "not finite",
  // "missing", "unreadable".
  std::string kind;
  std::optional<int64_t> episode, frame;
  std::string joint;         // the component's name; "" where none is meant
  std::string text;          // what is wrong
  std::string line() const;  // "episode 3, frame 12, elbow: not finite: ..."
};

struct VerifyOptions {
  enum class Depth { kMeta, kRows, kDecode };
  // kMeta: meta/ alone. kRows: every row, and the times of video frames as their files list them.
  // kDecode: every video frame is decoded too.
  Depth depth = Depth::kDecode;
  double tolerance_s = 1e-4;  // of times and of video frames
  size_t most = 1000;         // findings of one kind that are kept; the rest are counted
  std::function<void(int64_t done, int64_t total)> progress;  // files
  std::function<bool()> stop;
};

struct VerifyReport {
  std::filesystem::path folder;
  std::string version;
  int64_t episodes = 0, frames = 0, video_frames = 0;  // that were looked at
  std::vector<Finding> findings;
  std::map<std::string, int64_t> counts;  // by kind, also of what was not kept
  std::vector<std::string> passed_over;   // what was not looked at, and why
  std::set<int64_t> bad_episodes;         // that a finding makes unusable
  bool stopped = false;

  bool ok() const { return counts.empty(); }
};

void to_json(nlohmann::json& json, const VerifyReport& report);

// Never throws for what is wrong with the folder, only where it is no dataset at all.
VerifyReport verify_dataset(const std::filesystem::path& folder, const VerifyOptions& options = {});

}  // namespace gyre::data
