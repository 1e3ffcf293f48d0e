#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gyre/data/protobuf.h"

// Messages that viewers know by name, with the numbers of
// https://github.com/foxglove/foxglove-sdk, schemas/proto.
namespace gyre::data {

struct Timestamp {
  int64_t seconds = 0;
  int nanos = 0;
};
struct CompressedImage {
  Timestamp timestamp;
  std::string frame_id;
  protobuf::Bytes data;
  std::string format;     // "png", "jpeg"
  int64_t gyre_tick = 0;  // Record::tick
};
struct CompressedVideo {
  Timestamp timestamp;
  std::string frame_id;
  protobuf::Bytes data;   // one packet, Annex B
  std::string format;     // "h264"
  int64_t gyre_tick = 0;  // Record::tick
};
struct JointState {
  std::string name;
  std::optional<double> position, velocity, acceleration, effort;
};
struct JointStates {
  Timestamp timestamp;
  std::vector<JointState> joints;
};

namespace protobuf {

template <>
struct Message<Timestamp> {
  static constexpr std::string_view kName = "google.protobuf.Timestamp";
  static void fields(auto& visit, auto& t) {
    visit(1, "seconds", t.seconds);
    visit(2, "nanos", t.nanos);
  }
};

template <>
struct Message<CompressedImage> {
  static constexpr std::string_view kName = "foxglove.CompressedImage";
  static void fields(auto& visit, auto& i) {
    visit(1, "timestamp", i.timestamp);
    visit(2, "data", i.data);
    visit(3, "format", i.format);
    visit(4, "frame_id", i.frame_id);
    visit(1000, "gyre_tick", i.gyre_tick);  // ours
  }
};

template <>
struct Message<CompressedVideo> {
  static constexpr std::string_view kName = "foxglove.CompressedVideo";
  static void fields(auto& visit, auto& v) {
    visit(1, "timestamp", v.timestamp);
    visit(2, "frame_id", v.frame_id);
    visit(3, "data", v.data);
    visit(4, "format", v.format);
    visit(1000, "gyre_tick", v.gyre_tick);  // ours
  }
};

template <>
struct Message<JointState> {
  static constexpr std::string_view kName = "foxglove.JointState";
  static void fields(auto& visit, auto& j) {
    visit(1, "name", j.name);
    visit(2, "position", j.position);
    visit(3, "velocity", j.velocity);
    visit(4, "acceleration", j.acceleration);
    visit(5, "effort", j.effort);
  }
};

template <>
struct Message<JointStates> {
  static constexpr std::string_view kName = "foxglove.JointStates";
  static void fields(auto& visit, auto& j) {
    visit(1, "timestamp", j.timestamp);
    visit(2, "joints", j.joints);
  }
};

}  // namespace protobuf
}  // namespace gyre::data
