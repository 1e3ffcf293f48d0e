#include "gyre/console/robot_desk.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

#include "gyre/console/field_infos.h"
#include "gyre/core/event.h"
#include "gyre/flywheel/feedback.h"
#include "gyre/run/nudge.h"

namespace gyre::console {
namespace {

constexpr int64_t kHeldNs = 1'000'000'000;  // silence after which another page may take over

int64_t desk_now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::optional<event::Order> order_of(const std::string& word) {
  if (word == "pause") return event::Order::kPause;
  if (word == "resume") return event::Order::kResume;
  if (word == "stop") return event::Order::kStop;
  if (word == "clear") return event::Order::kClear;
  return {};
}

std::optional<event::Outcome> outcome_of(const std::string& word) {
  if (word == "success") return event::Outcome::kSuccess;
  if (word == "partial") return event::Outcome::kPartial;
  if (word == "failure") return event::Outcome::kFailure;
  return {};
}

}  // namespace

RobotInfo robot_info(const std::string& name, const std::string& policy, const Embodiment& contract,
                     const run::Operator& operations, const RobotExtras& extras) {
  RobotInfo info{.name = name,
                 .embodiment = contract.name,
                 .policy = policy,
                 .control_period_s = contract.tick_s(),
                 .action_period_s = contract.action_period_s,
                 .state = field_infos(contract.state),
                 .action = field_infos(contract.action),
                 .camera_right = extras.camera_right,
                 .vocabulary = extras.vocabulary,
                 .recorded = !operations.refusal().empty()};
  for (const CameraSpec& camera : contract.cameras) info.cameras.push_back(camera.name);
  for (const std::string_view word : run::nudge_words()) {
    if (run::can_nudge(contract, run::nudge_of(word)->kind)) info.nudges.emplace_back(word);
  }
  return info;
}

std::string RobotDesk::obey(int viewer, const std::string& author, const Command& command) {
  if (std::string why = operations_.refusal(); !why.empty()) return why;
  const std::string& verb = command.verb;
  if (verb == "order") return order(command, author);
  if (verb == "say" || verb == "coach") return coach(command, author);
  if (verb == "judge") return judge(command, author);
  if (verb == "release") {
    operations_.release(author);
    return "";
  }
  if (verb == "discard") {
    return operations_.discard(command.again, author) ? "" : "its episodes cannot be set up anew";
  }
  return hold(viewer, command, author);
}

void RobotDesk::left(int viewer) {
  if (holder_ == viewer) holder_ = 0;
  if (asking_ == viewer) asking_ = 0;
}

std::string RobotDesk::order(const Command& command, const std::string& author) {
  const auto order = order_of(command.order);
  if (!order) return "no such order";
  operations_.order(*order, author);
  return "";
}

// Words, a nudge where they are a word that is one, or a remark about what the robot has done.
std::string RobotDesk::coach(const Command& command, const std::string& author) {
  const std::string& words = command.words;
  if (words.empty()) return "there are no words";
  const auto& rights = info_.camera_right;
  const auto camera = static_cast<size_t>(command.camera);
  const bool known = command.camera >= 0 && camera < rights.size() && rights[camera].size() == 2;
  const auto nudge =
      known ? run::nudge_of(words, {rights[camera][0], rights[camera][1]}) : run::nudge_of(words);
  if (nudge) {
    const Mode mode = operations_.status().mode;
    if (mode != Mode::kPolicy && mode != Mode::kFallback) {
      return "a nudge needs the policy to drive";
    }
    const bool given = operations_.nudge(*nudge, words, author);
    return given ? "" : fmt::format("this robot's actions have nothing for '{}'", words);
  }
  const auto read = flywheel::FeedbackReader::shared().read(words);
  if (read.meaning != flywheel::Feedback::kNone &&
      read.probability >= flywheel::FeedbackReader::kCertain) {
    operations_.remark(words, author);
    return "";
  }
  const bool given =
      command.verb == "coach" ? operations_.coach(words, author) : operations_.say(words, author);
  return given ? "" : "the words were not taken: nobody is driving";
}

std::string RobotDesk::judge(const Command& command, const std::string& author) {
  const auto outcome = outcome_of(command.outcome);
  if (!outcome) return "no such outcome";
  if (*outcome == event::Outcome::kPartial && command.words.empty()) {
    return "a partial success needs a reason";
  }
  operations_.judge(*outcome, command.words, author);
  return "";
}

// Control by hand.
std::string RobotDesk::hold(int viewer, const Command& command, const std::string& author) {
  const std::string& verb = command.verb;
  if (verb == "beat") return beat(viewer, command);
  if (verb == "take") return take_control(viewer, author);
  if (verb == "pass") return pass_control(viewer, author);
  if (verb == "ask") {
    if (holder_ == 0 || holder_ == viewer) return "nobody else has control";
    asking_ = viewer;
    asker_ = author;
    return "";
  }
  if (verb == "keep") {
    if (holder_ == viewer) asking_ = 0;
    return "";
  }
  if (verb == "give") {
    give_control(viewer, author);
    return "";
  }
  return "no such verb";
}

void RobotDesk::give_control(int viewer, const std::string& author) {
  if (holder_ != viewer) return;
  holder_ = asking_ = 0;
  operations_.order(event::Order::kGiveBack, author);
  operations_.let_go();
}

// The robot is paused until the new holder drives: nobody has it in between.
std::string RobotDesk::pass_control(int viewer, const std::string& author) {
  if (holder_ != viewer) return "take control first";
  if (asking_ == 0) return "nobody asks for control";
  operations_.order(event::Order::kPause, author);
  operations_.let_go();
  holder_ = asking_.exchange(0);
  operations_.order(event::Order::kTakeOver, asker_);
  heard_ns_ = desk_now_ns();
  sequence_ = 0;
  return "";
}

std::string RobotDesk::take_control(int viewer, const std::string& author) {
  const int64_t now_ns = desk_now_ns();
  const bool held = holder_ != 0 && holder_ != viewer;
  if (held && now_ns - heard_ns_ < kHeldNs) {
    return fmt::format("page {} has control; it must give it back first", holder_.load());
  }
  if (holder_ != viewer) operations_.order(event::Order::kTakeOver, author);
  holder_ = viewer;
  asking_ = 0;
  heard_ns_ = now_ns;
  sequence_ = 0;
  return "";
}

std::string RobotDesk::beat(int viewer, const Command& command) {
  if (holder_ != viewer) return "take control first";
  if (command.sequence <= sequence_) return "";  // overtaken
  sequence_ = command.sequence;
  heard_ns_ = desk_now_ns();
  return operations_.beat(command.action) ? "" : "the action does not fit the robot";
}

}  // namespace gyre::console
