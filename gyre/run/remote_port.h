#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gyre/run/engine_client.h"
#include "gyre/run/latency.h"
#include "gyre/run/policy_port.h"
#include "gyre/run/previous_actions.h"
#include "gyre/serve/remote.h"
#include "gyre/serve/wire_map.h"

namespace gyre::run {

struct RemotePortOptions {
  serve::RemoteOptions remote;
  // A map of the server's messages (serve::WireMap): a file, or a name in assets/remotes. Empty:
  // the server is Gyre's.
  std::string map;
  std::string robot_name;  // told to Gyre's server, where one connection at a time may have it
  ClientOptions client;    // of a foreign server only the method's way of joining counts
  double deadline_s = 5;   // told to Gyre's server, which then refuses what would be later
};

// Keeps shared objects until nobody else does, so that no other thread frees them.
class Keeper {
 public:
  void keep(std::shared_ptr<const void> object);

 private:
  std::vector<std::shared_ptr<const void>> kept_;
};

// A policy server as the port of one robot, in wall time. The control thread's calls wait for
// nothing, lock nothing, and allocate and free nothing: questions and answers lie in fixed places,
// and each changes hands by one atomic. The remote's thread writes and reads the messages.
//
// A server of Gyre's own gets several questions at once, with everything it knows to use; a foreign
// one gets one at a time, because its answers carry no ids. Each answer is checked: one of another
// shape, or with a number that is not finite, is a failure. Huge numbers are the safety filter's
// affair.
class RemotePort : public PolicyPort, private serve::RemoteTalk {
 public:
  // Begins to connect. Throws Error for options that do not fit each other, the robot or the map.
  RemotePort(const Embodiment& robot, const RemotePortOptions& options);
  ~RemotePort() override;

  void reset(uint64_t noise_seed) noexcept override;
  bool has_room() const noexcept override;
  void submit(const Question& question, int64_t tick) noexcept override;
  bool poll(int64_t tick, Answer& answer) noexcept override;
  double expected_delay() const noexcept override;

  bool connected() const noexcept { return remote_->connected(); }
  int64_t connections() const noexcept { return remote_->connections(); }

  // These lock, so they are not for the control thread.
  std::string last_error() const { return remote_->last_error(); }
  // Waits for the connection, at most so long. Throws Error that says why there is none.
  void require_connected(double seconds) const;
  // A pose that the server wants the robot to begin in (openpi's ALOHA), in the server's order and
  // units.
  std::optional<std::vector<float>> reset_pose() const;
  // The name of the policy on a server of Gyre's own; "" before the first connection.
  std::string policy_name() const;

 private:
  enum State : int {
    kFree,      // the control thread's
    kAsked,     // the remote's, as are the next two
    kTaken,     // a message is made of it
    kSent,      // its answer is awaited
    kAnswered,  // the control thread's
  };
  struct Place {
    std::atomic<int> state{kFree};
    // Written by the control thread before kAsked:
    Question question;  // of the two below
    Frame frame;
    std::vector<float> planned;
    uint64_t noise_seed = 0;
    int64_t attempt = 0, number = 0, asked_ns = 0;
    // The remote's:
    Request request;
    std::vector<float> previous;
    int64_t previous_chunk = -1;
    bool thinks = false;
    // Written by the remote's thread before kAnswered:
    Answer answer;
  };

  void greet(std::span<const uint8_t> metadata) override;
  int take() override;
  std::string message(int question) override;
  int answer(std::span<const uint8_t> message) override;
  void fail(int question, const std::string& why) override;

  std::string own_message(Place& place);
  void choose_subtask(Place& place);
  int find_sent(const serve::AnswerFacts& facts) const;
  void finish(Place& place, serve::ReadAnswer received);
  GoalPtr answered_goal(const Place& place, const std::string& subtask);
  RequestPtr record(const Place& place, const serve::ReadAnswer& received) const;
  void give(Place& place, Answer answer);

  const Embodiment robot_;
  const std::string contract_hash_;
  const RemotePortOptions options_;
  const std::optional<serve::WireMap> map_;
  std::array<Place, kMostInFlight> places_;
  const int places_count_;
  // The control thread's:
  uint64_t seed_ = 0;
  int64_t attempts_ = 0, asked_ = 0;

  // The remote's thread's:
  int64_t horizon_ = 0, max_delay_ = 0;  // of the server
  std::string policy_hash_;
  PreviousActions previous_;
  int64_t attempt_ = 0;
  GoalPtr asked_goal_, thought_goal_;  // the goal that was asked about, and with its subtask
  int64_t thought_ns_ = 0;
  bool cold_ = true;  // no answer on this connection yet
  Latency latency_;
  Keeper keeper_;

  std::atomic<double> delay_{0};
  mutable std::mutex mutex_;
  std::optional<std::vector<float>> reset_pose_;
  std::string policy_name_;
  std::unique_ptr<serve::Remote> remote_;  // last: its thread uses the rest
};

}  // namespace gyre::run
