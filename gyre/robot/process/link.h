#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/latest.h"
#include "gyre/robot/camera.h"
#include "gyre/robot/process/camera.h"
#include "gyre/robot/process/protocol.h"
#include "gyre/robot/robot_folder.h"

namespace gyre::process {

// Why a driver's robot is latched.
enum class Trouble : uint8_t {
  kNone,
  kLost,     // the driver ended, or does not read what it is sent
  kRefused,  // it told something that cannot be
  kFault,    // its own
};

// The connection to a driver, on a thread of its own. A driver that ends is looked for again until
// it is back; what has happened stays latched until clear().
class Link {
 public:
  struct Options {
    std::string socket;  // at which the driver listens
    int image_size = 0;  // of the cameras' pictures for a policy; 0: none are taken
  };
  // Connects, and waits for the driver's first state. Throws Error in one line: nobody listens, or
  // the driver is another robot's, tells no state, or one that cannot be.
  Link(std::shared_ptr<const RobotFolder> folder, const Options& options);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  const Embodiment& contract() const { return contract_; }  // "<name>/joint", with every camera
  // A camera of the driver's; null where it has none of that name. It may outlive the link.
  std::unique_ptr<Camera> camera(const std::string& name) const;

  // One thread, which never waits. The newest state; the first one until there is another.
  const State& newest() noexcept;
  void post(std::span<const float> command) noexcept;
  void stop() noexcept;
  void clear() noexcept;
  Trouble trouble() const noexcept { return trouble_.load(std::memory_order_acquire); }
  std::string fault() const;  // in words; any thread

 private:
  enum class Order : uint8_t { kNone, kStop, kClear };

  void connect();
  void await_state();
  void work();
  void exchange(int wait_ms);
  bool receive();
  void take(Message& message);
  void take_hello(const Hello& hello);
  void take_state(const State& state);
  std::string complaint(const State& state) const;  // "": the state can be
  void queue_orders();
  void flush();
  void drop(Trouble trouble, const std::string& words);
  void latch(Trouble trouble, const std::string& words);
  void wake() noexcept;

  std::shared_ptr<const RobotFolder> folder_;
  Options options_;
  Embodiment contract_;
  std::map<std::string, std::shared_ptr<PictureFeed>> feeds_;
  int socket_ = -1, wake_ = -1;
  Reader reader_;
  bool greeted_ = false;
  std::string unsent_;
  int64_t unsent_since_ns_ = 0;
  int64_t last_ns_ = 0;  // of the last state that was taken
  Latest<State> states_;
  Latest<std::vector<float>> commands_;
  std::atomic<Order> order_{Order::kNone};
  std::atomic<Trouble> trouble_{Trouble::kNone};
  std::atomic<bool> well_{false};  // connected, and what the driver told last can be
  std::atomic<bool> leave_{false};
  bool own_fault_ = false;  // of the driver, which only it ends
  bool refused_ = false;    // its last state
  mutable std::mutex words_mutex_;
  std::string words_;
  std::thread thread_;
};

}  // namespace gyre::process
