#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/run_state.h"

namespace gyre::flywheel {

// A step of a turn and everything that its result depends on.
struct StageId {
  std::string name;  // unique in a turn
  int version = 1;   // raised whenever the same inputs give another result
  nlohmann::json inputs = nlohmann::json::object();  // hashes, and the configuration that matters
  std::vector<std::filesystem::path> outputs = {};   // below the run's folder, of this stage alone

  std::string key() const;  // 16 hex digits over name, version and inputs
};

// Runs the stages whose result is not known, and remembers what they return.
class Stages {
 public:
  // `began` receives the name of each stage that runs; may be empty.
  Stages(RunState& state, std::function<void(const std::string&)> began)
      : state_(state), began_(std::move(began)) {}

  // The result of `work()`, which is run unless it was with the same key and `intact(result)` says
  // that what it left on disk is still there. Outputs of another key, or not intact, are removed
  // first; those of an interrupted call with the same key stay, for `work` to go on with. Result
  // converts from and to JSON. Throws Interrupted when a stop was requested, and whatever `work`
  // throws.
  template <class Result, class Work, class Intact>
  Result run(const StageId& id, const Work& work, const Intact& intact) {
    if (const nlohmann::json* known = state_.result(id.name, id.key())) {
      Result result = known->get<Result>();
      if (intact(result)) return result;
    }
    begin(id);
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    try {
      stop_if_requested();
      Result result = work();
      state_.finish(id.name, id.key(), nlohmann::json(result), seconds());
      return result;
    } catch (const Interrupted&) {
      state_.spend(id.name, seconds());
      throw;
    }
  }
  template <class Result, class Work>
  Result run(const StageId& id, const Work& work) {
    return run<Result>(id, work, [](const Result&) { return true; });
  }

  void stop_if_requested() const {
    if (stop_requested()) interrupt();
  }
  // Ends a stage that a stop request cut short; what it has made so far is kept.
  [[noreturn]] void interrupt() const;

 private:
  void begin(const StageId& id);

  RunState& state_;
  std::function<void(const std::string&)> began_;
};

}  // namespace gyre::flywheel
