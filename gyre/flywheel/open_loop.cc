#include "gyre/flywheel/open_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/request.h"
#include "gyre/core/rng.h"

namespace gyre::flywheel {
namespace {

constexpr size_t kAheads = kLookAheads.size();
constexpr size_t kPlotted = 1;  // the look-ahead whose predictions are plotted

// Index of the action that is carried out `seconds` after the observation: the first one takes
// effect one period later.
int action_index(double seconds, double period_s) {
  return std::max(0, static_cast<int>(std::lround(seconds / period_s)) - 1);
}

// What commands each field's present value.
class HoldStill {
 public:
  explicit HoldStill(const Embodiment& contract) {
    for (const Field& field : contract.action) {
      const auto same = std::find_if(contract.state.begin(), contract.state.end(),
                                     [&](const Field& f) { return f.name == field.name; });
      state_index_.push_back(
          same == contract.state.end() ? -1 : static_cast<int>(same - contract.state.begin()));
      position_.push_back(field.kind == FieldKind::kPosition);
    }
  }
  float value(size_t field, const data::EpisodeRows& episode, size_t at) const {
    if (!position_[field]) return 0;
    const int index = state_index_[field];
    if (index >= 0) return episode.rows[at].state[static_cast<size_t>(index)];
    return episode.rows[at == 0 ? 0 : at - 1].action[field];
  }

 private:
  std::vector<int> state_index_;
  std::vector<bool> position_;
};

struct Errors {
  std::array<double, kAheads> sum{};
  std::array<int64_t, kAheads> count{};

  void add(size_t ahead, double error) {
    sum[ahead] += error;
    ++count[ahead];
  }
  OpenLoopError mean(const std::string& predictor) const {
    OpenLoopError result{predictor, {}};
    for (size_t a = 0; a < kAheads; ++a) result.error[a] = sum[a] / static_cast<double>(count[a]);
    return result;
  }
};

std::vector<JointSeries> empty_series(const Embodiment& contract) {
  std::vector<JointSeries> series;
  series.reserve(contract.action.size());
  for (const Field& field : contract.action) {
    series.push_back({.joint = field.name,
                      .look_ahead_s = kLookAheads[kPlotted],
                      .time_s = {},
                      .recorded = {},
                      .predicted = {}});
  }
  return series;
}

// The normalisers of other projects may hold quantiles alone, mean and standard deviation alone, or
// fewer fields than the robot has.
double range_of(const Stats& stats, const std::vector<Field>& fields, size_t d) {
  if (d < stats.max.size() && d < stats.min.size()) return stats.max[d] - stats.min[d];
  if (d < stats.q99.size() && d < stats.q01.size()) return stats.q99[d] - stats.q01[d];
  if (d < stats.std.size()) return 4 * stats.std[d];  // of a normal distribution, 95 % lie in it
  return fields[d].max - fields[d].min;
}
double mean_of(const Stats& stats, const std::vector<Field>& fields, size_t d) {
  if (d < stats.mean.size()) return stats.mean[d];
  if (d < stats.q99.size() && d < stats.q01.size()) return (stats.q01[d] + stats.q99[d]) / 2;
  if (d < stats.max.size() && d < stats.min.size()) return (stats.min[d] + stats.max[d]) / 2;
  return (fields[d].min + fields[d].max) / 2;
}

// The question that the robot would have asked at this row. Takes the row's pictures.
Request request_at(data::Row& row, const std::string& embodiment) {
  Request request;
  request.embodiment = embodiment;
  request.frame = {.time_ns = row.time_ns, .state = row.state, .pictures = {}};
  for (Image& image : row.images) {
    request.frame.pictures.emplace_back(Picture{.image = std::move(image), .id = row.index});
  }
  request.goal = std::make_shared<const Goal>(Goal{.task = row.task});
  return request;
}

// The mean of `draws` sampled chunks.
ActionChunk mean_sample(const infer::Engine& engine, const Request& request, Rng& rng, int draws) {
  const Request* one = &request;
  const auto prefix = engine.encode(std::span(&one, 1), infer::Ask::kActions);
  ActionChunk mean = engine.sample(*prefix, std::span(&rng, 1)).front();
  for (int i = 1; i < draws; ++i) {
    const ActionChunk chunk = engine.sample(*prefix, std::span(&rng, 1)).front();
    for (size_t k = 0; k < mean.actions.size(); ++k) mean.actions[k] += chunk.actions[k];
  }
  for (float& action : mean.actions) action /= static_cast<float>(draws);
  return mean;
}

}  // namespace

OpenLoopResult open_loop(const infer::Engine& engine, const Embodiment& contract, int episodes,
                         const std::function<data::EpisodeRows(int)>& take_episode, int draws,
                         int stride) {
  const TrainedEmbodiment& trained = engine.checkpoint().trained_on(contract);
  std::array<int, kAheads> index{};
  for (size_t a = 0; a < kAheads; ++a)
    index[a] = action_index(kLookAheads[a], contract.action_period_s);
  const HoldStill hold(contract);
  Errors policy, still, mean_chunk;
  OpenLoopResult result;
  result.series = empty_series(contract);
  Progress progress("predicting", episodes, "episodes");
  for (int e = 0; e < episodes; ++e) {
    data::EpisodeRows episode = take_episode(e);
    for (size_t t = 0; t + static_cast<size_t>(index.back()) < episode.rows.size();
         t += static_cast<size_t>(stride)) {
      Rng rng = Rng::stream(static_cast<uint64_t>(e), fmt::format("open loop {}", t));
      const Request request = request_at(episode.rows[t], contract.name);
      const ActionChunk chunk = mean_sample(engine, request, rng, draws);
      if (chunk.horizon <= index.back()) {
        throw Error("policy",
                    fmt::format("its chunks of {} actions end before {} s", chunk.horizon,
                                kLookAheads.back()),
                    "train one with a longer horizon");
      }
      ++result.observations;
      for (size_t a = 0; a < kAheads; ++a) {
        const size_t then = t + static_cast<size_t>(index[a]);
        for (size_t d = 0; d < contract.action.size(); ++d) {
          const double range = range_of(trained.action, contract.action, d);
          if (range <= 0) continue;  // a joint that never moves
          const double recorded = episode.rows[then].action[d];
          const double predicted = chunk.at(index[a])[d];
          policy.add(a, std::abs(predicted - recorded) / range);
          still.add(a, std::abs(hold.value(d, episode, t) - recorded) / range);
          mean_chunk.add(a,
                         std::abs(mean_of(trained.action, contract.action, d) - recorded) / range);
          if (e == 0 && a == kPlotted) {
            JointSeries& series = result.series[d];
            series.time_s.push_back(static_cast<double>(then) * contract.action_period_s);
            series.recorded.push_back(recorded);
            series.predicted.push_back(predicted);
          }
        }
      }
    }
    progress.update(e + 1);
  }
  if (result.observations == 0) {
    throw Error("held-out episodes", "there is nothing to compare with",
                "hold out at least one episode longer than a second");
  }
  result.errors = {policy.mean("policy"), still.mean("hold still"), mean_chunk.mean("mean chunk")};
  return result;
}

void to_json(nlohmann::json& json, const OpenLoopResult& result) {
  nlohmann::json errors = nlohmann::json::object();
  for (const OpenLoopError& e : result.errors) errors[e.predictor] = e.error;
  nlohmann::json series = nlohmann::json::array();
  for (const JointSeries& s : result.series) {
    series.push_back({{"joint", s.joint},
                      {"look_ahead_s", s.look_ahead_s},
                      {"time_s", s.time_s},
                      {"recorded", s.recorded},
                      {"predicted", s.predicted}});
  }
  json = {{"look_ahead_s", kLookAheads},
          {"errors", errors},
          {"observations", result.observations},
          {"series", series}};
}

std::string open_loop_table(const OpenLoopResult& result) {
  std::string table =
      fmt::format("  mean absolute error, % of each joint's range ({} observations)\n  {:<14}",
                  result.observations, "");
  for (double seconds : kLookAheads) table += fmt::format("{:>8.1f} s", seconds);
  table += '\n';
  for (const OpenLoopError& e : result.errors) {
    table += fmt::format("  {:<14}", e.predictor);
    for (double error : e.error) table += fmt::format("{:>10.2f}", 100 * error);
    table += '\n';
  }
  return table;
}

}  // namespace gyre::flywheel
