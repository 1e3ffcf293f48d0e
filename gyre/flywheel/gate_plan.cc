#include "gyre/flywheel/gate_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

// Fractions of the most pairs. Tests that are passed easily end at the first look; few looks cost
// the last one little power.
constexpr std::array kLooks = {0.4, 0.7, 1.0};
constexpr std::array kFrontierLooks = {0.2, 0.4, 0.6, 0.8, 1.0};
constexpr double kHopedGain = 0.2;

// Share of pairs whose outcomes differ, if both policies succeed at this rate independently of each
// other: paired attempts agree more often.
double most_discordance(const Rate& rate) {
  const double p =
      (static_cast<double>(rate.successes) + 1) / (static_cast<double>(rate.episodes) + 2);
  return 2 * p * (1 - p);
}

// The gain that the frontier's test sees: it makes pairs discordant itself.
double visible_gain(const LookPlan& looks, double discordance) {
  double gain = 0;
  for (int i = 0; i < 50; ++i) {
    gain = std::min(
        1.0, visible_difference(looks.pairs.back(), std::min(1.0, discordance + gain - gain * gain),
                                looks.boundaries.back()));
  }
  return gain;
}

class Planner {
 public:
  Planner(const GateConfig& config, const GateScope& scope) : config_(config), scope_(scope) {
    plan_.quick = config.quick;
    plan_.safety_ratio = config.safety_ratio;
    if (config.quick) plan_.safety_rise = config.quick_margin;
  }

  GatePlan plan() {
    const size_t frontier =
        add_tasks("frontier", scope_.frontier, "", config_.frontier_pairs, kFrontierLooks);
    add_tests("frontier", {frontier}, 0, kHopedGain, kFrontierLooks, "--gate.frontier-pairs");
    if (config_.quick) {
      const size_t trained =
          add_tasks("trained", scope_.trained, "", config_.quick_pairs, kFrontierLooks);
      add_tests("trained", {trained}, config_.quick_margin, 0, kFrontierLooks,
                "--gate.quick-pairs");
      return std::move(plan_);
    }
    std::vector<size_t> families;
    for (const std::string& family : scope_.families) {
      families.push_back(add_old(family, scope_.trained, family));
    }
    add_tests("trained", families, config_.trained_margin, 0, kLooks, "--gate.family-pairs");
    if (!scope_.heldout.empty()) add_old(scope_.heldout, scope_.heldout, "");
    for (const std::string& skill : scope_.skills) add_old("skill " + skill, skill, "");
    return std::move(plan_);
  }

 private:
  size_t add_tasks(const std::string& name, const std::string& suite, const std::string& family,
                   int pairs, std::span<const double> looks) {
    if (pairs < 1) throw Error("gate", "no pairs of " + name + " tasks are planned");
    plan_.tasks.push_back(
        {.name = name, .suite = suite, .family = family, .looks = plan_looks(pairs, looks)});
    return plan_.tasks.size() - 1;
  }

  size_t add_old(const std::string& name, const std::string& suite, const std::string& family) {
    const size_t tasks = add_tasks(name, suite, family, config_.family_pairs, kLooks);
    add_tests(name, {tasks}, config_.family_margin, 0, kLooks, "--gate.family-pairs");
    return tasks;
  }

  void add_tests(const std::string& name, const std::vector<size_t>& tasks, double margin,
                 double hoped, std::span<const double> looks, const char* flag) {
    GateTest test{.name = name,
                  .tasks = tasks,
                  .margin = margin,
                  .hoped = hoped,
                  .looks = plan_.tasks[tasks.front()].looks};
    const auto count = static_cast<int64_t>(tasks.size());
    for (int64_t& pairs : test.looks.pairs) pairs *= count;
    require_pairs(test, looks, flag);
    const auto known = scope_.known.find(name);
    if (known != scope_.known.end() && known->second.episodes > 0) {
      const double discordance = most_discordance(known->second);
      test.visible = margin > 0 ? visible_difference(test.looks.pairs.back(), discordance,
                                                     test.looks.boundaries.back())
                                : visible_gain(test.looks, discordance);
    }
    plan_.tests.push_back(test);
    if (!scope_.other_ancestor) return;
    test.against = Reference::kAncestor;
    plan_.tests.push_back(std::move(test));
  }

  // `looks`: the fractions by which the tasks' looks were planned.
  static void require_pairs(const GateTest& test, std::span<const double> looks, const char* flag) {
    const auto count = static_cast<int64_t>(test.tasks.size());
    const auto enough = [&](const LookPlan& plan) {
      return fewest_pairs(test.margin, plan.boundaries.back()) <= count * plan.pairs.back();
    };
    const int64_t planned = test.looks.pairs.back() / count;
    if (enough({{planned}, test.looks.boundaries})) return;
    int64_t needed = planned + 1;
    while (!enough(plan_looks(needed, looks))) ++needed;
    throw Error(
        "gate",
        fmt::format("{} pairs of {} tasks could not show {}, whatever their outcome",
                    test.looks.pairs.back(), test.name,
                    test.margin > 0 ? fmt::format("a loss below {:g} points", 100 * test.margin)
                                    : std::string("a gain")),
        fmt::format("it needs at least {} ({} {})", needed * count, flag, needed));
  }

  const GateConfig& config_;
  const GateScope& scope_;
  GatePlan plan_;
};

}  // namespace

std::string reference_name(Reference reference) {
  return reference == Reference::kPredecessor ? "predecessor" : "ancestor";
}

int64_t GatePlan::most_attempts() const {
  const bool ancestor = std::ranges::any_of(
      tests, [](const GateTest& test) { return test.against == Reference::kAncestor; });
  int64_t attempts = 0;
  for (const GateTasks& each : tasks) attempts += each.looks.pairs.back() * (ancestor ? 3 : 2);
  return attempts;
}

GatePlan plan_gate(const GateConfig& config, const GateScope& scope) {
  return Planner(config, scope).plan();
}

std::string plan_text(const GatePlan& plan) {
  std::string text = fmt::format("the {}gate: at most {} attempts\n", plan.quick ? "quick " : "",
                                 plan.most_attempts());
  for (const GateTest& test : plan.tests) {
    text += fmt::format("  {:<14} against the {:<11}  more than {:+g} points, at most {} pairs",
                        test.name, reference_name(test.against), -100 * test.margin,
                        test.looks.pairs.back());
    if (test.visible >= 0) {
      text += fmt::format("; sees {:+.1f} points nine times in ten",
                          100 * (test.visible - test.margin));
    }
    text += '\n';
  }
  return text;
}

}  // namespace gyre::flywheel
