#include "gyre/data/dataset_mcap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/data/dataset_edit_place.h"
#include "gyre/data/dataset_edit_source.h"
#include "gyre/data/dataset_edit_stats.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/journal_schema_foxglove.h"
#include "gyre/data/protobuf_schema.h"
#include "gyre/io/image_file.h"
#include "gyre/io/mcap_write.h"
#include "gyre/io/video.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using io::Column;
using io::ColumnKind;
using nlohmann::ordered_json;

constexpr int kPngSide = 128;             // pixels; larger pictures are JPEG
constexpr int64_t kBlock = 64;            // frames whose pictures are in memory together
constexpr size_t kFileChunk = 1'000'000;  // bytes of a chunk of the file

ordered_json json_of(const Column& column, size_t row) {
  if (column.is_null(row)) return nullptr;
  switch (column.kind) {
    case ColumnKind::kBool:
      return column.bools[row] != 0;
    case ColumnKind::kInt64:
      return column.ints[row];
    case ColumnKind::kFloat:
      return std::isfinite(column.floats[row]) ? ordered_json(column.floats[row]) : ordered_json();
    case ColumnKind::kDouble:
      return std::isfinite(column.doubles[row]) ? ordered_json(column.doubles[row])
                                                : ordered_json();
    case ColumnKind::kString:
      return column.strings[row];
    case ColumnKind::kBytes:
      return fmt::format("{} bytes", column.strings[row].size());
    case ColumnKind::kList: {
      ordered_json list = ordered_json::array();
      for (auto [i, end] = column.items(row); i < end; ++i) {
        list.push_back(json_of(column.children[0], i));
      }
      return list;
    }
    case ColumnKind::kStruct: {
      ordered_json fields = ordered_json::object();
      for (const Column& child : column.children) fields[child.name] = json_of(child, row);
      return fields;
    }
  }
  return nullptr;
}

void names_of(const ordered_json& names, std::vector<std::string>& to) {
  if (names.is_string()) to.push_back(names);
  if (names.is_array() || names.is_object()) {
    for (const auto& inner : names) names_of(inner, to);
  }
}

Timestamp stamp(int64_t ns) { return {ns / 1'000'000'000, static_cast<int>(ns % 1'000'000'000)}; }

class EpisodeFile {
 public:
  EpisodeFile(const EditSource& source, const fs::path& file) : source_(source), writer_(file) {}

  void write(const DatasetEpisode& episode, McapExport& done) {
    const io::Table rows = source_.rows(episode);
    describe(rows);
    const double fps = source_.info().at("fps").get<double>();
    const auto frames = static_cast<int64_t>(rows.rows());
    for (int64_t first = 0; first < frames; first += kBlock) {
      const int64_t end = std::min(frames, first + kBlock);
      load_pictures(episode, rows, first, end, fps);
      for (int64_t i = first; i < end; ++i) put_frame(rows, i, first, fps);
    }
    writer_.close();
    ++done.episodes;
    done.frames += frames;
    done.messages += messages_;
  }

 private:
  struct Joints {
    const char* column;
    std::vector<std::string> names;
    uint16_t channel;
  };
  struct Camera {
    std::string key;
    uint16_t channel;
    std::vector<CompressedImage> pictures;  // of the present block
  };

  void describe(const io::Table& rows) {
    const auto schema_of = [&]<class T>(const T*) {
      return writer_.add_schema(std::string(protobuf::Message<T>::kName), "protobuf",
                                protobuf::schema_of<T>());
    };
    const uint16_t joints = schema_of(static_cast<const JointStates*>(nullptr));
    for (const auto& [column, topic] :
         {std::pair{"observation.state", "/state"}, std::pair{"action", "/action"}}) {
      if (rows.find(column) == nullptr) continue;
      joints_.push_back({column, {}, writer_.add_channel(topic, "protobuf", joints)});
      if (source_.features().contains(column)) {
        names_of(source_.features()[column].value("names", ordered_json()), joints_.back().names);
      }
    }
    const uint16_t image = schema_of(static_cast<const CompressedImage*>(nullptr));
    for (const auto& [name, feature] : source_.features().items()) {
      const std::string dtype = feature.at("dtype");
      if (dtype != "video" && dtype != "image") continue;
      const std::string camera =
          name.starts_with(kImagePrefix) ? name.substr(kImagePrefix.size()) : name;
      cameras_.push_back({name, writer_.add_channel("/camera/" + camera, "protobuf", image), {}});
    }
    const std::string schema = R"({"type": "object"})";
    const auto* bytes = reinterpret_cast<const uint8_t*>(schema.data());
    row_channel_ = writer_.add_channel(
        "/row", "json", writer_.add_schema("lerobot.row", "jsonschema", {bytes, schema.size()}));
  }

  static CompressedImage encoded(const Image& image, const std::string& frame_id) {
    const bool small = std::max(image.width, image.height) <= kPngSide;
    CompressedImage picture{.frame_id = frame_id, .format = small ? "png" : "jpeg"};
    picture.data = small ? io::encode_png(image) : io::encode_jpeg(image);
    return picture;
  }

  void load_pictures(const DatasetEpisode& episode, const io::Table& rows, int64_t first,
                     int64_t end, double fps) {
    size_t track = 0;
    for (Camera& camera : cameras_) {
      camera.pictures.assign(static_cast<size_t>(end - first), {});
      const Column* stored = rows.find(camera.key);
      const bool video = source_.features()[camera.key].at("dtype") == "video";
      if (video) {
        const DatasetEpisode::Video& from = episode.videos.at(track++);
        std::vector<double> times;
        for (int64_t i = first; i < end; ++i) {
          times.push_back(from.from_s + static_cast<double>(i) / fps);
        }
        io::read_video(from.file, times, 0.5 / fps, [&](size_t i, const Image& image) {
          camera.pictures.at(i) = encoded(image, camera.key);
        });
      } else if (stored != nullptr) {
        for (const Column& child : stored->children) {
          if (child.name != "bytes") continue;
          for (int64_t i = first; i < end; ++i) {
            const std::string& file = child.strings[static_cast<size_t>(i)];
            CompressedImage& picture = camera.pictures[static_cast<size_t>(i - first)];
            picture.frame_id = camera.key;
            picture.data.assign(file.begin(), file.end());
            picture.format = file.starts_with("\x89PNG") ? "png" : "jpeg";
          }
        }
      }
    }
  }

  void put_frame(const io::Table& rows, int64_t frame, int64_t first_of_block, double fps) {
    const auto row = static_cast<size_t>(frame);
    const Column* times = rows.find("timestamp");
    double seconds = static_cast<double>(frame) / fps;
    if (times != nullptr && times->kind == ColumnKind::kFloat) seconds = times->floats[row];
    if (times != nullptr && times->kind == ColumnKind::kDouble) seconds = times->doubles[row];
    if (!(seconds >= 0 && seconds < 1e9)) seconds = static_cast<double>(frame) / fps;
    const int64_t ns = std::llround(seconds * 1e9);
    for (Camera& camera : cameras_) {
      CompressedImage& picture = camera.pictures[static_cast<size_t>(frame - first_of_block)];
      picture.timestamp = stamp(ns);
      if (!picture.data.empty()) put(camera.channel, frame, ns, picture);
    }
    std::vector<float> values;
    for (const Joints& joints : joints_) {
      if (!numbers_of(*rows.find(joints.column), row, values)) continue;
      JointStates states{stamp(ns), {}};
      for (size_t i = 0; i < values.size(); ++i) {
        states.joints.push_back(
            {.name = i < joints.names.size() ? joints.names[i] : fmt::format("{}", i),
             .position = values[i]});
      }
      put(joints.channel, frame, ns, states);
    }
    ordered_json others = ordered_json::object();
    for (const Column& column : rows.columns) {
      const auto is_it = [&](const auto& named) { return column.name == named.key; };
      const bool joint = column.name == "observation.state" || column.name == "action";
      if (joint || std::any_of(cameras_.begin(), cameras_.end(), is_it)) continue;
      others[column.name] = json_of(column, row);
    }
    const Column* task = rows.find("task_index");
    if (task != nullptr && task->kind == ColumnKind::kInt64) {
      const auto words = source_.tasks().find(task->ints[row]);
      if (words != source_.tasks().end()) others["task"] = words->second;
    }
    // Bytes that are no UTF-8 become the sign for that.
    const std::string text = others.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    message(row_channel_, frame, ns, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  }

  template <class T>
  void put(uint16_t channel, int64_t frame, int64_t ns, const T& body) {
    bytes_.clear();
    protobuf::encode(body, bytes_);
    message(channel, frame, ns, bytes_);
  }
  void message(uint16_t channel, int64_t frame, int64_t ns, std::span<const uint8_t> data) {
    writer_.message(channel, static_cast<uint32_t>(frame), static_cast<uint64_t>(ns),
                    static_cast<uint64_t>(ns), data);
    if (writer_.chunk_bytes() >= kFileChunk) writer_.end_chunk();
    ++messages_;
  }

  const EditSource& source_;
  io::McapWriter writer_;
  std::vector<Joints> joints_;
  std::vector<Camera> cameras_;
  uint16_t row_channel_ = 0;
  protobuf::Bytes bytes_;
  int64_t messages_ = 0;
};

}  // namespace

McapExport export_mcap(const fs::path& dataset, const fs::path& out,
                       const std::function<void(int64_t, int64_t)>& progress,
                       const std::function<bool()>& stop) {
  const EditSource source(dataset, io::Parquet::open());
  const std::vector<int64_t> present = source.dataset().present();
  McapExport done;
  done.missing = std::ssize(source.dataset().missing());
  NewDataset place(out, false);
  for (const int64_t index : present) {
    if (stop && stop()) {
      done.stopped = true;
      return done;
    }
    EpisodeFile(source, place.folder() / fmt::format("episode_{:06}.mcap", index))
        .write(source.episode(index), done);
    if (progress) progress(done.episodes, std::ssize(present));
  }
  place.publish();
  return done;
}

}  // namespace gyre::data
