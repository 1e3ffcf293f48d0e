#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "gyre/serve/http_post.h"
#include "gyre/serve/outcome_mail.h"

namespace gyre::serve {

// The path that takes an outcome of an attempt with this policy or its canary.
std::string outcome_target(const std::string& policy, const AttemptOutcome& outcome);

// Brings outcomes of attempts to a policy server, on a thread of its own. A link that fails costs
// time and no outcome. A server without a canary takes none, which is no fault.
class OutcomeReporter {
 public:
  static constexpr double kPostSeconds = 1;  // for one reply
  static constexpr double kEndSeconds = 2;   // for what still waits at the end

  // `policy` names the served policy; it is asked for each outcome, and "" tries again later.
  // `note` may be empty: it is told once when the canary is withdrawn, and why outcomes are
  // refused.
  OutcomeReporter(RemoteOptions options, std::function<std::string()> policy,
                  std::function<void(const std::string& line)> note);
  ~OutcomeReporter();  // brings what waits, for at most kEndSeconds
  OutcomeReporter(const OutcomeReporter&) = delete;
  OutcomeReporter& operator=(const OutcomeReporter&) = delete;

  void report(AttemptOutcome outcome);  // any thread but a control thread: it locks

 private:
  void run();
  bool bring(const AttemptOutcome& outcome);  // false: try again
  void tell(const std::string& kind, const std::string& line);

  const RemoteOptions options_;
  const std::function<std::string()> policy_;
  const std::function<void(const std::string&)> note_;
  std::string told_;  // the kind that was told last; the thread's

  std::mutex mutex_;
  std::condition_variable changed_;
  OutcomeMail mail_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace gyre::serve
