#include "gyre/flywheel/pace.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gyre/core/stats.h"

namespace gyre::flywheel {
namespace {

constexpr int kMostJoined = 3;      // so many times faster
constexpr double kNoMotion = 0.02;  // of the pace

// The change that an action asks for beyond the one before it.
double asked_change(const Field& field, float before, float now, double period_s) {
  if (field.kind == FieldKind::kDelta && !field.gripper) return now;
  if (field.kind == FieldKind::kVelocity) return now * period_s;
  return static_cast<double>(now) - before;
}

std::vector<double> largest_changes(const Stats& stats) {
  std::vector<double> changes(stats.dim());
  for (size_t i = 0; i < changes.size(); ++i) {
    changes[i] = std::max(std::abs(stats.q01[i]), std::abs(stats.q99[i]));
  }
  return changes;
}

// The motion of rows of one episode, as shares of the pace.
class Motions {
 public:
  Motions(const data::EpisodeRows& episode, const Embodiment& contract, const Pace& pace)
      : rows_(episode.rows), contract_(contract), pace_(pace) {}

  // [D]
  std::vector<double> of(size_t row) const {
    const std::vector<float>& now = rows_[row].action;
    const std::vector<float>& before = rows_[row > 0 ? row - 1 : row].action;
    std::vector<double> shares(now.size());
    for (size_t i = 0; i < now.size(); ++i) {
      const double change =
          asked_change(contract_.action[i], before[i], now[i], contract_.action_period_s);
      shares[i] = share(change, pace_.action[i], contract_.action[i]);
    }
    return shares;
  }

  bool is_pause(size_t row) const {
    return std::ranges::all_of(of(row), [](double v) { return std::abs(v) < kNoMotion; }) &&
           !state_changes(row);
  }

  bool moves_gripper(const std::vector<double>& motion) const {
    for (size_t i = 0; i < motion.size(); ++i) {
      if (contract_.action[i].gripper && std::abs(motion[i]) >= kNoMotion) return true;
    }
    return false;
  }

 private:
  // A field that hardly moves in the policy's data has the pace of a hundredth of its range.
  static double share(double change, double pace, const Field& field) {
    const double least = std::max(0.01 * (field.max - field.min), 1e-9);
    return change / std::max(pace, least);
  }

  bool state_changes(size_t row) const {
    if (row + 1 >= rows_.size()) return false;
    for (size_t i = 0; i < contract_.state.size(); ++i) {
      const double change =
          static_cast<double>(rows_[row + 1].state[i]) - static_cast<double>(rows_[row].state[i]);
      if (std::abs(share(change, pace_.state[i], contract_.state[i])) >= 2 * kNoMotion) return true;
    }
    return false;
  }

  const std::vector<data::Row>& rows_;
  const Embodiment& contract_;
  const Pace& pace_;
};

// A group of rows that may grow.
struct Group {
  std::vector<double> motion;  // [D], the sum
  int moving = 0;              // rows that are no pauses
};

bool may_join(const Group& group, const std::vector<double>& next, const Motions& motions) {
  if (group.moving == 0) return true;
  if (group.moving >= kMostJoined) return false;
  if (motions.moves_gripper(group.motion) != motions.moves_gripper(next)) return false;
  double along = 0;
  for (size_t i = 0; i < next.size(); ++i) {
    along += group.motion[i] * next[i];
    if (std::abs(group.motion[i] + next[i]) > 1) return false;
  }
  return along >= 0;
}

}  // namespace

Pace pace_of(const data::FrameSource& frames, int embodiment) {
  const Embodiment contract = frames.embodiments().at(embodiment);
  RunningStats state(contract.state.size()), action(contract.action.size());
  std::vector<float> changed(contract.state.size()), asked(contract.action.size());
  for (int e = 0; e < frames.episodes(); ++e) {
    const data::EpisodeInfo info = frames.episode(e);
    if (info.embodiment != embodiment) continue;
    for (int row = 1; row < info.frames; ++row) {
      const data::Sample before = frames.frame(info.first_frame + row - 1);
      const data::Sample now = frames.frame(info.first_frame + row);
      for (size_t i = 0; i < changed.size(); ++i) changed[i] = now.state[i] - before.state[i];
      for (size_t i = 0; i < asked.size(); ++i) {
        asked[i] = static_cast<float>(asked_change(contract.action[i], before.action[i],
                                                   now.action[i], contract.action_period_s));
      }
      state.add(changed);
      action.add(asked);
    }
  }
  if (action.count() == 0) return {};
  return {.state = largest_changes(state.stats()), .action = largest_changes(action.stats())};
}

std::vector<size_t> paced_groups(const data::EpisodeRows& episode, std::span<const float> targets,
                                 const Embodiment& contract, const Pace& pace) {
  const std::vector<data::Row>& rows = episode.rows;
  const Motions motions(episode, contract, pace);
  const auto may_be_joined = [&](size_t row) {
    return !pace.action.empty() && rows[row].source == Source::kHuman && targets[row] > 0;
  };
  std::vector<size_t> groups;
  Group group;
  for (size_t row = 0; row < rows.size(); ++row) {
    const bool pause = may_be_joined(row) && motions.is_pause(row);
    const std::vector<double> motion =
        may_be_joined(row) ? motions.of(row) : std::vector<double>(contract.action.size());
    const bool goes_on = row > 0 && may_be_joined(row) && may_be_joined(row - 1) &&
                         rows[row].task == rows[row - 1].task &&
                         (pause || may_join(group, motion, motions));
    if (!goes_on) {
      groups.push_back(row);
      group = {.motion = std::vector<double>(contract.action.size()), .moving = 0};
    }
    if (pause) continue;
    for (size_t i = 0; i < motion.size(); ++i) group.motion[i] += motion[i];
    ++group.moving;
  }
  return groups;
}

data::EpisodeOnDisk join_rows(const data::EpisodeOnDisk& episode, std::span<const size_t> groups,
                              const Embodiment& contract) {
  const std::vector<data::Row>& rows = episode.rows.rows;
  data::EpisodeOnDisk joined = episode;
  joined.rows.rows.clear();
  for (data::PictureTrack& track : joined.tracks) track.seconds.clear();
  for (size_t group = 0; group < groups.size(); ++group) {
    const size_t first = groups[group];
    const size_t end = group + 1 < groups.size() ? groups[group + 1] : rows.size();
    data::Row row = rows[first];
    for (size_t next = first + 1; next < end; ++next) {
      for (size_t i = 0; i < row.action.size(); ++i) {
        const Field& field = contract.action[i];
        const bool sum = field.kind == FieldKind::kDelta && !field.gripper;
        row.action[i] = rows[next].action[i] + (sum ? row.action[i] : 0.F);
      }
    }
    row.index = static_cast<int64_t>(group);
    joined.rows.rows.push_back(std::move(row));
    for (size_t camera = 0; camera < joined.tracks.size(); ++camera) {
      joined.tracks[camera].seconds.push_back(episode.tracks[camera].time_s(first));
    }
  }
  return joined;
}

}  // namespace gyre::flywheel
