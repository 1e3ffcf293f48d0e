#include "gyre/console/console_site.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "gyre/console/bundle.h"
#include "gyre/console/field_infos.h"
#include "gyre/console/wire_json.h"
#include "gyre/core/error.h"

namespace gyre::console {
namespace {

constexpr size_t kBehindBytes = 256 << 10;  // a page with so much to take is behind
constexpr int64_t kHeldNs = 1'000'000'000;  // silence after which another page may take over
constexpr std::string_view kPolicyOfContent =
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

int64_t console_now_ns() {
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

serve::SiteAnswer file_answer(const BundleFile& file) {
  return {.http = {.body = std::string(file.content),
                   .type = std::string(file.type),
                   .headers = {{"Content-Security-Policy", std::string(kPolicyOfContent)},
                               {"X-Content-Type-Options", "nosniff"},
                               {"Referrer-Policy", "no-referrer"},
                               {"Cache-Control", "no-cache"}}}};
}

}  // namespace

// One open page.
class ConsoleSite::Viewer final : public serve::SocketHandler {
 public:
  Viewer(ConsoleSite& site, int number, bool may_command)
      : site_(site), number_(number), may_command_(may_command) {}
  ~Viewer() override {
    if (socket_ == nullptr) return;
    count(-1);
    site_.viewers_.erase(number_);
    --site_.viewers_open_;
    // A page that is lost in a take-over falls silent, and the robot pauses.
    for (const auto& robot : site_.robots_) {
      if (robot->holder == number_) robot->holder = 0;
      if (robot->asking == number_) robot->asking = 0;
    }
  }

  void open(serve::Socket& socket) override {
    socket_ = &socket;
    {
      const std::lock_guard lock(site_.mutex_);
      site_.mailbox_ = socket.mailbox();
    }
    site_.viewers_.emplace(number_, this);
    ++site_.viewers_open_;
    robot_ = site_.robots_.size() == 1 ? 0 : kWall;
    count(1);
    Hello hello{.viewer = number_, .may_command = may_command_};
    for (const auto& robot : site_.robots_) hello.robots.push_back(robot->info);
    socket.send(frame_of(hello), false);
  }

  void take(std::vector<uint8_t> message, bool binary) override {
    if (binary) return socket_->fail("a command is JSON");
    try {
      const auto command =
          read_frame<Command>({reinterpret_cast<const char*>(message.data()), message.size()});
      const std::string why = command.verb == "watch" ? watch(command)
                              : may_command_          ? site_.obey(number_, command)
                                                      : "a watcher may not command";
      if (!why.empty()) socket_->send(frame_of(Refused{why}), false);
    } catch (const Error& error) {
      socket_->fail(error.what());
    }
  }

  bool belongs_to(int robot, Audience audience) const {
    if (audience == Audience::kAll) return true;
    if (audience == Audience::kWall) return robot_ == kWall;
    return robot_ == robot && (audience == Audience::kClose || scene_);
  }

  void tell(const std::string& message, bool binary, bool may_drop) {
    if (may_drop && socket_->queued_bytes() > kBehindBytes) return;
    socket_->send(message, binary);
  }

 private:
  static constexpr int kWall = -1;

  std::string watch(const Command& command) {
    if (command.robot < kWall || command.robot >= std::ssize(site_.robots_)) {
      return "there is no such robot";
    }
    count(-1);
    robot_ = command.robot;
    scene_ = command.scene && robot_ != kWall;
    count(1);
    if (!scene_) return "";
    const std::string shapes = site_.robots_[static_cast<size_t>(robot_)]->feed->shapes();
    if (!shapes.empty()) socket_->send(shapes, false);
    return "";
  }

  // Adds to the numbers of pages that watch what this one does.
  void count(int change) {
    if (robot_ == kWall) {
      site_.walls_ += change;
      return;
    }
    Robot& robot = *site_.robots_[static_cast<size_t>(robot_)];
    robot.close += change;
    if (scene_) robot.scenes += change;
  }

  ConsoleSite& site_;
  int number_;
  bool may_command_;
  int robot_ = kWall;  // that the page watches
  bool scene_ = false;
  serve::Socket* socket_ = nullptr;
};

ConsoleSite::ConsoleSite() = default;
ConsoleSite::~ConsoleSite() = default;

run::TapeSink& ConsoleSite::add_robot(const std::string& name, const std::string& policy,
                                      const Embodiment& contract, run::Operator& operations,
                                      const RobotExtras& extras) {
  const int id = static_cast<int>(robots_.size());
  auto robot = std::make_unique<Robot>();
  robot->info = {.id = id,
                 .name = name,
                 .embodiment = contract.name,
                 .policy = policy,
                 .control_period_s = contract.tick_s(),
                 .action_period_s = contract.action_period_s,
                 .state = field_infos(contract.state),
                 .action = field_infos(contract.action),
                 .recorded = !operations.refusal().empty()};
  for (const CameraSpec& camera : contract.cameras) robot->info.cameras.push_back(camera.name);
  robot->info.camera_right = extras.camera_right;
  robot->info.vocabulary = extras.vocabulary;
  for (const std::string_view word : run::nudge_words()) {
    if (run::can_nudge(contract, run::nudge_of(word)->kind)) robot->info.nudges.emplace_back(word);
  }
  robot->operations = &operations;
  robot->feed = std::make_unique<RobotFeed>(id, contract, operations, pages_);
  robots_.push_back(std::move(robot));
  return *robots_.back()->feed;
}

bool ConsoleSite::owns(const serve::HttpRequest& request) const {
  if (request.path() == "/live") return true;
  return !request.head.upgrade && std::ranges::any_of(bundle(), [&](const BundleFile& file) {
    return file.path == request.path();
  });
}

serve::SiteAnswer ConsoleSite::answer(const serve::HttpRequest& request) {
  if (request.path() == "/live") {
    if (!request.head.upgrade) return {.http = serve::http_line(426, "this is a websocket")};
    return {
        .http = {},
        .socket = std::make_shared<Viewer>(*this, ++numbers_, request.role == serve::Role::kDrive)};
  }
  if (request.head.method != "GET") return {.http = serve::http_line(405, "files are read by GET")};
  for (const BundleFile& file : bundle()) {
    if (file.path == request.path()) return file_answer(file);
  }
  return {.http = serve::http_line(404, "there is nothing here")};
}

bool ConsoleSite::Pages::watched(int robot, Audience audience) const {
  const Robot& watched = *site_.robots_[static_cast<size_t>(robot)];
  switch (audience) {
    case Audience::kClose:
      return watched.close > 0;
    case Audience::kScene:
      return watched.scenes > 0;
    case Audience::kWall:
      return site_.walls_ > 0;
    default:
      return site_.viewers_open_ > 0;
  }
}

void ConsoleSite::Pages::publish(int robot, Audience audience, std::string message, bool binary,
                                 bool may_drop) {
  std::shared_ptr<serve::Mailbox> mailbox;
  {
    const std::lock_guard lock(site_.mutex_);
    mailbox = site_.mailbox_;
  }
  if (!mailbox) return;
  mailbox->post([this, robot, audience, message = std::move(message), binary, may_drop] {
    for (const auto& [number, viewer] : site_.viewers_) {
      if (viewer->belongs_to(robot, audience)) viewer->tell(message, binary, may_drop);
    }
  });
}

std::string ConsoleSite::obey(int viewer, const Command& command) {
  if (command.robot < 0 || command.robot >= std::ssize(robots_)) return "there is no such robot";
  Robot& robot = *robots_[static_cast<size_t>(command.robot)];
  run::Operator& operations = *robot.operations;
  if (std::string why = operations.refusal(); !why.empty()) return why;
  const std::string author = fmt::format("console {}", viewer);
  const std::string& verb = command.verb;
  if (verb == "order") return order(robot, command, author);
  if (verb == "say" || verb == "coach") return coach(robot, command, author);
  if (verb == "judge") return judge(robot, command, author);
  if (verb == "release") {
    operations.release(author);
    return "";
  }
  if (verb == "discard") {
    return operations.discard(command.again, author) ? "" : "its episodes cannot be set up anew";
  }
  return hold(viewer, robot, command, author);
}

std::string ConsoleSite::order(Robot& robot, const Command& command, const std::string& author) {
  const auto order = order_of(command.order);
  if (!order) return "no such order";
  robot.operations->order(*order, author);
  return "";
}

// Words, or a nudge where they are a word that is one.
std::string ConsoleSite::coach(Robot& robot, const Command& command, const std::string& author) {
  const std::string& words = command.words;
  if (words.empty()) return "there are no words";
  run::Operator& operations = *robot.operations;
  const auto& rights = robot.info.camera_right;
  const auto camera = static_cast<size_t>(command.camera);
  const bool known = command.camera >= 0 && camera < rights.size() && rights[camera].size() == 2;
  const auto nudge =
      known ? run::nudge_of(words, {rights[camera][0], rights[camera][1]}) : run::nudge_of(words);
  if (nudge) {
    const Mode mode = operations.status().mode;
    if (mode != Mode::kPolicy && mode != Mode::kFallback) {
      return "a nudge needs the policy to drive";
    }
    const bool given = operations.nudge(*nudge, words, author);
    return given ? "" : fmt::format("this robot's actions have nothing for '{}'", words);
  }
  const bool given =
      command.verb == "coach" ? operations.coach(words, author) : operations.say(words, author);
  return given ? "" : "the words were not taken: nobody is driving";
}

std::string ConsoleSite::judge(Robot& robot, const Command& command, const std::string& author) {
  const auto outcome = outcome_of(command.outcome);
  if (!outcome) return "no such outcome";
  if (*outcome == event::Outcome::kPartial && command.words.empty()) {
    return "a partial success needs a reason";
  }
  robot.operations->judge(*outcome, command.words, author);
  return "";
}

// Control by hand.
std::string ConsoleSite::hold(int viewer, Robot& robot, const Command& command,
                              const std::string& author) {
  const std::string& verb = command.verb;
  if (verb == "beat") return beat(viewer, robot, command);
  if (verb == "take") return take_control(viewer, robot);
  if (verb == "pass") return pass_control(viewer, robot, author);
  if (verb == "ask") {
    if (robot.holder == 0 || robot.holder == viewer) return "nobody else has control";
    robot.asking = viewer;
    return "";
  }
  if (verb == "keep") {
    if (robot.holder == viewer) robot.asking = 0;
    return "";
  }
  if (verb == "give") {
    if (robot.holder != viewer) return "";
    robot.holder = robot.asking = 0;
    robot.operations->let_go();
    return "";
  }
  return "no such verb";
}

// The robot is paused until the new holder drives: nobody has it in between.
std::string ConsoleSite::pass_control(int viewer, Robot& robot, const std::string& author) {
  if (robot.holder != viewer) return "take control first";
  if (robot.asking == 0) return "nobody asks for control";
  robot.operations->order(event::Order::kPause, author);
  robot.operations->let_go();
  robot.holder = robot.asking.exchange(0);
  robot.heard_ns = console_now_ns();
  robot.sequence = 0;
  return "";
}

std::string ConsoleSite::take_control(int viewer, Robot& robot) {
  const int64_t now_ns = console_now_ns();
  const bool held = robot.holder != 0 && robot.holder != viewer;
  if (held && now_ns - robot.heard_ns < kHeldNs) {
    return fmt::format("page {} has control; it must give it back first", robot.holder.load());
  }
  robot.holder = viewer;
  robot.asking = 0;
  robot.heard_ns = now_ns;
  robot.sequence = 0;
  return "";
}

std::string ConsoleSite::beat(int viewer, Robot& robot, const Command& command) {
  if (robot.holder != viewer) return "take control first";
  if (command.sequence <= robot.sequence) return "";  // overtaken
  robot.sequence = command.sequence;
  robot.heard_ns = console_now_ns();
  return robot.operations->beat(command.action) ? "" : "the action does not fit the robot";
}

}  // namespace gyre::console
