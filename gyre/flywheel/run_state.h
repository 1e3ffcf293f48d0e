#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace gyre::flywheel {

// What a long run has done so far: `state.json` in its folder, replaced whole after each stage, so
// that a run that was ended at any moment goes on after its last finished stage.
class RunState {
 public:
  // A new folder <runs>/<UTC time> with what the run is to do. Throws Error.
  static RunState create(const std::filesystem::path& runs, const nlohmann::json& order);

  // The newest run in `runs` that is not finished and was given the same order. A folder with an
  // unreadable state is passed over.
  static std::optional<RunState> find_unfinished(const std::filesystem::path& runs,
                                                 const nlohmann::json& order);

  const std::filesystem::path& folder() const { return folder_; }
  std::string name() const { return folder_.filename().string(); }

  bool done(const std::string& stage) const;
  // Throws Error when the stage is not done.
  const nlohmann::json& result(const std::string& stage) const;
  // `seconds` were spent in this call; those of earlier, interrupted calls are added by spend().
  void finish(const std::string& stage, nlohmann::json result, double seconds);
  void spend(const std::string& stage, double seconds);
  void finish_run();

  // Stages in the order in which they first took time.
  std::vector<std::pair<std::string, double>> seconds() const;

 private:
  RunState(std::filesystem::path folder, nlohmann::json state)
      : folder_(std::move(folder)), state_(std::move(state)) {}
  void save() const;
  void count(const std::string& stage, double seconds);

  std::filesystem::path folder_;
  nlohmann::json state_;  // {order, finished, results: {stage: ...}, seconds: [[stage, s], ...]}
};

}  // namespace gyre::flywheel
