#include "gyre/serve/server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "gyre/core/testing.h"
#include "gyre/serve/load.h"
#include "gyre/serve/server_testing.h"

namespace gyre::serve {
namespace {

// The server's reply to a websocket's first words, where it is none but HTTP.
HttpReply refused_upgrade(uint16_t port, const std::string& target = "/") {
  return http_request("127.0.0.1", port, "GET", target,
                      {{"Connection", "Upgrade"},
                       {"Upgrade", "websocket"},
                       {"Sec-WebSocket-Version", "13"},
                       {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
}

ReadAnswer answer_of(Client& client) {
  const Client::Message message = client.receive();
  EXPECT_TRUE(message.binary) << message.bytes;
  return read_answer(bytes_of(message.bytes));
}

TEST(Server, AnswersAnOpenpiClient) {
  Running running;
  const auto client = running.connect();
  EXPECT_NE(client->metadata().find("a/joint"), std::string::npos);
  for (int i = 0; i < 3; ++i) client->send(running.request(i, false));
  for (int i = 0; i < 3; ++i) {  // in order, though the client did not wait
    const ReadAnswer answer = answer_of(*client);
    EXPECT_EQ(answer.facts.noise_id, i);
    Request same = small_request(running.contract(), i, "open the drawer");
    same.id = answer.facts.noise_id;
    same.noise_seed = answer.facts.seed;
    EXPECT_EQ(answer.chunk.actions, lone_chunk(*running.engine, same).actions);
  }
}

TEST(Server, PingsAreAnsweredWhileAChunkIsComputed) {
  Running running;
  const auto client = running.connect();
  running.engine->shut();
  client->send(running.request(0, false));
  client->ping();
  // A refusal comes at once too, and the pong before it.
  client->send(running.request(1, true, 0.001));
  const ReadAnswer refused = answer_of(*client);
  EXPECT_TRUE(refused.refused || !refused.failure.empty());
  EXPECT_EQ(client->pongs(), 1);
  running.engine->open();
  EXPECT_FALSE(answer_of(*client).chunk.actions.empty());
}

TEST(Server, HealthMetricsAndUnknownPaths) {
  Running running;
  const uint16_t port = running.server.port();
  const HttpReply health = http_request("127.0.0.1", port, "GET", "/healthz");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.body, "OK\n");
  const auto client = running.connect("/nano");
  client->send(running.request(0, false));
  client->receive();
  const HttpReply metrics = http_request("127.0.0.1", port, "GET", "/metrics");
  EXPECT_NE(metrics.body.find("gyre_requests_total{end=\"answered\",policy=\"nano\"} 1"),
            std::string::npos)
      << metrics.body;
  EXPECT_EQ(http_request("127.0.0.1", port, "GET", "/").status, 426);
  EXPECT_EQ(refused_upgrade(port, "/other").status, 404);
  EXPECT_EQ(http_request("127.0.0.1", port, "GET", "/", {{"Origin", "http://evil.example"}}).status,
            403);
}

TEST(Server, GarbageGetsOneLineAndTheEnd) {
  Running running;
  for (const auto& [message, binary] : std::vector<std::pair<std::string, bool>>{
           {"garbage", true}, {"{}", false}, {"\x80", true}, {std::string(5000, '\x91'), true}}) {
    const auto client = running.connect();
    client->send(message, binary);
    const Client::Message line = client->receive();
    EXPECT_FALSE(line.binary);
    EXPECT_LT(line.bytes.size(), 200u);
    EXPECT_EQ(line.bytes.find('\n'), std::string::npos);
    EXPECT_NE(message_of([&] { client->receive(); }), "");
  }
  const auto good = running.connect();
  good->send(running.request(0, true));
  EXPECT_FALSE(answer_of(*good).chunk.actions.empty());
}

TEST(Server, LargeMessagesAndManySessionsAreRefused) {
  Running running(0, {.max_message_bytes = 100'000, .max_sessions = 2});
  const auto first = running.connect();
  EXPECT_NE(message_of([&] {
              first->send(std::string(200'000, 'x'));
              first->receive();
            }),
            "");
  const auto second = running.connect(), third = running.connect();
  EXPECT_EQ(refused_upgrade(running.server.port()).status, 503);
}

TEST(Server, RequestsBeyondTheRateEndTheConnection) {
  Running running(0, {.max_rate = 5});
  const auto client = running.connect();
  std::string last;
  for (int i = 0; i < 7 && last.empty(); ++i) {
    client->send(running.request(i, true));
    const Client::Message message = client->receive();
    if (!message.binary) last = message.bytes;
  }
  EXPECT_NE(last.find("too many"), std::string::npos);
}

TEST(Server, TokensDecide) {
  const auto file = std::filesystem::path(testing::TempDir()) / "serve_tokens.txt";
  std::ofstream(file) << "drive 0123456789abcdef\nwatch fedcba9876543210\n";
  Running running(0, {.token_file = file});
  const uint16_t port = running.server.port();
  EXPECT_EQ(refused_upgrade(port).status, 401);
  EXPECT_NE(message_of([&] { running.connect(); }), "");
  Client driver("127.0.0.1", port, "/", {{"Authorization", "Api-Key 0123456789abcdef"}});
  driver.send(running.request(0, true));
  EXPECT_FALSE(answer_of(driver).chunk.actions.empty());
  Client watcher("127.0.0.1", port, "/", {{"Authorization", "Bearer fedcba9876543210"}});
  watcher.send(running.request(0, true));
  EXPECT_FALSE(watcher.receive().binary);
}

TEST(Server, ABrowserLogsInAndOut) {
  const auto file = std::filesystem::path(testing::TempDir()) / "serve_login_tokens.txt";
  std::ofstream(file) << "watch fedcba9876543210\n";
  Running running(0, {.token_file = file});
  const uint16_t port = running.server.port();
  const auto post = [&](const std::string& path, const std::string& body, const std::string& cookie,
                        const std::string& origin) {
    return http_request(
        "127.0.0.1", port, "POST", path,
        {{"Content-Type", "application/json"}, {"Cookie", cookie}, {"Origin", origin}}, body);
  };
  const std::string own = "http://127.0.0.1:" + std::to_string(port);
  const std::string token = R"({"token": "fedcba9876543210"})";
  EXPECT_EQ(post("/login", token, "", "http://evil.example").status, 403);
  const HttpReply in = post("/login", token, "", own);
  EXPECT_EQ(in.status, 200);
  const std::string cookie = in.cookie.substr(0, in.cookie.find(';'));
  EXPECT_TRUE(cookie.starts_with("gyre-" + std::to_string(port) + "=")) << cookie;
  const auto metrics = [&] {
    return http_request("127.0.0.1", port, "GET", "/metrics", {{"Cookie", cookie}}).status;
  };
  EXPECT_EQ(metrics(), 200);
  Client page("127.0.0.1", port, "/", {{"Cookie", cookie}, {"Origin", own}});
  EXPECT_EQ(post("/logout", "{}", cookie, own).status, 200);
  EXPECT_EQ(metrics(), 401);
  EXPECT_NE(message_of([&] { page.receive(); }), "") << "its websockets end with it";
  const HttpReply login =
      http_request("127.0.0.1", port, "GET", "/", {{"Accept", "text/html,*/*"}});
  EXPECT_EQ(login.status, 200);
  EXPECT_NE(login.body.find("Log in"), std::string::npos);
}

TEST(Server, TheHandshakeRefusesAnotherContractAndASecondDriver) {
  Running running;
  const uint16_t port = running.server.port();
  const std::string hash = running.contract().contract_hash();
  const HttpReply other =
      refused_upgrade(port, "/?embodiment=a/joint&contract_hash=0123456789abcdef");
  EXPECT_EQ(other.status, 409);
  EXPECT_NE(other.body.find(hash), std::string::npos) << other.body;
  EXPECT_EQ(refused_upgrade(port, "/?embodiment=c/joint").status, 409);
  {
    const auto first = running.connect("/?embodiment=a/joint&robot=left&contract_hash=" + hash);
    EXPECT_EQ(refused_upgrade(port, "/?robot=left").status, 409);
    const auto right = running.connect("/?robot=right");
  }
  // The name is free again when the connection has ended.
  int status = 409;
  for (int i = 0; i < 100 && status == 409; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    try {
      running.connect("/?robot=left");
      status = 101;
    } catch (const Error&) {
    }
  }
  EXPECT_EQ(status, 101);
}

TEST(Server, ASwapBetweenRequestsIsSeenByAnOpenSession) {
  Running running;
  const uint16_t port = running.server.port();
  const auto client = running.connect();
  client->send(running.request(0, true));
  EXPECT_EQ(answer_of(*client).chunk.policy_hash, "hash");
  running.next = std::make_shared<FakeEngine>(0, "new");
  const HttpReply swap = http_request("127.0.0.1", port, "POST", "/policies/nano/swap");
  EXPECT_EQ(swap.status, 200);
  EXPECT_EQ(swap.body, "new\n");
  client->send(running.request(1, true));
  EXPECT_EQ(answer_of(*client).chunk.policy_hash, "new");
}

TEST(Server, OtherMachinesNeedTlsAndTokens) {
  FakeEngine engine;
  Running running;
  EXPECT_NE(message_of([&] {
              Server open(running.service, running.metrics, {.listen = "0.0.0.0", .port = 0});
            }).find("--tls-cert"),
            std::string::npos);
  EXPECT_NE(message_of([&] {
              Server taken(running.service, running.metrics, {.port = running.server.port()});
            }),
            "");
}

TEST(Server, AFleetOfTwoEmbodimentsIsServedBesideNuisances) {
  Running running(1);
  const std::vector<Embodiment> contracts{
      running.contract(), running.engine->checkpoint().embodiments.at("b/joint").contract};
  const LoadReport report = run_load({.port = running.server.port(),
                                      .robots = 8,
                                      .seconds = 0.6,
                                      .warm_up_s = 0.1,
                                      .rate_hz = 10,
                                      .nuisance = true},
                                     contracts);
  int64_t asked = 0, answered = 0;
  for (const LoadReport::Robot& robot : report.robots) {
    asked += robot.asked;
    answered += robot.answered;
  }
  EXPECT_GT(asked, 20);
  EXPECT_EQ(answered, asked);
}

}  // namespace
}  // namespace gyre::serve
