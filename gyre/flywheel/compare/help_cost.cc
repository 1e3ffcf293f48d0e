#include "gyre/flywheel/compare/help_cost.h"

#include <nlohmann/json.hpp>

#include "gyre/flywheel/label.h"

namespace gyre::flywheel {

void HelpCost::add(const data::EpisodeRows& episode, double action_period_s, bool attended) {
  bool driving = false;
  for (const data::Row& row : episode.rows) {
    const bool helped = is_helped(row);
    if (helped) driven_s += action_period_s;
    if (helped && !driving) ++takeovers;
    driving = helped;
    sentences += std::ssize(row.said);
  }
  if (episode.success) ++verdicts;
  if (attended) attended_s += action_period_s * static_cast<double>(episode.rows.size());
}

double HelpCost::seconds(bool with_verdicts) const {
  constexpr double kTakeover = 2, kVerdict = 1;
  return driven_s + kTakeover * static_cast<double>(takeovers + sentences) +
         (with_verdicts ? kVerdict * static_cast<double>(verdicts) : 0);
}

void to_json(nlohmann::json& json, const HelpCost& cost) {
  json = {{"driven_s", cost.driven_s},
          {"takeovers", cost.takeovers},
          {"sentences", cost.sentences},
          {"verdicts", cost.verdicts},
          {"attended_s", cost.attended_s}};
}

void from_json(const nlohmann::json& json, HelpCost& cost) {
  json.at("driven_s").get_to(cost.driven_s);
  json.at("takeovers").get_to(cost.takeovers);
  json.at("sentences").get_to(cost.sentences);
  json.at("verdicts").get_to(cost.verdicts);
  json.at("attended_s").get_to(cost.attended_s);
}

}  // namespace gyre::flywheel
