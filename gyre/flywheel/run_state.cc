#include "gyre/flywheel/run_state.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <fstream>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

}  // namespace

RunState RunState::create(const fs::path& runs, const nlohmann::json& order) {
  const std::string time = fmt::format("{:%Y-%m-%dT%H-%M-%S}", fmt::gmtime(std::time(nullptr)));
  std::error_code code;
  fs::create_directories(runs, code);
  if (code) throw Error(runs.string(), "the folder cannot be made (" + code.message() + ")");
  fs::path folder = runs / time;
  for (int i = 2; !fs::create_directory(folder, code); ++i) {
    if (code) throw Error(folder.string(), "the folder cannot be made (" + code.message() + ")");
    folder = runs / fmt::format("{}-{}", time, i);  // two runs within one second
  }
  RunState state(folder, {{"order", order},
                          {"finished", false},
                          {"results", nlohmann::json::object()},
                          {"seconds", nlohmann::json::array()}});
  state.save();
  return state;
}

std::optional<RunState> RunState::find_unfinished(const fs::path& runs,
                                                  const nlohmann::json& order) {
  std::error_code code;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(runs, code)) folders.push_back(entry.path());
  std::sort(folders.rbegin(), folders.rend());
  for (const fs::path& folder : folders) {
    std::ifstream in(folder / "state.json");
    auto state = nlohmann::json::parse(in, nullptr, false);
    if (!in || state.is_discarded() || !state.is_object()) continue;
    if (state.value("finished", true) || state.value("order", nlohmann::json()) != order) continue;
    return RunState(folder, std::move(state));
  }
  return std::nullopt;
}

bool RunState::done(const std::string& stage) const { return state_["results"].contains(stage); }

const nlohmann::json& RunState::result(const std::string& stage) const {
  if (!done(stage)) throw Error((folder_ / "state.json").string(), stage + " is not done");
  return state_["results"].at(stage);
}

void RunState::finish(const std::string& stage, nlohmann::json result, double seconds) {
  state_["results"][stage] = std::move(result);
  count(stage, seconds);
  save();
}

void RunState::spend(const std::string& stage, double seconds) {
  count(stage, seconds);
  save();
}

void RunState::finish_run() {
  state_["finished"] = true;
  save();
}

std::vector<std::pair<std::string, double>> RunState::seconds() const {
  return state_["seconds"].get<std::vector<std::pair<std::string, double>>>();
}

void RunState::count(const std::string& stage, double seconds) {
  for (auto& entry : state_["seconds"]) {
    if (entry[0] == stage) {
      entry[1] = entry[1].get<double>() + seconds;
      return;
    }
  }
  state_["seconds"].push_back({stage, seconds});
}

void RunState::save() const { io::write_atomically(folder_ / "state.json", state_.dump(1) + "\n"); }

}  // namespace gyre::flywheel
