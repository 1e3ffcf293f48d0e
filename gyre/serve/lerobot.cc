#include "gyre/serve/lerobot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/io/pickle.h"
#include "gyre/policy/camera_match.h"
#include "gyre/serve/protocol.h"

namespace gyre::serve::lerobot {
namespace {

namespace pickle = io::pickle;
using Kind = pickle::Value::Kind;

constexpr const char* kHelpers = "lerobot.async_inference.helpers";
constexpr size_t kMostNumbers = 64, kMostCameras = 8, kMostText = 4096;

const pickle::Value& root_of(const pickle::Document& document, pickle::Class type,
                             const char* name) {
  const pickle::Value& root = document.root();
  if (root.kind != Kind::kObject || root.type != type) {
    throw Error("message", fmt::format("is no {}", name));
  }
  return root;
}

const pickle::Value& part(const pickle::Document& document, const pickle::Value& map,
                          const char* key, Kind kind) {
  const pickle::Value* found = document.find(map, key);
  if (found == nullptr || found->kind != kind) {
    throw Error(key, "is missing or of another type");
  }
  return *found;
}

std::string text_in(const pickle::Value& value, const char* what) {
  if (value.text().size() > kMostText) throw Error(what, "is too long");
  return std::string(value.text());
}

// uint8 [height, width, 3].
Image image_in(const io::msgpack::Array& array, const std::string& camera) {
  const auto& shape = array.shape;
  if (array.dtype != io::msgpack::Dtype::kUint8 || shape.size() != 3 || shape[2] != 3) {
    throw Error("camera " + camera, "its picture is not uint8 [height, width, 3]");
  }
  if (shape[0] == 0 || shape[1] == 0 || shape[0] * shape[1] > kMostPixels) {
    throw Error("camera " + camera, fmt::format("a picture of {} x {}", shape[1], shape[0]));
  }
  return {static_cast<int>(shape[1]),
          static_cast<int>(shape[0]),
          {array.data.begin(), array.data.end()}};
}

std::string key_name(const pickle::Value& key) {
  if (key.kind != Kind::kText || key.text().size() > 256) {
    throw Error("observation", "has a key that is no text, or a long one");
  }
  return std::string(key.text());
}

uint64_t varint(std::span<const uint8_t>& rest) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest.empty()) throw Error("message", "it ends in the middle of a field");
    const uint8_t byte = rest.front();
    rest = rest.subspan(1);
    value |= uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  throw Error("message", "has a number of more than 64 bits");
}

}  // namespace

Payload read_payload(std::span<const uint8_t> message, int data_field) {
  Payload payload;
  while (!message.empty()) {
    const uint64_t tag = varint(message);
    const uint64_t field = tag >> 3, wire_type = tag & 7;
    if (wire_type == 0) {
      const uint64_t value = varint(message);
      if (field == 1 && data_field != 1 && value <= 3) payload.piece = static_cast<Piece>(value);
      continue;
    }
    if (wire_type != 2) throw Error("message", "has a field that is not taken");
    const uint64_t size = varint(message);
    if (size > message.size()) throw Error("message", "it ends in the middle of a field");
    if (field == static_cast<uint64_t>(data_field)) payload.data = message.first(size);
    message = message.subspan(size);
  }
  return payload;
}

std::string write_payload(std::string_view data) {
  if (data.empty()) return "";
  std::string message = "\x0a";  // field 1, bytes
  for (size_t size = data.size();; size >>= 7) {
    const bool last = size < 0x80;
    message += static_cast<char>((size & 0x7f) | (last ? 0 : 0x80));
    if (last) break;
  }
  return message.append(data);
}

PolicySetup read_policy_setup(std::span<const uint8_t> message) {
  const pickle::Document document = pickle::decode(message);
  const pickle::Value& root =
      root_of(document, pickle::Class::kRemotePolicyConfig, "RemotePolicyConfig");
  PolicySetup setup;
  setup.policy_type = text_in(part(document, root, "policy_type", Kind::kText), "policy_type");
  setup.policy = text_in(part(document, root, "pretrained_name_or_path", Kind::kText),
                         "pretrained_name_or_path");
  setup.actions_per_chunk = part(document, root, "actions_per_chunk", Kind::kInteger).integer;
  if (setup.actions_per_chunk < 1 || setup.actions_per_chunk > 10'000) {
    throw Error("actions_per_chunk", "is not 1 to 10000");
  }
  const pickle::Value& features = part(document, root, "lerobot_features", Kind::kDict);
  for (size_t i = 0; i + 1 < features.items.size(); i += 2) {
    const std::string key = key_name(document.at(features.items[i]));
    const pickle::Value& feature = document.at(features.items[i + 1]);
    if (key.starts_with(kImageKeyPrefix)) {
      if (setup.cameras.size() == kMostCameras) throw Error("lerobot_features", "too many cameras");
      setup.cameras.push_back(camera_name(key));
    } else if (key == "observation.state") {
      const pickle::Value& names = part(document, feature, "names", Kind::kList);
      if (names.items.size() > kMostNumbers) throw Error(key, "has too many names");
      for (const uint32_t name : names.items) setup.state.push_back(key_name(document.at(name)));
    }
  }
  return setup;
}

Observation read_observation(std::span<const uint8_t> message) {
  const pickle::Document document = pickle::decode(message);
  const pickle::Value& root =
      root_of(document, pickle::Class::kTimedObservation, "TimedObservation");
  Observation observation;
  const pickle::Value* timestamp = document.find(root, "timestamp");
  if (timestamp == nullptr) throw Error("timestamp", "is missing");
  observation.timestamp = document.number(*timestamp, "timestamp");
  observation.timestep = part(document, root, "timestep", Kind::kInteger).integer;
  if (!std::isfinite(observation.timestamp) || observation.timestep < 0 ||
      observation.timestep > 1'000'000'000) {
    throw Error("timestep", "time or step is out of range");
  }
  const pickle::Value* must_go = document.find(root, "must_go");
  observation.must_go = must_go != nullptr && must_go->integer != 0;
  const pickle::Value& shown = part(document, root, "observation", Kind::kDict);
  for (size_t i = 0; i + 1 < shown.items.size(); i += 2) {
    const std::string key = key_name(document.at(shown.items[i]));
    const pickle::Value& value = document.at(shown.items[i + 1]);
    if (key == "task" && value.kind == Kind::kText) {
      observation.task = text_in(value, "task");
    } else if (document.is_array(value) && document.array(value).shape.size() > 1) {
      if (observation.images.size() == kMostCameras) throw Error("observation", "too many cameras");
      observation.images[key] = image_in(document.array(value), key);
    } else {
      if (observation.numbers.size() == kMostNumbers)
        throw Error("observation", "too many numbers");
      const auto number = static_cast<float>(document.number(value, key));
      if (!std::isfinite(number)) throw Error(key, "is not finite");
      observation.numbers[key] = number;
    }
  }
  return observation;
}

std::string write_actions(const ActionChunk& chunk, const Observation& observation, int64_t most) {
  const int count = static_cast<int>(std::min<int64_t>(chunk.horizon, most));
  pickle::Writer writer;
  writer.begin_list();
  for (int k = 0; k < count; ++k) {
    writer.global(kHelpers, "TimedAction");
    writer.new_object();
    writer.begin_dict();
    writer.text("timestamp");
    writer.number(observation.timestamp + k * chunk.period_s);
    writer.text("timestep");
    writer.integer(static_cast<int32_t>(observation.timestep + k));
    writer.text("action");
    writer.global("torch", "tensor");
    writer.begin_list();
    for (const float number : chunk.at(k)) writer.number(number);
    writer.end_list();
    writer.call();
    writer.end_dict();
    writer.end_object();
  }
  writer.end_list();
  return writer.take();
}

}  // namespace gyre::serve::lerobot
