#include "gyre/flywheel/stages/gate_scope.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "gyre/core/error.h"
#include "gyre/flywheel/lineage.h"
#include "gyre/flywheel/policy_use.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The families of a suite, from a deal that has each of them.
std::vector<std::string> families_of(const run::Arena& arena, const TurnConfig& config) {
  constexpr int64_t kEnough = 64;  // a suite has fewer families
  std::set<std::string> families;
  for (const run::Attempt& attempt :
       arena.deal(config.trained_suite, config.embodiments,
                  kEnough * std::ssize(config.embodiments), config.seed)) {
    families.insert(attempt.family);
  }
  return {families.begin(), families.end()};
}

// The frontier suites of the promotions that made the policies of a line.
std::vector<std::string> promoted_skills(const fs::path& ledger,
                                         const std::vector<std::string>& line) {
  std::vector<std::string> skills;
  if (!fs::is_regular_file(ledger)) return skills;
  const LedgerRows promotions(ledger, "promotions");
  for (size_t i = 0; i < promotions.size(); ++i) {
    if (promotions.number(i, "promoted") == 0 ||
        std::ranges::find(line, promotions.text(i, "after")) == line.end()) {
      continue;
    }
    const json evidence = json::parse(promotions.text(i, "evidence"), nullptr, false);
    const std::string skill = evidence.is_object() ? evidence.value("skill", "") : "";
    if (!skill.empty() && std::ranges::find(skills, skill) == skills.end()) skills.push_back(skill);
  }
  return skills;
}

// The folder of the root of a line.
fs::path root_folder(const fs::path& runs, const std::string& hash) {
  if (const auto folder = policy_folder(runs, hash)) return *folder;
  throw Error("policy " + hash, "is the root of this policy's line, and its folder is not here",
              "bring it back, or name another ancestor with --ancestor HASH");
}

}  // namespace

TurnGate find_gate(const run::Arena& arena, const TurnConfig& config, const Checkpoint& predecessor,
                   const std::vector<Embodiment>& contracts) {
  if (arena.real()) return {.blocks = plan_blocks(config.attempts)};
  const fs::path runs = config.runs, ledger = runs / kLedgerFile;
  const std::vector<std::string> line = line_of_policy(predecessor.policy_hash, ledger);
  TurnGate gate;
  if (!config.ancestor.empty()) {
    const Checkpoint named = entered_policy(runs, config.ancestor);
    gate.ancestor = named.folder;
    gate.ancestor_hash = named.policy_hash;
  } else if (line.back() != predecessor.policy_hash) {
    gate.ancestor = root_folder(runs, line.back());
    gate.ancestor_hash = line.back();
  }
  if (gate.ancestor_hash == predecessor.policy_hash) gate.ancestor.clear();
  if (!gate.ancestor.empty()) {
    const Checkpoint ancestor = Checkpoint::open(gate.ancestor);
    for (const Embodiment& contract : contracts) ancestor.trained_on(contract);
  }
  gate.scope = {.frontier = config.frontier_suite,
                .trained = config.trained_suite,
                .families = families_of(arena, config),
                .heldout = config.heldout_suite,
                .skills = promoted_skills(ledger, line),
                .other_ancestor = !gate.ancestor.empty()};
  // The turn's gain, and the skills that it may not lose anyhow, are compared already.
  std::erase_if(gate.scope.skills, [&](const std::string& skill) {
    return skill == config.frontier_suite || skill == config.trained_suite ||
           skill == config.heldout_suite;
  });
  if (gate.scope.heldout == config.frontier_suite) gate.scope.heldout.clear();
  plan_gate(config.gate, gate.scope);
  return gate;
}

}  // namespace gyre::flywheel
