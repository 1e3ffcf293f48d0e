#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gyre/infer/engine.h"
#include "gyre/serve/canary_watch.h"

namespace gyre::serve {

// One opened policy. Constant.
struct Hosted {
  uint64_t number = 0;  // another for each opening
  std::string name;
  std::shared_ptr<const infer::Engine> engine;
  std::string embodiment;                              // of clients that name none
  std::string metadata;                                // the first message of a connection
  std::map<std::string, std::string> contract_hashes;  // by embodiment
};
using HostedPtr = std::shared_ptr<const Hosted>;

// Throws Error unless the policy was trained on `embodiment`, with the contract of that hash; ""
// names none.
void require_contract(const Hosted& policy, const std::string& embodiment,
                      const std::string& contract_hash);

// A second policy that takes a share of the sessions of a first one.
struct Canary {
  std::string name;  // of the first
  std::filesystem::path folder;
  double share = 0;  // 0 .. 1
};
// "nano=DIR:0.1". Throws Error.
Canary parse_canary(const std::string& text);

// The counts and evidence of a canary.
struct CanaryState {
  std::string canary_hash, policy_hash;
  CanaryWatch::Count canary, policy;
  double evidence = 1;  // that it is worse by more than 10 points
  bool withdrawn = false;
  bool just_now = false;  // by this outcome
};
std::string describe(const CanaryState& state);  // one line

// The policies that a server answers for, by the names of their folders. Safe from several threads.
class PolicyTable {
 public:
  using Open =
      std::function<std::shared_ptr<const infer::Engine>(const std::filesystem::path& folder)>;

  // `embodiment`: of clients that name none; "": so101/ee where a policy knows it, else its first.
  // Throws Error for a folder that does not open, two of one name, an embodiment that a policy
  // does not know and a canary of no policy.
  PolicyTable(const std::vector<std::filesystem::path>& folders,
              const std::vector<Canary>& canaries, std::string embodiment, Open open);

  std::vector<std::string> names() const;  // in the order given
  bool has(const std::string& name) const { return policies_.contains(name); }

  // The way of one session: it stays with the canary, or with what the name stands for.
  struct Lease {
    std::string name;
    HostedPtr canary;  // null: the policy of that name, whichever it is at the time
  };
  Lease lease(const std::string& name);
  HostedPtr current(const Lease& lease) const;
  std::vector<HostedPtr> all() const;  // canaries too

  // Opens the folder of a policy again and puts it in the old one's place: a request that comes
  // later is answered by it. Throws Error, and keeps the old one, when it does not open or its
  // contracts or horizon are others than connected robots were told.
  HostedPtr swap(const std::string& name);

  // Takes the outcome of an attempt with a policy of this name or its canary. At an evidence of
  // Degradation::kRollBack the canary is withdrawn at once: no later session is given to it, and
  // those that have it keep it to their end. Throws Error where there is no canary, and for a hash
  // of neither policy.
  CanaryState report(const std::string& name, const AttemptOutcome& outcome);

 private:
  struct Slot {
    std::filesystem::path folder;
    HostedPtr policy, canary;
    double share = 0;
    uint64_t sessions = 0;
    CanaryWatch watch;
    bool withdrawn = false;
  };
  HostedPtr host(const std::string& name, const std::filesystem::path& folder);

  std::string embodiment_;
  Open open_;
  mutable std::mutex mutex_;
  std::map<std::string, Slot> policies_;
  std::vector<std::string> order_;
  uint64_t opened_ = 0;
  std::mutex swapping_;
};

}  // namespace gyre::serve
