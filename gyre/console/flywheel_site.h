#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "gyre/console/flywheel_wire.h"
#include "gyre/flywheel/turn_desk.h"
#include "gyre/serve/listener.h"

namespace gyre::console {

// Answers about a folder of runs, all on the listener's thread that may wait:
//   GET  /flywheel/state.json               FlywheelState
//   GET  /flywheel/curves.json?training=T   TrainingCurves
//   GET  /flywheel/scope.json?policy=HASH&real=1   ScopeState; real=1: of real robots
//   GET  /flywheel/runs/RUN/report.html, and each clip that RUN has made
//   POST /flywheel/turn                     a TurnCommand; CostAnswer of "cost", else FlywheelState
//   POST /flywheel/use                      a UseCommand; FlywheelState
// Posts are for administrators alone.
class FlywheelSite : public serve::Site {
 public:
  explicit FlywheelSite(flywheel::TurnDesk::Options options) : desk_(std::move(options)) {}

  bool owns(const serve::HttpRequest& request) const override;
  serve::SiteAnswer answer(const serve::HttpRequest& request) override;

 private:
  serve::HttpAnswer get(const std::string& target, bool admin);
  serve::HttpAnswer post(const std::string& path, const std::string& body,
                         const std::string& author);
  FlywheelState state(bool admin) const;
  serve::HttpAnswer run_file(std::string_view path) const;
  serve::HttpAnswer curves(const std::string& training) const;
  ScopeState scope(const std::string& policy, bool real) const;
  CostAnswer cost(const flywheel::TurnForm& form) const;

  std::mutex mutex_;
  flywheel::TurnDesk desk_;
};

}  // namespace gyre::console
