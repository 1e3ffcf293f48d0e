#include "gyre/serve/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/utf8.h"
#include "gyre/policy/image_transform.h"

namespace gyre::serve {
namespace {

using io::msgpack::Array;
using io::msgpack::Bytes;
using io::msgpack::Dtype;
using io::msgpack::List;
using io::msgpack::Map;
using io::msgpack::Value;
using io::msgpack::Writer;

constexpr size_t kMostName = 256;  // bytes of an embodiment, a hash, a camera

std::string text_of(const Value& value, const std::string& key, size_t most) {
  const auto* text = value.as<std::string_view>();
  if (text == nullptr) throw Error(key, "is not text");
  if (text->size() > most) {
    throw Error(key, fmt::format("is {} bytes long", text->size()),
                fmt::format("at most {} are taken", most));
  }
  from_utf8(*text);  // refuses what is no UTF-8
  return std::string(*text);
}

int64_t integer_of(const Value& value, const std::string& key) {
  if (const auto* number = value.as<int64_t>()) return *number;
  const auto* number = value.as<uint64_t>();
  if (number == nullptr || *number > INT64_MAX) throw Error(key, "is not an integer");
  return static_cast<int64_t>(*number);
}

double number_of(const Value& value, const std::string& key) {
  if (const auto* number = value.as<double>()) return *number;
  return static_cast<double>(integer_of(value, key));
}

int small_integer(const Value& value, const std::string& key, int least, int most) {
  const int64_t number = integer_of(value, key);
  if (number < least || number > most) {
    throw Error(key, fmt::format("is {}", number), fmt::format("{} to {} are taken", least, most));
  }
  return static_cast<int>(number);
}

Chunking chunking_named(const std::string& name) {
  if (name == "independent") return Chunking::kIndependent;
  if (name == "guided") return Chunking::kGuided;
  if (name == "continued") return Chunking::kContinued;
  throw Error("gyre.chunking", "is none of independent, guided and continued");
}

const char* chunking_name(Chunking chunking) {
  switch (chunking) {
    case Chunking::kGuided:
      return "guided";
    case Chunking::kContinued:
      return "continued";
    case Chunking::kIndependent:
      break;
  }
  return "independent";
}

// A key of the map "gyre", and the reader of its value.
void read_own_key(Ask& ask, std::string_view key, const Value& value) {
  const std::string name = "gyre." + std::string(key.substr(0, kMostName));
  if (key == "id") {
    ask.id = integer_of(value, name);
    if (ask.id < 0) throw Error(name, "is negative");
  } else if (key == "embodiment") {
    ask.embodiment = text_of(value, name, kMostName);
  } else if (key == "contract_hash") {
    ask.contract_hash = text_of(value, name, kMostName);
  } else if (key == "policy_hash") {
    ask.policy_hash = text_of(value, name, kMostName);
  } else if (key == "subtask") {
    ask.subtask = text_of(value, name, kMostPrompt);
  } else if (key == "goal") {
    ask.goal_id = integer_of(value, name);
  } else if (key == "generation") {
    ask.generation = integer_of(value, name);
  } else if (key == "think") {
    if (!value.as<bool>()) throw Error(name, "is not true or false");
    ask.think = *value.as<bool>();
  } else if (key == "seed") {
    const auto* seed = value.as<uint64_t>();
    if (seed == nullptr) throw Error(name, "is not an integer from 0");
    ask.seed = *seed;
  } else if (key == "chunking") {
    ask.chunking = chunking_named(text_of(value, name, kMostName));
  } else if (key == "delay") {
    ask.delay = small_integer(value, name, 0, 10'000);
  } else if (key == "flow_steps") {
    ask.flow_steps = small_integer(value, name, 0, kMostFlowSteps);
  } else if (key == "draws") {
    ask.draws = small_integer(value, name, 1, kMostDraws);
  } else if (key == "previous") {
    ask.previous = value.as<Array>();
    if (ask.previous == nullptr) throw Error(name, "is not an array");
  } else if (key == "deadline_ms") {
    ask.deadline_ms = number_of(value, name);
    if (!(ask.deadline_ms > 0 && ask.deadline_ms <= 3.6e6)) {
      throw Error(name, "is not a time from 0 ms to an hour");
    }
  } else {
    throw Error(name, "is not a key of this protocol", "docs/serving.md lists them");
  }
}

// Height, width and the place of colour of a picture's array.
struct Layout {
  size_t height, width;
  bool planes;
};

Layout layout_of(const Array& array, const std::string& camera) {
  const auto& shape = array.shape;
  const bool sized = array.dtype == Dtype::kUint8 && shape.size() == 3;
  Layout layout{};
  if (sized && shape[2] == 3) {
    layout = {shape[0], shape[1], false};
  } else if (sized && shape[0] == 3) {
    layout = {shape[1], shape[2], true};
  } else {
    throw Error("camera " + camera, "its picture is not uint8 [height, width, 3] or [3, h, w]");
  }
  if (layout.height == 0 || layout.width == 0) throw Error("camera " + camera, "an empty picture");
  if (layout.height * layout.width > kMostPixels) {
    throw Error("camera " + camera,
                fmt::format("a picture of {} x {}", layout.width, layout.height),
                fmt::format("at most {} pixels are taken", kMostPixels));
  }
  return layout;
}

Image image_of(const Array& array, const std::string& camera) {
  const Layout layout = layout_of(array, camera);
  Image image{static_cast<int>(layout.width), static_cast<int>(layout.height), {}};
  if (!layout.planes) {
    image.rgb.assign(array.data.begin(), array.data.end());
    return image;
  }
  const size_t pixels = layout.height * layout.width;
  image.rgb.resize(3 * pixels);
  for (size_t i = 0; i < pixels; ++i) {
    for (size_t colour = 0; colour < 3; ++colour) {
      image.rgb[3 * i + colour] = array.data[colour * pixels + i];
    }
  }
  return image;
}

void write_pair(Writer& writer, std::string_view key, std::string_view text) {
  writer.text(key);
  writer.text(text);
}

void write_fields(Writer& writer, std::string_view key, const std::vector<Field>& fields) {
  writer.text(key);
  writer.list(fields.size());
  for (const Field& field : fields) writer.text(field.name);
}

void write_contract(Writer& writer, const Embodiment& contract) {
  writer.map(5);
  write_pair(writer, "contract_hash", contract.contract_hash());
  writer.text("action_period_s");
  writer.number(contract.action_period_s);
  write_fields(writer, "state", contract.state);
  write_fields(writer, "action", contract.action);
  writer.text("cameras");
  writer.map(contract.cameras.size());
  for (const CameraSpec& camera : contract.cameras) {
    writer.text(camera.name);
    writer.list(2);
    writer.integer(camera.height);
    writer.integer(camera.width);
  }
}

Bytes bytes_of(const std::vector<float>& numbers) {
  return {reinterpret_cast<const uint8_t*>(numbers.data()), numbers.size() * sizeof(float)};
}

void write_floats(Writer& writer, std::span<const size_t> shape, const std::vector<float>& data) {
  writer.array(Dtype::kFloat32, shape, bytes_of(data));
}

// Optional keys of a map that another program wrote; `where` is put before their names.
struct Keys {
  const Value& map;
  const char* where;

  // False where it is not there.
  bool text(std::string_view key, std::string& into) const {
    const Value* found = map.find(key);
    if (found == nullptr) return false;
    into = text_of(*found, where + std::string(key), kMostPrompt);
    return true;
  }
  void integer(std::string_view key, int64_t& into) const {
    const Value* found = map.find(key);
    if (found != nullptr) into = integer_of(*found, where + std::string(key));
  }
  // 0 where it is not there or is no time.
  double milliseconds(std::string_view key) const {
    const Value* found = map.find(key);
    const auto* number = found != nullptr ? found->as<double>() : nullptr;
    return number != nullptr && *number > 0 && *number < 1e9 ? *number : 0;
  }
};

std::vector<float> pose_of(const Value& value) {
  const std::string name = "metadata.reset_pose";
  std::vector<float> pose;
  if (const auto* array = value.as<Array>()) {
    pose = array->numbers();
  } else if (const auto* list = value.as<List>()) {
    for (const Value& number : *list) pose.push_back(static_cast<float>(number_of(number, name)));
  } else {
    throw Error(name, "is not a list of numbers");
  }
  const bool finite = std::ranges::all_of(pose, [](float number) { return std::isfinite(number); });
  if (!finite) throw Error(name, "has a number that is not finite");
  return pose;
}

}  // namespace

std::unique_ptr<Ask> read_ask(std::vector<uint8_t> message) {
  auto ask = std::make_unique<Ask>();
  ask->message = std::move(message);
  ask->value = io::msgpack::decode(ask->message);
  if (ask->value.as<Map>() == nullptr) throw Error("request", "is not a map");
  if (const Value* prompt = ask->value.find("prompt")) {
    ask->task = text_of(*prompt, "prompt", kMostPrompt);
  }
  if (const Value* own = ask->value.find("gyre")) {
    const auto* keys = own->as<Map>();
    if (keys == nullptr) throw Error("gyre", "is not a map");
    ask->ours = true;
    for (const io::msgpack::Entry& entry : *keys) read_own_key(*ask, entry.key, entry.value);
    if (ask->id < 0) throw Error("gyre.id", "is missing");
    const bool agrees = ask->chunking != Chunking::kIndependent || ask->draws > 1;
    if (agrees && ask->previous == nullptr) {
      throw Error("gyre.previous", "is missing", "a chunk that agrees with another needs its rest");
    }
  }
  if (ask->task.empty()) throw Error("prompt", "is missing or empty");
  return ask;
}

Frame frame_of(const Ask& ask, const Embodiment& contract, const Checkpoint& checkpoint,
               int64_t picture_id) {
  Frame frame;
  const Value* state = ask.value.find("state");
  const Array* numbers = state != nullptr ? state->as<Array>() : nullptr;
  if (numbers == nullptr) throw Error("state", "is missing or no array");
  if (numbers->shape.size() != 1 || numbers->shape[0] != contract.state.size()) {
    throw Error("state", fmt::format("has {} numbers", numbers->count()),
                fmt::format("{} has {}", contract.name, contract.state.size()));
  }
  frame.state = numbers->numbers();
  const Value* images = ask.value.find("images");
  if (images == nullptr) throw Error("images", "is missing");
  const int side = checkpoint.config.vision.image_size;
  for (const CameraSpec& camera : contract.cameras) {
    const Value* found = images->find(camera.name);
    const Array* pixels = found != nullptr ? found->as<Array>() : nullptr;
    if (pixels == nullptr) {
      throw Error("images." + camera.name, "is missing or no array",
                  contract.name + " has this camera");
    }
    Picture picture{.image = image_of(*pixels, camera.name), .id = picture_id};
    const bool resized = picture.image.width != side || picture.image.height != side;
    if (resized && !checkpoint.processors) {
      picture.image = resize_with_pad(picture.image, side, side);
    }
    frame.pictures.emplace_back(std::move(picture));
  }
  return frame;
}

ChunkPtr previous_of(const Ask& ask, const Embodiment& contract) {
  if (ask.chunking == Chunking::kIndependent && ask.draws == 1) return nullptr;
  const auto& shape = ask.previous->shape;
  if (shape.size() != 2 || shape[1] != contract.action.size() || shape[0] == 0 ||
      shape[0] > 10'000) {
    throw Error("gyre.previous", "is not [actions, fields] of the contract",
                fmt::format("{} has {} fields", contract.name, contract.action.size()));
  }
  auto chunk = std::make_shared<ActionChunk>();
  chunk->period_s = contract.action_period_s;
  chunk->horizon = static_cast<int>(shape[0]);
  chunk->dim = static_cast<int>(shape[1]);
  chunk->actions = ask.previous->numbers();
  for (const float number : chunk->actions) {
    if (!std::isfinite(number)) throw Error("gyre.previous", "has a number that is not finite");
  }
  return chunk;
}

std::string write_answer(const ActionChunk& chunk, const AnswerFacts& facts) {
  Writer writer;
  writer.map(4);
  writer.text("actions");
  const size_t shape[] = {static_cast<size_t>(chunk.horizon), static_cast<size_t>(chunk.dim)};
  write_floats(writer, shape, chunk.actions);
  writer.text("policy_timing");
  writer.map(1);
  writer.text("infer_ms");
  writer.number(facts.infer_ms);
  writer.text("server_timing");
  const bool first = facts.previous_total_ms < 0;
  writer.map(first ? 1 : 2);
  writer.text("infer_ms");
  writer.number(facts.total_ms);
  if (!first) {
    writer.text("prev_total_ms");
    writer.number(facts.previous_total_ms);
  }
  writer.text("gyre");
  writer.map(facts.id >= 0 ? 11 : 10);
  if (facts.id >= 0) {
    writer.text("id");
    writer.integer(facts.id);
  }
  writer.text("seed");
  writer.integer(facts.seed);
  writer.text("noise_id");
  writer.integer(facts.noise_id);
  writer.text("goal");
  writer.integer(facts.goal_id);
  writer.text("generation");
  writer.integer(facts.generation);
  write_pair(writer, "subtask", facts.subtask);
  write_pair(writer, "embodiment", facts.embodiment);
  write_pair(writer, "policy_hash", chunk.policy_hash);
  writer.text("action_period_s");
  writer.number(chunk.period_s);
  writer.text("frozen");
  writer.integer(chunk.frozen);
  writer.text("queue_ms");
  writer.number(chunk.times.queue_ms);
  return writer.take();
}

std::string write_failure(int64_t id, std::string_view reason, bool refused) {
  Writer writer;
  writer.map(1);
  writer.text("gyre");
  writer.map(2);
  writer.text("id");
  writer.integer(id);
  write_pair(writer, refused ? "refused" : "error", reason);
  return writer.take();
}

std::string write_metadata(const std::string& policy, const Checkpoint& checkpoint,
                           const std::string& embodiment) {
  const Embodiment& chosen = checkpoint.embodiments.at(embodiment).contract;
  Writer writer;
  writer.map(8);
  write_pair(writer, "policy", policy);
  write_pair(writer, "policy_hash", checkpoint.policy_hash);
  write_pair(writer, "embodiment", embodiment);
  writer.text("action_horizon");
  writer.integer(checkpoint.config.horizon);
  writer.text("max_delay");
  writer.integer(checkpoint.config.max_delay);
  writer.text("action_dim");
  writer.integer(static_cast<int64_t>(chosen.action.size()));
  writer.text("action_period_s");
  writer.number(chosen.action_period_s);
  writer.text("embodiments");
  writer.map(checkpoint.embodiments.size());
  for (const auto& [name, trained] : checkpoint.embodiments) {
    writer.text(name);
    write_contract(writer, trained.contract);
  }
  return writer.take();
}

std::string write_request(const Request& request, const Embodiment& contract, double deadline_ms,
                          bool ours, const OwnKeys& keys) {
  Writer writer;
  writer.map(ours ? 4 : 3);
  writer.text("images");
  writer.map(contract.cameras.size());
  for (size_t c = 0; c < contract.cameras.size(); ++c) {
    const PictureRef& picture = request.frame.pictures.at(c);
    if (!picture) throw Error("camera " + contract.cameras[c].name, "has shown nothing yet");
    const Image& image = picture->image;
    writer.text(contract.cameras[c].name);
    const size_t shape[] = {static_cast<size_t>(image.height), static_cast<size_t>(image.width), 3};
    writer.array(Dtype::kUint8, shape, image.rgb);
  }
  writer.text("state");
  const size_t fields[] = {request.frame.state.size()};
  write_floats(writer, fields, request.frame.state);
  write_pair(writer, "prompt", request.goal->task);
  if (!ours) return writer.take();
  const ActionChunk* previous = request.previous.get();
  writer.text("gyre");
  writer.map(9 + (keys.contract_hash.empty() ? 0 : 1) + (keys.think ? 1 : 0) +
             (deadline_ms > 0 ? 1 : 0) + (previous != nullptr ? 1 : 0) +
             (request.goal->subtask.empty() ? 0 : 1));
  writer.text("id");
  writer.integer(request.id);
  write_pair(writer, "embodiment", contract.name);
  if (!keys.contract_hash.empty()) write_pair(writer, "contract_hash", keys.contract_hash);
  writer.text("goal");
  writer.integer(request.goal->id);
  writer.text("generation");
  writer.integer(keys.generation);
  if (keys.think) {
    writer.text("think");
    writer.boolean(true);
  }
  writer.text("seed");
  writer.integer(request.noise_seed);
  write_pair(writer, "chunking", chunking_name(request.chunking));
  writer.text("delay");
  writer.integer(request.delay);
  writer.text("flow_steps");
  writer.integer(request.flow_steps);
  writer.text("draws");
  writer.integer(request.draws);
  if (!request.goal->subtask.empty()) write_pair(writer, "subtask", request.goal->subtask);
  if (deadline_ms > 0) {
    writer.text("deadline_ms");
    writer.number(deadline_ms);
  }
  if (previous != nullptr) {
    writer.text("previous");
    const size_t shape[] = {previous->actions.size() / static_cast<size_t>(previous->dim),
                            static_cast<size_t>(previous->dim)};
    write_floats(writer, shape, previous->actions);
  }
  return writer.take();
}

ActionChunk read_actions(const Value* value, const std::string& key) {
  constexpr size_t kMost = 10'000;  // rows, and columns
  const Array* actions = value != nullptr ? value->as<Array>() : nullptr;
  const auto fits = [](size_t size) { return size > 0 && size <= kMost; };
  const bool shaped = actions != nullptr && actions->shape.size() == 2 && fits(actions->shape[0]) &&
                      fits(actions->shape[1]);
  if (!shaped) throw Error("answer", "'" + key + "' is not [horizon, fields] of numbers");
  ActionChunk chunk;
  chunk.horizon = static_cast<int>(actions->shape[0]);
  chunk.dim = static_cast<int>(actions->shape[1]);
  chunk.actions = actions->numbers();
  return chunk;
}

ReadAnswer read_answer(std::span<const uint8_t> message) {
  const Value value = io::msgpack::decode(message);
  ReadAnswer answer;
  float queue_ms = 0;
  if (const Value* own = value.find("gyre")) {
    const Keys keys{*own, "gyre."};
    keys.integer("id", answer.facts.id);
    answer.refused = keys.text("refused", answer.failure);
    if (answer.refused || keys.text("error", answer.failure)) return answer;
    keys.integer("noise_id", answer.facts.noise_id);
    keys.integer("goal", answer.facts.goal_id);
    keys.integer("generation", answer.facts.generation);
    const Value* seed = own->find("seed");
    if (seed != nullptr && seed->as<uint64_t>()) answer.facts.seed = *seed->as<uint64_t>();
    keys.text("subtask", answer.facts.subtask);
    keys.text("embodiment", answer.facts.embodiment);
    queue_ms = static_cast<float>(keys.milliseconds("queue_ms"));
  }
  answer.chunk = read_actions(value.find("actions"), "actions");
  answer.chunk.id = answer.facts.id;
  answer.chunk.times.queue_ms = queue_ms;
  if (const Value* own = value.find("gyre")) {
    const Keys keys{*own, "gyre."};
    keys.text("policy_hash", answer.chunk.policy_hash);
    int64_t frozen = 0;
    keys.integer("frozen", frozen);
    answer.chunk.frozen = static_cast<int>(std::clamp<int64_t>(frozen, 0, answer.chunk.horizon));
    const Value* period = own->find("action_period_s");
    if (period != nullptr) answer.chunk.period_s = number_of(*period, "gyre.action_period_s");
  }
  read_times(value, answer.facts);
  return answer;
}

void read_times(const Value& answer, AnswerFacts& facts) {
  if (const Value* timing = answer.find("policy_timing")) {
    facts.infer_ms = Keys{*timing, "policy_timing."}.milliseconds("infer_ms");
  }
  if (const Value* timing = answer.find("server_timing")) {
    facts.total_ms = Keys{*timing, "server_timing."}.milliseconds("infer_ms");
  }
}

ReadMetadata read_metadata(std::span<const uint8_t> message) {
  const Value value = io::msgpack::decode(message);
  if (value.as<Map>() == nullptr) throw Error("metadata", "is not a map");
  ReadMetadata metadata;
  if (const Value* pose = value.find("reset_pose")) metadata.reset_pose = pose_of(*pose);
  const Value* known = value.find("embodiments");
  if (known == nullptr) return metadata;  // of another server, whose other keys mean anything
  const auto* entries = known->as<Map>();
  if (entries == nullptr) throw Error("metadata.embodiments", "is not a map");
  const Keys keys{value, "metadata."};
  keys.text("policy", metadata.policy);
  keys.text("policy_hash", metadata.policy_hash);
  keys.integer("action_horizon", metadata.horizon);
  keys.integer("max_delay", metadata.max_delay);
  for (const io::msgpack::Entry& entry : *entries) {
    const std::string name(entry.key.substr(0, kMostName));
    const Keys contract{entry.value, "metadata.embodiments."};
    contract.text("contract_hash", metadata.contract_hashes[name]);
  }
  return metadata;
}

void require_same_contract(const ReadMetadata& server, const Embodiment& robot) {
  const std::string here = fmt::format("{} (contract {})", robot.name, robot.contract_hash());
  if (server.contract_hashes.empty()) {
    throw Error("the server", fmt::format("does not say that it knows this robot, {}", here),
                "describe its messages with --map");
  }
  const auto found = server.contract_hashes.find(robot.name);
  if (found == server.contract_hashes.end()) {
    throw Error("the server",
                fmt::format("its policy knows {}, this robot is {}",
                            server.contract_hashes.begin()->first, here),
                "serve a policy of this robot");
  }
  if (found->second != robot.contract_hash()) {
    throw Error("the server",
                fmt::format("its policy knows {} with contract {}, this robot is {}", robot.name,
                            found->second, here),
                "use a policy and a robot of one contract");
  }
}

}  // namespace gyre::serve
