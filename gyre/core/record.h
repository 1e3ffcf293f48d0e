#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/episode.h"
#include "gyre/core/event.h"
#include "gyre/core/picture.h"
#include "gyre/core/request.h"
#include "gyre/core/step.h"

namespace gyre {

// Begins each span of a tape: the robot's contract, and the attempt when there is one.
struct Header {
  Embodiment contract;
  bool attempt = false;  // false: control periods between episodes
  Episode episode;       // when `attempt`; without outcome
  std::string program;   // version of the writer
  std::string policy;    // folder, "" for none
  std::string policy_hash;
  std::string start_state;  // a simulator's saved state; "" for none
  std::string setup;  // JSON of run/attempt_setup.h: loop, bench and driver; "" where nobody said
  bool operator==(const Header&) const = default;
};
using HeaderPtr = std::shared_ptr<const Header>;

// Knowledge that only a simulator has, of one tick: a label stream beside the steps.
struct Truth {
  std::string subtask;  // the step that is to be done, in words
  std::vector<float>
      grounding;  // [cameras, 2, 3]: for each camera and each of the two named things
                  // (to act on, to go to) x, y in [-1, 1] and 1 if seen, else zeros
  bool operator==(const Truth&) const = default;
};
using TruthPtr = std::shared_ptr<const Truth>;

// The scene for a viewer: shapes once a file, poses by link.
struct Scene {
  struct Shape {
    std::string link;
    enum class Kind : uint8_t { kBox, kSphere, kCylinder, kCapsule, kEllipsoid, kMesh } kind{};
    double size[3] = {};                // metres: half sizes, or radius and half length
    double position[3] = {};            // in the link's frame, metres
    double rotation[4] = {1, 0, 0, 0};  // w, x, y, z
    float rgba[4] = {1, 1, 1, 1};
    bool operator==(const Shape&) const = default;
  };
  struct Pose {
    std::string link;
    double position[3] = {};            // base frame, metres
    double rotation[4] = {1, 0, 0, 0};  // w, x, y, z
    bool operator==(const Pose&) const = default;
  };
  std::vector<Shape> shapes;  // empty after the first of a file
  std::vector<Pose> poses;
  bool operator==(const Scene&) const = default;
};
using ScenePtr = std::shared_ptr<const Scene>;

// A camera's new picture on the tape.
struct CameraPicture {
  int camera = 0;  // index into Embodiment::cameras
  PictureRef picture;
};

enum class RecordKind : uint8_t {
  kHeader,
  kGoal,
  kRequest,
  kChunk,
  kPicture,
  kEvent,
  kTruth,
  kScene,
  kStep
};

// One entry of the tape. `kind` names the member that holds; the others keep their storage, so that
// an entry is filled again without an allocation.
struct Record {
  RecordKind kind = RecordKind::kStep;
  int64_t tick = 0;     // in which it took effect
  int64_t time_ns = 0;  // robot clock
  std::variant<std::monostate, HeaderPtr, GoalPtr, RequestPtr, ChunkPtr, TruthPtr, ScenePtr> shared;
  CameraPicture picture;
  Event event;
  Step step;

  template <class T>
  const T& get() const {  // of `shared`: get<Header>()
    return *std::get<std::shared_ptr<const T>>(shared);
  }
};

}  // namespace gyre
