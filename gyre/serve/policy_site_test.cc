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

}  // namespace
}  // namespace gyre::serve
