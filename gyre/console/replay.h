#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/record.h"
#include "gyre/run/operator.h"
#include "gyre/run/status_sink.h"
#include "gyre/run/tape.h"

namespace gyre::console {

// Journal files as a robot that takes no orders: plays them at the speed at which they were
// recorded, or `speed` times as fast as far as the machine can, one after another and from the
// beginning again, until its end. Its clock never runs back. Spans of another contract than the
// first file's are passed over, and so is damage.
class Replay : public run::Operator {
 public:
  // `files` in their order; begins with file `first`, its first `skip_s` seconds left out. Throws
  // Error when that file holds no record.
  Replay(std::vector<std::filesystem::path> files, size_t first, double skip_s, double speed = 1);
  ~Replay() override;

  const Embodiment& contract() const { return contract_; }
  const std::string& policy() const { return policy_; }

  // Plays into `sink`, which must outlive end(), on a thread of its own.
  void begin(run::TapeSink& sink);
  void end();  // by the destructor at the latest

  std::string refusal() const override { return "a recording takes no orders"; }
  void order(event::Order, std::string_view) override {}
  void judge(event::Outcome, std::string_view, std::string_view) override {}
  bool say(const std::string&, std::string_view) override { return false; }
  bool beat(std::span<const float>) override { return false; }
  void let_go() override {}
  run::LoopStatus status() const override { return status_.status(); }

 private:
  void play(run::TapeSink& sink);
  // False when nothing of the file could be played.
  bool play_file(const std::filesystem::path& file, run::TapeSink& sink);
  void give(Record& record, run::TapeSink& sink);
  bool wait_for(std::chrono::steady_clock::time_point moment);  // false: the end has come

  std::vector<std::filesystem::path> files_;
  size_t first_;
  double speed_;
  int64_t skip_ns_;       // of the first file, until it was begun
  int64_t now_ns_ = 0;    // the robot's clock: it goes on from file to file
  int64_t shift_ns_ = 0;  // from the present file's clock to it
  Embodiment contract_;
  std::string policy_;
  std::mutex mutex_;  // of `ending_`
  std::condition_variable ended_;
  run::StatusSink status_;
  bool ending_ = false;
  std::thread thread_;
};

// `count` robots from the journal files of a folder: each begins with another file, or where there
// are fewer files at another moment of it. Throws Error for a folder without journals.
std::vector<std::unique_ptr<Replay>> replayed_robots(const std::filesystem::path& folder, int count,
                                                     double speed = 1);

}  // namespace gyre::console
