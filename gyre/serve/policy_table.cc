#include "gyre/serve/policy_table.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "gyre/core/degradation.h"
#include "gyre/core/error.h"
#include "gyre/serve/protocol.h"

namespace gyre::serve {
namespace {

constexpr const char* kUsualEmbodiment = "so101/ee";

std::string folder_name(const std::filesystem::path& folder) {
  const std::filesystem::path whole = std::filesystem::absolute(folder).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

void require_same_promise(const Hosted& old, const Hosted& made, const std::string& where) {
  const int before = old.engine->checkpoint().config.horizon;
  const int after = made.engine->checkpoint().config.horizon;
  if (before != after) {
    throw Error(where, fmt::format("its chunks have {} actions, not {}", after, before),
                "connected robots were told otherwise; start another server");
  }
  for (const auto& [name, hash] : old.contract_hashes) {
    const auto found = made.contract_hashes.find(name);
    if (found != made.contract_hashes.end() && found->second == hash) continue;
    throw Error(where, "it does not know the contract of " + name,
                "connected robots were told otherwise; start another server");
  }
}

}  // namespace

void require_contract(const Hosted& policy, const std::string& embodiment,
                      const std::string& contract_hash) {
  const std::string& name = embodiment.empty() ? policy.embodiment : embodiment;
  const auto own = policy.contract_hashes.find(name);
  if (own == policy.contract_hashes.end()) {
    throw Error("embodiment", "the policy was not trained on this robot",
                "the metadata lists those it knows");
  }
  if (!contract_hash.empty() && contract_hash != own->second) {
    throw Error("contract_hash",
                fmt::format("the policy's contract of {} is {}", name, own->second),
                "use a policy and a robot of one contract");
  }
}

Canary parse_canary(const std::string& text) {
  const size_t equals = text.find('='), colon = text.rfind(':');
  const auto fail = [&] { throw Error("--canary " + text, "is not NAME=DIR:SHARE"); };
  if (equals == std::string::npos || colon == std::string::npos || colon < equals) fail();
  Canary canary{text.substr(0, equals), text.substr(equals + 1, colon - equals - 1), -1};
  try {
    size_t used = 0;
    const std::string share = text.substr(colon + 1);
    canary.share = std::stod(share, &used);
    if (used != share.size()) fail();
  } catch (const std::logic_error&) {
    fail();
  }
  if (!(canary.share >= 0 && canary.share <= 1)) {
    throw Error("--canary " + text, "the share of sessions is not 0 to 1");
  }
  return canary;
}

std::string describe(const CanaryState& state) {
  return fmt::format("canary {} of {}, policy {} of {} succeeded; evidence {:.3g}{}",
                     state.canary.successes, state.canary.attempts, state.policy.successes,
                     state.policy.attempts, state.evidence,
                     state.withdrawn ? ": the canary is withdrawn" : "");
}

PolicyTable::PolicyTable(const std::vector<std::filesystem::path>& folders,
                         const std::vector<Canary>& canaries, std::string embodiment, Open open)
    : embodiment_(std::move(embodiment)), open_(std::move(open)) {
  for (const auto& folder : folders) {
    const std::string name = folder_name(folder);
    if (policies_.contains(name)) {
      throw Error(folder.string(), "another policy is also named '" + name + "'",
                  "rename one of the folders");
    }
    Slot slot;
    slot.folder = folder;
    slot.policy = host(name, folder);
    policies_.emplace(name, std::move(slot));
    order_.push_back(name);
  }
  for (const Canary& canary : canaries) {
    const auto found = policies_.find(canary.name);
    if (found == policies_.end()) {
      throw Error("--canary " + canary.name, "there is no policy of this name");
    }
    found->second.canary = host(canary.name, canary.folder);
    found->second.share = canary.share;
    require_same_promise(*found->second.policy, *found->second.canary, canary.folder.string());
  }
}

HostedPtr PolicyTable::host(const std::string& name, const std::filesystem::path& folder) {
  auto hosted = std::make_shared<Hosted>();
  hosted->name = name;
  hosted->engine = open_(folder);
  const Checkpoint& checkpoint = hosted->engine->checkpoint();
  for (const auto& [embodiment, trained] : checkpoint.embodiments) {
    hosted->contract_hashes.emplace(embodiment, trained.contract.contract_hash());
  }
  if (hosted->contract_hashes.empty()) {
    throw Error(folder.string(), "the policy knows no robot", "name one with --robot");
  }
  const auto has = [&](const std::string& wanted) {
    return hosted->contract_hashes.contains(wanted);
  };
  if (!embodiment_.empty() && !has(embodiment_)) {
    throw Error(folder.string(), "the policy was not trained on '" + embodiment_ + "'",
                "it knows " + hosted->contract_hashes.begin()->first);
  }
  hosted->embodiment = !embodiment_.empty()    ? embodiment_
                       : has(kUsualEmbodiment) ? kUsualEmbodiment
                                               : hosted->contract_hashes.begin()->first;
  hosted->metadata = write_metadata(name, checkpoint, hosted->embodiment);
  const std::lock_guard lock(mutex_);
  hosted->number = ++opened_;
  return hosted;
}

std::vector<std::string> PolicyTable::names() const { return order_; }

PolicyTable::Lease PolicyTable::lease(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Slot& slot = policies_.at(name);
  // The n-th session is the canary's where n * share passes a whole number.
  const auto part = [&](uint64_t n) { return std::floor(static_cast<double>(n) * slot.share); };
  const uint64_t n = slot.sessions++;
  const bool canary = slot.canary && !slot.withdrawn && part(n + 1) > part(n);
  return {name, canary ? slot.canary : nullptr};
}

HostedPtr PolicyTable::current(const Lease& lease) const {
  if (lease.canary) return lease.canary;
  const std::lock_guard lock(mutex_);
  return policies_.at(lease.name).policy;
}

std::vector<HostedPtr> PolicyTable::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<HostedPtr> list;
  for (const auto& [name, slot] : policies_) {
    list.push_back(slot.policy);
    if (slot.canary) list.push_back(slot.canary);
  }
  return list;
}

HostedPtr PolicyTable::swap(const std::string& name) {
  const std::lock_guard one(swapping_);
  const auto found = policies_.find(name);
  if (found == policies_.end()) throw Error("policy " + name, "is not served here");
  const std::filesystem::path folder = found->second.folder;
  HostedPtr made = host(name, folder);
  require_same_promise(*current({name, nullptr}), *made, folder.string());
  const std::lock_guard lock(mutex_);
  found->second.policy = made;
  return made;
}

CanaryState PolicyTable::report(const std::string& name, const AttemptOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  const auto found = policies_.find(name);
  if (found == policies_.end() || !found->second.canary) {
    throw Error("policy " + name, "has no canary here");
  }
  Slot& slot = found->second;
  const auto hash = [](const HostedPtr& hosted) {
    return hosted->engine->checkpoint().policy_hash;
  };
  const bool canary = outcome.policy_hash == hash(slot.canary);
  if (!canary && outcome.policy_hash != hash(slot.policy)) {
    throw Error("policy_hash", "is neither this policy's nor its canary's",
                "send that of the answers that the robot had");
  }
  CanaryState state{.canary_hash = hash(slot.canary), .policy_hash = hash(slot.policy)};
  state.evidence = slot.watch.report(outcome, canary);
  state.just_now = !slot.withdrawn && state.evidence >= Degradation::kRollBack;
  slot.withdrawn |= state.just_now;
  state.withdrawn = slot.withdrawn;
  state.canary = slot.watch.count(true);
  state.policy = slot.watch.count(false);
  return state;
}

}  // namespace gyre::serve
