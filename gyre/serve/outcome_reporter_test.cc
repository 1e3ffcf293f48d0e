#include "gyre/serve/outcome_reporter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/serve/server_testing.h"

namespace gyre::serve {
namespace {

// A server with a canary, and the withdrawals that it wrote down.
struct CanaryServer {
  CanaryServer()
      : table(std::make_shared<PolicyTable>(std::vector<std::filesystem::path>{"x/nano"},
                                            std::vector<Canary>{{"nano", "x/canary", 0.5}}, "",
                                            [](const std::filesystem::path& folder) {
                                              return std::make_shared<FakeEngine>(
                                                  0, folder.filename().string());
                                            })),
        service(table, {.workers = 1, .batch = 1}, {&metrics}),
        server(service, metrics, {.port = 0}, {},
               [this](const std::string& policy, const CanaryState& state, const std::string& by) {
                 withdrawn.push_back(policy + " " + state.canary_hash + " by " + by);
                 leased_then = table->lease("nano").canary != nullptr;
               }),
        thread([this] { server.run(); }) {}
  ~CanaryServer() { stop(); }
  void stop() {
    if (!thread.joinable()) return;
    server.stop();
    thread.join();
  }
  std::string url() const { return "ws://127.0.0.1:" + std::to_string(server.port()); }

  Metrics metrics;
  std::shared_ptr<PolicyTable> table;
  Service service;
  std::vector<std::string> withdrawn;
  bool leased_then = true;
  Server server;
  std::thread thread;
};

TEST(OutcomeReporter, BringsEachOutcomeAndTellsOfTheEndOfTheCanary) {
  CanaryServer running;
  std::vector<std::string> notes;
  {
    OutcomeReporter reporter(
        {.url = running.url()}, [] { return "nano"; },
        [&](const std::string& line) { notes.push_back(line); });
    for (int i = 0; i < 40; ++i) {
      const bool canary = i % 2 == 1;
      reporter.report({.attempt = "left arm/" + std::to_string(i),
                       .policy_hash = canary ? "canary" : "nano",
                       .success = !canary,
                       .by_person = i % 3 == 0});
    }
  }
  running.stop();
  ASSERT_EQ(running.withdrawn.size(), 1U);
  EXPECT_TRUE(running.withdrawn[0].starts_with("nano canary by left arm/"));
  EXPECT_FALSE(running.leased_then) << "the switch comes before it is written down";
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("withdrawn"), std::string::npos);
}

TEST(OutcomeReporter, AServerWithoutACanaryIsNoFault) {
  Running running;
  std::vector<std::string> notes;
  {
    OutcomeReporter reporter(
        {.url = "ws://127.0.0.1:" + std::to_string(running.server.port())}, [] { return "nano"; },
        [&](const std::string& line) { notes.push_back(line); });
    reporter.report({.attempt = "1", .policy_hash = "hash", .success = true});
  }
  EXPECT_TRUE(notes.empty());
}

TEST(HttpPost, NobodyThereIsAnError) {
  uint16_t port = 0;
  {
    Running running;
    port = running.server.port();
  }
  EXPECT_THROW(http_post({.url = "ws://127.0.0.1:" + std::to_string(port)}, "/", 1), Error);
  EXPECT_THROW(http_post({.url = "ws://192.0.2.1:9", .token = "secret"}, "/", 0.1), Error)
      << "a token goes to other machines by TLS alone";
}

TEST(OutcomeTarget, EscapesWhatAPathCannotHold) {
  EXPECT_EQ(outcome_target("nano", {.attempt = "a b/1&x", .policy_hash = "ff", .success = false}),
            "/policies/nano/outcome?attempt=a%20b%2F1%26x&policy_hash=ff&outcome=failure&"
            "author=judge");
}

}  // namespace
}  // namespace gyre::serve
