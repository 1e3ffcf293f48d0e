#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gyre/console/robot_feed.h"
#include "gyre/console/wire.h"
#include "gyre/core/embodiment.h"
#include "gyre/run/operator.h"
#include "gyre/serve/listener.h"

namespace gyre::console {

// Facts about a robot that its contract does not hold; wire.h, RobotInfo.
struct RobotExtras {
  std::vector<std::vector<double>> camera_right;
  std::vector<std::string> vocabulary;
};

// The pages of a console: their files, and /live, a websocket by which a page sees robots and
// helps them (wire.h). Everything that it shows comes from tapes, everything that it orders goes to
// an Operator with the page's number as the author.
class ConsoleSite : public serve::Site {
 public:
  ConsoleSite();
  ~ConsoleSite() override;

  // Before the listener runs. The returned sink shows a robot's tape; it goes into the tape, and
  // both it and `operations` must outlive the listener. `name` is for people.
  run::TapeSink& add_robot(const std::string& name, const std::string& policy,
                           const Embodiment& contract, run::Operator& operations,
                           const RobotExtras& extras = {});

  bool owns(const serve::HttpRequest& request) const override;
  serve::SiteAnswer answer(const serve::HttpRequest& request) override;

 private:
  class Viewer;
  struct Robot {
    RobotInfo info;
    run::Operator* operations = nullptr;
    std::unique_ptr<RobotFeed> feed;
    std::atomic<int> holder{0};  // the viewer that drives by hand; 0: nobody
    std::atomic<int> asking{0};  // the viewer that asks them for it; 0: nobody
    int64_t heard_ns = 0;        // their last beat
    int64_t sequence = 0;        // of it
    std::atomic<int> close{0};   // pages that watch it
    std::atomic<int> scenes{0};  // of them, with a 3-D view
  };
  class Pages : public Publisher {
   public:
    explicit Pages(ConsoleSite& site) : site_(site) {}
    bool watched(int robot, Audience audience) const override;
    void publish(int robot, Audience audience, std::string message, bool binary,
                 bool may_drop) override;
    int holder(int robot) const override {
      return site_.robots_[static_cast<size_t>(robot)]->holder;
    }
    int asking(int robot) const override {
      return site_.robots_[static_cast<size_t>(robot)]->asking;
    }

   private:
    ConsoleSite& site_;
  };
  // Carries a viewer's command out; a line that says why not, or "".
  std::string obey(int viewer, const Command& command);
  std::string order(Robot& robot, const Command& command, const std::string& author);
  std::string hold(int viewer, Robot& robot, const Command& command, const std::string& author);
  std::string take_control(int viewer, Robot& robot);
  std::string pass_control(int viewer, Robot& robot, const std::string& author);
  std::string coach(Robot& robot, const Command& command, const std::string& author);
  std::string judge(Robot& robot, const Command& command, const std::string& author);
  std::string beat(int viewer, Robot& robot, const Command& command);

  Pages pages_{*this};
  std::vector<std::unique_ptr<Robot>> robots_;
  std::map<int, Viewer*> viewers_;  // by number, on the listener's thread
  int numbers_ = 0;
  std::atomic<int> viewers_open_{0};
  std::atomic<int> walls_{0};  // of them, with the wall
  std::mutex mutex_;
  std::shared_ptr<serve::Mailbox> mailbox_;  // from the first viewer on
};

}  // namespace gyre::console
