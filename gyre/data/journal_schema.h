#pragma once

#include "gyre/core/record.h"
#include "gyre/data/journal_schema_events.h"
#include "gyre/data/journal_schema_foxglove.h"
#include "gyre/data/protobuf.h"

// The fields of every message in a journal. Fields are only ever added: a number keeps its meaning
// for good, and one that is no longer written stays reserved.
namespace gyre::data {

// A record of the tape: where it stands there, then the fields of its kind.
template <class T>
struct Entry {
  int64_t record_tick = 0;     // Record::tick
  int64_t record_time_ns = 0;  // Record::time_ns
  std::optional<bool> repeat;  // true: stands in an earlier file too, and here for its readers
  T body{};
};

// A Header as it is written: the contract is JSON, the start state an attachment.
struct HeaderMessage {
  std::string contract;
  double control_period_s = 0;
  std::string embodiment, contract_hash;  // of the contract, for readers of the file
  int64_t unix_offset_ns = 0;             // unix time minus robot clock
  bool attempt = false;
  Episode episode;
  std::string program, policy, policy_hash, setup;
};

namespace protobuf {

template <class T>
struct Message<Entry<T>> {
  static constexpr std::string_view kName = Message<T>::kName;
  static void fields(auto& visit, auto& entry) {
    visit(1, "record_tick", entry.record_tick);
    visit(2, "record_time_ns", entry.record_time_ns);
    Message<T>::fields(visit, entry.body);
    visit(100, "repeat", entry.repeat);
  }
};

template <>
struct Message<Episode> {
  static constexpr std::string_view kName = "gyre.Episode";
  static void fields(auto& visit, auto& e) {
    visit(1, "number", e.number);
    visit(2, "embodiment", e.embodiment);
    visit(3, "task_name", e.task_name);
    visit(4, "family", e.family);
    visit(5, "instruction", e.instruction);
    visit(6, "seed", e.seed);
    visit(7, "success", e.success);
    visit(8, "first_tick", e.first_tick);
    visit(9, "steps", e.steps);
  }
};

template <>
struct Message<HeaderMessage> {
  static constexpr std::string_view kName = "gyre.Header";
  static void fields(auto& visit, auto& h) {
    visit(3, "contract", h.contract);
    visit(4, "control_period_s", h.control_period_s);
    visit(5, "embodiment", h.embodiment);
    visit(6, "contract_hash", h.contract_hash);
    visit(7, "unix_offset_ns", h.unix_offset_ns);
    visit(8, "attempt", h.attempt);
    visit(9, "episode", h.episode);
    visit(10, "program", h.program);
    visit(11, "policy", h.policy);
    visit(12, "policy_hash", h.policy_hash);
    visit(13, "setup", h.setup);
  }
};

template <>
struct Message<Goal::Words> {
  static constexpr std::string_view kName = "gyre.Words";
  static void fields(auto& visit, auto& w) {
    visit(1, "author", w.author);
    visit(2, "time_ns", w.time_ns);
    visit(3, "text", w.text);
  }
};

template <>
struct Message<Goal> {
  static constexpr std::string_view kName = "gyre.Goal";
  static void fields(auto& visit, auto& g) {
    visit(3, "id", g.id);
    visit(4, "task", g.task);
    visit(5, "subtask", g.subtask);
    visit(6, "author", g.author);
    visit(7, "time_ns", g.time_ns);
    visit(8, "words", g.words);
  }
};

template <>
struct Enum<Chunking> {
  static constexpr std::string_view kName = "gyre.Chunking";
  static constexpr std::array<std::string_view, 3> kValues = {
      "CHUNKING_INDEPENDENT", "CHUNKING_GUIDED", "CHUNKING_CONTINUED"};
};

template <>
struct Message<RequestPicture> {
  static constexpr std::string_view kName = "gyre.RequestPicture";
  static void fields(auto& visit, auto& p) {
    visit(1, "id", p.id);
    visit(2, "pixel_hash", p.pixel_hash);
    visit(3, "reused_id", p.reused_id);
  }
};

template <>
struct Message<RequestRecord> {
  static constexpr std::string_view kName = "gyre.Request";
  static void fields(auto& visit, auto& r) {
    visit(3, "id", r.id);
    visit(4, "goal_id", r.goal_id);
    visit(5, "frame_time_ns", r.frame_time_ns);
    visit(6, "state", r.state);
    visit(7, "pictures", r.pictures);
    visit(8, "prompt", r.prompt);
    visit(9, "noise_seed", r.noise_seed);
    visit(10, "chunking", r.chunking);
    visit(11, "delay", r.delay);
    visit(12, "previous_chunk_id", r.previous_chunk_id);
    visit(13, "previous", r.previous);
    visit(14, "flow_steps", r.flow_steps);
    visit(15, "engine", r.engine);
    visit(16, "precision", r.precision);
    visit(17, "target", r.target);
    visit(18, "threads", r.threads);
    visit(19, "policy_hash", r.policy_hash);
    visit(20, "shadow", r.shadow);
    visit(21, "draws", r.draws);
    visit(22, "thought", r.thought);
    visit(23, "previous_horizon", r.previous_horizon);
  }
};

template <>
struct Message<ActionChunk::Times> {
  static constexpr std::string_view kName = "gyre.ChunkTimes";
  static void fields(auto& visit, auto& t) {
    visit(1, "queue_ms", t.queue_ms);
    visit(2, "prefix_ms", t.prefix_ms);
    visit(3, "sampling_ms", t.sampling_ms);
    visit(4, "network_ms", t.network_ms);
  }
};

template <>
struct Message<ActionChunk> {
  static constexpr std::string_view kName = "gyre.Chunk";
  static void fields(auto& visit, auto& c) {
    visit(3, "id", c.id);
    visit(4, "observation_time_ns", c.observation_time_ns);
    visit(5, "period_s", c.period_s);
    visit(6, "horizon", c.horizon);
    visit(7, "dim", c.dim);
    visit(8, "actions", c.actions);
    visit(9, "policy_hash", c.policy_hash);
    visit(10, "frozen", c.frozen);
    visit(11, "times", c.times);
  }
};

template <>
struct Message<Truth> {
  static constexpr std::string_view kName = "gyre.Truth";
  static void fields(auto& visit, auto& t) {
    visit(3, "subtask", t.subtask);
    visit(4, "grounding", t.grounding);
  }
};

template <>
struct Enum<Scene::Shape::Kind> {
  static constexpr std::string_view kName = "gyre.ShapeKind";
  static constexpr std::array<std::string_view, 6> kValues = {"SHAPE_BOX",       "SHAPE_SPHERE",
                                                              "SHAPE_CYLINDER",  "SHAPE_CAPSULE",
                                                              "SHAPE_ELLIPSOID", "SHAPE_MESH"};
};

template <>
struct Message<Scene::Shape> {
  static constexpr std::string_view kName = "gyre.Shape";
  static void fields(auto& visit, auto& s) {
    visit(1, "link", s.link);
    visit(2, "kind", s.kind);
    visit(3, "size", s.size);
    visit(4, "position", s.position);
    visit(5, "rotation", s.rotation);
    visit(6, "rgba", s.rgba);
  }
};

template <>
struct Message<Scene::Pose> {
  static constexpr std::string_view kName = "gyre.Pose";
  static void fields(auto& visit, auto& p) {
    visit(1, "link", p.link);
    visit(2, "position", p.position);
    visit(3, "rotation", p.rotation);
  }
};

template <>
struct Message<Scene> {
  static constexpr std::string_view kName = "gyre.Scene";
  static void fields(auto& visit, auto& s) {
    visit(3, "shapes", s.shapes);
    visit(4, "poses", s.poses);
  }
};

template <>
struct Enum<Source> {
  static constexpr std::string_view kName = "gyre.Source";
  static constexpr std::array<std::string_view, kSources> kValues = {
      "SOURCE_POLICY", "SOURCE_HUMAN", "SOURCE_EXPERT", "SOURCE_FALLBACK"};
};

template <>
struct Message<Proposal> {
  static constexpr std::string_view kName = "gyre.Proposal";
  static void fields(auto& visit, auto& p) {
    visit(1, "valid", p.valid);
    visit(2, "action", p.action);
  }
};

template <>
struct Message<Step> {
  static constexpr std::string_view kName = "gyre.Step";
  static void fields(auto& visit, auto& s) {
    visit(3, "tick", s.tick);
    visit(4, "time_ns", s.time_ns);
    visit(5, "index", s.index);
    visit(6, "state", s.state);
    visit(7, "policy", s.of(Source::kPolicy));
    visit(8, "human", s.of(Source::kHuman));
    visit(9, "expert", s.of(Source::kExpert));
    visit(10, "fallback", s.of(Source::kFallback));
    visit(11, "sent", s.sent);
    visit(12, "source", s.source);
    visit(13, "mode", s.mode);
    visit(14, "reasons", s.reasons);
    visit(15, "action_start", s.action_start);
    visit(16, "pictures", s.pictures);
    visit(17, "picture_age_ns", s.picture_age_ns);
    visit(18, "state_age_ns", s.state_age_ns);
    visit(19, "chunk_age_ns", s.chunk_age_ns);
    visit(20, "goal_id", s.goal_id);
    visit(21, "chunk_id", s.chunk_id);
    visit(22, "chunk_index", s.chunk_index);
    visit(23, "inference_ms", s.inference_ms);
    visit(24, "residual", s.residual);
  }
};

}  // namespace protobuf
}  // namespace gyre::data
