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

TEST(Access, AllThatIsServedNeedsAToken) {
  const Tokens tokens = some_tokens();
  const auto status = [&](const std::string& token) {
    return admit({.method = "GET", .target = "/metrics", .authorization = token}, tokens).status;
  };
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(status("Bearer " + kWatchToken), 0);
  EXPECT_EQ(admit({.method = "GET", .target = ""}, {}).status, 400);
}

TEST(Access, AQueryIsDecoded) {
  const std::string target = "/?robot=left%20arm&embodiment=so101%2Fee&contract_hash=%zz%4";
  EXPECT_EQ(query_value(target, "robot"), "left arm");
  EXPECT_EQ(query_value(target, "embodiment"), "so101/ee");
  EXPECT_EQ(query_value(target, "contract_hash"), "%zz%4");
  EXPECT_EQ(query_value(target, "arm"), "");
  EXPECT_EQ(query_value("/", "robot"), "");
}

TEST(Access, PagesOfAnotherOriginAreRefused) {
  const auto refused = [&](const std::string& origin, const std::string& host, const Tokens& tokens,
                           const std::string& token) {
    return admit({.method = "GET",
                  .target = "/",
                  .host = host,
                  .origin = origin,
                  .authorization = token,
                  .upgrade = true},
                 tokens)
               .status != 0;
  };
  EXPECT_TRUE(refused("http://evil.example", "127.0.0.1:8000", {}, ""));
  EXPECT_TRUE(refused("null", "127.0.0.1:8000", {}, ""));
  EXPECT_FALSE(refused("http://127.0.0.1:8000", "127.0.0.1:8000", {}, ""));
  EXPECT_FALSE(refused("http://[::1]:8000", "[::1]:8000", {}, ""));
  // A foreign name that was made to point to this machine.
  EXPECT_TRUE(refused("http://evil.example:8000", "evil.example:8000", {}, ""));
  EXPECT_FALSE(
      refused("https://robots.example", "robots.example", some_tokens(), "Bearer " + kDriveToken));
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
