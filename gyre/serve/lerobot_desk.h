#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "gyre/serve/lerobot.h"
#include "gyre/serve/service.h"

namespace gyre::serve::lerobot {

// A robot's numbers and a policy's contract: which is which, and in which units.
class Fit {
 public:
  // Fits the first contract of `checkpoint` that has the robot's joints and cameras. Throws Error
  // naming both sides. A LeRobot policy gets the numbers as they are. One of Gyre's own knows
  // radians and an opening from 0 to 1, so its robots send degrees (`use_degrees`) and 0 to 100.
  Fit(const Checkpoint& checkpoint, const PolicySetup& setup);

  const Embodiment& contract() const { return contract_; }
  // The request for an observation. Throws Error naming a joint or camera that is missing.
  Request request(const Observation& observation) const;
  // The chunk's actions in the robot's order and units.
  ActionChunk actions(const ActionChunk& chunk) const;

 private:
  struct Joint {
    int field = 0;  // of the contract, the same in state and action
    double scale = 1;
  };
  static std::optional<std::vector<Joint>> joints_of(const Embodiment& contract,
                                                     const PolicySetup& setup, bool converts);
  Embodiment contract_;
  std::vector<std::string> names_;  // the robot's, in its order
  std::vector<Joint> joints_;       // likewise
};

struct DeskOptions {
  std::string policy;    // its name
  double wait_s = 2;     // for an observation, before an empty answer
  double forget_s = 60;  // a client that has not been heard of
  size_t most_clients = 64;
};

// LeRobot's asynchronous inference without gRPC: one state for each client. Observations are taken
// at once, and only the newest is kept; an answer is computed when it is asked for. An observation
// of a step that has been answered is left out, unless it says that it must be answered. Safe from
// several threads.
class Desk {
 public:
  using Done = std::function<void(std::string actions)>;  // empty: no actions

  Desk(Service& service, const DeskOptions& options);
  ~Desk();  // waits for what is computed

  void ready(const std::string& client);
  // These throw Error in one line for a message that does not fit.
  void set_up(const std::string& client, std::span<const uint8_t> message);
  void observe(const std::string& client, std::span<const uint8_t> message);
  // Calls `done` once: at once, or from another thread.
  void act(const std::string& client, Done done);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Client {
    std::shared_ptr<Session> session;
    std::optional<PolicySetup> setup;
    std::shared_ptr<const Fit> fit;
    std::optional<Observation> newest;
    int64_t answered_step = -1;
    Done waits;  // for an observation
    Time waits_until{}, heard{};
  };
  class Computation;
  Client& client_of(const std::string& name);
  void compute(Client& client, Done done);
  void forget(std::map<std::string, Client>::iterator found);
  void sweep();

  Service& service_;
  const DeskOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Client> clients_;
  bool ending_ = false;
  std::mutex counting_;  // of the next two
  std::condition_variable counted_;
  int64_t computing_ = 0;
  std::thread sweeper_;
};

}  // namespace gyre::serve::lerobot
