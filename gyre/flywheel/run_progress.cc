#include "gyre/flywheel/run_progress.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

constexpr auto kBetweenNews = std::chrono::milliseconds(500);
constexpr const char* kNewsFile = "progress.json";

double seconds_from(std::chrono::steady_clock::time_point from,
                    std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

std::optional<RunNews> read_news(const fs::path& run) {
  std::ifstream in(run / kNewsFile);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    const auto& process = json.at("process");
    return RunNews{.process = {.pid = process.at("pid"), .started = process.at("started")},
                   .stage = json.at("stage"),
                   .stage_s = json.at("stage_s"),
                   .what = json.at("what"),
                   .unit = json.at("unit"),
                   .done = json.at("done"),
                   .total = json.at("total"),
                   .left_s = json.at("left_s")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

RunProgress::RunProgress(const fs::path& run)
    : file_(run / kNewsFile),
      news_{.process = this_process()},
      listener_([this](const ProgressNews& update) { hear(update); }) {}

RunProgress::~RunProgress() { begin(""); }

void RunProgress::begin(const std::string& stage) {
  news_ = {.process = news_.process, .stage = stage};
  stage_began_ = std::chrono::steady_clock::now();
  write(stage_began_);
  written_ = {};  // the stage's first update is written at once
}

void RunProgress::hear(const ProgressNews& update) {
  const auto now = std::chrono::steady_clock::now();
  if (now - written_ < kBetweenNews) return;
  const bool known = update.total > update.done && update.done > 0;
  news_.what = update.what;
  news_.unit = update.unit;
  news_.done = update.done;
  news_.total = update.total;
  news_.left_s = known ? update.elapsed_s * static_cast<double>(update.total - update.done) /
                             static_cast<double>(update.done)
                       : -1;
  write(now);
}

// Not synced: after a loss of power there is no process that it is about.
void RunProgress::write(Time now) {
  written_ = now;
  news_.stage_s = seconds_from(stage_began_, now);
  const nlohmann::json json = {
      {"process", {{"pid", news_.process.pid}, {"started", news_.process.started}}},
      {"stage", news_.stage},
      {"stage_s", news_.stage_s},
      {"what", news_.what},
      {"done", news_.done},
      {"total", news_.total},
      {"unit", news_.unit},
      {"left_s", news_.left_s}};
  const fs::path partial = file_.string() + ".partial";
  {
    std::ofstream out(partial);
    out << json.dump() << '\n';
    if (!out.flush()) return;
  }
  std::error_code ignored;
  fs::rename(partial, file_, ignored);
}

}  // namespace gyre::flywheel
