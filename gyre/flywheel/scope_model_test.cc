#include "gyre/flywheel/scope_model.h"

#include <gtest/gtest.h>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

std::vector<CellCounts> grid(double successes, double attempts) {
  std::vector<CellCounts> cells;
  for (const char* object : {"red_cup", "red_can", "blue_cup", "blue_can"}) {
    for (const char* place : {"sink", "rack", "bin"}) {
      cells.push_back({{"put", object, place, "arm"}, successes, attempts});
    }
  }
  return cells;
}

TEST(ScopeModel, WithoutEvidenceNothingIsKnown) {
  for (const CellEstimate& estimate : estimate_cells(grid(0, 0))) {
    EXPECT_LT(estimate.low, 0.1);
    EXPECT_GT(estimate.high, 0.9);
  }
  EXPECT_TRUE(estimate_cells({}).empty());
}

TEST(ScopeModel, ACellWithoutAttemptsBorrowsFromItsNeighbours) {
  std::vector<CellCounts> cells = grid(38, 40);
  cells[0].successes = cells[0].attempts = 0;
  const std::vector<CellEstimate> estimates = estimate_cells(cells);
  EXPECT_GT(estimates[0].mean, 0.85);
  EXPECT_GT(estimates[0].low, 0.6);
  EXPECT_LT(estimates[0].low, estimates[1].low) << "its own attempts are worth more";
}

TEST(ScopeModel, AStrangerToAllOthersIsUncertain) {
  std::vector<CellCounts> cells = grid(38, 40);
  cells.push_back({{"stack", "purple_ball", "plate", "other arm"}, 0, 0});
  EXPECT_LT(estimate_cells(cells).back().low, 0.5);
}

TEST(ScopeModel, ManyAttemptsOfItsOwnStandAgainstTheNeighbours) {
  std::vector<CellCounts> cells = grid(39, 40);
  cells[0] = {cells[0].cell, 100, 400};
  const CellEstimate bad = estimate_cells(cells)[0];
  EXPECT_NEAR(bad.mean, 0.26, 0.04);
  EXPECT_LT(bad.high, 0.35);
}

TEST(ScopeModel, MoreOfTheSameEvidenceRaisesTheLowerBound) {
  double last = 0;
  for (const double attempts : {10.0, 40.0, 160.0, 640.0, 20'000.0}) {
    const double low = estimate_cells(grid(0.95 * attempts, attempts))[5].low;
    EXPECT_GT(low, last) << attempts;
    last = low;
  }
  EXPECT_NEAR(last, 0.95, 0.01);
}

TEST(ScopeModel, BoundsEncloseTheMean) {
  std::vector<CellCounts> cells = grid(9, 10);
  cells[3].successes = 0;
  cells[7].attempts = 0.5;
  cells[7].successes = 0.25;
  for (const CellEstimate& estimate : estimate_cells(cells)) {
    EXPECT_LT(estimate.low, estimate.mean);
    EXPECT_GT(estimate.high, estimate.mean);
  }
}

TEST(ScopeModel, RefusesImpossibleCounts) {
  EXPECT_THROW(estimate_cells(std::vector<CellCounts>{{{"put", "", "", "arm"}, 2, 1}}), Error);
  EXPECT_THROW(estimate_cells(std::vector<CellCounts>{{{"put", "", "", "arm"}, -1, 1}}), Error);
}

}  // namespace
}  // namespace gyre::flywheel
