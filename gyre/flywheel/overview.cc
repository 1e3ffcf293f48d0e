#include "gyre/flywheel/overview.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "gyre/flywheel/policy_use.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

std::vector<PromotionEntry> read_decisions(const LedgerRows& rows) {
  std::vector<PromotionEntry> decisions;
  for (size_t i = 0; i < rows.size(); ++i) {
    decisions.push_back({.run = rows.text(i, "run"),
                         .before = rows.text(i, "before"),
                         .after = rows.text(i, "after"),
                         .promoted = rows.number(i, "promoted") != 0,
                         .reason = rows.text(i, "reason"),
                         .evidence = rows.text(i, "evidence")});
  }
  return decisions;
}

std::vector<UseEntry> read_uses(const LedgerRows& rows) {
  std::vector<UseEntry> uses;
  for (size_t i = 0; i < rows.size(); ++i) {
    uses.push_back({.kind = rows.text(i, "kind"),
                    .before = rows.text(i, "before"),
                    .after = rows.text(i, "after"),
                    .folder = rows.text(i, "folder"),
                    .author = rows.text(i, "author"),
                    .reason = rows.text(i, "reason"),
                    .created = rows.text(i, "created")});
  }
  return uses;
}

void add_rates(const LedgerRows& rows, std::vector<KnownPolicy>& policies) {
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto policy = std::ranges::find(policies, rows.text(i, "policy"), &KnownPolicy::hash);
    if (policy == policies.end()) continue;
    MeasuredRate measured{.suite = rows.text(i, "suite"),
                          .created = rows.text(i, "created"),
                          .rate = wilson(rows.number(i, "successes"), rows.number(i, "episodes"))};
    const auto older = std::ranges::find(policy->rates, measured.suite, &MeasuredRate::suite);
    if (older == policy->rates.end()) {
      policy->rates.push_back(std::move(measured));
    } else {
      *older = std::move(measured);
    }
  }
}

// The name of the run in whose folder a policy was learnt.
std::string run_of(const fs::path& folder) {
  const fs::path above = folder.parent_path();
  return above.filename() == "candidates" ? above.parent_path().filename().string() : "";
}

std::string rate_text(const MeasuredRate& measured) {
  return fmt::format("{} {}/{} {:.0f} % [{:.0f}, {:.0f}]", measured.suite, measured.rate.successes,
                     measured.rate.episodes, 100 * measured.rate.rate, 100 * measured.rate.low,
                     100 * measured.rate.high);
}

void add_policy_lines(const Overview& overview, const std::string& parent,
                      const std::string& indent, std::set<std::string>& done, std::string& text) {
  for (const KnownPolicy& policy : overview.policies) {
    if (policy.parent != parent || !done.insert(policy.hash).second) continue;
    text += fmt::format("{}{}{}  {}{}\n", indent, policy.hash.substr(0, 12),
                        policy.in_use ? "  IN USE" : "", policy.folder.string(),
                        policy.here ? "" : "  (not here)");
    for (const MeasuredRate& measured : policy.rates) {
      text += fmt::format("{}  {}\n", indent, rate_text(measured));
    }
    if (!policy.reason.empty()) text += fmt::format("{}  {}\n", indent, policy.reason);
    add_policy_lines(overview, policy.hash, indent + "  ", done, text);
  }
}

}  // namespace

Overview read_overview(const fs::path& runs) {
  const fs::path ledger = runs / kLedgerFile;
  if (!fs::is_regular_file(ledger)) return {};
  Overview overview;
  const LedgerRows policies(ledger, "policies"), decisions(ledger, "promotions");
  overview.decisions = read_decisions(decisions);
  for (size_t i = 0; i < decisions.size(); ++i) {
    overview.decided.push_back(decisions.text(i, "created"));
  }
  const LedgerRows orders(ledger, "orders");
  for (size_t i = 0; i < orders.size(); ++i) {
    overview.words[orders.text(i, "run")] = orders.text(i, "words");
  }
  overview.uses = read_uses(LedgerRows(ledger, "uses"));
  const std::string in_use = overview.uses.empty() ? "" : overview.uses.back().after;
  for (size_t i = 0; i < policies.size(); ++i) {
    const std::string& hash = policies.text(i, "hash");
    const auto folder = policy_folder(runs, hash, policies, decisions);
    KnownPolicy policy{.hash = hash,
                       .parent = policies.text(i, "parent"),
                       .folder = folder ? *folder : fs::path(policies.text(i, "folder")),
                       .created = policies.text(i, "created"),
                       .run = run_of(policies.text(i, "folder")),
                       .here = folder.has_value(),
                       .in_use = hash == in_use};
    for (const PromotionEntry& decision : overview.decisions) {
      if (decision.after != hash || decision.before == hash) continue;
      policy.verdict = decision.promoted ? "promoted" : "kept";
      policy.reason = decision.reason;
    }
    overview.policies.push_back(std::move(policy));
  }
  add_rates(LedgerRows(ledger, "evaluations"), overview.policies);
  return overview;
}

std::string policies_text(const Overview& overview) {
  std::string text;
  std::set<std::string> done;
  add_policy_lines(overview, "", "", done, text);
  if (overview.uses.empty()) return text + "no policy is in use\n";
  const UseEntry& use = overview.uses.back();
  return text + fmt::format("in use since {}, by {}, {}{}\n", use.created, use.author, use.kind,
                            use.reason.empty() ? "" : ": " + use.reason);
}

}  // namespace gyre::flywheel
