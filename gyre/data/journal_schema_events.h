#pragma once

#include "gyre/core/event.h"
#include "gyre/data/protobuf.h"

// The fields of events; the rules of journal_schema.h.
namespace gyre::data::protobuf {

template <>
struct Enum<Mode> {
  static constexpr std::string_view kName = "gyre.Mode";
  static constexpr std::array<std::string_view, 5> kValues = {
      "MODE_POLICY", "MODE_PAUSED", "MODE_HUMAN", "MODE_FALLBACK", "MODE_STOPPED"};
};
template <>
struct Enum<event::Order> {
  static constexpr std::string_view kName = "gyre.Order";
  static constexpr std::array<std::string_view, 6> kValues = {"ORDER_PAUSE",     "ORDER_RESUME",
                                                              "ORDER_TAKE_OVER", "ORDER_GIVE_BACK",
                                                              "ORDER_STOP",      "ORDER_CLEAR"};
};
template <>
struct Enum<event::Outcome> {
  static constexpr std::string_view kName = "gyre.Outcome";
  static constexpr std::array<std::string_view, 4> kValues = {"OUTCOME_UNKNOWN", "OUTCOME_SUCCESS",
                                                              "OUTCOME_FAILURE", "OUTCOME_PARTIAL"};
};

template <>
struct Message<event::Ordered> {
  static constexpr std::string_view kName = "gyre.Ordered";
  static void fields(auto& visit, auto& e) { visit(1, "order", e.order); }
};
template <>
struct Message<event::ModeChanged> {
  static constexpr std::string_view kName = "gyre.ModeChanged";
  static void fields(auto& visit, auto& e) {
    visit(1, "from", e.from);
    visit(2, "to", e.to);
    visit(3, "cause", e.cause);
  }
};
template <>
struct Message<event::GoalSet> {
  static constexpr std::string_view kName = "gyre.GoalSet";
  static void fields(auto& visit, auto& e) { visit(1, "goal_id", e.goal_id); }
};
template <>
struct Message<event::Said> {
  static constexpr std::string_view kName = "gyre.Said";
  static void fields(auto& visit, auto& e) { visit(1, "words", e.words); }
};
template <>
struct Message<event::EpisodeBegan> {
  static constexpr std::string_view kName = "gyre.EpisodeBegan";
  static void fields(auto& visit, auto& e) { visit(1, "episode", e.episode); }
};
template <>
struct Message<event::EpisodeEnded> {
  static constexpr std::string_view kName = "gyre.EpisodeEnded";
  static void fields(auto& visit, auto& e) { visit(1, "episode", e.episode); }
};
template <>
struct Message<event::Verdict> {
  static constexpr std::string_view kName = "gyre.Verdict";
  static void fields(auto& visit, auto& e) {
    visit(1, "episode", e.episode);
    visit(2, "outcome", e.outcome);
    visit(3, "reason", e.reason);
  }
};
template <>
struct Message<event::ChunkArrived> {
  static constexpr std::string_view kName = "gyre.ChunkArrived";
  static void fields(auto& visit, auto& e) { visit(1, "chunk_id", e.chunk_id); }
};
template <>
struct Message<event::ChunkDropped> {
  static constexpr std::string_view kName = "gyre.ChunkDropped";
  static void fields(auto& visit, auto& e) {
    visit(1, "chunk_id", e.chunk_id);
    visit(2, "why", e.why);
  }
};
template <>
struct Message<event::InferenceFailed> {
  static constexpr std::string_view kName = "gyre.InferenceFailed";
  static void fields(auto& visit, auto& e) {
    visit(1, "request_id", e.request_id);
    visit(2, "why", e.why);
  }
};
template <>
struct Message<event::LinkRung> {
  static constexpr std::string_view kName = "gyre.LinkRung";
  static void fields(auto& visit, auto& e) {
    visit(1, "from", e.from);
    visit(2, "to", e.to);
  }
};
template <>
struct Message<event::Alarm> {
  static constexpr std::string_view kName = "gyre.Alarm";
  static void fields(auto& visit, auto& e) {
    visit(1, "monitor", e.monitor);
    visit(2, "what", e.what);
  }
};
template <>
struct Message<event::HelpAsked> {
  static constexpr std::string_view kName = "gyre.HelpAsked";
  static void fields(auto& visit, auto& e) { visit(1, "why", e.why); }
};
template <>
struct Message<event::HelpGiven> {
  static constexpr std::string_view kName = "gyre.HelpGiven";
  static void fields(auto&, auto&) {}
};
template <>
struct Message<event::Fault> {
  static constexpr std::string_view kName = "gyre.Fault";
  static void fields(auto& visit, auto& e) { visit(1, "what", e.what); }
};
template <>
struct Message<event::FrameLost> {
  static constexpr std::string_view kName = "gyre.FrameLost";
  static void fields(auto& visit, auto& e) {
    visit(1, "camera", e.camera);
    visit(2, "count", e.count);
  }
};
template <>
struct Message<event::RecordsLost> {
  static constexpr std::string_view kName = "gyre.RecordsLost";
  static void fields(auto& visit, auto& e) {
    visit(1, "sink", e.sink);
    visit(2, "count", e.count);
  }
};
template <>
struct Message<event::ScopeOverridden> {
  static constexpr std::string_view kName = "gyre.ScopeOverridden";
  static void fields(auto& visit, auto& e) {
    visit(1, "words", e.words);
    visit(2, "why", e.why);
  }
};

template <>
struct Message<Event> {
  static constexpr std::string_view kName = "gyre.Event";
  static constexpr int kBody = 10;  // number of the first alternative
  static void fields(auto& visit, auto& e) {
    visit(3, "time_ns", e.time_ns);
    visit(4, "author", e.author);
    Oneof body(e.body);
    visit(kBody, "body", body);
  }
};

}  // namespace gyre::data::protobuf
