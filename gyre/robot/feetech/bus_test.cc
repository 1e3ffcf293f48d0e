#include "gyre/robot/feetech/bus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "gyre/robot/fake/bus.h"

namespace gyre::feetech {
namespace {

const std::vector<uint8_t> kSix = {1, 2, 3, 4, 5, 6};

// Six servos in simulated time, and their master.
struct PlayedBus {
  explicit PlayedBus(fake::Bus::Options options = {}) : servos(std::move(options)), wire(servos) {
    servos.servos = fake::so101_servos();
  }
  BusResult cycle(int64_t budget_ns = 5'000'000) {
    return bus.sync_read(kSix, kFeedbackAddress, kFeedbackBytes, out, errors,
                         wire.now_ns() + budget_ns);
  }
  int position(size_t i) const {
    return decode_feedback(std::span(out).subspan(i * kFeedbackBytes, kFeedbackBytes), 0).position;
  }
  fake::Bus servos;
  fake::SimulatedWire wire;
  Bus bus{wire, 1'000'000};
  std::vector<uint8_t> out = std::vector<uint8_t>(6 * kFeedbackBytes),
                       errors = std::vector<uint8_t>(6);
};

TEST(FeetechRegisters, StandInTheOrderOfAddressesWithoutOverlap) {
  for (size_t i = 1; i < kRegisters.size(); ++i) {
    EXPECT_GE(kRegisters[i].address, kRegisters[i - 1].address + kRegisters[i - 1].size)
        << kRegisters[i].name;
  }
  EXPECT_EQ(info(Reg::kPresentPosition).name, "position");
  EXPECT_EQ(info(Reg::kPresentCurrent).name, "current");
  EXPECT_EQ(info(Reg::kMaxAcceleration).address, 85);
}

TEST(FeetechRegisters, SignsAreMagnitudes) {
  uint8_t bytes[2];
  encode(info(Reg::kHomingOffset), -291, bytes);
  EXPECT_EQ(bytes[0], 0x23);
  EXPECT_EQ(bytes[1], 0x09);
  for (int value = -kMostOffset; value <= kMostOffset; ++value) {
    EXPECT_TRUE(fits(info(Reg::kHomingOffset), value));
  }
  EXPECT_FALSE(fits(info(Reg::kHomingOffset), kMostOffset + 1));
  EXPECT_TRUE(fits(info(Reg::kGoalPosition), -4095));
  EXPECT_FALSE(fits(info(Reg::kTorque), 256));
}

TEST(FeetechBus, ReadsAndWritesRegisters) {
  PlayedBus played;
  int value = 0;
  EXPECT_EQ(played.bus.ping(3), BusResult::kOk);
  EXPECT_EQ(played.bus.ping(9), BusResult::kSilent);
  EXPECT_EQ(played.bus.read(1, Reg::kModel, value), BusResult::kOk);
  EXPECT_EQ(value, kSts3215);
  EXPECT_EQ(played.bus.write(2, Reg::kHomingOffset, -291), BusResult::kOk);
  EXPECT_EQ(played.bus.read(2, Reg::kHomingOffset, value), BusResult::kOk);
  EXPECT_EQ(value, -291);
  EXPECT_EQ(played.bus.scan(), kSix);
}

TEST(FeetechBus, GoalsGoOutWithTheNextSyncRead) {
  PlayedBus played;
  const std::vector<int> on(6, 1), goals = {2000, 2000, 2000, 2000, 2000, 2000};
  played.bus.queue_sync_write(Reg::kTorque, kSix, on);
  played.bus.queue_sync_write(Reg::kGoalPosition, kSix, goals);
  ASSERT_EQ(played.cycle(), BusResult::kOk);
  for (int i = 0; i < 400; ++i) {
    played.wire.sleep_until(played.wire.now_ns() + 5'000'000);
    ASSERT_EQ(played.cycle(), BusResult::kOk);
  }
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(played.position(i), 2000, 2);
}

TEST(FeetechBus, TheRealWireHasTimeFor200CyclesASecond) {
  PlayedBus played({.timing = fake::Timing::real()});
  const int64_t begin = played.wire.now_ns();
  ASSERT_EQ(played.cycle(), BusResult::kOk);
  // 14 bytes out, 6 x 21 back at 10 us, and two USB turns of 1 ms.
  EXPECT_GT(played.wire.now_ns() - begin, 3'400'000);
  EXPECT_LT(played.wire.now_ns() - begin, 4'500'000);
}

TEST(FeetechBus, ServoErrorsAreToldWithEachAnswer) {
  PlayedBus played;
  played.servos.servo(4).fail(servo_error::kOverload);
  ASSERT_EQ(played.cycle(), BusResult::kOk);
  EXPECT_EQ(played.errors, (std::vector<uint8_t>{0, 0, 0, servo_error::kOverload, 0, 0}));
  EXPECT_EQ(played.bus.statistics().servo_errors, 1);
}

TEST(FeetechBus, ALostPortIsToldAtOnce) {
  PlayedBus played;
  played.wire.plugged = false;
  EXPECT_EQ(played.cycle(), BusResult::kLost);
  played.wire.plugged = true;
  EXPECT_EQ(played.cycle(), BusResult::kOk);
}

// Of faults that change, lose or add bytes, or that come from another servo, no value is taken; and
// no cycle outlasts its budget.
TEST(FeetechBus, NoSpoiltAnswerIsTaken) {
  using enum fake::ReplyFault;
  for (const fake::ReplyFault fault :
       {kCorrupt, kLost, kDoubled, kForeign, kDropped, kRepeated, kNoise}) {
    PlayedBus played({.timing = fake::Timing::real(), .fault_rate = 0.05, .faults = {fault}});
    std::map<int, std::vector<uint8_t>> truth;
    played.servos.on_answer = [&](const fake::Servo& servo, std::span<const uint8_t> p, auto) {
      truth[servo.id()] = {p.begin(), p.end()};
    };
    const std::vector<int> on(6, 1);
    played.bus.queue_sync_write(Reg::kTorque, kSix, on);
    int ok = 0;
    for (int i = 0; i < 2000; ++i) {
      std::vector<int> goals(6, 2000 + static_cast<int>(500 * std::sin(i * 0.01)));
      played.bus.queue_sync_write(Reg::kGoalPosition, kSix, goals);
      const int64_t deadline = played.wire.now_ns() + 10'000'000;
      const BusResult result = played.bus.sync_read(kSix, kFeedbackAddress, kFeedbackBytes,
                                                    played.out, played.errors, deadline);
      EXPECT_LE(played.wire.now_ns(), deadline + BusStatistics::kGraceNs);
      played.wire.sleep_until(deadline);
      if (result != BusResult::kOk) continue;
      ++ok;
      for (int id = 1; id <= 6; ++id) {
        const auto* const begin = played.out.data() + (id - 1) * kFeedbackBytes;
        EXPECT_TRUE(std::equal(begin, begin + kFeedbackBytes, truth[id].begin()))
            << name_of(fault) << " in cycle " << i;
      }
    }
    const BusStatistics& s = played.bus.statistics();
    EXPECT_GT(played.servos.faults(fault), 300) << name_of(fault);
    EXPECT_GT(ok, 1700) << name_of(fault);
    EXPECT_GT(s.attempts, s.exchanges) << name_of(fault);
    EXPECT_EQ(s.over_budget, 0) << name_of(fault);
  }
}

TEST(FeetechBus, TwoServosOfOneIdAreGarbled) {
  PlayedBus played;
  played.servos.servos.emplace_back(3, 1000);
  int garbled = 0;
  for (int i = 0; i < 10; ++i) garbled += played.bus.ping(3, nullptr, 1) == BusResult::kCorrupt;
  EXPECT_GT(garbled, 0);
  EXPECT_EQ(played.bus.ping(4), BusResult::kOk);
}

}  // namespace
}  // namespace gyre::feetech
