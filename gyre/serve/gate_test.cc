#include "gyre/serve/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gyre/serve/login.h"

namespace gyre::serve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kGateHelp = "help-help-help-help", kGateWatch = "watch-watch-watch";

Gate some_gate() {
  const auto file = std::filesystem::path(::testing::TempDir()) / "gate_tokens.txt";
  std::ofstream(file) << "help " << kGateHelp << " ann\nwatch " << kGateWatch << '\n';
  Gate gate(Tokens::read(file));
  gate.name_cookie(8080, true);
  return gate;
}

GateTime at(int seconds) {
  return GateTime{} + std::chrono::hours(1) + std::chrono::seconds(seconds);
}

std::string header_of(const HttpAnswer& answer, const std::string& name) {
  for (const auto& [one, value] : answer.headers) {
    if (one == name) return value;
  }
  return "";
}

HttpAnswer post(Gate& gate, const std::string& path, const std::string& body, Head head = {},
                GateTime now = at(0)) {
  head.method = "POST";
  head.target = path;
  head.host = "robots.example";
  if (head.content_type.empty()) head.content_type = "application/json";
  return answer_login(gate, {.head = head, .body = body}, true, now).value();
}

std::string token_json(const std::string& token) { return "{\"token\": \"" + token + "\"}"; }

// "__Host-gyre-8080=..." as a browser sends it back.
std::string cookie_from(const HttpAnswer& answer) {
  const std::string header = header_of(answer, "Set-Cookie");
  return header.substr(0, header.find(';'));
}

Admission by_cookie(Gate& gate, const std::string& cookie, GateTime now = at(0)) {
  return gate.admit({.method = "GET", .target = "/live", .host = "h", .cookie = cookie}, now);
}

TEST(Gate, WithoutTokensEverybodyIsAdmin) {
  Gate gate{Tokens()};
  EXPECT_EQ(gate.admit({.method = "GET", .target = "/", .host = "localhost"}, at(0)).who.role,
            Role::kAdmin);
}

TEST(Gate, ATokenLetsIn) {
  Gate gate = some_gate();
  const auto admit = [&](const std::string& authorization) {
    return gate.admit({.method = "GET", .target = "/metrics", .authorization = authorization},
                      at(0));
  };
  EXPECT_EQ(admit("").status, 401);
  EXPECT_EQ(admit("Bearer " + kGateWatch).who.role, Role::kWatch);
  EXPECT_EQ(admit("Bearer " + kGateHelp).who.name, "ann");
  EXPECT_EQ(admit("Bearer wrong-wrong-wrong").status, 401);
}

TEST(Gate, ALoginGivesACookieThatHoldsNoToken) {
  Gate gate = some_gate();
  const HttpAnswer in = post(gate, "/login", token_json(kGateHelp));
  EXPECT_EQ(in.status, 200);
  const std::string cookie = header_of(in, "Set-Cookie");
  EXPECT_THAT(cookie, HasSubstr("__Host-gyre-8080="));
  for (const char* part : {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"}) {
    EXPECT_THAT(cookie, HasSubstr(part));
  }
  EXPECT_THAT(cookie + in.body, Not(HasSubstr(kGateHelp)));
  const Admission admission = by_cookie(gate, "a=b; " + cookie_from(in));
  EXPECT_EQ(admission.who, (Identity{Role::kHelp, "ann"}));
  ASSERT_TRUE(admission.session.has_value());
  EXPECT_TRUE(gate.alive(*admission.session, at(0)));
  EXPECT_NE(cookie_from(post(gate, "/login", token_json(kGateHelp))), cookie_from(in));
  EXPECT_EQ(by_cookie(gate, "__Host-gyre-8080=" + std::string(64, '0')).status, 401);
}

TEST(Gate, ASessionEndsByLogoutAndByTime) {
  Gate gate = some_gate();
  const std::string first = cookie_from(post(gate, "/login", token_json(kGateWatch)));
  const std::string second = cookie_from(post(gate, "/login", token_json(kGateWatch)));
  const auto session = by_cookie(gate, first).session;
  EXPECT_EQ(post(gate, "/logout", "", {.cookie = first}).status, 200);
  EXPECT_FALSE(gate.alive(*session, at(0)));
  EXPECT_EQ(by_cookie(gate, first).status, 401);
  const auto hours = [](int count) { return at(0) + std::chrono::hours(count); };
  EXPECT_EQ(by_cookie(gate, second, hours(11)).status, 0);
  EXPECT_EQ(by_cookie(gate, second, hours(12)).status, 401);
}

TEST(Gate, ALoginFromElsewhereIsRefused) {
  Gate gate = some_gate();
  const std::string good = token_json(kGateHelp);
  EXPECT_EQ(post(gate, "/login", good, {.origin = "https://evil.example"}).status, 403);
  EXPECT_EQ(post(gate, "/login", good, {.content_type = "text/plain"}).status, 415);
  EXPECT_EQ(post(gate, "/login", good, {.origin = "https://robots.example"}).status, 200);
  for (const char* bad : {"", "[]", "{}", "{\"token\": 3}", "{\"token\""}) {
    EXPECT_EQ(post(gate, "/login", bad).status, 400) << bad;
  }
  HttpRequest get;
  get.head = {.method = "GET", .target = "/login", .host = "h"};
  EXPECT_EQ(answer_login(gate, get, true, at(0))->status, 405);
  get.head.target = "/login/other";
  EXPECT_FALSE(answer_login(gate, get, true, at(0)).has_value());
}

TEST(Gate, AGuesserIsHeardNoMoreForAMinute) {
  Gate gate = some_gate();
  const auto log_in = [&](const std::string& token, const std::string& peer, int second) {
    return post(gate, "/login", token_json(token), {.peer = peer}, at(second)).status;
  };
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(log_in("guess-guess-guess-" + std::to_string(i), "10.0.0.1", i), 401);
  }
  EXPECT_EQ(log_in(kGateHelp, "10.0.0.1", 10), 429) << "the right one too: nothing is to be learnt";
  const Head head{.method = "GET",
                  .target = "/",
                  .authorization = "Bearer help-help-help-help",
                  .peer = "10.0.0.1"};
  EXPECT_EQ(gate.admit(head, at(10)).status, 429) << "by a header as well";
  EXPECT_EQ(log_in(kGateHelp, "10.0.0.2", 10), 200);
  EXPECT_EQ(log_in(kGateHelp, "10.0.0.1", 70), 200);
}

TEST(Gate, AProgramWithAnOldTokenStopsNobody) {
  Gate gate = some_gate();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(post(gate, "/login", token_json("old-old-old-old-old"), {.peer = "10.0.0.1"}).status,
              401);
  }
  EXPECT_EQ(post(gate, "/login", token_json(kGateHelp), {.peer = "10.0.0.1"}).status, 200);
}

TEST(Guesses, RememberABoundedNumberOfAddresses) {
  Guesses guesses;
  for (size_t i = 0; i < Guesses::kMost; ++i) {
    guesses.wrong("first", digest_of(std::to_string(i)), at(0));
  }
  EXPECT_TRUE(guesses.blocked("first", at(1)));
  for (size_t i = 0; i < Guesses::kMostAddresses; ++i) {
    guesses.wrong("address " + std::to_string(i), digest_of("x"), at(1));
  }
  EXPECT_FALSE(guesses.blocked("first", at(1))) << "the oldest made room";
}

TEST(LoginPage, IsForABrowserThatOpensTheFirstPage) {
  const auto wants = [](const char* method, const char* target, const char* accept) {
    return wants_login_page(
        {.head = {.method = method, .target = target, .accept = accept}, .body = {}});
  };
  EXPECT_TRUE(wants("GET", "/", "text/html,application/xhtml+xml"));
  EXPECT_FALSE(wants("GET", "/", "*/*"));
  EXPECT_FALSE(wants("GET", "/recorded/list.json", "text/html"));
  EXPECT_FALSE(wants("POST", "/", "text/html"));
  const std::string policy = header_of(login_page(), "Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
}

}  // namespace
}  // namespace gyre::serve
