#include "gyre/flywheel/run_state.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fstream>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

}  // namespace

// Held while the process has the run; a kill lets it go.
class RunState::Lock {
 public:
  // Null when another process has the run. Throws Error when the file cannot be made.
  static std::shared_ptr<Lock> take(const fs::path& folder) {
    const fs::path file = folder / "run.lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) io::throw_file_error(file, "write", errno);
    auto lock = std::shared_ptr<Lock>(new Lock(descriptor));
    return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? lock : nullptr;
  }
  ~Lock() { ::close(descriptor_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  explicit Lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

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
  RunState state(folder,
                 {{"order", order},
                  {"finished", false},
                  {"begun", nlohmann::json::object()},
                  {"results", nlohmann::json::object()},
                  {"seconds", nlohmann::json::array()}},
                 Lock::take(folder));
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
    if (!state.contains("begun") || !state.contains("results") || !state.contains("seconds")) {
      continue;
    }
    if (auto lock = Lock::take(folder)) return RunState(folder, std::move(state), std::move(lock));
  }
  return std::nullopt;
}

const nlohmann::json* RunState::result(const std::string& stage, const std::string& key) const {
  const auto found = state_["results"].find(stage);
  if (found == state_["results"].end() || found->at("key") != key) return nullptr;
  return &found->at("result");
}

bool RunState::begun(const std::string& stage, const std::string& key) const {
  return state_["begun"].value(stage, "") == key;
}

void RunState::begin(const std::string& stage, const std::string& key) {
  state_["results"].erase(stage);
  state_["begun"][stage] = key;
  save();
}

void RunState::finish(const std::string& stage, const std::string& key, nlohmann::json result,
                      double seconds) {
  state_["begun"].erase(stage);
  state_["results"][stage] = {{"key", key}, {"result", std::move(result)}};
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
