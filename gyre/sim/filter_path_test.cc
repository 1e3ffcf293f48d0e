// No command reaches an arm but through the safety filter, whoever sends it.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "gyre/run/control_loop.h"
#include "gyre/run/filtered_robot.h"
#include "gyre/sim/testing.h"

namespace gyre::sim {
namespace {

// Stands before the filter of the joints, and counts what came out behind it: the commands to the
// arm that are beyond its limits of range or velocity.
class Witness : public Robot {
 public:
  struct Count {
    int64_t commands = 0, beyond = 0;
  };
  Witness(std::unique_ptr<Robot> filter, Count& count) : inner_(std::move(filter)), count_(count) {
    last_.resize(inner_->embodiment().action.size());
    inner_->hold(last_);
  }
  const Embodiment& embodiment() const noexcept override { return inner_->embodiment(); }
  RobotStatus read(RobotState& state) noexcept override { return inner_->read(state); }
  WriteResult write(std::span<const float> command) noexcept override {
    const WriteResult result = write_command(*inner_, command);
    const std::span<const float> sent = inner_->sent();
    bool beyond = false;
    for (size_t i = 0; i + 1 < sent.size(); ++i) {
      const Field& field = embodiment().action[i];
      const double most = field.max_velocity * embodiment().tick_s();
      beyond |= !std::isfinite(sent[i]) || sent[i] > field.max + 1e-5 ||
                sent[i] < field.min - 1e-5 || std::abs(sent[i] - last_[i]) > 1.001 * most;
    }
    ++count_.commands;
    count_.beyond += beyond ? 1 : 0;
    std::ranges::copy(sent, last_.begin());
    return result;
  }
  std::span<const float> sent() const noexcept override { return inner_->sent(); }
  void hold(std::span<float> command) noexcept override { inner_->hold(command); }
  RobotStatus stop() noexcept override { return inner_->stop(); }

 private:
  std::unique_ptr<Robot> inner_;
  Count& count_;
  std::vector<float> last_;
};

// A person or expert who sends what no arm may do.
class Vandal : public run::CommandSource {
 public:
  explicit Vandal(Source source) : source_(source) {}
  Source source() const noexcept override { return source_; }
  bool wants_control(const run::Tick&) noexcept override { return true; }
  void propose(const run::Tick& tick, Proposal& proposal) noexcept override {
    constexpr std::array<float, 5> kWild = {1e6F, -1e6F, std::numeric_limits<float>::quiet_NaN(),
                                            std::numeric_limits<float>::infinity(), 3};
    proposal.valid = true;
    for (size_t i = 0; i < proposal.action.size(); ++i) {
      proposal.action[i] = kWild[(static_cast<size_t>(tick.index) + i) % kWild.size()];
    }
  }

 private:
  Source source_;
};

// Chunks of the same.
class VandalPort : public run::PolicyPort {
 public:
  explicit VandalPort(int dim) : dim_(dim) {}
  void reset(uint64_t) noexcept override {}
  bool has_room() const noexcept override { return true; }
  void submit(const run::Question& question, int64_t) noexcept override {
    auto chunk = std::make_shared<ActionChunk>();
    chunk->id = question.id;
    chunk->horizon = 4;
    chunk->dim = dim_;
    Proposal wild{.action = std::vector<float>(static_cast<size_t>(dim_))};
    for (int i = 0; i < 4; ++i) {
      Vandal(Source::kHuman).propose({.index = question.id + i}, wild);
      chunk->actions.insert(chunk->actions.end(), wild.action.begin(), wild.action.end());
    }
    answer_ = {.request_id = question.id,
               .generation = question.generation,
               .chunk = chunk,
               .request = std::make_shared<RequestRecord>(),
               .goal = question.goal};
    ready_ = true;
  }
  bool poll(int64_t, run::Answer& answer) noexcept override {
    if (!std::exchange(ready_, false)) return false;
    answer = answer_;
    return true;
  }
  double expected_delay() const noexcept override { return 0; }

 private:
  int dim_;
  run::Answer answer_;
  bool ready_ = false;
};

// The driver in a row of the test below: a policy, a person, an expert, or nobody after a stop.
enum class Path { kPolicy, kHuman, kExpert, kStopped };

TEST(FilterPath, TheOutermostRobotOfEveryBenchIsAFilter) {
  const KitchenArena arena;
  for (const std::string& name : embodiment_names()) {
    for (const bool disturbed : {false, true}) {
      const auto bench = arena.open(arena.attempt("open_drawer", name, 1), {.disturb = disturbed});
      EXPECT_NE(dynamic_cast<run::FilteredRobot*>(&bench->robot()), nullptr) << name;
    }
  }
}

TEST(FilterPath, EveryModeOfEveryArmEndsInTheFilter) {
  for (const std::string& name : embodiment_names()) {
    for (const bool disturbed : {false, true}) {
      for (const Path path : {Path::kPolicy, Path::kHuman, Path::kExpert, Path::kStopped}) {
        Witness::Count count;
        const KitchenArena arena([&](std::unique_ptr<Robot> inner, const RobotFolder&) {
          return std::make_unique<Witness>(std::move(inner), count);
        });
        const auto bench =
            arena.open(arena.attempt("open_drawer", name, 1), {.disturb = disturbed});
        Robot& robot = bench->robot();
        const Embodiment contract = robot.embodiment();
        run::Tape tape(contract, run::Tape::WhenFull::kWait);
        VandalPort port(static_cast<int>(contract.action.size()));
        const run::LoopConfig config{.method = "naive"};
        run::PolicySource policy(port, contract, config, tape);
        run::ControlLoop loop(robot, {}, bench->clock(), tape, &policy, config);
        Vandal person(Source::kHuman), expert(Source::kExpert);
        if (path == Path::kHuman) loop.add_source(person);
        if (path == Path::kExpert) loop.add_source(expert);
        auto header = std::make_shared<Header>();
        header->contract = contract;
        int ticks = 0;
        loop.run(header, bench->goal(), 1, 60, [&] {
          if (++ticks == 20 && path == Path::kStopped) {
            tape.post({.author = "ann", .body = event::Ordered{event::Order::kStop}});
          }
          return false;
        });
        tape.close();
        EXPECT_GE(count.commands, 60) << name;
        EXPECT_EQ(count.beyond, 0) << name << ", path " << static_cast<int>(path);
      }
    }
  }
}

}  // namespace
}  // namespace gyre::sim
