#include "gyre/infer/cpu/thread_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace gyre::infer::cpu {
namespace {

TEST(CpuThreadPool, EveryIterationOnceWhateverTheLoop) {
  for (const int threads : {1, 2, 3}) {
    ThreadPool pool(threads);
    ASSERT_EQ(pool.threads(), threads);
    for (int round = 0; round < 2000; ++round) {
      const int count = round % 17;
      const int grain = 1 + round % 5;
      std::vector<int> calls(count);
      std::atomic<int> wrong = 0;
      pool.run(
          count,
          [&](int first, int last, int thread) {
            if (thread < 0 || thread >= threads) ++wrong;
            if (last - first < grain && last < count) ++wrong;
            for (int i = first; i < last; ++i) ++calls[i];
          },
          grain);
      ASSERT_TRUE(std::ranges::all_of(calls, [](int n) { return n == 1; })) << count;
      ASSERT_EQ(wrong, 0) << count << " by " << grain;
    }
  }
}

TEST(CpuThreadPool, WakesWhoWentToSleep) {
  ThreadPool pool(2);
  for (int round = 0; round < 5; ++round) {
    std::vector<int> calls(2);
    pool.run(2, [&](int first, int last, int) {
      for (int i = first; i < last; ++i) calls[i] = 1;
      if (last == 2) std::this_thread::sleep_for(std::chrono::milliseconds(3));
    });
    EXPECT_EQ(calls, std::vector<int>(2, 1));
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
}

TEST(CpuThreadPool, SeveralCallersAtOnce) {
  ThreadPool pool(2);
  std::vector<std::thread> callers;
  std::vector<int64_t> sums(4);
  for (int64_t& sum : sums) {
    callers.emplace_back([&pool, &sum] {
      for (int round = 0; round < 500; ++round) {
        std::vector<int64_t> parts(100);
        pool.run(100, [&](int first, int last, int) {
          for (int i = first; i < last; ++i) parts[i] = i;
        });
        for (const int64_t part : parts) sum += part;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sums, std::vector<int64_t>(4, 500 * 4950));
}

TEST(CpuThreadPool, AnExceptionOfAnyThreadReachesTheCallerAndThePoolGoesOn) {
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    for (int failing = 0; failing < threads; ++failing) {
      // Every thread takes one of the three iterations and waits for the others.
      std::atomic<int> arrived = 0;
      const auto run = [&] {
        pool.run(threads, [&](int, int, int thread) {
          ++arrived;
          while (arrived < threads) std::this_thread::yield();
          if (thread == failing) throw std::runtime_error("thread " + std::to_string(thread));
        });
      };
      try {
        run();
        FAIL() << "no exception of thread " << failing;
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(), "thread " + std::to_string(failing));
      }
      std::atomic<int> done = 0;
      pool.run(50, [&](int first, int last, int) { done += last - first; });
      EXPECT_EQ(done, 50);
    }
  }
}

}  // namespace
}  // namespace gyre::infer::cpu
