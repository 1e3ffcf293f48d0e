#include "gyre/data/journal_tables.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace gyre::data {
namespace {

double milliseconds(int64_t ns) { return static_cast<double>(ns) * 1e-6; }

std::string order_word(event::Order order) {
  constexpr const char* kWords[] = {"pause", "resume", "take over", "give back", "stop", "clear"};
  const auto at = static_cast<size_t>(order);
  return at < std::size(kWords) ? kWords[at] : "unknown";
}

std::string outcome_word(event::Outcome outcome) {
  constexpr const char* kWords[] = {"unknown", "success", "failure", "partial"};
  const auto at = static_cast<size_t>(outcome);
  return at < std::size(kWords) ? kWords[at] : "unknown";
}

std::string chunking_word(Chunking chunking) {
  constexpr const char* kWords[] = {"independent", "guided", "continued"};
  const auto at = static_cast<size_t>(chunking);
  return at < std::size(kWords) ? kWords[at] : "unknown";
}

// The columns of an event.
struct EventText {
  std::string before, value, words;
  Maybe<int64_t> count = {};
};

struct Describe {
  const Embodiment* contract;

  EventText operator()(const event::Ordered& e) const { return {"", order_word(e.order), ""}; }
  EventText operator()(const event::ModeChanged& e) const {
    return {std::string(mode_name(e.from)), std::string(mode_name(e.to)),
            std::string(e.cause.view())};
  }
  EventText operator()(const event::GoalSet& e) const {
    return {"", std::to_string(e.goal_id), ""};
  }
  EventText operator()(const event::Said& e) const { return {"", "", std::string(e.words.view())}; }
  EventText operator()(const event::EpisodeBegan& e) const {
    return {"", std::to_string(e.episode), ""};
  }
  EventText operator()(const event::EpisodeEnded& e) const {
    return {"", std::to_string(e.episode), ""};
  }
  EventText operator()(const event::Verdict& e) const {
    return {"", outcome_word(e.outcome), std::string(e.reason.view())};
  }
  EventText operator()(const event::ChunkArrived& e) const {
    return {"", std::to_string(e.chunk_id), ""};
  }
  EventText operator()(const event::ChunkDropped& e) const {
    return {"", std::to_string(e.chunk_id), std::string(e.why.view())};
  }
  EventText operator()(const event::InferenceFailed& e) const {
    return {"", std::to_string(e.request_id), std::string(e.why.view())};
  }
  EventText operator()(const event::LinkRung& e) const {
    return {std::to_string(e.from), std::to_string(e.to), ""};
  }
  EventText operator()(const event::Alarm& e) const {
    return {"", std::string(e.monitor.view()), std::string(e.what.view())};
  }
  EventText operator()(const event::HelpAsked& e) const {
    return {"", "", std::string(e.why.view())};
  }
  EventText operator()(const event::HelpGiven&) const { return {}; }
  EventText operator()(const event::Fault& e) const { return {"", "", std::string(e.what.view())}; }
  EventText operator()(const event::FrameLost& e) const {
    const bool known =
        contract != nullptr && e.camera >= 0 && e.camera < std::ssize(contract->cameras);
    return {"", known ? contract->cameras[static_cast<size_t>(e.camera)].name : "", "", e.count};
  }
  EventText operator()(const event::RecordsLost& e) const {
    return {"", std::string(e.sink.view()), "", e.count};
  }
  EventText operator()(const event::ScopeOverridden& e) const {
    return {"", std::string(e.why.view()), std::string(e.words.view())};
  }
};

bool is_help(Source source) { return source == Source::kHuman || source == Source::kExpert; }

}  // namespace

JournalTables::JournalTables(std::string journal, int64_t first_episode)
    : journal_(std::move(journal)),
      next_episode_(first_episode),
      episodes_({"episode", "folder", "number", "recorded_hash", "embodiment", "task", "task_name",
                 "family", "seed", "success", "ended", "time_ns", "seconds", "steps",
                 "helped_steps", "policy", "policy_hash"}),
      steps_({"episode",     "folder",       "tick",         "time_ns",        "mode",
              "source",      "helped",       "state",        "sent",           "policy_action",
              "reasons",     "task",         "subtask",      "residual",       "chunk",
              "chunk_index", "chunk_age_ms", "state_age_ms", "picture_age_ms", "inference_ms"}),
      events_({"episode", "folder", "tick", "time_ns", "kind", "author", "before", "value", "words",
               "count"}),
      requests_({"episode",     "folder",          "tick",      "time_ns",  "request",
                 "shadow",      "prompt",          "chunking",  "delay",    "draws",
                 "flow_steps",  "engine",          "precision", "target",   "threads",
                 "policy_hash", "reused_pictures", "answered",  "queue_ms", "prefix_ms",
                 "sampling_ms", "network_ms",      "total_ms"}) {}

Maybe<int64_t> JournalTables::episode() const {
  return header_ && header_->attempt ? Maybe<int64_t>(next_episode_) : std::nullopt;
}

void JournalTables::take(const Record& record, int64_t unix_ns) {
  const std::optional<BuiltEpisode> built = builder_.take(record);
  if (record.kind == RecordKind::kHeader) {
    end_episode(built);
    begin(record, unix_ns);
    return;
  }
  end_ns_ = std::max(end_ns_, unix_ns);
  switch (record.kind) {
    case RecordKind::kGoal:
      goals_[record.get<Goal>().id] = std::get<GoalPtr>(record.shared);
      break;
    case RecordKind::kRequest: {
      Asked& asked = asked_[record.get<RequestRecord>().id];
      asked.request = std::get<RequestPtr>(record.shared);
      asked.tick = record.tick;
      asked.unix_ns = unix_ns;
      break;
    }
    case RecordKind::kChunk:
      asked_[record.get<ActionChunk>().id].chunk = std::get<ChunkPtr>(record.shared);
      break;
    case RecordKind::kEvent:
      add_event(record, unix_ns);
      break;
    case RecordKind::kStep:
      add_step(record.step, unix_ns);
      break;
    default:
      break;
  }
}

void JournalTables::finish() { end_episode(builder_.finish()); }

void JournalTables::begin(const Record& record, int64_t unix_ns) {
  header_ = std::get<HeaderPtr>(record.shared);
  begin_ns_ = end_ns_ = unix_ns;
  steps_count_ = helped_count_ = 0;
  goals_.clear();
}

void JournalTables::end_episode(const std::optional<BuiltEpisode>& built) {
  end_requests();
  if (!episode()) return;
  const EpisodeRows* rows = built ? &built->episode : nullptr;
  const Episode& e = header_->episode;
  episodes_.add(next_episode_++, journal_, e.number, rows ? rows->hash() : "", e.embodiment,
                e.instruction, e.task_name, e.family, static_cast<int64_t>(e.seed),
                rows ? rows->success : std::nullopt, built && built->ended, begin_ns_,
                static_cast<double>(end_ns_ - begin_ns_) * 1e-9, steps_count_, helped_count_,
                header_->policy, header_->policy_hash);
}

void JournalTables::end_requests() {
  for (const auto& [id, asked] : asked_) {
    if (!asked.request) continue;  // its chunk alone was not damaged
    const RequestRecord& r = *asked.request;
    const auto ms = [&asked = asked](float ActionChunk::Times::*part) {
      return asked.chunk ? Maybe<double>(asked.chunk->times.*part) : std::nullopt;
    };
    requests_.add(
        episode(), journal_, asked.tick, asked.unix_ns, id, r.shadow, r.prompt,
        chunking_word(r.chunking), r.delay, r.draws, r.flow_steps, r.engine, r.precision, r.target,
        r.threads, r.policy_hash,
        std::ranges::count_if(r.pictures, [](const RequestPicture& p) { return p.reused_id >= 0; }),
        asked.chunk != nullptr, ms(&ActionChunk::Times::queue_ms),
        ms(&ActionChunk::Times::prefix_ms), ms(&ActionChunk::Times::sampling_ms),
        ms(&ActionChunk::Times::network_ms),
        asked.chunk ? Maybe<double>(asked.chunk->times.total_ms()) : std::nullopt);
  }
  asked_.clear();
}

void JournalTables::add_step(const Step& step, int64_t unix_ns) {
  const auto goal = goals_.find(step.goal_id);
  const auto oldest = std::ranges::max_element(step.picture_age_ns);
  const bool chunk = step.chunk_id >= 0;
  const Proposal& policy = step.of(Source::kPolicy);
  ++steps_count_;
  helped_count_ += is_help(step.source) ? 1 : 0;
  steps_.add(
      episode(), journal_, step.tick, unix_ns, std::string(mode_name(step.mode)),
      std::string(source_name(step.source)), is_help(step.source), step.state, step.sent,
      policy.valid ? Maybe<std::vector<float>>(policy.action) : std::nullopt,
      reasons_text(step.reasons), goal == goals_.end() ? "" : goal->second->task,
      goal == goals_.end() ? "" : goal->second->subtask, step.residual,
      chunk ? Maybe<int64_t>(step.chunk_id) : std::nullopt,
      chunk ? Maybe<int64_t>(step.chunk_index) : std::nullopt,
      chunk ? Maybe<double>(milliseconds(step.chunk_age_ns)) : std::nullopt,
      milliseconds(step.state_age_ns),
      oldest == step.picture_age_ns.end() ? std::nullopt : Maybe<double>(milliseconds(*oldest)),
      step.inference_ms);
}

void JournalTables::add_event(const Record& record, int64_t unix_ns) {
  EventText text = std::visit(Describe{header_ ? &header_->contract : nullptr}, record.event.body);
  if (const auto* set = std::get_if<event::GoalSet>(&record.event.body)) {
    const auto goal = goals_.find(set->goal_id);
    if (goal != goals_.end()) text.words = goal->second->prompt();
  }
  events_.add(episode(), journal_, record.tick, unix_ns, std::string(event_name(record.event)),
              std::string(record.event.author.view()), text.before, text.value, text.words,
              text.count);
}

}  // namespace gyre::data
