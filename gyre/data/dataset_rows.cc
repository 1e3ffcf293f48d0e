#include "gyre/data/dataset_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre::data {
namespace {

using io::Column;
using io::ColumnKind;
using nlohmann::ordered_json;

void require(bool good, const Row& step, const std::string& what) {
  if (!good) {
    throw Error(fmt::format("step {}", step.index), what, "record it with the robot's contract");
  }
}

void check_step(const Row& step, const Embodiment& e, const RowLayout& layout) {
  require(step.state.size() == e.state.size(), step,
          fmt::format("a state of {} values, not {}", step.state.size(), e.state.size()));
  require(step.action.size() == e.action.size(), step,
          fmt::format("an action of {} values, not {}", step.action.size(), e.action.size()));
  require(step.policy_action.empty() || step.policy_action.size() == e.action.size(), step,
          fmt::format("a policy's action of {} values", step.policy_action.size()));
  const size_t pictures = std::max(step.images.size(), step.recorded.size());
  require(pictures == e.cameras.size(), step,
          fmt::format("{} images for {} cameras", pictures, e.cameras.size()));
  for (size_t c = 0; c < step.images.size(); ++c) {
    require(
        step.images[c].width == e.cameras[c].width && step.images[c].height == e.cameras[c].height,
        step,
        fmt::format("camera '{}' gave {}x{} pixels, not {}x{}", e.cameras[c].name,
                    step.images[c].width, step.images[c].height, e.cameras[c].width,
                    e.cameras[c].height));
  }
  require(step.picture_age_s.empty() || step.picture_age_s.size() == e.cameras.size(), step,
          fmt::format("ages of {} pictures", step.picture_age_s.size()));
  require(step.grounding.size() == (layout.grounding ? 6 * e.cameras.size() : 0), step,
          fmt::format("grounding of {} values, where this dataset has {}", step.grounding.size(),
                      layout.grounding ? 6 * e.cameras.size() : 0));
  const auto finite = [](const std::vector<float>& values) {
    return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
  };
  require(finite(step.state) && finite(step.action), step, "a value that is not finite");
}

template <class Value, class Get>
std::vector<Value> gather(const EpisodeRows& episode, Get&& get) {
  std::vector<Value> values;
  values.reserve(episode.rows.size());
  for (const Row& step : episode.rows) values.push_back(get(step));
  return values;
}

template <class Get>
Column vectors(const EpisodeRows& episode, std::string name, size_t width, Get&& get) {
  std::vector<float> values;
  for (const Row& step : episode.rows) {
    const std::vector<float>& row = get(step);
    values.insert(values.end(), row.begin(), row.end());
    values.resize(values.size() + width - row.size());  // zeros where there is none
  }
  return io::list_column(std::move(name), io::float_column("", std::move(values)), width,
                         episode.rows.size());
}

// The fields of LeRobot's annotations, without the time.
Column language_entry(const char* role, std::vector<std::string> contents, const char* style) {
  const size_t items = contents.size();
  Column camera = io::string_column("camera", std::vector<std::string>(items));
  camera.nulls.assign(items, 1);
  Column calls = io::list_column("tool_calls", io::string_column("", {}), 0, items);
  calls.nulls.assign(items, 1);
  Column entry{.name = "element", .kind = ColumnKind::kStruct};
  entry.children = {io::string_column("role", std::vector<std::string>(items, role)),
                    io::string_column("content", std::move(contents)),
                    io::string_column("style", std::vector<std::string>(items, style)),
                    std::move(camera), std::move(calls)};
  return entry;
}

// LeRobot's persistent annotations: the same list on every frame, an entry where each subtask
// begins.
Column language_persistent(const EpisodeRows& episode, int fps) {
  std::vector<std::string> contents;
  std::vector<float> times;
  std::string current;
  for (size_t i = 0; i < episode.rows.size(); ++i) {
    const std::string& subtask = episode.rows[i].subtask;
    if (subtask == current) continue;
    current = subtask;
    contents.push_back(subtask);
    times.push_back(static_cast<float>(static_cast<double>(i) / fps));
  }
  const size_t rows = episode.rows.size(), entries = contents.size();
  std::vector<std::string> all_contents;
  std::vector<float> all_times;
  for (size_t row = 0; row < rows; ++row) {
    all_contents.insert(all_contents.end(), contents.begin(), contents.end());
    all_times.insert(all_times.end(), times.begin(), times.end());
  }
  Column entry = language_entry("assistant", std::move(all_contents), "subtask");
  entry.children.insert(entry.children.begin() + 3,
                        io::float_column("timestamp", std::move(all_times)));
  return io::list_column("language_persistent", std::move(entry), entries, rows);
}

// LeRobot's events: words of people, on the frame after which they were said.
Column language_events(const EpisodeRows& episode) {
  std::vector<std::string> contents;
  Column column = io::list_column("language_events", Column(), 0, episode.rows.size());
  for (size_t row = 0; row < episode.rows.size(); ++row) {
    const std::vector<std::string>& said = episode.rows[row].said;
    contents.insert(contents.end(), said.begin(), said.end());
    column.ends[row] = static_cast<int64_t>(contents.size());
  }
  column.children[0] = language_entry("user", std::move(contents), "interjection");
  return column;
}

void append_complete(const EpisodeRows& episode, size_t action_width, size_t cameras,
                     io::Table& table) {
  const auto name = [](const char* part) { return std::string(kComponentInfo) + part; };
  const auto add = [&](Column column) { table.columns.push_back(std::move(column)); };
  add(io::int_column(name("time_ns"), gather<int64_t>(episode, [](auto& s) { return s.time_ns; })));
  add(vectors(episode, name("policy_action"), action_width,
              [](const Row& s) -> const std::vector<float>& { return s.policy_action; }));
  add(io::bool_column(name("policy_acted"),
                      gather<uint8_t>(episode, [](auto& s) { return !s.policy_action.empty(); })));
  add(io::bool_column(name("clamped"),
                      gather<uint8_t>(episode, [](auto& s) { return s.clamped; })));
  add(io::string_column(name("clamp_reason"),
                        gather<std::string>(episode, [](auto& s) { return s.clamp_reason; })));
  add(io::int_column(name("chunk_id"),
                     gather<int64_t>(episode, [](auto& s) { return s.chunk_id; })));
  add(io::int_column(name("chunk_index"),
                     gather<int64_t>(episode, [](auto& s) { return s.chunk_index; })));
  add(io::float_column(name("inference_ms"),
                       gather<float>(episode, [](auto& s) { return s.inference_ms; })));
  add(io::float_column(name("tracking_residual"),
                       gather<float>(episode, [](auto& s) { return s.tracking_residual; })));
  if (cameras == 0) return;
  add(vectors(episode, name("picture_age_s"), cameras,
              [](const Row& s) -> const std::vector<float>& { return s.picture_age_s; }));
}

ordered_json feature(const char* dtype, ordered_json shape, ordered_json names = nullptr) {
  return {{"dtype", dtype}, {"shape", std::move(shape)}, {"names", std::move(names)}};
}

ordered_json field_names(const std::vector<Field>& fields) {
  ordered_json names = ordered_json::array();
  for (const Field& field : fields) names.push_back(field.name);
  return names;
}

}  // namespace

io::Table episode_rows(const EpisodeRows& episode, const Embodiment& e, const RowLayout& layout,
                       const RowPlace& place) {
  for (const Row& step : episode.rows) check_step(step, e, layout);
  const size_t rows = episode.rows.size();
  std::vector<int64_t> frame(rows), index(rows);
  std::vector<float> timestamp(rows);
  std::vector<uint8_t> done(rows), success(rows);
  for (size_t i = 0; i < rows; ++i) {
    frame[i] = static_cast<int64_t>(i);
    index[i] = place.first_index + frame[i];
    timestamp[i] = static_cast<float>(static_cast<double>(i) / place.fps);
  }
  done.back() = 1;
  success.back() = episode.success.value_or(false);

  io::Table table;
  const auto add = [&](Column column) { table.columns.push_back(std::move(column)); };
  add(vectors(episode, "observation.state", e.state.size(),
              [](const Row& s) -> const std::vector<float>& { return s.state; }));
  add(vectors(episode, "action", e.action.size(),
              [](const Row& s) -> const std::vector<float>& { return s.action; }));
  if (layout.grounding) {
    add(vectors(episode, "observation.grounding", 6 * e.cameras.size(),
                [](const Row& s) -> const std::vector<float>& { return s.grounding; }));
  }
  add(io::bool_column("next.done", std::move(done)));
  add(io::bool_column("next.success", std::move(success)));
  add(io::bool_column("intervention",
                      gather<uint8_t>(episode, [](auto& s) { return s.intervention; })));
  add(io::string_column("source", gather<std::string>(episode, [](auto& s) {
                          return std::string(source_name(s.source));
                        })));
  add(language_persistent(episode, place.fps));
  if (layout.language_events) add(language_events(episode));
  if (layout.complete) {
    append_complete(episode, e.action.size(), layout.picture_age ? e.cameras.size() : 0, table);
  }
  add(io::float_column("timestamp", std::move(timestamp)));
  add(io::int_column("frame_index", std::move(frame)));
  add(io::int_column("episode_index", std::vector<int64_t>(rows, place.episode_index)));
  add(io::int_column("index", std::move(index)));
  add(io::int_column("task_index", gather<int64_t>(episode, [&](auto& s) {
                       return place.task_index(s.task.empty() ? episode.instruction : s.task);
                     })));
  return table;
}

ordered_json row_features(const Embodiment& e, const RowLayout& layout) {
  const ordered_json one = {1};
  ordered_json f;
  f["observation.state"] = feature("float32", {e.state.size()}, field_names(e.state));
  f["action"] = feature("float32", {e.action.size()}, field_names(e.action));
  if (layout.grounding) {
    ordered_json names = ordered_json::array();
    for (const CameraSpec& camera : e.cameras) {
      for (const char* thing : {"object", "place"}) {
        for (const char* part : {"x", "y", "visible"}) {
          names.push_back(fmt::format("{}.{}.{}", camera.name, thing, part));
        }
      }
    }
    f["observation.grounding"] = feature("float32", {6 * e.cameras.size()}, names);
  }
  f["next.done"] = f["next.success"] = f["intervention"] = feature("bool", one);
  f["source"] = feature("string", one);
  f["language_persistent"] = feature("language", one);
  if (layout.language_events) f["language_events"] = feature("language", one);
  if (layout.complete) {
    const auto at = [&](const char* part) -> ordered_json& {
      return f[std::string(kComponentInfo) + part];
    };
    at("time_ns") = feature("int64", one);
    at("policy_action") = feature("float32", {e.action.size()}, field_names(e.action));
    at("policy_acted") = at("clamped") = feature("bool", one);
    at("clamp_reason") = feature("string", one);
    at("chunk_id") = at("chunk_index") = feature("int64", one);
    at("inference_ms") = at("tracking_residual") = feature("float32", one);
    if (layout.picture_age && !e.cameras.empty()) {
      ordered_json names = ordered_json::array();
      for (const CameraSpec& camera : e.cameras) names.push_back(camera.name);
      at("picture_age_s") = feature("float32", {e.cameras.size()}, names);
    }
  }
  f["timestamp"] = feature("float32", one);
  for (const char* name : {"frame_index", "episode_index", "index", "task_index"}) {
    f[name] = feature("int64", one);
  }
  return f;
}

std::string huggingface_metadata(const ordered_json& features) {
  const auto value = [](const std::string& dtype) -> ordered_json {
    return {{"dtype", dtype}, {"_type", "Value"}};
  };
  ordered_json columns;
  for (const auto& [name, entry] : features.items()) {
    const std::string dtype = entry.at("dtype");
    if (dtype == "video") continue;
    if (dtype == "language") {
      ordered_json item;
      for (const char* text : {"role", "content", "style"}) item[text] = value("string");
      if (name == "language_persistent") item["timestamp"] = value("float32");
      item["camera"] = value("string");
      item["tool_calls"] = {{"feature", value("string")}, {"_type", "List"}};
      columns[name] = {{"feature", item}, {"_type", "List"}};
    } else if (entry.at("names").is_null()) {
      columns[name] = value(dtype);
    } else {
      columns[name] = {
          {"feature", value(dtype)}, {"length", entry.at("shape").at(0)}, {"_type", "List"}};
    }
  }
  return ordered_json{{"info", {{"features", columns}}}}.dump();
}

}  // namespace gyre::data
