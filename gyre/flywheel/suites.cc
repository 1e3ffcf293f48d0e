#include "gyre/flywheel/suites.h"

#include <map>
#include <string>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

// The episodes of both evaluations grouped by a name, each group compared.
template <class Name>
std::vector<FamilyComparison> compare_by(const Evaluation& before, const Evaluation& after,
                                         const Name& name) {
  std::map<std::string, std::pair<Evaluation, Evaluation>> groups;
  for (size_t i = 0; i < before.episodes.size(); ++i) {
    auto& group = groups[name(before.episodes[i])];
    group.first.episodes.push_back(before.episodes[i]);
    group.second.episodes.push_back(after.episodes.at(i));
  }
  std::vector<FamilyComparison> result;
  result.reserve(groups.size());
  for (const auto& [group, pair] : groups) {
    result.push_back({group, compare(pair.first, pair.second)});
  }
  return result;
}

}  // namespace

Comparison compare(const Evaluation& before, const Evaluation& after) {
  bool paired = before.episodes.size() == after.episodes.size();
  for (size_t i = 0; paired && i < before.episodes.size(); ++i) {
    const EvaluatedEpisode &a = before.episodes[i], &b = after.episodes[i];
    paired = a.seed == b.seed && a.task == b.task && a.embodiment == b.embodiment;
  }
  if (!paired) {
    throw Error("paired evaluation", "the episodes before and after are not the same attempts",
                "evaluate both policies with the same suite, seed and number of episodes");
  }
  return {before.rate(), after.rate(), paired_difference(before.outcomes(), after.outcomes())};
}

std::vector<FamilyComparison> compare_families(const Evaluation& before, const Evaluation& after) {
  return compare_by(before, after, [](const EvaluatedEpisode& e) { return e.family; });
}

std::vector<FamilyComparison> compare_robots(const Evaluation& before, const Evaluation& after) {
  return compare_by(before, after,
                    [](const EvaluatedEpisode& e) { return e.family + ", " + e.embodiment; });
}

}  // namespace gyre::flywheel
