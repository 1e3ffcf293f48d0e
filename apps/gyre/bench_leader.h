#pragma once

#include <nlohmann/json.hpp>

namespace gyre::apps {

// From a leader arm's place to the same goal on the follower's bus, at the real wire's timing; both
// arms on pseudo-terminals with `rate` cycles of their buses a second. "buses_alone": the leader's
// thread leaves what it reads to the follower's bus; "session": through the pilot, a control loop
// of the same rate and the safety filter; "adds_...": the second without the first. Throws Error.
nlohmann::json leader_to_follower(double rate, double seconds);

}  // namespace gyre::apps
