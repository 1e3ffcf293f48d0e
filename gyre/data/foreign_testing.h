#pragma once

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/data/notices.h"
#include "gyre/data/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/image_file.h"
#include "gyre/io/parquet.h"
#include "gyre/io/video.h"

namespace gyre::data::testing {

using nlohmann::ordered_json;

// A LeRobot folder as others write it, to be changed before it is written: state of 3 and action of
// 2 numbers, one camera `observation.images.top` of 24x16, no contract of Gyre.
class ForeignFolder {
 public:
  static constexpr int kWidth = 24, kHeight = 16;

  explicit ForeignFolder(std::vector<int> lengths = {5, 4}, double frames_a_second = 10,
                         bool as_video = false)
      : fps(frames_a_second), video(as_video) {
    const ordered_json one = {{"dtype", "int64"}, {"shape", {1}}, {"names", nullptr}};
    ordered_json features;
    features["observation.state"] = {
        {"dtype", "float32"}, {"shape", {3}}, {"names", {"waist", "elbow", "grip"}}};
    features["action"] = {{"dtype", "float32"}, {"shape", {2}}, {"names", {"waist", "elbow"}}};
    features["observation.images.top"] = {{"dtype", video ? "video" : "image"},
                                          {"shape", {kHeight, kWidth, 3}},
                                          {"names", {"height", "width", "channels"}}};
    features["timestamp"] = {{"dtype", "float32"}, {"shape", {1}}, {"names", nullptr}};
    for (const char* name : {"frame_index", "episode_index", "index", "task_index"}) {
      features[name] = one;
    }
    info = {{"codebase_version", "v3.0"},
            {"robot_type", "arm"},
            {"total_episodes", lengths.size()},
            {"total_frames", 0},
            {"chunks_size", 1000},
            {"fps", fps},
            {"data_path", "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"},
            {"video_path", "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"},
            {"features", features}};
    int64_t first = 0;
    std::vector<int64_t> indices, sizes, zeros(lengths.size(), 0);
    std::vector<double> from;
    for (size_t e = 0; e < lengths.size(); ++e) {
      data.push_back(rows_of(static_cast<int>(e), lengths[e], first));
      indices.push_back(static_cast<int64_t>(e));
      sizes.push_back(lengths[e]);
      from.push_back(static_cast<double>(first) / fps);
      first += lengths[e];
    }
    info["total_frames"] = first;
    const size_t n = lengths.size();
    episodes = {{io::int_column("episode_index", indices), io::int_column("length", sizes),
                 io::list_column(
                     "tasks", io::string_column("", std::vector<std::string>(n, "fold it")), 1, n),
                 io::int_column("data/chunk_index", zeros),
                 io::int_column("data/file_index", zeros)}};
    if (video) {
      const std::string place = "videos/observation.images.top/";
      episodes.columns.push_back(io::int_column(place + "chunk_index", zeros));
      episodes.columns.push_back(io::int_column(place + "file_index", zeros));
      episodes.columns.push_back(io::double_column(place + "from_timestamp", from));
    }
    tasks = {{io::int_column("task_index", {0}), io::string_column("task", {"fold it"})}};
    const ordered_json wide = {{"min", {0, 0, 0}}, {"max", {9, 9, 9}}, {"mean", {1, 2, 3}},
                               {"std", {1, 1, 1}}, {"q01", {0, 0, 0}}, {"q99", {9, 9, 9}},
                               {"count", {first}}};
    const ordered_json narrow = {
        {"min", {0, 0}}, {"max", {9, 9}}, {"mean", {1, 2}}, {"std", {1, 1}}, {"count", {first}}};
    stats = {{"observation.state", wide}, {"action", narrow}};
  }

  // What frame f of episode e recorded.
  static std::vector<float> state(int e, int f) {
    return {static_cast<float>(10 * e + f), static_cast<float>(f), 0.5f};
  }
  static std::vector<float> action(int e, int f) {
    return {static_cast<float>(10 * e + f + 1), static_cast<float>(-f)};
  }
  static Image picture(int e, int f) { return moving_square(kWidth, kHeight, 5 * e + f); }

  // A column of an episode's rows, or of another table; it must be there.
  static io::Column& column(io::Table& table, const std::string& name) {
    for (io::Column& each : table.columns) {
      if (each.name == name) return each;
    }
    throw Error(name, "is no column of the test");
  }
  static void remove(io::Table& table, const std::string& name) {
    std::erase_if(table.columns, [&](const io::Column& each) { return each.name == name; });
  }
  // Renames a feature and its column everywhere.
  void rename(const std::string& from, const std::string& to) {
    ordered_json features;
    for (const auto& [name, entry] : info["features"].items()) {
      features[name == from ? to : name] = entry;
    }
    info["features"] = features;
    for (io::Table& table : data) column(table, from).name = to;
    if (stats.contains(from)) {
      stats[to] = stats[from];
      stats.erase(from);
    }
  }

  std::filesystem::path write(const std::filesystem::path& folder) const {
    write_text(folder / "meta/info.json", info.dump(4));
    if (!stats.is_null()) write_text(folder / "meta/stats.json", stats.dump());
    write_table(folder / "meta/episodes/chunk-000/file-000.parquet", {episodes});
    write_table(folder / "meta/tasks.parquet", {tasks});
    write_table(folder / "data/chunk-000/file-000.parquet", data);
    if (!video) return folder;
    const auto file = folder / "videos/observation.images.top/chunk-000/file-000.mp4";
    std::filesystem::create_directories(file.parent_path());
    io::VideoWriter writer(file, kWidth, kHeight, fps);
    for (size_t e = 0; e < data.size(); ++e) {
      for (size_t f = 0; f < data[e].rows(); ++f) {
        writer.add(picture(static_cast<int>(e), static_cast<int>(f)));
      }
    }
    writer.finish();
    return folder;
  }

  // Pictures in the table only. `version` is v2.1, or v2.0 with meta/stats.json.
  std::filesystem::path write_v2(const std::filesystem::path& folder,
                                 const std::string& version = "v2.1") const {
    ordered_json old = info;
    old["codebase_version"] = version;
    old["data_path"] = "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet";
    old["video_path"] = nullptr;
    write_text(folder / "meta/info.json", old.dump(4));
    std::string lines, stat_lines;
    for (size_t e = 0; e < data.size(); ++e) {
      const auto index = static_cast<int64_t>(e);
      lines +=
          ordered_json{{"episode_index", index}, {"tasks", {"fold it"}}, {"length", data[e].rows()}}
              .dump() +
          "\n";
      stat_lines += ordered_json{{"episode_index", index}, {"stats", stats}}.dump() + "\n";
      write_table(folder / ("data/chunk-000/episode_00000" + std::to_string(e) + ".parquet"),
                  {data[e]});
    }
    write_text(folder / "meta/episodes.jsonl", lines);
    write_text(folder / "meta/tasks.jsonl", "{\"task_index\": 0, \"task\": \"fold it\"}\n");
    if (version == "v2.1") {
      write_text(folder / "meta/episodes_stats.jsonl", stat_lines);
    } else {
      write_text(folder / "meta/stats.json", stats.dump());
    }
    return folder;
  }

  static void write_text(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    io::write_atomically(file, text);
  }
  static void write_table(const std::filesystem::path& file, const std::vector<io::Table>& groups) {
    std::filesystem::create_directories(file.parent_path());
    parquet().write(file, groups);
  }
  static const io::Parquet& parquet() {
    static const std::shared_ptr<const io::Parquet> shared = io::Parquet::open();
    return *shared;
  }

  double fps;
  bool video;
  ordered_json info, stats;
  std::vector<io::Table> data;  // the rows of each episode
  io::Table episodes, tasks;    // of meta/

 private:
  io::Table rows_of(int e, int length, int64_t first) const {
    std::vector<float> states, actions, times;
    std::vector<int64_t> frames, global;
    std::vector<std::string> pictures, paths;
    for (int f = 0; f < length; ++f) {
      const auto s = state(e, f), a = action(e, f);
      states.insert(states.end(), s.begin(), s.end());
      actions.insert(actions.end(), a.begin(), a.end());
      times.push_back(static_cast<float>(f / fps));
      frames.push_back(f);
      global.push_back(first + f);
      const auto png = io::encode_png(picture(e, f));
      pictures.emplace_back(png.begin(), png.end());
      paths.push_back("frame.png");
    }
    const auto n = static_cast<size_t>(length);
    io::Table table{{io::list_column("observation.state", io::float_column("", states), 3, n),
                     io::list_column("action", io::float_column("", actions), 2, n),
                     io::float_column("timestamp", times), io::int_column("frame_index", frames),
                     io::int_column("episode_index", std::vector<int64_t>(n, e)),
                     io::int_column("index", global),
                     io::int_column("task_index", std::vector<int64_t>(n, 0))}};
    if (!video) {
      io::Column column;
      column.name = "observation.images.top";
      column.kind = io::ColumnKind::kStruct;
      column.children = {io::bytes_column("bytes", pictures), io::string_column("path", paths)};
      table.columns.push_back(std::move(column));
    }
    return table;
  }
};

// What a dataset told while it was opened and read.
struct Told {
  std::shared_ptr<std::vector<std::string>> lines = std::make_shared<std::vector<std::string>>();
  Notices::Tell tell() const {
    return [to = lines](const std::string& line) { to->push_back(line); };
  }
  std::string text() const {
    std::string all;
    for (const std::string& line : *lines) all += line + "\n";
    return all;
  }
};

}  // namespace gyre::data::testing
