#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gyre/console/chunk_path.h"
#include "gyre/console/wire.h"
#include "gyre/core/embodiment.h"
#include "gyre/core/record.h"
#include "gyre/run/operator.h"
#include "gyre/run/tape.h"

namespace gyre::console {

// The pages that a message is for.
enum class Audience {
  kClose,  // those that watch this robot
  kScene,  // of them, those with a 3-D view
  kWall,   // those with the wall of all robots
  kAll
};

// Takes messages about one robot for the pages. Any thread.
class Publisher {
 public:
  virtual ~Publisher() = default;
  virtual bool watched(Audience audience) const = 0;  // there is such a page
  // A page that is behind does not get what `may_drop`.
  virtual void publish(Audience audience, std::string message, bool binary, bool may_drop) = 0;
  virtual int holder() const = 0;  // RobotDesk::holder()
  virtual int asking() const = 0;
};

// Reads one robot's tape and tells it to the pages: pictures as JPEG, control periods, events, the
// status, the scene and the way of the gripper. Costs next to nothing while nobody watches.
class RobotFeed : public run::TapeSink {
 public:
  // `operations` and `publisher` must outlive it.
  RobotFeed(int robot, const Embodiment& contract, const run::Operator& operations,
            Publisher& publisher);

  std::string_view name() const override { return "console"; }
  bool wants(RecordKind kind) const override;
  void take(const Record& record) override;
  // The frame with the shapes of the present scene, "" where nobody knows them. Any thread.
  std::string shapes() const;

 private:
  void take(const Step& step);
  void take(const Event& event);
  void take(const CameraPicture& picture);
  void take(const ActionChunk& chunk);
  void take(const Scene& scene, int64_t time_ns);
  void sample(const Step& step);
  std::string status_frame(const Step& step) const;
  std::string picture_frame(const CameraPicture& picture, const std::vector<uint8_t>& jpeg) const;
  bool watched(Audience audience) const { return publisher_.watched(audience); }
  void tell(Audience audience, std::string message, bool may_drop, bool binary = false) {
    publisher_.publish(audience, std::move(message), binary, may_drop);
  }

  int robot_;
  const run::Operator& operations_;
  Publisher& publisher_;
  ChunkPath path_;
  Samples samples_;
  int64_t sampled_ns_ = 0, told_ns_ = 0, told_wall_ns_ = 0, posed_ns_ = 0, shown_wall_ns_ = 0;
  std::vector<int64_t> pictures_ns_;  // [C], of the last picture that was told
  RequestPtr request_;                // the newest
  ActionChunk::Times times_;          // of the newest chunk
  std::string help_;                  // why the robot asks for help
  mutable std::mutex mutex_;          // of `shapes_`
  std::string shapes_;
};

}  // namespace gyre::console
