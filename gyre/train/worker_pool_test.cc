#include "gyre/train/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace gyre::train {
namespace {

TEST(WorkerPool, EveryWorkerDoesItsPartInEachRound) {
  std::atomic<int> prepared = 0;
  WorkerPool pool(3, [&] { ++prepared; });
  std::vector<int> parts(3);
  for (int round = 0; round < 100; ++round) pool.run([&](int worker) { ++parts[worker]; });
  EXPECT_EQ(parts, std::vector<int>(3, 100));
  EXPECT_EQ(prepared, 3);
}

TEST(WorkerPool, AnExceptionReachesTheCallerAndThePoolGoesOn) {
  WorkerPool pool(3, [] {});
  for (int failing = 0; failing < 3; ++failing) {
    const auto work = [&](int worker) {
      if (worker == failing) throw std::runtime_error("worker");
    };
    EXPECT_THROW(pool.run(work), std::runtime_error);
  }
  std::atomic<int> done = 0;
  pool.run([&](int) { ++done; });
  EXPECT_EQ(done, 3);
}

TEST(WorkerPool, AnExceptionOfThePreparationReachesTheCaller) {
  std::atomic<int> threads = 0;
  WorkerPool pool(2, [&] {
    if (++threads == 2) throw std::runtime_error("no memory");
  });
  EXPECT_THROW(pool.run([](int) {}), std::runtime_error);
}

}  // namespace
}  // namespace gyre::train
