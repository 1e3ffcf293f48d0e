#include "gyre/serve/policy_site.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/serve/protocol.h"

namespace gyre::serve {
namespace {

constexpr int kMostWaiting = 8;  // requests of one connection that wait for their answers

PolicyRoute refuse(int status, std::string text) {
  return {.refusal = http_line(status, std::move(text))};
}

// The middle of a path; "" where it has another form.
std::string between(std::string_view begin, std::string_view path, std::string_view end) {
  if (!path.starts_with(begin) || !path.ends_with(end) || path.size() <= begin.size() + end.size())
    return "";
  return std::string(path.substr(begin.size(), path.size() - begin.size() - end.size()));
}

PolicyRoute outcome_route(const Head& head, Role role, std::string policy) {
  if (head.method != "POST") return refuse(405, "an outcome is a POST");
  if (!may_drive(role)) return refuse(403, "the token may not report an outcome: it is no robot's");
  const std::string outcome = query_value(head.target, "outcome");
  const std::string author = query_value(head.target, "author");
  const bool known = outcome == "success" || outcome == "failure" || outcome == "unknown";
  if (!known || (author != "person" && author != "judge")) {
    return refuse(400, "outcome is success, failure or unknown; author is person or judge");
  }
  PolicyRoute route{.kind = PolicyRoute::Kind::kOutcome, .policy = std::move(policy)};
  route.outcome = {.attempt = query_value(head.target, "attempt"),
                   .policy_hash = query_value(head.target, "policy_hash"),
                   .by_person = author == "person"};
  if (outcome != "unknown") route.outcome.success = outcome == "success";
  return route;
}

}  // namespace

PolicyRoute policy_route(const Head& head, Role role, const std::vector<std::string>& policies) {
  const std::string_view path = head.target.substr(0, head.target.find('?'));
  if (path == "/metrics" && head.method == "GET") return {.kind = PolicyRoute::Kind::kMetrics};
  const std::string swapped = between("/policies/", path, "/swap");
  const std::string judged = between("/policies/", path, "/outcome");
  const bool swap = !swapped.empty(), outcome = !judged.empty();
  std::string name = swap ? swapped : outcome ? judged : std::string(path.substr(1));
  if (name.empty()) name = query_value(head.target, "policy");
  if (name.empty()) name = policies.front();
  if (std::ranges::find(policies, name) == policies.end()) {
    return refuse(404, fmt::format("no such policy; served: {}", fmt::join(policies, ", ")));
  }
  if (swap) {
    if (head.method != "POST") return refuse(405, "a swap is a POST");
    if (!may_drive(role)) return refuse(403, "the token may not swap a policy: it is no robot's");
    if (!head.from_loopback) return refuse(403, "a policy is swapped from the server's machine");
    return {.kind = PolicyRoute::Kind::kSwap, .policy = std::move(name)};
  }
  if (outcome) return outcome_route(head, role, std::move(name));
  if (!head.upgrade) return refuse(426, "this is a websocket; see docs/serving.md");
  return {.kind = PolicyRoute::Kind::kWebsocket,
          .policy = std::move(name),
          .embodiment = query_value(head.target, "embodiment"),
          .contract_hash = query_value(head.target, "contract_hash"),
          .robot = query_value(head.target, "robot")};
}

// One robot's connection.
class PolicySite::Session final : public SocketHandler,
                                  public std::enable_shared_from_this<Session> {
 public:
  Session(PolicySite& site, Role role, const std::string& policy, std::string robot)
      : site_(site), role_(role), robot_(std::move(robot)), session_(site.service_.open(policy)) {
    if (!robot_.empty()) site_.robots_.insert(robot_);
  }
  ~Session() override {
    if (!robot_.empty()) site_.robots_.erase(robot_);
    site_.service_.close(*session_);
  }

  void open(Socket& socket) override {
    socket_ = &socket;
    socket.send(site_.service_.policies().current(session_->lease)->metadata, true);
  }

  void take(std::vector<uint8_t> message, bool binary) override {
    if (!may_drive(role_))
      return socket_->fail("the token may not ask for actions: it is no robot's");
    if (!binary) return socket_->fail("a request is a binary message of msgpack");
    std::unique_ptr<Ask> ask;
    try {
      ask = read_ask(std::move(message));
    } catch (const Error& error) {
      return socket_->fail(error.what());
    }
    const bool full = waiting_ >= kMostWaiting;
    if (ask->ours) {
      if (full) return socket_->send(write_failure(ask->id, "too many requests wait", true), true);
      return begin(std::move(ask));
    }
    if (full) return socket_->fail("too many requests wait");
    // Without ids the answers must come in the order of the requests.
    if (in_order_) {
      ++waiting_;
      return queued_.push_back(std::move(ask));
    }
    in_order_ = true;
    begin(std::move(ask));
  }

 private:
  void begin(std::unique_ptr<Ask> ask, bool counted = false) {
    const bool ours = ask->ours;
    const int64_t id = ask->id;
    if (!counted) ++waiting_;
    try {
      const std::weak_ptr<Session> weak = weak_from_this();
      site_.service_.ask(*session_, std::move(ask), previous_total_ms_,
                         [weak, ours, mailbox = socket_->mailbox()](Reply reply) {
                           mailbox->post([weak, ours, reply = std::move(reply)]() mutable {
                             if (const auto self = weak.lock()) self->on_reply(ours, reply);
                           });
                         });
    } catch (const Error& error) {
      --waiting_;
      if (!ours) return socket_->fail(error.what());
      socket_->send(write_failure(id, error.what(), false), true);
    }
  }

  void on_reply(bool ours, Reply& reply) {
    --waiting_;
    previous_total_ms_ = reply.total_ms;
    if (socket_->closing()) return;
    if (!reply.binary) return socket_->fail(reply.message);
    socket_->send(std::move(reply.message), true);
    if (ours) return;
    in_order_ = !queued_.empty();
    if (!in_order_) return;
    std::unique_ptr<Ask> next = std::move(queued_.front());
    queued_.pop_front();
    begin(std::move(next), true);
  }

  PolicySite& site_;
  Role role_;
  std::string robot_;
  std::shared_ptr<serve::Session> session_;
  Socket* socket_ = nullptr;
  int waiting_ = 0;                          // requests without an answer yet
  bool in_order_ = false;                    // one of them has no id
  std::deque<std::unique_ptr<Ask>> queued_;  // of clients that send no ids
  double previous_total_ms_ = -1;
};

SiteAnswer PolicySite::answer(const HttpRequest& request) {
  PolicyRoute way = policy_route(request.head, request.role, service_.policies().names());
  switch (way.kind) {
    case PolicyRoute::Kind::kRefuse:
      metrics_.count_refused_connection("refused");
      return {.http = std::move(way.refusal)};
    case PolicyRoute::Kind::kMetrics:
      metrics_.set_cache_bytes(service_.cache_bytes());
      return {.http = {.body = metrics_.text()}};
    case PolicyRoute::Kind::kSwap:
      return {.http = {}, .later = [this, policy = std::move(way.policy)] {
                try {
                  return http_line(200, service_.swap(policy)->engine->checkpoint().policy_hash);
                } catch (const Error& error) {
                  return http_line(409, error.what());
                }
              }};
    case PolicyRoute::Kind::kOutcome:
      return report(way);
    case PolicyRoute::Kind::kWebsocket:
      break;
  }
  return begin(way, request.role);
}

SiteAnswer PolicySite::report(const PolicyRoute& way) {
  try {
    const CanaryState state = service_.policies().report(way.policy, way.outcome);
    const std::string line = describe(state);
    if (!state.just_now) return {.http = http_line(200, line)};
    fmt::print(stderr, "{}: {}\n", way.policy, line);
    if (!withdrawn_) return {.http = http_line(200, line)};
    return {.http = {},
            .later = [this, state, line, policy = way.policy, attempt = way.outcome.attempt] {
              try {
                withdrawn_(policy, state, attempt);
              } catch (const Error& error) {
                fmt::print(stderr, "warning: {}\n", error.what());
              }
              return http_line(200, line);
            }};
  } catch (const Error& error) {
    return {.http = http_line(409, error.what())};
  }
}

SiteAnswer PolicySite::begin(const PolicyRoute& way, Role role) {
  try {
    require_contract(*service_.policies().current({way.policy, nullptr}), way.embodiment,
                     way.contract_hash);
  } catch (const Error& error) {
    return {.http = http_line(409, error.what())};
  }
  if (robots_.contains(way.robot)) {
    return {.http = http_line(409, "another connection drives this robot")};
  }
  return {.http = {}, .socket = std::make_shared<Session>(*this, role, way.policy, way.robot)};
}

}  // namespace gyre::serve
