#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "gyre/console/join_wire.h"
#include "gyre/console/robot_desk.h"
#include "gyre/console/robot_feed.h"
#include "gyre/serve/uplink.h"

namespace gyre::console {

struct JoinOptions {
  std::string url;                // http[s]://HOST[:PORT] of a console; without a port 8080
  std::string token;              // one for drive; off this machine only by https
  std::filesystem::path ca_file;  // PEM, trusted for https; empty: the certificates of the system
};

// The websocket on which a robot joins the console at `url`. Throws Error for another kind of
// address.
std::string join_address(const std::string& url);

// A robot of this program on the console of another. It has a thread of its own: a console that is
// lost, slow or refuses costs the robot nothing but its place on the pages, and control by hand
// ends as if the page had been lost.
class ConsoleLink : private Publisher, private serve::UplinkTalk {
 public:
  // `told` gets one line when the console is lost, will not have the robot, or is found again; on
  // the link's thread. Throws Error for options that will not do.
  ConsoleLink(const JoinOptions& options, std::function<void(const std::string&)> told);
  ~ConsoleLink() override;

  // Once. As ConsoleSite::add_robot(); the link must not outlive `operations`.
  run::TapeSink& add_robot(const std::string& name, const std::string& policy,
                           const Embodiment& contract, run::Operator& operations,
                           const RobotExtras& extras = {});
  // Connects, and waits for the first answer at most so long. Where nobody answers the link goes on
  // trying: trouble() says why. Throws Error where the console refuses this robot.
  void begin(double seconds);
  std::string trouble() const;  // one line; "" while the console shows the robot
  std::string name() const;     // under which it does

 private:
  bool watched(Audience audience) const override;
  void publish(Audience audience, std::string message, bool binary, bool may_drop) override;
  int holder() const override { return desk_->holder(); }
  int asking() const override { return desk_->asking(); }

  std::string greeting() override;
  void take(std::string_view message) override;
  void lost(const std::string& why, bool refused) override;
  void welcome(std::string_view message);
  void demand(std::string_view message);
  void obey(std::string_view message);

  JoinOptions options_;
  std::function<void(const std::string&)> told_;
  std::string key_;
  std::unique_ptr<RobotDesk> desk_;
  std::unique_ptr<RobotFeed> feed_;
  std::atomic<bool> all_{false}, wall_{false}, close_{false}, scene_{false};
  mutable std::mutex mutex_;  // of the rest
  std::condition_variable changed_;
  bool begun_ = false, welcomed_ = false, refused_ = false;
  std::string name_, trouble_;
  std::unique_ptr<serve::Uplink> uplink_;  // the last member: its thread uses the others
};

}  // namespace gyre::console
