#include "gyre/serve/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <queue>

#include "gyre/core/rng.h"

namespace gyre::serve {
namespace {

constexpr int64_t kMs = 1'000'000;

Job job_of(uint64_t id, int64_t deadline_ms, bool firm = true, uint64_t kind = 1) {
  return {.id = id, .session = id, .kind = kind, .deadline_ns = deadline_ms * kMs, .firm = firm};
}

std::vector<uint64_t> ids(const std::vector<Job>& jobs) {
  std::vector<uint64_t> list;
  for (const Job& job : jobs) list.push_back(job.id);
  return list;
}

using Ids = std::vector<uint64_t>;

TEST(Scheduler, TheEarliestDeadlineGoesFirst) {
  Scheduler scheduler({.workers = 1});
  scheduler.expect(1, kMs);
  for (const int64_t deadline : {50, 20, 90, 30}) {
    EXPECT_FALSE(scheduler.admit(job_of(static_cast<uint64_t>(deadline), deadline), 0));
  }
  Ids order;
  for (auto taken = scheduler.take(0); !taken.jobs.empty(); taken = scheduler.take(0)) {
    order.push_back(taken.jobs.front().id);
    scheduler.finished(taken.jobs, kMs);
  }
  EXPECT_EQ(order, (Ids{20, 30, 50, 90}));
}

TEST(Scheduler, RefusesAtOnceWhatWouldBeLate) {
  Scheduler scheduler({.workers = 1});
  scheduler.expect(1, 10 * kMs);
  EXPECT_TRUE(scheduler.admit(job_of(1, 9), 0));
  EXPECT_FALSE(scheduler.admit(job_of(2, 15), 0));
  // It would be on time itself, but job 2, accepted earlier, would not.
  EXPECT_TRUE(scheduler.admit(job_of(3, 12), 0));
  EXPECT_FALSE(scheduler.admit(job_of(4, 25), 0));
  EXPECT_TRUE(scheduler.admit(job_of(5, 29), 0));
  // Without a firm deadline it waits its turn.
  EXPECT_FALSE(scheduler.admit(job_of(6, 29, false), 0));
}

TEST(Scheduler, RunningJobsCount) {
  Scheduler scheduler({.workers = 2});
  scheduler.expect(1, 10 * kMs);
  for (const uint64_t id : {1, 2}) EXPECT_FALSE(scheduler.admit(job_of(id, 100), 0));
  const auto first = scheduler.take(0), second = scheduler.take(0);
  EXPECT_TRUE(scheduler.take(0).jobs.empty());
  EXPECT_TRUE(scheduler.admit(job_of(3, 19), 0));   // both workers are taken until 10
  EXPECT_FALSE(scheduler.admit(job_of(4, 22), 0));  // with a reserve
  scheduler.finished(first.jobs, 10 * kMs);
  EXPECT_FALSE(scheduler.admit(job_of(5, 20), 5 * kMs));
  EXPECT_EQ(scheduler.running(), 1);
}

TEST(Scheduler, AJobWhoseDeadlinePassedInTheQueueIsNotComputed) {
  Scheduler scheduler({.workers = 1});
  EXPECT_FALSE(scheduler.admit(job_of(1, 10), 0));
  EXPECT_FALSE(scheduler.admit(job_of(2, 50), 0));
  EXPECT_FALSE(scheduler.admit(job_of(3, 5, false), 0));
  const auto taken = scheduler.take(20 * kMs);
  EXPECT_EQ(ids(taken.jobs), Ids{3});  // no firm deadline: computed late
  scheduler.finished(taken.jobs, kMs);
  const auto next = scheduler.take(20 * kMs);
  EXPECT_EQ(ids(next.missed), Ids{1});
  EXPECT_EQ(ids(next.jobs), Ids{2});
}

TEST(Scheduler, ALongJobNeverTakesTheLastWorker) {
  Scheduler scheduler({.workers = 2, .long_ns = 100 * kMs});
  scheduler.expect(1, kMs);
  scheduler.expect(2, 5000 * kMs);
  for (const uint64_t id : {1, 2}) EXPECT_FALSE(scheduler.admit(job_of(id, 10, false, 2), 0));
  const auto first = scheduler.take(0);
  EXPECT_EQ(ids(first.jobs), Ids{1});
  EXPECT_TRUE(scheduler.take(0).jobs.empty());
  EXPECT_FALSE(scheduler.admit(job_of(3, 20), 0));
  const auto quick = scheduler.take(0);
  EXPECT_EQ(ids(quick.jobs), Ids{3});
  scheduler.finished(quick.jobs, kMs);
  EXPECT_TRUE(scheduler.take(kMs).jobs.empty());
  scheduler.finished(first.jobs, 5000 * kMs);
  EXPECT_EQ(ids(scheduler.take(5000 * kMs).jobs), Ids{2});
}

TEST(Scheduler, WhereAllJobsAreLongTheyTakeAllWorkers) {
  Scheduler scheduler({.workers = 2, .long_ns = 100 * kMs});
  scheduler.expect(2, 5000 * kMs);
  for (const uint64_t id : {1, 2}) EXPECT_FALSE(scheduler.admit(job_of(id, 10, false, 2), 0));
  EXPECT_EQ(scheduler.take(0).jobs.size(), 1u);
  EXPECT_EQ(scheduler.take(0).jobs.size(), 1u);
}

TEST(Scheduler, ABatchHoldsOneKindAndGroupAndKeepsItsDeadlines) {
  Scheduler scheduler({.workers = 1, .batch = 3});
  scheduler.expect(1, 10 * kMs);
  scheduler.expect(2, 10 * kMs);
  Job other = job_of(5, 204);
  other.group = 9;
  for (const Job& job : {job_of(1, 200), job_of(2, 201, true, 2), job_of(3, 202), job_of(4, 203),
                         other, job_of(6, 205)}) {
    EXPECT_FALSE(scheduler.admit(job, 0));
  }
  const auto batch = scheduler.take(0);
  EXPECT_EQ(ids(batch.jobs), (Ids{1, 3, 4}));
  scheduler.finished(batch.jobs, 30 * kMs);
  EXPECT_EQ(scheduler.expected_ns(1), 10 * kMs);
  const auto second = scheduler.take(30 * kMs);
  EXPECT_EQ(ids(second.jobs), Ids{2});
  scheduler.finished(second.jobs, 10 * kMs);

  Scheduler hurried({.workers = 1, .batch = 3});
  hurried.expect(1, 10 * kMs);
  EXPECT_FALSE(hurried.admit(job_of(1, 15), 0));
  EXPECT_FALSE(hurried.admit(job_of(2, 100), 0));
  EXPECT_EQ(ids(hurried.take(0).jobs), Ids{1});  // with another it would be late
}

TEST(Scheduler, IdleWorkersTakeTheirPartOfABatch) {
  Scheduler scheduler({.workers = 2, .batch = 8});
  for (const uint64_t id : {1, 2, 3, 4}) EXPECT_FALSE(scheduler.admit(job_of(id, 100), 0));
  EXPECT_EQ(scheduler.take(0).jobs.size(), 2u);
  EXPECT_EQ(scheduler.take(0).jobs.size(), 2u);
}

TEST(Scheduler, ASessionThatHasGoneIsForgotten) {
  Scheduler scheduler({.workers = 1});
  Job mine = job_of(1, 100);
  mine.session = 7;
  Job also = job_of(2, 200);
  also.session = 7;
  EXPECT_FALSE(scheduler.admit(mine, 0));
  EXPECT_FALSE(scheduler.admit(also, 0));
  EXPECT_FALSE(scheduler.admit(job_of(3, 150), 0));
  EXPECT_EQ(scheduler.forget(7), (Ids{1, 2}));
  EXPECT_EQ(ids(scheduler.take(0).jobs), Ids{3});
}

TEST(Scheduler, AFullQueueRefuses) {
  Scheduler scheduler({.workers = 1, .queue = 2});
  for (const uint64_t id : {1, 2}) EXPECT_FALSE(scheduler.admit(job_of(id, 100, false), 0));
  EXPECT_TRUE(scheduler.admit(job_of(3, 100, false), 0));
}

TEST(Scheduler, AFalseExpectationDoesNotRefuseForEver) {
  Scheduler scheduler({.workers = 1});
  scheduler.expect(1, 500 * kMs);
  int64_t now = 1000 * kMs;
  EXPECT_FALSE(scheduler.admit(job_of(1, 1100), now));  // an idle server tries
  EXPECT_TRUE(scheduler.admit(job_of(2, 1100), now));
  scheduler.finished(scheduler.take(now).jobs, 4 * kMs);
  EXPECT_FALSE(scheduler.admit(job_of(3, 1100), now));
  // One hiccup counts little.
  scheduler.finished(scheduler.take(now).jobs, 900 * kMs);
  EXPECT_LE(scheduler.expected_ns(1), 5 * kMs);
  EXPECT_FALSE(scheduler.admit(job_of(4, 1100), now));
}

struct FleetResult {
  int64_t asked = 0, refused = 0, late = 0;
  std::vector<int64_t> answered;  // by robot
  double most_over_least() const {
    const auto [least, most] = std::minmax_element(answered.begin(), answered.end());
    return static_cast<double>(*most) / static_cast<double>(std::max<int64_t>(*least, 1));
  }
};

// Robots at `load` times the capacity of two workers for a minute, each job 4 ms and a little more
// or less; `periodic` of them with a fixed phase, the others at random times.
FleetResult simulate(int robots, double load, int periodic, uint64_t seed) {
  constexpr double kJobMs = 4;
  constexpr int kWorkers = 2;
  const double interval_ms = robots * kJobMs / (load * kWorkers);
  Scheduler scheduler({.workers = kWorkers});
  scheduler.expect(1, static_cast<int64_t>(kJobMs * kMs));
  Rng rng(seed);
  struct Moment {
    int64_t time_ns;
    int robot;  // -1: a worker is done
    std::vector<Job> jobs;
    int64_t took_ns;
    bool operator<(const Moment& other) const { return time_ns > other.time_ns; }
  };
  std::priority_queue<Moment> moments;
  for (int r = 0; r < robots; ++r) {
    moments.push({static_cast<int64_t>(rng.uniform() * interval_ms * kMs), r, {}, 0});
  }
  FleetResult result;
  result.answered.resize(static_cast<size_t>(robots));
  uint64_t id = 0;
  while (moments.top().time_ns < 60'000 * kMs) {
    const Moment moment = moments.top();
    moments.pop();
    const int64_t now = moment.time_ns;
    if (moment.robot < 0) {
      scheduler.finished(moment.jobs, moment.took_ns);
      for (const Job& job : moment.jobs) {
        ++result.answered[job.session];
        result.late += now > job.deadline_ns;
      }
    } else {
      ++result.asked;
      const Job job{.id = ++id,
                    .session = static_cast<uint64_t>(moment.robot),
                    .kind = 1,
                    .deadline_ns = now + 100 * kMs,
                    .firm = true};
      result.refused += scheduler.admit(job, now).has_value();
      const double step = moment.robot < periodic ? 1 : -std::log(1 - rng.uniform());
      moments.push({now + static_cast<int64_t>(step * interval_ms * kMs), moment.robot, {}, 0});
    }
    while (scheduler.running() < kWorkers) {
      auto taken = scheduler.take(now);
      result.late += std::ssize(taken.missed);
      if (taken.jobs.empty()) break;
      const auto took = static_cast<int64_t>(kJobMs * rng.uniform(0.9, 1.1) * kMs);
      moments.push({now + took, -1, std::move(taken.jobs), took});
    }
  }
  return result;
}

TEST(Scheduler, BelowCapacityNobodyIsRefusedAndNobodyIsLate) {
  for (const uint64_t seed : {1, 2, 3}) {
    const FleetResult result = simulate(64, 0.8, 32, seed);
    EXPECT_EQ(result.refused, 0);
    EXPECT_EQ(result.late, 0);
  }
}

TEST(Scheduler, AboveCapacityServiceIsEven) {
  for (const uint64_t seed : {1, 2, 3}) {
    for (const int periodic : {64, 32, 0}) {
      const FleetResult result = simulate(64, 1.5, periodic, seed);
      EXPECT_LE(result.most_over_least(), 1.05) << periodic << " periodic, seed " << seed;
      // Two thirds are answered: sharing costs no capacity.
      EXPECT_NEAR(static_cast<double>(result.refused) / static_cast<double>(result.asked), 1.0 / 3,
                  0.02);
      EXPECT_LE(result.late, result.asked / 1000);
    }
  }
}

}  // namespace
}  // namespace gyre::serve
