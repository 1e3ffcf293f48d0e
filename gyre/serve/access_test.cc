#include "gyre/serve/access.h"

#include <gtest/gtest.h>

#include <fstream>

#include "gyre/core/testing.h"

namespace gyre::serve {
namespace {

namespace fs = std::filesystem;

const std::string kDriveToken = "0123456789abcdef", kWatchToken = "fedcba9876543210",
                  kHelpToken = "00112233445566778899";

fs::path token_file(const std::string& text) {
  fs::path file = fs::path(testing::TempDir()) / "tokens.txt";
  std::ofstream(file) << text;
  return file;
}

Tokens some_tokens() {
  return Tokens::read(token_file("# robots\ndrive " + kDriveToken + "\n\nwatch " + kWatchToken +
                                 "\nhelp " + kHelpToken + " ann\n"));
}

Role role_of(const Tokens& tokens, const std::string& authorization) {
  return tokens.identity_of(digest_of(token_of(authorization))).role;
}

TEST(Access, TokensHaveRolesAndNames) {
  const Tokens tokens = some_tokens();
  EXPECT_EQ(role_of(tokens, "Bearer " + kDriveToken), Role::kDrive);
  EXPECT_EQ(role_of(tokens, "Api-Key " + kDriveToken), Role::kDrive);
  EXPECT_EQ(role_of(tokens, "api-key " + kWatchToken), Role::kWatch);
  EXPECT_EQ(tokens.identity_of(digest_of(kHelpToken)), (Identity{Role::kHelp, "ann"}));
  for (const std::string& wrong :
       std::vector<std::string>{"", kDriveToken, "Bearer " + kDriveToken + "0", "Bearer ",
                                "Basic " + kDriveToken, "Bearer " + kDriveToken.substr(1)}) {
    EXPECT_EQ(role_of(tokens, wrong), Role::kNone) << wrong;
  }
}

TEST(Access, EachRoleMayWhatItIsFor) {
  const auto may = [](Role role) {
    return std::string(may_watch(role) ? "w" : "") + (may_help(role) ? "h" : "") +
           (may_drive(role) ? "d" : "") + (may_administer(role) ? "a" : "");
  };
  EXPECT_EQ(may(Role::kNone), "");
  EXPECT_EQ(may(Role::kWatch), "w");
  EXPECT_EQ(may(Role::kHelp), "wh");
  EXPECT_EQ(may(Role::kDrive), "wd");
  EXPECT_EQ(may(Role::kAdmin), "whda");
}

TEST(Access, AFaultyTokenFileIsRefusedWithItsLine) {
  const auto refusal = [](const std::string& text) {
    return message_of([&] { Tokens::read(token_file(text)); });
  };
  EXPECT_NE(refusal("drive short").find("tokens.txt:1"), std::string::npos);
  EXPECT_NE(refusal("\nown " + kDriveToken).find("tokens.txt:2"), std::string::npos);
  EXPECT_NE(refusal("drive"), "");
  EXPECT_EQ(refusal("drive " + kDriveToken + " arm"), "");
  EXPECT_NE(refusal("drive " + kDriveToken + " two words"), "");
  EXPECT_NE(refusal("drive " + kDriveToken + " " + std::string(33, 'x')), "");
  EXPECT_NE(refusal("# nothing\n"), "");
  EXPECT_EQ(refusal("drive short " + kDriveToken).find(kDriveToken), std::string::npos);
  EXPECT_NE(refusal("drive " + kDriveToken + "\nadmin " + kDriveToken).find("tokens.txt:2"),
            std::string::npos);
}

TEST(Access, ACookieIsFoundByItsWholeName) {
  EXPECT_EQ(cookie_value("a=1; gyre-80=2;gyre-8=3", "gyre-8"), "3");
  EXPECT_EQ(cookie_value("gyre-8=", "gyre-8"), "");
  EXPECT_EQ(cookie_value("xgyre-8=1;;=", "gyre-8"), "");
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
  const auto refused = [&](const std::string& origin, const std::string& host, bool with_tokens) {
    const Head head{
        .method = "GET", .target = "/", .host = host, .origin = origin, .upgrade = true};
    return objection_to(head, with_tokens).status != 0;
  };
  EXPECT_TRUE(refused("http://evil.example", "127.0.0.1:8000", false));
  EXPECT_TRUE(refused("null", "127.0.0.1:8000", false));
  EXPECT_TRUE(refused("http://127.0.0.1:3000", "127.0.0.1:8000", true)) << "another port";
  EXPECT_FALSE(refused("http://127.0.0.1:8000", "127.0.0.1:8000", false));
  EXPECT_FALSE(refused("http://[::1]:8000", "[::1]:8000", false));
  EXPECT_FALSE(refused("https://robots.example", "robots.example", true));
}

// A foreign name that was made to point to this machine.
TEST(Access, ARebornNameIsRefused) {
  const auto refused = [](const std::string& origin, bool upgrade, bool with_tokens) {
    return objection_to({.method = "GET",
                         .target = "/",
                         .host = "evil.example:8000",
                         .origin = origin,
                         .upgrade = upgrade},
                        with_tokens)
               .status != 0;
  };
  EXPECT_TRUE(refused("http://evil.example:8000", true, false));
  EXPECT_TRUE(refused("", false, false)) << "a page's own GET has no origin";
  EXPECT_FALSE(refused("", true, false)) << "a program's websocket";
  EXPECT_FALSE(refused("", false, true));
}

TEST(Access, OnlyAPersonFollowsALinkFromAnotherPage) {
  const auto status = [](const char* site, const char* mode) {
    return objection_to({.method = "GET",
                         .target = "/recorded/list.json",
                         .host = "localhost",
                         .fetch_site = site,
                         .fetch_mode = mode},
                        false)
        .status;
  };
  EXPECT_EQ(status("same-origin", "cors"), 0);
  EXPECT_EQ(status("none", "navigate"), 0);
  EXPECT_EQ(status("cross-site", "navigate"), 0);
  EXPECT_EQ(status("cross-site", "no-cors"), 403);
  EXPECT_EQ(status("same-site", "no-cors"), 403) << "a page on another port of this host";
}

TEST(Access, APostOfABrowserIsJson) {
  const auto status = [](const char* type, const char* origin, const char* cookie) {
    return objection_to({.method = "POST",
                         .target = "/recorded/judge",
                         .host = "localhost",
                         .origin = origin,
                         .cookie = cookie,
                         .content_type = type},
                        true)
        .status;
  };
  EXPECT_EQ(status("application/json", "http://localhost", "gyre=1"), 0);
  EXPECT_EQ(status("Application/JSON; charset=utf-8", "", ""), 0);
  EXPECT_EQ(status("", "", ""), 0) << "curl -X POST";
  EXPECT_EQ(status("", "", "gyre=1"), 415);
  EXPECT_EQ(status("", "http://localhost", ""), 415);
  EXPECT_EQ(status("application/jsonp", "", ""), 415);
  for (const char* form :
       {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"}) {
    EXPECT_EQ(status(form, "", ""), 415) << form;
  }
  EXPECT_EQ(objection_to({.method = "GET", .target = ""}, false).status, 400);
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
