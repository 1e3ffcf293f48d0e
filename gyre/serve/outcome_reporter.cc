#include "gyre/serve/outcome_reporter.h"

#include <fmt/format.h>

#include <cctype>
#include <chrono>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::serve {
namespace {

constexpr int kTooMany = 429;

int64_t reporter_now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

}  // namespace

std::string outcome_target(const std::string& policy, const AttemptOutcome& outcome) {
  return fmt::format("/policies/{}/outcome?attempt={}&policy_hash={}&outcome={}&author={}", policy,
                     percent_encoded(outcome.attempt), percent_encoded(outcome.policy_hash),
                     !outcome.success   ? "unknown"
                     : *outcome.success ? "success"
                                        : "failure",
                     outcome.by_person ? "person" : "judge");
}

OutcomeReporter::OutcomeReporter(RemoteOptions options, std::function<std::string()> policy,
                                 std::function<void(const std::string&)> note)
    : options_(std::move(options)),
      policy_(std::move(policy)),
      note_(std::move(note)),
      thread_([this] { run(); }) {}

OutcomeReporter::~OutcomeReporter() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void OutcomeReporter::report(AttemptOutcome outcome) {
  {
    const std::lock_guard lock(mutex_);
    mail_.add(std::move(outcome));
  }
  changed_.notify_one();
}

void OutcomeReporter::run() {
  std::unique_lock lock(mutex_);
  int64_t give_up_ns = 0;  // set at the end
  while (true) {
    const int64_t now = reporter_now_ns();
    if (ending_ && give_up_ns == 0) {
      give_up_ns = now + std::llround(kEndSeconds * 1e9);
    }
    if (ending_ && (mail_.waiting() == 0 || now > give_up_ns)) return;
    if (const AttemptOutcome* due = mail_.due(now)) {
      const AttemptOutcome outcome = *due;
      lock.unlock();
      const bool brought = bring(outcome);
      lock.lock();
      brought ? mail_.sent() : mail_.failed(reporter_now_ns());
    } else if (const auto next = mail_.next_ns()) {
      changed_.wait_for(lock, std::chrono::nanoseconds(*next - now));
    } else {
      changed_.wait(lock, [this] { return ending_ || mail_.waiting() > 0; });
    }
  }
}

bool OutcomeReporter::bring(const AttemptOutcome& outcome) {
  const std::string policy = policy_();
  if (policy.empty()) return false;
  try {
    const PostReply reply = http_post(options_, outcome_target(policy, outcome), kPostSeconds);
    const bool busy = reply.status >= 500 || reply.status == kTooMany;
    const std::string line = reply.body.substr(0, reply.body.find('\n'));
    const bool no_canary = line.find("has no canary") != std::string::npos;
    const bool withdrawn = line.find("withdrawn") != std::string::npos;
    if (reply.status == 200 && withdrawn) tell("withdrawn", line);
    if (reply.status != 200 && !busy && !no_canary) tell(line, line);
    return !busy;
  } catch (const Error&) {
    return false;  // no link: the remote port tells of it
  }
}

// Refusals of one kind, and the end of a canary, are told once.
void OutcomeReporter::tell(const std::string& kind, const std::string& line) {
  if (!note_ || kind == told_) return;
  told_ = kind;
  note_(line);
}

}  // namespace gyre::serve
