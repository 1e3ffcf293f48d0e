#include "gyre/robot/process/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"

namespace gyre::process {
namespace {

using Json = nlohmann::json;

constexpr size_t kMostWords = 400, kMostName = 80;  // bytes

[[noreturn]] void refuse(const std::string& what) { throw Error("driver", what); }

const Json& member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) refuse(fmt::format("a line has no '{}'", key));
  return *found;
}

std::string text_of(const Json& object, const char* key, size_t most) {
  const Json& value = member(object, key);
  if (!value.is_string() || value.get_ref<const std::string&>().size() > most) {
    refuse(fmt::format("'{}' is no text of at most {} bytes", key, most));
  }
  return value.get<std::string>();
}

int64_t whole(const Json& object, const char* key, int64_t least, int64_t most) {
  const Json& value = member(object, key);
  const bool fits = value.is_number_integer() &&
                    !(value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX);
  if (!fits || value.get<int64_t>() < least || value.get<int64_t>() > most) {
    refuse(fmt::format("'{}' is no whole number from {} to {}", key, least, most));
  }
  return value.get<int64_t>();
}

Hello hello_of(const Json& line) {
  Hello hello{.version = static_cast<int>(whole(line, "hello", 0, 1'000'000)),
              .robot = text_of(line, "robot", kMostName),
              .joints = {},
              .cameras = {}};
  const Json& joints = member(line, "joints");
  if (!joints.is_array() || joints.size() > kMostJoints) refuse("'joints' is no list of names");
  for (const Json& joint : joints) {
    if (!joint.is_string()) refuse("'joints' is no list of names");
    hello.joints.push_back(joint.get<std::string>());
  }
  const Json none = Json::object();
  const Json& cameras = line.contains("cameras") ? line["cameras"] : none;
  if (!cameras.is_object() || cameras.size() > kMostCameras) {
    refuse("'cameras' is no object of NAME: [width, height]");
  }
  for (const auto& [name, size] : cameras.items()) {
    const auto side = [&](size_t i) {
      const bool fits = size.is_array() && size.size() == 2 && size[i].is_number_integer() &&
                        size[i] >= 1 && size[i] <= kMostSide;
      if (!fits) refuse("camera '" + name + "' has no size [width, height]");
      return size[i].get<int>();
    };
    hello.cameras.push_back({name, side(0), side(1)});
  }
  return hello;
}

State state_of(const Json& line) {
  State state{.time_ns = whole(line, "time_ns", 0, INT64_MAX), .values = {}};
  const Json& values = line["state"];
  if (!values.is_array() || values.size() > kMostJoints) refuse("'state' is no list of numbers");
  for (const Json& value : values) {
    if (!value.is_number()) refuse("'state' is no list of numbers");
    state.values.push_back(value.get<float>());
  }
  return state;
}

PictureBytes picture_of(const Json& line) {
  PictureBytes picture{.camera = text_of(line, "picture", kMostName),
                       .time_ns = whole(line, "time_ns", 0, INT64_MAX),
                       .width = static_cast<int>(whole(line, "width", 1, kMostSide)),
                       .height = static_cast<int>(whole(line, "height", 1, kMostSide)),
                       .jpeg = text_of(line, "format", kMostName) == "jpeg",
                       .bytes = {}};
  const size_t size = static_cast<size_t>(whole(line, "bytes", 1, kMostPicture));
  if (!picture.jpeg && line["format"] != "rgb") refuse("'format' is neither rgb nor jpeg");
  if (!picture.jpeg && size != size_t(picture.width) * size_t(picture.height) * 3) {
    refuse(fmt::format("a picture of {} x {} has {} bytes, not {} as RGB", picture.width,
                       picture.height, size, size_t(picture.width) * size_t(picture.height) * 3));
  }
  picture.bytes.reserve(size);
  return picture;
}

}  // namespace

void Reader::feed(std::span<const uint8_t> bytes, const std::function<void(Message&)>& take) {
  while (!bytes.empty()) {
    if (missing_ > 0) {
      const size_t part = std::min(missing_, bytes.size());
      picture_.bytes.insert(picture_.bytes.end(), bytes.begin(),
                            bytes.begin() + static_cast<ptrdiff_t>(part));
      bytes = bytes.subspan(part);
      missing_ -= part;
      if (missing_ > 0) return;
      Message message = std::move(picture_);
      take(message);
      continue;
    }
    const auto end = std::ranges::find(bytes, '\n');
    line_.append(bytes.begin(), end);
    if (line_.size() > kMostLine) refuse(fmt::format("a line is longer than {} bytes", kMostLine));
    if (end == bytes.end()) return;
    bytes = bytes.subspan(static_cast<size_t>(end - bytes.begin()) + 1);
    take_line(take);
    line_.clear();
  }
}

void Reader::take_line(const std::function<void(Message&)>& take) {
  const Json line = Json::parse(line_, nullptr, false);
  if (!line.is_object()) refuse("a line is not one JSON object");
  if (line.contains("picture")) {
    picture_ = picture_of(line);
    missing_ = line["bytes"].get<size_t>();
    return;
  }
  Message message;
  if (line.contains("state")) {
    message = state_of(line);
  } else if (line.contains("fault")) {
    message = Fault{text_of(line, "fault", kMostWords)};
  } else if (line.contains("hello")) {
    message = hello_of(line);
  } else {
    refuse("a line has neither 'state', 'picture', 'fault' nor 'hello'");
  }
  take(message);
}

std::string hello_line(const Embodiment& contract, const Terms& terms) {
  Json fields = Json::array();
  for (const Field& field : contract.action) {
    fields.push_back({{"name", field.name},
                      {"unit", field.unit},
                      {"min", field.min},
                      {"max", field.max},
                      {"max_velocity", field.max_velocity}});
  }
  return Json{{"hello", kVersion},
              {"robot", contract.name},
              {"fields", fields},
              {"silence_s", terms.silence_s},
              {"at_exit", terms.hold_at_exit ? "hold" : "torque_off"}}
             .dump() +
         "\n";
}

std::string command_line(std::span<const float> values) {
  std::string line = "{\"command\":[";
  for (const float value : values) {
    line += fmt::format("{}{:.7g}", line.back() == '[' ? "" : ",", value);
  }
  return line + "]}\n";
}

std::string stop_line() { return "{\"stop\":true}\n"; }
std::string clear_line() { return "{\"clear\":true}\n"; }

}  // namespace gyre::process
