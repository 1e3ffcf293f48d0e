#include "gyre/serve/wire_map.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string_view>

#include "gyre/core/error.h"
#include "gyre/io/config.h"
#include "gyre/policy/image_transform.h"

namespace gyre::serve {
namespace {

constexpr const char* kRemotes = "assets/remotes";
constexpr int kMostColumns = 1024;

std::filesystem::path map_file(const std::string& name_or_file) {
  namespace fs = std::filesystem;
  if (fs::is_regular_file(name_or_file)) return name_or_file;
  fs::path file = fs::path(kRemotes) / (name_or_file + ".toml");
  if (fs::is_regular_file(file)) return file;
  std::vector<std::string> names;
  if (fs::is_directory(kRemotes)) {
    for (const auto& entry : fs::directory_iterator(kRemotes)) {
      names.push_back(entry.path().stem().string());
    }
  }
  std::ranges::sort(names);
  throw Error(
      "--map", fmt::format("'{}' is neither a file nor a known map", name_or_file),
      names.empty() ? "give a TOML file" : fmt::format("there are {}", fmt::join(names, ", ")));
}

template <class T>
void name_tables(const std::filesystem::path& file, const char* key,
                 WireMapFile::Tables<T>& tables) {
  for (std::string& name : toml_tables(file, key)) tables.tables.emplace_back(std::move(name), T{});
}

int index_of(const std::vector<Field>& fields, const std::string& name) {
  const auto found = std::ranges::find(fields, name, &Field::name);
  return found == fields.end() ? -1 : static_cast<int>(found - fields.begin());
}

std::string_view kind_name(FieldKind kind) {
  switch (kind) {
    case FieldKind::kVelocity:
      return "velocity";
    case FieldKind::kDelta:
      return "delta";
    case FieldKind::kPosition:
      break;
  }
  return "position";
}

void write_image(io::msgpack::Writer& writer, const Image& image, bool planes) {
  const auto height = static_cast<size_t>(image.height), width = static_cast<size_t>(image.width);
  if (!planes) {
    const size_t shape[] = {height, width, 3};
    return writer.array(io::msgpack::Dtype::kUint8, shape, image.rgb);
  }
  const size_t shape[] = {3, height, width}, pixels = height * width;
  std::vector<uint8_t> colours(image.rgb.size());
  for (size_t i = 0; i < pixels; ++i) {
    for (size_t colour = 0; colour < 3; ++colour) {
      colours[colour * pixels + i] = image.rgb[3 * i + colour];
    }
  }
  writer.array(io::msgpack::Dtype::kUint8, shape, colours);
}

}  // namespace

// Compares a map's file with a robot; every complaint names the file and the table.
class WireMapReader {
 public:
  WireMapReader(std::filesystem::path file, const Embodiment& robot)
      : file_(std::move(file)), robot_(robot) {
    name_tables(file_, "image", table_.image);
    name_tables(file_, "state", table_.state);
    name_tables(file_, "action", table_.action);
    load_toml(config_entries(table_), file_);
  }

  WireMap made() {
    if (std::abs(table_.action_period_s - robot_.action_period_s) > 1e-9) {
      refuse("action_period_s",
             fmt::format("is {} s, {} has {} s", table_.action_period_s, robot_.name,
                         robot_.action_period_s),
             "a chunk must be carried out at the pace that it was made for");
    }
    if (table_.horizon < 1 || table_.horizon > 10'000) {
      refuse("horizon", "does not say how many actions an answer has", "give it");
    }
    map_.horizon_ = table_.horizon;
    require_known_unused();
    for (const CameraSpec& camera : robot_.cameras) map_.cameras_.push_back(camera.name);
    place("prompt", table_.prompt).kind = WireMap::Node::Kind::kPrompt;
    add_images();
    add_state();
    add_actions();
    return std::move(map_);
  }

 private:
  [[noreturn]] void refuse(const std::string& key, const std::string& what,
                           const std::string& to_do) const {
    throw Error(fmt::format("{}: {}", file_.string(), key), what, to_do);
  }

  void require_known_unused() const {
    for (const std::string& name : table_.unused) {
      const auto is = [&](const auto& one) { return one.name == name; };
      if (std::ranges::any_of(robot_.cameras, is) || std::ranges::any_of(robot_.state, is))
        continue;
      refuse("unused", fmt::format("{} has no camera or state field '{}'", robot_.name, name), "");
    }
  }

  bool unused(const std::string& name) const {
    return std::ranges::find(table_.unused, name) != table_.unused.end();
  }

  // The leaf at `path`, which must be new unless it holds numbers.
  WireMap::Node& place(const std::string& key, const std::vector<std::string>& path) {
    if (path.empty()) refuse(key, "names no key of the message", "give its path");
    WireMap::Node* node = &map_.request_;
    for (const std::string& name : path) {
      if (node->kind != WireMap::Node::Kind::kMap) refuse(key, "lies inside another value", "");
      const auto found = std::ranges::find(node->children, name, &WireMap::Node::name);
      if (found != node->children.end()) {
        node = &*found;
        continue;
      }
      node = &node->children.emplace_back();
      node->name = name;
    }
    const bool fresh = node->kind == WireMap::Node::Kind::kMap && node->children.empty();
    if (!fresh && node->kind != WireMap::Node::Kind::kNumbers) {
      refuse(key, "two values have one key of the message", "");
    }
    return *node;
  }

  void add_images() {
    std::vector<bool> shown(robot_.cameras.size());
    for (const auto& [name, image] : table_.image.tables) {
      const std::string key = "image." + name;
      const int camera = camera_of(image);
      if (camera < 0 && image.optional) continue;
      if (camera < 0) {
        refuse(key + ".camera",
               fmt::format("{} has no camera '{}', it has {}", robot_.name,
                           fmt::join(image.camera, "' or '"), fmt::join(map_.cameras_, ", ")),
               "name one of them");
      }
      if (image.layout != "hwc" && image.layout != "chw") {
        refuse(key + ".layout", "is neither hwc nor chw", "");
      }
      const bool sized = image.width > 0 && image.height > 0;
      if ((image.width != 0 || image.height != 0) &&
          (!sized || image.width > 4096 || image.height > 4096)) {
        refuse(key, fmt::format("a picture of {} x {}", image.width, image.height),
               "give width and height from 1 to 4096, or none");
      }
      WireMap::Node& node = place(key + ".key", image.key);
      if (node.kind != WireMap::Node::Kind::kMap) refuse(key + ".key", "is an array's already", "");
      node.kind = WireMap::Node::Kind::kImage;
      node.image = {camera, image.width, image.height, image.layout == "chw"};
      shown[static_cast<size_t>(camera)] = true;
    }
    for (size_t c = 0; c < shown.size(); ++c) {
      if (shown[c] || unused(map_.cameras_[c])) continue;
      refuse("image", fmt::format("camera {} of {} has no place", map_.cameras_[c], robot_.name),
             "add a table, or name it in unused");
    }
  }

  int camera_of(const WireMapFile::Image& image) const {
    for (const std::string& name : image.camera) {
      const auto found = std::ranges::find(map_.cameras_, name);
      if (found != map_.cameras_.end()) return static_cast<int>(found - map_.cameras_.begin());
    }
    return -1;
  }

  // The contract's fields that a table speaks of: those it names, or the next `count` ones.
  std::vector<int> fields_of(const std::string& key, const WireMapFile::Fields& table,
                             const std::vector<Field>& fields, int& next) const {
    std::vector<int> indices;
    if (table.fields.empty() == (table.count <= 0)) {
      refuse(key, "names fields or counts them", "give one of `fields` and `count`");
    }
    for (const std::string& name : table.fields) {
      const int index = index_of(fields, name);
      std::vector<std::string> names;
      for (const Field& field : fields) names.push_back(field.name);
      if (index < 0) {
        refuse(key + ".fields", fmt::format("{} has no field '{}'", robot_.name, name),
               fmt::format("it has {}", fmt::join(names, ", ")));
      }
      indices.push_back(index);
    }
    if (table.count > std::ssize(fields) - next) {
      refuse(key + ".count",
             fmt::format("{} more fields, {} has {}", table.count, robot_.name,
                         std::ssize(fields) - next),
             "name them with `fields`");
    }
    for (int i = 0; i < table.count; ++i) indices.push_back(next++);
    for (const int index : indices) require_like(key, table, fields[static_cast<size_t>(index)]);
    return indices;
  }

  void require_like(const std::string& key, const WireMapFile::Fields& table,
                    const Field& field) const {
    const std::string whose = fmt::format("{} of {}", field.name, robot_.name);
    if (!table.unit.empty() && table.unit != field.unit) {
      refuse(key + ".unit", fmt::format("is '{}', {} is in '{}'", table.unit, whose, field.unit),
             "scale is for the server's units");
    }
    if (!table.kind.empty() && table.kind != kind_name(field.kind)) {
      refuse(key + ".kind",
             fmt::format("is '{}', {} is a {}", table.kind, whose, kind_name(field.kind)),
             "drive the robot in the policy's action space");
    }
    if (table.gripper != field.gripper) {
      refuse(key + ".gripper",
             fmt::format("{} is {}a gripper's", whose, field.gripper ? "" : "not "),
             "put grippers into tables of their own");
    }
    if (!std::isfinite(table.scale) || table.scale == 0 || !std::isfinite(table.offset)) {
      refuse(key, "scale is 0, or scale or offset are not finite", "");
    }
  }

  // Puts fields into columns; `columns` grows as it must.
  void fill(const std::string& key, const WireMapFile::Fields& table,
            const std::vector<int>& indices, std::vector<WireMap::Number>& columns) const {
    const int first = table.first < 0 ? static_cast<int>(columns.size()) : table.first;
    if (first > kMostColumns) refuse(key + ".first", "is too large", "");
    const size_t end = static_cast<size_t>(first) + indices.size();
    if (end > columns.size()) columns.resize(end);
    for (size_t i = 0; i < indices.size(); ++i) {
      WireMap::Number& number = columns[static_cast<size_t>(first) + i];
      if (number.field >= 0) {
        refuse(key + ".first", fmt::format("column {} has a field already", first + i), "");
      }
      number = {indices[i], table.scale, table.offset};
    }
  }

  void add_state() {
    std::vector<bool> sent(robot_.state.size());
    int next = 0;
    for (const auto& [name, table] : table_.state.tables) {
      const std::string key = "state." + name;
      WireMap::Node& node = place(key + ".key", table.key);
      node.kind = WireMap::Node::Kind::kNumbers;
      const std::vector<int> indices = fields_of(key, table, robot_.state, next);
      fill(key, table, indices, node.numbers);
      for (const int index : indices) sent[static_cast<size_t>(index)] = true;
    }
    require_full(map_.request_);
    for (size_t i = 0; i < sent.size(); ++i) {
      if (sent[i] || unused(robot_.state[i].name)) continue;
      refuse("state", fmt::format("field {} of {} has no place", robot_.state[i].name, robot_.name),
             "add a table, or name it in unused");
    }
  }

  void require_full(const WireMap::Node& node) const {
    for (size_t i = 0; i < node.numbers.size(); ++i) {
      if (node.numbers[i].field >= 0) continue;
      refuse("state", fmt::format("column {} of '{}' has no field", i, node.name), "add a table");
    }
    for (const WireMap::Node& child : node.children) require_full(child);
  }

  void add_actions() {
    if (table_.answer.empty()) refuse("answer", "names no key of the message", "give its path");
    map_.answer_ = table_.answer;
    std::vector<WireMap::Number> columns;
    int next = 0;
    for (const auto& [name, table] : table_.action.tables) {
      const std::string key = "action." + name;
      if (!table.key.empty()) refuse(key + ".key", "actions have one key", "it is `answer`");
      if (table.kind.empty()) {
        refuse(key + ".kind", "is missing", "write position, velocity or delta");
      }
      fill(key, table, fields_of(key, table, robot_.action, next), columns);
    }
    map_.width_ = table_.width > 0 ? table_.width : static_cast<int>(columns.size());
    if (columns.size() > static_cast<size_t>(map_.width_)) {
      refuse("width",
             fmt::format("is {}, the tables speak of {} columns", map_.width_, columns.size()), "");
    }
    for (size_t i = 0; i < robot_.action.size(); ++i) {
      const auto count = std::ranges::count(columns, static_cast<int>(i), &WireMap::Number::field);
      if (count != 1) {
        refuse("action",
               fmt::format("field {} of {} has {}", robot_.action[i].name, robot_.name,
                           count == 0 ? "no column" : "two columns"),
               "the answer must say where the robot goes");
      }
      const auto at = std::ranges::find(columns, static_cast<int>(i), &WireMap::Number::field);
      map_.actions_.emplace_back(static_cast<int>(at - columns.begin()), *at);
    }
  }

  std::filesystem::path file_;
  const Embodiment& robot_;
  WireMapFile table_;
  WireMap map_;
};

WireMap WireMap::read(const std::string& name_or_file, const Embodiment& robot) {
  return WireMapReader(map_file(name_or_file), robot).made();
}

std::string WireMap::write_request(const Frame& frame, const std::string& prompt) const {
  io::msgpack::Writer writer;
  write(writer, request_, frame, prompt);
  return writer.take();
}

void WireMap::write(io::msgpack::Writer& writer, const Node& node, const Frame& frame,
                    const std::string& prompt) const {
  switch (node.kind) {
    case Node::Kind::kMap:
      writer.map(node.children.size());
      for (const Node& child : node.children) {
        writer.text(child.name);
        write(writer, child, frame, prompt);
      }
      return;
    case Node::Kind::kPrompt:
      return writer.text(prompt);
    case Node::Kind::kImage: {
      const auto camera = static_cast<size_t>(node.image.camera);
      const PictureRef& picture = frame.pictures.at(camera);
      if (!picture) throw Error("camera " + cameras_.at(camera), "has shown nothing yet");
      const Image& image = picture->image;
      const bool fits = node.image.width == 0 ||
                        (image.width == node.image.width && image.height == node.image.height);
      if (fits) return write_image(writer, image, node.image.planes);
      return write_image(writer, resize_with_pad(image, node.image.width, node.image.height),
                         node.image.planes);
    }
    case Node::Kind::kNumbers:
      break;
  }
  std::vector<float> numbers;
  for (const Number& number : node.numbers) {
    const double value = frame.state.at(static_cast<size_t>(number.field));
    numbers.push_back(static_cast<float>(number.scale * value + number.offset));
  }
  const size_t shape[] = {numbers.size()};
  writer.array(io::msgpack::Dtype::kFloat32, shape,
               {reinterpret_cast<const uint8_t*>(numbers.data()), numbers.size() * sizeof(float)});
}

ReadAnswer WireMap::read_answer(std::span<const uint8_t> message) const {
  const io::msgpack::Value value = io::msgpack::decode(message);
  const io::msgpack::Value* found = &value;
  for (const std::string& name : answer_) {
    if (found != nullptr) found = found->find(name);
  }
  const ActionChunk received = read_actions(found, fmt::format("{}", fmt::join(answer_, ".")));
  require_chunk(received, horizon_, width_);
  ReadAnswer answer;
  read_times(value, answer.facts);
  ActionChunk& chunk = answer.chunk;
  chunk.horizon = received.horizon;
  chunk.dim = static_cast<int>(actions_.size());
  for (int k = 0; k < received.horizon; ++k) {
    const std::span<const float> row = received.at(k);
    for (const auto& [column, number] : actions_) {
      const double value_there = row[static_cast<size_t>(column)];
      chunk.actions.push_back(static_cast<float>(number.scale * value_there + number.offset));
    }
  }
  require_chunk(chunk, 0, chunk.dim);  // a scale may have made a number infinite
  return answer;
}

void require_chunk(const ActionChunk& chunk, int64_t horizon, int64_t dim) {
  if (horizon > 0 && chunk.horizon != horizon) {
    throw Error("answer", fmt::format("has {} actions instead of {}", chunk.horizon, horizon));
  }
  if (chunk.dim != dim) {
    throw Error("answer", fmt::format("its actions have {} numbers instead of {}", chunk.dim, dim));
  }
  const auto wrong = std::ranges::find_if(chunk.actions, [](float x) { return !std::isfinite(x); });
  if (wrong == chunk.actions.end()) return;
  throw Error("answer", fmt::format("action {} has a number that is not finite",
                                    (wrong - chunk.actions.begin()) / chunk.dim));
}

}  // namespace gyre::serve
