#include "gyre/console/join_wire.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "gyre/console/wire_json.h"
#include "gyre/console/wire_types.h"
#include "gyre/core/error.h"
#include "gyre/core/hash.h"

namespace gyre::console {
namespace {

constexpr const char* kJoinVersion = "1";
constexpr size_t kMostFrame = size_t{2} << 20;  // bytes; a page that is sent more is lost
constexpr size_t kMostName = 64, kMostFields = 64, kMostCameras = 16, kMostWords = 5000;

template <class Message>
Relayed retold(int robot, Audience audience, const nlohmann::json& json, bool may_drop) {
  Message message;
  read_fields(json, message);
  message.robot = robot;
  return {.audience = audience, .may_drop = may_drop, .message = frame_of(message)};
}

Relayed retold(int robot, Audience audience, std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  std::string type;
  if (json.is_object()) JsonReader{json}("type", type);
  if (type == Status::kType) return retold<Status>(robot, audience, json, false);
  if (type == Samples::kType) return retold<Samples>(robot, audience, json, true);
  if (type == EventLine::kType) return retold<EventLine>(robot, audience, json, false);
  if (type == ScenePoses::kType) return retold<ScenePoses>(robot, audience, json, true);
  if (type == GripperPath::kType) return retold<GripperPath>(robot, audience, json, true);
  if (type == SceneShapes::kType) {
    Relayed shapes = retold<SceneShapes>(robot, audience, json, false);
    shapes.shapes = true;
    return shapes;
  }
  throw Error("message", "is of no type that a robot tells");
}

Relayed picture_of(int robot, Audience audience, std::span<const uint8_t> bytes) {
  if (bytes.size() <= PictureHead::kBytes) throw Error("picture", "is cut off");
  Relayed picture{.audience = audience, .picture = true, .may_drop = true};
  picture.message.assign(bytes.begin(), bytes.end());
  const auto number = static_cast<uint32_t>(robot);
  std::memcpy(picture.message.data(), &number, sizeof number);
  return picture;
}

}  // namespace

std::string wire_version() { return sha256_hex(kJoinVersion + wire_types(), 8); }

std::string frame_for(Audience audience, bool picture, std::string_view message) {
  std::string frame{static_cast<char>(audience), picture ? 'p' : 't'};
  return frame.append(message);
}

Relayed relayed(int robot, std::span<const uint8_t> frame) {
  if (frame.size() < 2 || frame.size() > kMostFrame) throw Error("frame", "is cut off or too long");
  if (frame[0] > static_cast<uint8_t>(Audience::kAll)) throw Error("frame", "is for nobody");
  const auto audience = static_cast<Audience>(frame[0]);
  const auto rest = frame.subspan(2);
  if (frame[1] == 'p') return picture_of(robot, audience, rest);
  if (frame[1] != 't') throw Error("frame", "is neither text nor a picture");
  return retold(robot, audience, {reinterpret_cast<const char*>(rest.data()), rest.size()});
}

RobotInfo read_facts(std::string_view facts) {
  RobotInfo info = read_frame<RobotInfo>(facts);
  const auto short_text = [](const std::string& text) { return text.size() <= kMostName; };
  const auto good_fields = [&](const std::vector<FieldInfo>& fields) {
    return fields.size() <= kMostFields && std::ranges::all_of(fields, [&](const FieldInfo& one) {
             return short_text(one.name) && short_text(one.unit) && short_text(one.kind);
           });
  };
  const bool good =
      !info.name.empty() && short_text(info.name) && short_text(info.embodiment) &&
      info.policy.size() <= 4096 && good_fields(info.state) && good_fields(info.action) &&
      info.cameras.size() <= kMostCameras && std::ranges::all_of(info.cameras, short_text) &&
      info.camera_right.size() <= kMostCameras && info.nudges.size() <= kMostFields &&
      std::ranges::all_of(info.nudges, short_text) && info.vocabulary.size() <= kMostWords &&
      std::ranges::all_of(info.vocabulary, short_text);
  if (!good)
    throw Error("robot", "has a name, fields, cameras or words beyond what a console takes");
  return info;
}

}  // namespace gyre::console
