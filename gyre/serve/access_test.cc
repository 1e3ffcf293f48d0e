#include "gyre/serve/access.h"

#include <gtest/gtest.h>

#include <fstream>

#include "gyre/core/testing.h"

namespace gyre::serve {
namespace {

namespace fs = std::filesystem;

const std::string kDriveToken = "0123456789abcdef", kWatchToken = "fedcba9876543210";

fs::path token_file(const std::string& text) {
  fs::path file = fs::path(testing::TempDir()) / "tokens.txt";
  std::ofstream(file) << text;
  return file;
}

Tokens some_tokens() {
  return Tokens::read(token_file("# robots\ndrive " + kDriveToken + "\n\nwatch " + kWatchToken));
}

TEST(Access, TokensHaveRoles) {
  const Tokens tokens = some_tokens();
  EXPECT_EQ(tokens.role_of("Bearer " + kDriveToken), Role::kDrive);
  EXPECT_EQ(tokens.role_of("Api-Key " + kDriveToken), Role::kDrive);
  EXPECT_EQ(tokens.role_of("api-key " + kWatchToken), Role::kWatch);
  for (const std::string& wrong :
       std::vector<std::string>{"", kDriveToken, "Bearer " + kDriveToken + "0", "Bearer ",
                                "Basic " + kDriveToken, "Bearer " + kDriveToken.substr(1)}) {
    EXPECT_EQ(tokens.role_of(wrong), Role::kNone) << wrong;
  }
  EXPECT_EQ(Tokens().role_of(""), Role::kDrive);
}

TEST(Access, AFaultyTokenFileIsRefusedWithItsLine) {
  const auto refusal = [](const std::string& text) {
    return message_of([&] { Tokens::read(token_file(text)); });
  };
  EXPECT_NE(refusal("drive short").find("tokens.txt:1"), std::string::npos);
  EXPECT_NE(refusal("\nown " + kDriveToken).find("tokens.txt:2"), std::string::npos);
  EXPECT_NE(refusal("drive " + kDriveToken + " more"), "");
  EXPECT_NE(refusal("# nothing\n"), "");
  EXPECT_EQ(refusal("drive " + kDriveToken).find(kDriveToken), std::string::npos);
}

const std::vector<std::string> kNames{"nano", "other"};

Route route_of(Head head, const Tokens& tokens = {}) {
  if (head.method.empty()) head.method = "GET";
  return route(head, tokens, kNames);
}

TEST(Access, PathAndQueryChooseThePolicy) {
  for (const auto& [target, policy] :
       std::vector<std::pair<std::string, std::string>>{{"/", "nano"},
                                                        {"/other", "other"},
                                                        {"/?policy=other", "other"},
                                                        {"/?a=b&policy=other", "other"}}) {
    const Route way = route_of({.target = target, .upgrade = true});
    EXPECT_EQ(way.kind, Route::Kind::kWebsocket) << target;
    EXPECT_EQ(way.policy, policy) << target;
  }
  const Route robot = route_of(
      {.target = "/?robot=left%20arm&embodiment=so101%2Fee&contract_hash=%zz%4", .upgrade = true});
  EXPECT_EQ(robot.robot, "left arm");
  EXPECT_EQ(robot.embodiment, "so101/ee");
  EXPECT_EQ(robot.contract_hash, "%zz%4");
  const Route unknown = route_of({.target = "/third", .upgrade = true});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.text.find("nano, other"), std::string::npos);
  EXPECT_EQ(route_of({.target = "/"}).status, 426);
  EXPECT_EQ(route_of({.target = ""}).status, 400);
}

TEST(Access, HealthNeedsNoTokenAndAllElseDoes) {
  const Tokens tokens = some_tokens();
  EXPECT_EQ(route_of({.target = "/healthz"}, tokens).kind, Route::Kind::kHealth);
  EXPECT_EQ(route_of({.target = "/metrics"}, tokens).status, 401);
  EXPECT_EQ(route_of({.target = "/", .upgrade = true}, tokens).status, 401);
  const std::string watch = "Bearer " + kWatchToken, drive = "Bearer " + kDriveToken;
  EXPECT_EQ(route_of({.target = "/metrics", .authorization = watch}, tokens).kind,
            Route::Kind::kMetrics);
  Head swap{.method = "POST",
            .target = "/policies/nano/swap",
            .authorization = watch,
            .from_loopback = true};
  EXPECT_EQ(route_of(swap, tokens).status, 403);
  swap.authorization = drive;
  EXPECT_EQ(route_of(swap, tokens).kind, Route::Kind::kSwap);
  EXPECT_EQ(route_of(swap, tokens).policy, "nano");
  swap.from_loopback = false;
  EXPECT_EQ(route_of(swap, tokens).status, 403);
  swap.method = "GET";
  EXPECT_EQ(route_of(swap, tokens).status, 405);
}

TEST(Access, PagesOfAnotherOriginAreRefused) {
  const auto with = [&](const std::string& origin, const std::string& host, const Tokens& tokens,
                        const std::string& token) {
    return route_of({.target = "/",
                     .host = host,
                     .origin = origin,
                     .authorization = token,
                     .upgrade = true},
                    tokens)
        .kind;
  };
  const auto refused = Route::Kind::kRefuse, taken = Route::Kind::kWebsocket;
  EXPECT_EQ(with("http://evil.example", "127.0.0.1:8000", {}, ""), refused);
  EXPECT_EQ(with("null", "127.0.0.1:8000", {}, ""), refused);
  EXPECT_EQ(with("http://127.0.0.1:8000", "127.0.0.1:8000", {}, ""), taken);
  EXPECT_EQ(with("http://[::1]:8000", "[::1]:8000", {}, ""), taken);
  // A foreign name that was made to point to this machine.
  EXPECT_EQ(with("http://evil.example:8000", "evil.example:8000", {}, ""), refused);
  EXPECT_EQ(
      with("https://robots.example", "robots.example", some_tokens(), "Bearer " + kDriveToken),
      taken);
}

TEST(Access, LoopbackIsKnown) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("127.8.0.1"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("192.168.0.1"));
  EXPECT_NE(message_of([] { is_loopback("robot.local"); }), "");
}

}  // namespace
}  // namespace gyre::serve
