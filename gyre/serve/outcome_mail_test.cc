#include "gyre/serve/outcome_mail.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "gyre/core/degradation.h"
#include "gyre/serve/policy_table.h"
#include "gyre/serve/testing.h"

namespace gyre::serve {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

TEST(OutcomeMail, SendsInOrderAndTriesAgain) {
  OutcomeMail mail;
  EXPECT_EQ(mail.due(0), nullptr);
  EXPECT_FALSE(mail.next_ns());
  mail.add({.attempt = "1"});
  mail.add({.attempt = "2"});
  ASSERT_NE(mail.due(0), nullptr);
  EXPECT_EQ(mail.due(0)->attempt, "1");
  mail.failed(10);
  EXPECT_EQ(mail.due(10), nullptr);
  EXPECT_EQ(*mail.next_ns(), 10 + OutcomeMail::kRetryNs);
  EXPECT_EQ(mail.due(*mail.next_ns())->attempt, "1");
  mail.sent();
  EXPECT_EQ(mail.due(*mail.next_ns())->attempt, "2");
}

TEST(OutcomeMail, IsBounded) {
  OutcomeMail mail;
  for (size_t i = 0; i < OutcomeMail::kMostWaiting + 5; ++i) {
    mail.add({.attempt = std::to_string(i)});
  }
  EXPECT_EQ(mail.waiting(), OutcomeMail::kMostWaiting);
  EXPECT_EQ(mail.due(0)->attempt, "5");
}

// A robot's verdicts reach the table through a link that fails now and then. The clock is this
// test's: what counts is the time from the deciding verdict to the switch.
TEST(OutcomeMail, TheCanaryGoesWithinTwoSecondsOfTheDecidingOutcome) {
  PolicyTable table({"x/nano"}, {{"nano", "x/canary", 0.5}}, "",
                    [](const std::filesystem::path& folder) {
                      return std::make_shared<FakeEngine>(0, folder.filename().string());
                    });
  OutcomeMail mail;
  int64_t now = 0, tries = 0;
  std::vector<int64_t> judged;  // when, by attempt
  std::optional<int64_t> switched_after;
  const auto deliver = [&] {
    while (const AttemptOutcome* outcome = mail.due(now)) {
      if (++tries % 4 != 0) {  // three of four tries fail
        mail.failed(now);
        continue;
      }
      const CanaryState state = table.report("nano", *outcome);
      if (state.just_now) {
        switched_after = now - judged.at(static_cast<size_t>(std::stoi(outcome->attempt)));
      }
      mail.sent();
    }
  };
  PolicyTable::Lease under_way;
  while (!switched_after) {
    ASSERT_LT(judged.size(), 100U);
    const PolicyTable::Lease lease = table.lease("nano");
    if (lease.canary) under_way = lease;
    now += 8 * kSecond;  // the attempt
    mail.add({.attempt = std::to_string(judged.size()),
              .policy_hash = lease.canary ? "canary" : "nano",
              .success = !lease.canary});
    judged.push_back(now);
    for (; mail.waiting() > 0; now = *mail.next_ns()) {
      deliver();
      if (mail.waiting() == 0) break;
    }
  }
  EXPECT_LE(*switched_after, 2 * kSecond);
  EXPECT_EQ(table.lease("nano").canary, nullptr) << "the next session";
  ASSERT_NE(under_way.canary, nullptr);
  EXPECT_EQ(table.current(under_way)->engine->checkpoint().policy_hash, "canary")
      << "a session under way keeps its policy";
}

}  // namespace
}  // namespace gyre::serve
