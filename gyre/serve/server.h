#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "gyre/serve/listener.h"
#include "gyre/serve/policy_site.h"

namespace gyre::serve {

using ServerOptions = ListenerOptions;

// The policies of a service behind one listener.
class Server {
 public:
  // Binds at once. `service` and `metrics` must outlive it. Throws Error as Listener does.
  // The paths that sites of `before` own are theirs.
  Server(Service& service, Metrics& metrics, const ServerOptions& options,
         const std::vector<Site*>& before = {}, PolicySite::Withdrawn withdrawn = {})
      : policies_(service, metrics, std::move(withdrawn)), listener_(options, metrics) {
    for (Site* site : before) listener_.add(*site);
    listener_.add(policies_);
  }

  uint16_t port() const { return listener_.port(); }
  void run() { listener_.run(); }    // until stop()
  void stop() { listener_.stop(); }  // from any thread: ends all connections

 private:
  PolicySite policies_;
  Listener listener_;
};

}  // namespace gyre::serve
