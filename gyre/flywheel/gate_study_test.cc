#include "gyre/flywheel/gate_study.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gyre::flywheel {
namespace {

// The gate's promises, on drawn outcomes.
TEST(GateStudy, TheGateErrsNoMoreThanAskedAndHasItsPower) {
  const nlohmann::json study = study_gate({.decisions = 1000, .chains = 1000}, measured_nano());
  for (const nlohmann::json& row : study.at("cases")) {
    EXPECT_GE(row.at("rate"), row.at("asked")[0]) << row;
    EXPECT_LE(row.at("rate"), row.at("asked")[1]) << row;
  }
  EXPECT_LE(study.at("chains").at("rate"), study.at("chains").at("asked")[1]);
}

TEST(GateStudy, TheSameSeedGivesTheSameDecisions) {
  const GateStudyConfig config{.decisions = 20, .chains = 2, .seed = 7};
  EXPECT_EQ(study_gate(config, measured_nano()), study_gate(config, measured_nano()));
}

}  // namespace
}  // namespace gyre::flywheel
