#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/console/robot_desk.h"
#include "gyre/console/robot_feed.h"
#include "gyre/console/wire.h"
#include "gyre/core/embodiment.h"
#include "gyre/run/operator.h"
#include "gyre/serve/listener.h"

namespace gyre::console {

// The pages of a console: their files, and /live, a websocket by which a page sees robots and
// helps them (wire.h). Everything that it shows comes from tapes, everything that it orders goes to
// an Operator with the author that Hello names. Watchers only see. Robots of other programs join by
// a websocket on /join (join_wire.h).
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
  class Place;
  class Viewer;
  class Guest;
  // Carries a viewer's command out; a line that says why not, or "".
  std::string obey(int viewer, const std::string& author, const Command& command);
  Place* place_of(int robot) const;  // null where there is none
  void viewer_left(int viewer);
  void greet_all();     // the robots have changed
  void tell_demands();  // what pages watch may have changed
  // The place of a robot that joins: its own from before, or a new one. Throws Error when there are
  // too many.
  Place& place_for(const std::string& key, const RobotInfo& info);
  std::string free_name(const std::string& name, const Place& own) const;
  void deliver(int robot, Audience audience, const std::string& message, bool binary,
               bool may_drop);

  std::vector<std::unique_ptr<Place>> places_;  // by RobotInfo::id
  std::map<int, Viewer*> viewers_;              // by number, on the listener's thread
  int numbers_ = 0;
  std::atomic<int> viewers_open_{0};
  std::atomic<int> walls_{0};  // of them, with the wall
  std::mutex mutex_;
  std::shared_ptr<serve::Mailbox> mailbox_;  // from the first viewer on
};

}  // namespace gyre::console
