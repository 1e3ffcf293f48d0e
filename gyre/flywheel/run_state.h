#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gyre::flywheel {

// The results of a long run so far: `state.json` in its folder, replaced whole and synced after
// each stage, so that a run that was ended at any moment goes on after its last finished stage. One
// process at a time has a run.
class RunState {
 public:
  // A new folder <runs>/<UTC time>. `order` is what the run is to do. Throws Error.
  static RunState create(const std::filesystem::path& runs, const nlohmann::json& order);

  // The newest run in `runs` that is not finished, was given the same order and is in no other
  // process's hands. A folder with an unreadable state is passed over.
  static std::optional<RunState> find_unfinished(const std::filesystem::path& runs,
                                                 const nlohmann::json& order);

  const std::filesystem::path& folder() const { return folder_; }
  std::string name() const { return folder_.filename().string(); }

  // The result of a stage that was done with this key; null when it was not, or with another key.
  const nlohmann::json* result(const std::string& stage, const std::string& key) const;
  // Whether the stage was begun with this key and has not finished.
  bool begun(const std::string& stage, const std::string& key) const;
  // Forgets what the stage was before.
  void begin(const std::string& stage, const std::string& key);
  // `seconds` were spent in this call; spend() adds those of interrupted calls. Throws Error when
  // the state cannot be written; the one on disk stays.
  void finish(const std::string& stage, const std::string& key, nlohmann::json result,
              double seconds);
  void spend(const std::string& stage, double seconds);
  void finish_run();

  // Stages in the order in which they first took time.
  std::vector<std::pair<std::string, double>> seconds() const;

 private:
  class Lock;
  RunState(std::filesystem::path folder, nlohmann::json state, std::shared_ptr<Lock> lock)
      : folder_(std::move(folder)), state_(std::move(state)), lock_(std::move(lock)) {}
  void save() const;
  void count(const std::string& stage, double seconds);

  std::filesystem::path folder_;
  // {order, finished, begun: {stage: key}, results: {stage: {key, result}}, seconds: [[stage, s]]}
  nlohmann::json state_;
  std::shared_ptr<Lock> lock_;
};

}  // namespace gyre::flywheel
