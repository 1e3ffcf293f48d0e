#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "gyre/serve/listener.h"
#include "gyre/serve/metrics.h"
#include "gyre/serve/service.h"

namespace gyre::serve {

// A path's question to the policies.
struct PolicyRoute {
  enum class Kind { kRefuse, kMetrics, kSwap, kOutcome, kWebsocket };
  Kind kind = Kind::kRefuse;
  HttpAnswer refusal;
  std::string policy;      // of kSwap, kOutcome and kWebsocket
  AttemptOutcome outcome;  // of kOutcome
  // For kWebsocket, each "" where the client does not say:
  std::string embodiment, contract_hash;
  std::string robot;  // a name that one connection at a time may have
};

// `policies`: the names served, first the one for clients that name none. A websocket names its
// policy by path ("/nano") or query ("/?policy=nano"), and its robot by query.
PolicyRoute policy_route(const Head& head, Role role, const std::vector<std::string>& policies);

// For robots: openpi's protocol on websockets, /metrics, the swap of a policy, and the outcomes of
// attempts by which a canary is judged.
class PolicySite : public Site {
 public:
  // Writes down that a canary was withdrawn: by the outcome of this attempt. On a thread that may
  // wait; no session is given to the canary any more when it is called.
  using Withdrawn = std::function<void(const std::string& policy, const CanaryState& state,
                                       const std::string& attempt)>;

  // `service` and `metrics` must outlive it. `withdrawn` may be empty.
  PolicySite(Service& service, Metrics& metrics, Withdrawn withdrawn = {})
      : service_(service), metrics_(metrics), withdrawn_(std::move(withdrawn)) {}
  bool owns(const HttpRequest&) const override { return true; }
  SiteAnswer answer(const HttpRequest& request) override;

 private:
  class Session;
  SiteAnswer begin(const PolicyRoute& way, Role role);
  SiteAnswer report(const PolicyRoute& way);

  Service& service_;
  Metrics& metrics_;
  Withdrawn withdrawn_;
  std::set<std::string> robots_;  // names that have a connection
};

}  // namespace gyre::serve
