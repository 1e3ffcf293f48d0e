#include "gyre/serve/policy_site.h"

#include <gtest/gtest.h>

#include <utility>

namespace gyre::serve {
namespace {

using Kind = PolicyRoute::Kind;

PolicyRoute way_of(Head head, Role role = Role::kDrive) {
  if (head.method.empty()) head.method = "GET";
  return policy_route(head, role, {"nano", "other"});
}

TEST(PolicySite, PathAndQueryChooseThePolicy) {
  for (const auto& [target, policy] :
       std::vector<std::pair<std::string, std::string>>{{"/", "nano"},
                                                        {"/other", "other"},
                                                        {"/?policy=other", "other"},
                                                        {"/?a=b&policy=other", "other"}}) {
    const PolicyRoute way = way_of({.target = target, .upgrade = true});
    EXPECT_EQ(way.kind, Kind::kWebsocket) << target;
    EXPECT_EQ(way.policy, policy) << target;
  }
  const PolicyRoute robot =
      way_of({.target = "/?robot=left&embodiment=so101%2Fee&contract_hash=ab", .upgrade = true});
  EXPECT_EQ(robot.robot, "left");
  EXPECT_EQ(robot.embodiment, "so101/ee");
  EXPECT_EQ(robot.contract_hash, "ab");
  const PolicyRoute unknown = way_of({.target = "/third", .upgrade = true});
  EXPECT_EQ(unknown.refusal.status, 404);
  EXPECT_NE(unknown.refusal.body.find("nano, other"), std::string::npos);
  EXPECT_EQ(way_of({.target = "/"}).refusal.status, 426);
}

TEST(PolicySite, OnlyADriverOnThisMachineSwapsAPolicy) {
  EXPECT_EQ(way_of({.target = "/metrics"}, Role::kWatch).kind, Kind::kMetrics);
  Head swap{.method = "POST", .target = "/policies/nano/swap", .from_loopback = true};
  EXPECT_EQ(way_of(swap, Role::kWatch).refusal.status, 403);
  EXPECT_EQ(way_of(swap).kind, Kind::kSwap);
  EXPECT_EQ(way_of(swap).policy, "nano");
  swap.from_loopback = false;
  EXPECT_EQ(way_of(swap).refusal.status, 403);
  swap.method = "GET";
  EXPECT_EQ(way_of(swap).refusal.status, 405);
}

TEST(PolicySite, ARobotReportsAnOutcome) {
  Head head{.method = "POST",
            .target =
                "/policies/other/outcome?attempt=left%2F7&policy_hash=ab&outcome=failure&"
                "author=person"};
  const PolicyRoute way = way_of(head);
  ASSERT_EQ(way.kind, Kind::kOutcome);
  EXPECT_EQ(way.policy, "other");
  EXPECT_EQ(way.outcome.attempt, "left/7");
  EXPECT_EQ(way.outcome.policy_hash, "ab");
  EXPECT_EQ(way.outcome.success, false);
  EXPECT_TRUE(way.outcome.by_person);
  EXPECT_EQ(way_of(head, Role::kWatch).refusal.status, 403);
  head.target = "/policies/nano/outcome?attempt=1&outcome=unknown&author=judge";
  EXPECT_FALSE(way_of(head).outcome.success);
  head.target = "/policies/nano/outcome?attempt=1&outcome=good&author=judge";
  EXPECT_EQ(way_of(head).refusal.status, 400);
  head.method = "GET";
  EXPECT_EQ(way_of(head).refusal.status, 405);
}

}  // namespace
}  // namespace gyre::serve
