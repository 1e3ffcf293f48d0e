#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/infer/engine.h"
#include "gyre/run/ladder_port.h"
#include "gyre/run/loop_config.h"
#include "gyre/run/outcome_sink.h"
#include "gyre/run/remote_port.h"
#include "gyre/run/threaded_port.h"
#include "gyre/serve/outcome_reporter.h"

namespace gyre::apps {

// A policy server, as flags.
struct RemoteFlags {
  std::string url, map, token_file, ca_file;
};
void add_remote_flags(CLI::App& verb, RemoteFlags& flags);

// The remote port's options for a robot of this name.
run::RemotePortOptions remote_options(const RemoteFlags& flags, const run::LoopConfig& loop,
                                      const std::string& robot_name);

// Reports the ends of attempts to the server whose answers drove them.
class AttemptReporter {
 public:
  AttemptReporter(const serve::RemoteOptions& server, const run::RemotePort& port,
                  const std::string& robot_name);
  void report(const run::AttemptEnd& attempt);

 private:
  std::string session_;  // begins the attempts' names
  serve::OutcomeReporter reporter_;
};

// The policy that drives a robot: a local one, a remote one, or a remote one with the local one for
// when the link is bad.
class DrivePolicy {
 public:
  // `policy`: the local one's folder, "" for none.
  DrivePolicy(const std::string& policy, const infer::EngineOptions& options);

  // The side of the pictures (pixels) that the local policy was trained on; otherwise `otherwise`.
  int image_size(const Embodiment& robot, int otherwise) const;

  // Opens the way to the policies. Throws Error where the local policy was not trained on the
  // robot, and where there is none and no server within some seconds.
  run::PolicyPort& open(const Embodiment& robot, const std::string& robot_name,
                        const RemoteFlags& remote, const run::LoopConfig& loop);

  std::string name() const;  // a folder, or the server's address
  std::string hash() const;  // "" of a remote one
  // The words that a local policy knows, where its vocabulary is small enough to be closed; a large
  // one can spell any word.
  std::vector<std::string> words() const;
  // The pose that the server wants the robot to begin in.
  std::optional<std::vector<float>> reset_pose() const;
  // Reports the ends of attempts to a server of Gyre's own; null without one. `robot_name` begins
  // the attempts' names.
  std::unique_ptr<AttemptReporter> outcome_reporter(const std::string& robot_name) const;
  // A word on the connection that is bad; "" otherwise.
  std::string complaint() const;

 private:
  std::string folder_, url_;
  serve::RemoteOptions server_;
  bool own_server_ = false;  // Gyre's
  std::unique_ptr<infer::Engine> engine_;
  std::unique_ptr<run::ThreadedPort> local_;
  std::unique_ptr<run::RemotePort> remote_;
  std::unique_ptr<run::LadderPort> ladder_;
};

}  // namespace gyre::apps
