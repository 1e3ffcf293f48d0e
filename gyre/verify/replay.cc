#include "gyre/verify/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/verify/ask_again.h"
#include "gyre/verify/recorded_answers.h"
#include "gyre/verify/recorded_requests.h"
#include "gyre/verify/replay_policies.h"

namespace gyre::verify {
namespace {

using Files = std::vector<std::filesystem::path>;
using Verdict = ReplayedDecision::Verdict;

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::ranges::equal(a, b, [](float x, float y) {
    return std::bit_cast<uint32_t>(x) == std::bit_cast<uint32_t>(y);
  });
}

// The first thing in which the answers differ; "" where they are the same bits.
std::string first_difference(const AnswerAgain& again, const RecordedRequest& asked,
                             const RecordedAnswer& recorded) {
  const ActionChunk& now = again.chunk;
  const ActionChunk& then = *recorded.chunk;
  if (asked.request->thought && recorded.goal && again.subtask != recorded.goal->subtask) {
    return fmt::format("the policy names the subtask '{}', then '{}'", again.subtask,
                       recorded.goal->subtask);
  }
  if (again.prompt != asked.request->prompt) {
    return fmt::format("the prompt is '{}', then '{}'", again.prompt, asked.request->prompt);
  }
  if (now.horizon != then.horizon || now.dim != then.dim) {
    return fmt::format("the chunk has {} x {} numbers, then {} x {}", now.horizon, now.dim,
                       then.horizon, then.dim);
  }
  if (!same_bits(now.actions, then.actions)) return "the actions have other bits";
  if (now.frozen != then.frozen || now.period_s != then.period_s || now.id != then.id ||
      now.observation_time_ns != then.observation_time_ns || now.policy_hash != then.policy_hash) {
    return "the chunk's frozen actions, times or policy differ";
  }
  return "";
}

std::vector<FieldDifference> field_differences(const ActionChunk& a, const ActionChunk& b) {
  if (a.dim != b.dim) return {};
  std::vector<FieldDifference> fields(static_cast<size_t>(a.dim));
  for (int row = 0; row < std::min(a.horizon, b.horizon); ++row) {
    for (size_t i = 0; i < fields.size(); ++i) {
      fields[i].add(static_cast<double>(a.at(row)[i]) - static_cast<double>(b.at(row)[i]));
    }
  }
  return fields;
}

// Fills verdict, reason and differences of a decision.
void ask_and_compare(const RecordedRequest& asked, const RecordedAnswer& recorded,
                     ReplayPolicies& policies, Replay& replay, ReplayedDecision& decision) {
  if (!asked.lost.empty()) {
    decision.why = asked.lost + " is lost";
    return;
  }
  if (recorded.chunk == nullptr) {
    decision.why = "its chunk is lost";
    return;
  }
  const infer::Engine& engine = policies.engine(*asked.header, recorded_engine(*asked.request));
  replay.policy = engine.checkpoint().folder.string();
  replay.policy_hash = engine.checkpoint().policy_hash;
  AnswerAgain again;
  try {
    again = ask_again(engine, asked);
  } catch (const Error& error) {
    decision.why = error.what();
    return;
  }
  decision.fields = field_differences(again.chunk, *recorded.chunk);
  decision.why = other_terms(asked.request->policy_hash, recorded_engine(*asked.request), engine);
  if (decision.why.empty() && !asked.lossless) {
    decision.why = "its pictures were not kept without loss (--lossless)";
  }
  if (!decision.why.empty()) {
    decision.verdict = Verdict::kCompared;
    return;
  }
  decision.why = first_difference(again, asked, recorded);
  decision.verdict = decision.why.empty() ? Verdict::kEqual : Verdict::kDiffers;
}

Replay::Robot& robot_of(Replay& replay, const Embodiment& contract) {
  for (Replay::Robot& robot : replay.robots) {
    if (robot.embodiment == contract.name) return robot;
  }
  Replay::Robot robot{.embodiment = contract.name};
  for (const Field& field : contract.action) {
    robot.names.push_back(field.name);
    robot.units.push_back(field.unit);
    robot.ranges.push_back(field.max - field.min);
  }
  robot.fields.resize(robot.names.size());
  replay.robots.push_back(std::move(robot));
  return replay.robots.back();
}

void count(const RecordedRequest& asked, ReplayedDecision decision, Replay& replay) {
  switch (decision.verdict) {
    case Verdict::kEqual:
      ++replay.equal;
      break;
    case Verdict::kDiffers:
      ++replay.differing;
      break;
    case Verdict::kCompared:
      ++replay.compared;
      break;
    case Verdict::kLost:
      ++replay.lost;
      break;
  }
  Replay::Robot& robot = robot_of(replay, asked.header->contract);
  if (decision.fields.size() == robot.fields.size()) {
    for (size_t i = 0; i < robot.fields.size(); ++i) robot.fields[i].add(decision.fields[i]);
  }
  replay.decisions.push_back(std::move(decision));
}

// Control periods of the journal's one attempt. Throws Error where there are several.
int64_t steps_of(const Files& files, std::optional<int64_t> episode) {
  data::JournalReader reader(
      files, {.pixels = data::Pixels::kNone, .kinds = {RecordKind::kHeader, RecordKind::kStep}});
  int64_t attempts = 0, steps = 0;
  bool wanted = false;
  for (Record record; reader.next(record);) {
    if (record.kind == RecordKind::kHeader) {
      const auto& header = record.get<Header>();
      wanted = header.attempt && (!episode || header.episode.number == *episode);
      attempts += wanted ? 1 : 0;
    } else if (wanted) {
      steps = std::max(steps, record.step.index + 1);
    }
  }
  if (attempts > 1) {
    throw Error("--step", fmt::format("the journal holds {} episodes", attempts),
                "choose one with --episode N");
  }
  return steps;
}

// The request whose answer was in force at control period `step`.
RecordedRequest request_at(RequestReader& reader, const Files& files, int64_t step,
                           std::optional<int64_t> episode) {
  const int64_t steps = steps_of(files, episode);
  if (step >= steps) {
    throw Error(fmt::format("--step {}", step), fmt::format("the episode has {} steps", steps));
  }
  std::optional<RecordedRequest> chosen;
  for (RecordedRequest asked; reader.next(asked) && asked.step <= step;) {
    if (asked.header->attempt) chosen = asked;
  }
  if (!chosen) {
    throw Error(fmt::format("--step {}", step), "the policy had not answered yet",
                "choose a later step");
  }
  return *chosen;
}

void require_requests(const RequestReader& reader, const Files& files,
                      const ReplayOptions& options) {
  if (reader.count() > 0) return;
  const std::string which =
      options.episode ? fmt::format("no request of episode {}", *options.episode) : "no request";
  throw Error(files.front().string(), "the journal holds " + which + " to a policy",
              "an expert or a person may have driven; `gyre data info` says what it holds");
}

}  // namespace

double FieldDifference::rms() const {
  return count > 0 ? std::sqrt(sum_squares / static_cast<double>(count)) : 0;
}

void FieldDifference::add(double difference) {
  sum_squares += difference * difference;
  // A number that is not finite differs by more than any.
  largest = std::isfinite(difference) ? std::max(largest, std::abs(difference)) : INFINITY;
  ++count;
}

void FieldDifference::add(const FieldDifference& other) {
  sum_squares += other.sum_squares;
  largest = std::max(largest, other.largest);
  count += other.count;
}

Replay replay(const Files& files, const ReplayOptions& options) {
  RequestReader reader(files, options.episode);
  require_requests(reader, files, options);
  const std::vector<RecordedAnswer> answers = recorded_answers(files, options.episode);
  ReplayPolicies policies(options.policy, options.folder);
  Replay replay;
  HeaderPtr header;
  int64_t begin_ns = 0;
  const auto take = [&](const RecordedRequest& asked) {
    if (std::exchange(header, asked.header) != asked.header) {
      begin_ns = asked.request->frame_time_ns;
    }
    ReplayedDecision decision{
        .episode = header->attempt ? header->episode.number : -1,
        .step = asked.step,
        .request_id = asked.request->id,
        .time_s = static_cast<double>(asked.request->frame_time_ns - begin_ns) * 1e-9,
        .embodiment = header->contract.name};
    ask_and_compare(asked, answers.at(static_cast<size_t>(asked.number)), policies, replay,
                    decision);
    count(asked, std::move(decision), replay);
  };
  if (options.step) {
    take(request_at(reader, files, *options.step, options.episode));
  } else {
    Progress progress("replaying", reader.count(), "decisions");
    for (RecordedRequest asked; reader.next(asked);) {
      if (stop_requested()) {
        throw Interrupted(
            "replay", fmt::format("was interrupted after {} decisions", replay.decisions.size()));
      }
      take(asked);
      progress.update(std::ssize(replay.decisions));
    }
  }
  replay.losses = reader.losses();
  return replay;
}

}  // namespace gyre::verify
