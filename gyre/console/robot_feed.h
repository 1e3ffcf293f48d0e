#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/console/wire.h"
#include "gyre/core/embodiment.h"
#include "gyre/run/operator.h"
#include "gyre/run/tape.h"

namespace gyre::console {

// Takes messages for all pages. Any thread.
class Publisher {
 public:
  virtual ~Publisher() = default;
  virtual bool watched() const = 0;  // some page is open
  // A page that is behind does not get what `may_drop`.
  virtual void publish(std::string message, bool binary, bool may_drop) = 0;
  virtual int holder(int robot) const = 0;
  virtual int asking(int robot) const = 0;
};

// Reads one robot's tape and tells it to the pages: pictures as JPEG, control periods, events, and
// the status. Costs next to nothing while nobody watches.
class RobotFeed : public run::TapeSink {
 public:
  // `operations` and `publisher` must outlive it.
  RobotFeed(int robot, const Embodiment& contract, const run::Operator& operations,
            Publisher& publisher);

  std::string_view name() const override { return "console"; }
  bool wants(RecordKind kind) const override;
  void take(const Record& record) override;

 private:
  void take(const Step& step);
  void take(const Event& event);
  void take(const CameraPicture& picture);
  void tell_status(const Step& step);

  int robot_;
  const run::Operator& operations_;
  Publisher& publisher_;
  Samples samples_;
  int64_t sampled_ns_ = 0;            // robot clock, of the newest sample
  int64_t told_ns_ = 0;               // when status and samples were told
  std::vector<int64_t> pictures_ns_;  // [C], capture time of the newest picture that was told
};

}  // namespace gyre::console
