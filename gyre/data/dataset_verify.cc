#include "gyre/data/dataset_verify.h"

#include <fmt/format.h>

#include "gyre/core/error.h"
#include "gyre/data/dataset_verify_parts.h"

namespace gyre::data {

std::string Finding::line() const {
  std::string where;
  const auto add = [&](const std::string& part) { where += (where.empty() ? "" : ", ") + part; };
  if (episode) add(fmt::format("episode {}", *episode));
  if (frame) add(fmt::format("frame {}", *frame));
  if (!joint.empty()) add(joint);
  return fmt::format("{}{}{}: {}", where, where.empty() ? "" : ": ", kind, text);
}

void Findings::add(Finding finding, bool unusable) {
  if (unusable && finding.episode) report_.bad_episodes.insert(*finding.episode);
  if (static_cast<size_t>(report_.counts[finding.kind]++) < most_) {
    report_.findings.push_back(std::move(finding));
  }
}

void to_json(nlohmann::json& json, const VerifyReport& report) {
  json = {{"folder", report.folder.string()},
          {"version", report.version},
          {"episodes", report.episodes},
          {"frames", report.frames},
          {"video_frames", report.video_frames},
          {"ok", report.ok()},
          {"counts", report.counts},
          {"passed_over", report.passed_over},
          {"findings", nlohmann::json::array()}};
  for (const Finding& finding : report.findings) {
    nlohmann::json one = {{"kind", finding.kind}, {"text", finding.text}};
    if (finding.episode) one["episode"] = *finding.episode;
    if (finding.frame) one["frame"] = *finding.frame;
    if (!finding.joint.empty()) one["joint"] = finding.joint;
    json["findings"].push_back(std::move(one));
  }
}

VerifyReport verify_dataset(const std::filesystem::path& folder, const VerifyOptions& options) {
  VerifyReport report{.folder = folder};
  Findings findings(report, options.most);
  EditSource source(folder, io::Parquet::open());
  report.version = source.dataset().version();
  report.episodes = std::ssize(source.dataset().present());
  verify_meta(source, findings);
  if (options.depth == VerifyOptions::Depth::kMeta) return report;
  source.only_numbers();
  verify_rows(source, options, findings, report);
  if (!report.stopped) verify_videos(source, options, findings, report);
  return report;
}

}  // namespace gyre::data
