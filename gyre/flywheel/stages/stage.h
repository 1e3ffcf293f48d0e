#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "gyre/core/hash.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/run_state.h"

namespace gyre::flywheel {

// A step of a turn and everything that its result depends on: hashes of its inputs, and the part of
// the configuration that matters to it.
struct StageId {
  std::string name;  // unique in a turn
  int version = 1;   // raised whenever the same inputs give another result
  nlohmann::json inputs = nlohmann::json::object();

  std::string key() const {
    const nlohmann::json all = {name, version, inputs};
    return sha256_hex(all.dump(), 16);
  }
};

// Runs stages whose result is not known, and remembers what they return.
class Stages {
 public:
  // `began` is told the name of each stage that runs; may be empty.
  Stages(RunState& state, std::function<void(const std::string&)> began)
      : state_(state), began_(std::move(began)) {}

  // The result of `work()`, which is run unless it was with the same key and `intact(result)` says
  // that what it left on disk is still there. Result converts from and to JSON. Throws Interrupted
  // when a stop was requested, and whatever `work` throws.
  template <class Result, class Work, class Intact>
  Result run(const StageId& id, const Work& work, const Intact& intact) {
    const std::string key = id.key();
    if (const nlohmann::json* known = state_.result(id.name, key)) {
      Result result = known->get<Result>();
      if (intact(result)) return result;
    }
    stop_if_requested();
    if (began_) began_(id.name);
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    try {
      Result result = work();
      state_.finish(id.name, key, nlohmann::json(result), seconds());
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
  [[noreturn]] void interrupt() const {
    throw Interrupted(state_.folder().string(), "interrupted; what is done so far is kept",
                      "give the same command again to go on");
  }

 private:
  RunState& state_;
  std::function<void(const std::string&)> began_;
};

}  // namespace gyre::flywheel
