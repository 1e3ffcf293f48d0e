#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/episode_rows.h"
#include "gyre/flywheel/label.h"
#include "gyre/train/critic.h"

// Labelers that learn a critic from all attempts, and take the actions that it finds good.
namespace gyre::flywheel {

// Shares of the rows that are targets, of those with the highest advantage.
struct Positives {
  double policy = 0.3;  // of the policy's own rows
  double helped = 0.8;  // of a person's or the helper's
};

// [rows], 1 for the share of the policy's rows and the share of helped rows whose advantage is
// highest over all episodes; fallback rows never. `advantage` [episodes][rows]. Throws Error where
// an advantage is not finite.
std::vector<EpisodeLabels> positive_rows(const std::vector<data::EpisodeRows>& episodes,
                                         const std::vector<std::vector<float>>& advantage,
                                         const Positives& shares);

// Progress critics (train/critic.h): the top 30 % of the policy's rows and 80 % of helped ones.
std::unique_ptr<Labeler> progress_labeler(const train::CriticConfig& config = {});
// A value critic's n-step advantages: the top 40 % of the policy's rows and every helped one.
std::unique_ptr<Labeler> value_labeler(const train::CriticConfig& config = {});

// An attempt as critics see it: the state over its range, each picture as 8 x 8 mean colours, and
// the words of the task as hashed counts. Needs decoded pictures.
train::CriticEpisode critic_episode(const data::EpisodeRows& episode, const Embodiment& contract);

}  // namespace gyre::flywheel
