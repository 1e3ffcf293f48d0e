#include "gyre/console/console_site.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gyre/console/bundle.h"
#include "gyre/console/join_wire.h"
#include "gyre/console/wire_json.h"
#include "gyre/core/error.h"

namespace gyre::console {
namespace {

constexpr size_t kBehindBytes = 256 << 10;  // a page with so much to take is behind
constexpr size_t kMostGuests = 64;          // robots of other programs
constexpr size_t kLeastKey = 16, kMostKey = 64;
constexpr size_t kMostAnswer = 400;  // bytes of a robot's line to a page
constexpr const char* kMayNot = "your token may watch only; to help takes one of help or admin";
constexpr std::string_view kPolicyOfContent =
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

// The author of what a page does.
std::string author_of(const serve::HttpRequest& request, int viewer) {
  if (!request.name.empty()) return request.name;
  return fmt::format("{} {}", request.by_anybody ? "console" : serve::role_name(request.role),
                     viewer);
}

serve::SiteAnswer file_answer(const BundleFile& file) {
  return {.http = {.body = std::string(file.content),
                   .type = std::string(file.type),
                   .headers = {{"Content-Security-Policy", std::string(kPolicyOfContent)},
                               {"Cache-Control", "no-cache"}}}};
}

}  // namespace

// One robot's place on the console. Its robot is of this program, or another program's that has
// joined, or has left again.
class ConsoleSite::Place final : public Publisher {
 public:
  Place(ConsoleSite& site, RobotInfo facts) : site_(site), info(std::move(facts)) {}

  bool watched(Audience audience) const override {
    switch (audience) {
      case Audience::kClose:
        return close > 0;
      case Audience::kScene:
        return scenes > 0;
      case Audience::kWall:
        return site_.walls_ > 0;
      default:
        return site_.viewers_open_ > 0;
    }
  }
  void publish(Audience audience, std::string message, bool binary, bool may_drop) override {
    std::shared_ptr<serve::Mailbox> mailbox;
    {
      const std::lock_guard lock(site_.mutex_);
      mailbox = site_.mailbox_;
    }
    if (!mailbox) return;
    mailbox->post([this, audience, message = std::move(message), binary, may_drop] {
      site_.deliver(info.id, audience, message, binary, may_drop);
    });
  }
  int holder() const override { return desk->holder(); }
  int asking() const override { return desk->asking(); }

  std::string shapes() const { return feed ? feed->shapes() : told_shapes; }

 private:
  ConsoleSite& site_;

 public:
  RobotInfo info;
  std::atomic<int> close{0};   // pages that watch it
  std::atomic<int> scenes{0};  // of them, with a 3-D view
  // Of a robot of this program:
  std::unique_ptr<RobotDesk> desk;
  std::unique_ptr<RobotFeed> feed;
  // Of another's:
  std::string base_name;    // that it gave itself
  std::string key;          // Join::key
  Guest* guest = nullptr;   // null: it has left
  std::string told_shapes;  // its newest SceneShapes, while somebody looks at them
};

// The connection of a robot of another program.
class ConsoleSite::Guest final : public serve::SocketHandler {
 public:
  explicit Guest(ConsoleSite& site) : site_(site) {}
  ~Guest() override {
    if (place_ == nullptr) return;
    leave();
    site_.greet_all();
  }

  void open(serve::Socket& socket) override {
    socket_ = &socket;
    const std::lock_guard lock(site_.mutex_);
    site_.mailbox_ = socket.mailbox();
  }

  void take(std::vector<uint8_t> message, bool binary) override {
    const std::string_view text(reinterpret_cast<const char*>(message.data()), message.size());
    try {
      if (!joined_) return join(text);
      if (place_ == nullptr) return;  // its robot has joined again
      if (!binary) return answer(read_frame<NotDone>(text));
      const Relayed told = relayed(place_->info.id, message);
      if (told.shapes) place_->told_shapes = told.message;
      site_.deliver(place_->info.id, told.audience, told.message, told.picture, told.may_drop);
    } catch (const Error& error) {
      socket_->fail(error.what());
    }
  }

  void ask(int viewer, const std::string& author, const Command& command) {
    socket_->send(frame_of(Asked{viewer, author, json_of(command)}), false);
  }
  void left(int viewer) { socket_->send(frame_of(ViewerLeft{viewer}), false); }

  void tell_demand() {
    const Demand demand{.all = place_->watched(Audience::kAll),
                        .wall = place_->watched(Audience::kWall),
                        .close = place_->watched(Audience::kClose),
                        .scene = place_->watched(Audience::kScene)};
    if (!demand.scene) place_->told_shapes.clear();
    if (demand == told_) return;
    told_ = demand;
    socket_->send(frame_of(demand), false);
  }

  // The place has another connection, or none.
  void leave() {
    place_->guest = nullptr;
    place_->info.gone = true;
    place_ = nullptr;
  }
  void replaced() {
    leave();
    socket_->fail("the robot has joined again");
  }

 private:
  void join(std::string_view text) {
    const auto asked = read_frame<Join>(text);
    if (asked.wire != wire_version()) {
      return socket_->fail(fmt::format(
          "the console speaks another version of the messages ({}, not {}); use the same build of "
          "gyre for both",
          wire_version(), asked.wire.substr(0, 16)));
    }
    if (asked.key.size() < kLeastKey || asked.key.size() > kMostKey) {
      throw Error("key", "is too short or too long");
    }
    Place& place = site_.place_for(asked.key, read_facts(asked.facts));
    joined_ = true;
    place_ = &place;
    place.guest = this;
    socket_->send(frame_of(Welcome{place.info.name}), false);
    tell_demand();
    site_.greet_all();
  }

  // To a page that has asked this robot for something.
  void answer(const NotDone& told);

  ConsoleSite& site_;
  serve::Socket* socket_ = nullptr;
  bool joined_ = false;
  Place* place_ = nullptr;
  Demand told_;
};

// One open page.
class ConsoleSite::Viewer final : public serve::SocketHandler {
 public:
  Viewer(ConsoleSite& site, int number, const serve::HttpRequest& request)
      : site_(site),
        number_(number),
        role_(request.role),
        author_(author_of(request, number)),
        named_(!request.name.empty()),
        session_(request.by_session) {}
  ~Viewer() override {
    if (socket_ == nullptr) return;
    count(-1);
    site_.viewers_.erase(number_);
    --site_.viewers_open_;
    site_.viewer_left(number_);
  }

  void open(serve::Socket& socket) override {
    socket_ = &socket;
    {
      const std::lock_guard lock(site_.mutex_);
      site_.mailbox_ = socket.mailbox();
    }
    site_.viewers_.emplace(number_, this);
    ++site_.viewers_open_;
    robot_ = site_.places_.size() == 1 ? 0 : kWall;
    count(1);
    greet();
    site_.tell_demands();
  }

  void greet() {
    Hello hello{.viewer = number_,
                .role = std::string(serve::role_name(role_)),
                .author = author_,
                .named = named_,
                .session = session_};
    for (const auto& place : site_.places_) hello.robots.push_back(place->info);
    socket_->send(frame_of(hello), false);
  }

  void take(std::vector<uint8_t> message, bool binary) override {
    if (binary) return socket_->fail("a command is JSON");
    try {
      const auto command =
          read_frame<Command>({reinterpret_cast<const char*>(message.data()), message.size()});
      commanded_ = command.robot;
      const std::string why = command.verb == "watch" ? watch(command)
                              : may_help(role_)       ? site_.obey(number_, author_, command)
                                                      : kMayNot;
      if (!why.empty()) refuse(why);
    } catch (const Error& error) {
      socket_->fail(error.what());
    }
  }

  void refuse(const std::string& why) { socket_->send(frame_of(Refused{why}), false); }
  int commanded() const { return commanded_; }

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
    if (command.robot < kWall || command.robot >= std::ssize(site_.places_)) {
      return "there is no such robot";
    }
    count(-1);
    robot_ = command.robot;
    scene_ = command.scene && robot_ != kWall;
    count(1);
    site_.tell_demands();
    if (!scene_) return "";
    const std::string shapes = site_.place_of(robot_)->shapes();
    if (!shapes.empty()) socket_->send(shapes, false);
    return "";
  }

  // Adds to the numbers of pages that watch what this one does.
  void count(int change) {
    if (robot_ == kWall) {
      site_.walls_ += change;
      return;
    }
    Place& place = *site_.place_of(robot_);
    place.close += change;
    if (scene_) place.scenes += change;
  }

  ConsoleSite& site_;
  int number_;
  serve::Role role_;
  std::string author_;
  bool named_, session_;
  int robot_ = kWall;   // that the page watches
  int commanded_ = -2;  // the robot of its newest command
  bool scene_ = false;
  serve::Socket* socket_ = nullptr;
};

ConsoleSite::ConsoleSite() = default;
ConsoleSite::~ConsoleSite() = default;

void ConsoleSite::Guest::answer(const NotDone& told) {
  const auto viewer = site_.viewers_.find(told.viewer);
  if (viewer == site_.viewers_.end() || viewer->second->commanded() != place_->info.id) return;
  viewer->second->refuse(told.text.substr(0, kMostAnswer));
}

run::TapeSink& ConsoleSite::add_robot(const std::string& name, const std::string& policy,
                                      const Embodiment& contract, run::Operator& operations,
                                      const RobotExtras& extras) {
  RobotInfo info = robot_info(name, policy, contract, operations, extras);
  info.id = static_cast<int>(places_.size());
  auto place = std::make_unique<Place>(*this, info);
  place->desk = std::make_unique<RobotDesk>(info, operations);
  place->feed = std::make_unique<RobotFeed>(info.id, contract, operations, *place);
  places_.push_back(std::move(place));
  return *places_.back()->feed;
}

ConsoleSite::Place* ConsoleSite::place_of(int robot) const {
  const bool there = robot >= 0 && robot < std::ssize(places_);
  return there ? places_[static_cast<size_t>(robot)].get() : nullptr;
}

ConsoleSite::Place& ConsoleSite::place_for(const std::string& key, const RobotInfo& info) {
  std::vector<Place*> guests;
  for (const auto& place : places_) {
    if (!place->desk) guests.push_back(place.get());
  }
  const auto gone = [](const Place* place) { return place->guest == nullptr; };
  auto found = std::ranges::find(guests, key, [](const Place* place) { return place->key; });
  if (found != guests.end() && (*found)->guest != nullptr) (*found)->guest->replaced();
  // A robot returns by its name, as another run of its program.
  if (found == guests.end()) {
    found = std::ranges::find_if(
        guests, [&](const Place* place) { return gone(place) && place->base_name == info.name; });
  }
  if (found == guests.end() && guests.size() >= kMostGuests) {
    found = std::ranges::find_if(guests, gone);
    if (found == guests.end()) throw Error("console", "has as many robots as it takes");
  }
  if (found == guests.end()) {
    places_.push_back(std::make_unique<Place>(*this, info));
    guests.push_back(places_.back().get());
    guests.back()->info.id = static_cast<int>(places_.size()) - 1;
    found = std::prev(guests.end());
  }
  Place& place = **found;
  const int id = place.info.id;
  const bool same = place.base_name == info.name;
  const std::string name = same ? place.info.name : free_name(info.name, place);
  place.info = info;
  place.info.id = id;
  place.info.name = name;
  place.info.gone = false;
  place.base_name = info.name;
  place.key = key;
  return place;
}

// "left", or "left 2" where another robot has that name.
std::string ConsoleSite::free_name(const std::string& name, const Place& own) const {
  std::string free = name;
  const auto taken = [&](const auto& place) {
    return place.get() != &own && place->info.name == free;
  };
  for (int count = 2; std::ranges::any_of(places_, taken); ++count) {
    free = fmt::format("{} {}", name, count);
  }
  return free;
}

void ConsoleSite::viewer_left(int viewer) {
  for (const auto& place : places_) {
    if (place->desk) place->desk->left(viewer);
    if (place->guest != nullptr) place->guest->left(viewer);
  }
  tell_demands();
}

void ConsoleSite::greet_all() {
  for (const auto& [number, viewer] : viewers_) viewer->greet();
}

void ConsoleSite::tell_demands() {
  for (const auto& place : places_) {
    if (place->guest != nullptr) place->guest->tell_demand();
  }
}

void ConsoleSite::deliver(int robot, Audience audience, const std::string& message, bool binary,
                          bool may_drop) {
  for (const auto& [number, viewer] : viewers_) {
    if (viewer->belongs_to(robot, audience)) viewer->tell(message, binary, may_drop);
  }
}

bool ConsoleSite::owns(const serve::HttpRequest& request) const {
  if (request.path() == "/live" || request.path() == "/join") return true;
  return !request.head.upgrade && std::ranges::any_of(bundle(), [&](const BundleFile& file) {
    return file.path == request.path();
  });
}

serve::SiteAnswer ConsoleSite::answer(const serve::HttpRequest& request) {
  const bool joins = request.path() == "/join";
  if (joins || request.path() == "/live") {
    if (!request.head.upgrade) return {.http = serve::http_line(426, "this is a websocket")};
    if (!joins) return {.http = {}, .socket = std::make_shared<Viewer>(*this, ++numbers_, request)};
    // Robots are programs, and programs send no origin.
    if (!may_drive(request.role) || !request.head.origin.empty()) {
      return {.http =
                  serve::http_line(403, "the token lets no robot join; it takes one for drive")};
    }
    return {.http = {}, .socket = std::make_shared<Guest>(*this)};
  }
  if (request.head.method != "GET") return {.http = serve::http_line(405, "files are read by GET")};
  for (const BundleFile& file : bundle()) {
    if (file.path == request.path()) return file_answer(file);
  }
  return {.http = serve::http_line(404, "there is nothing here")};
}

std::string ConsoleSite::obey(int viewer, const std::string& author, const Command& command) {
  Place* place = place_of(command.robot);
  if (place == nullptr) return "there is no such robot";
  if (place->desk) return place->desk->obey(viewer, author, command);
  if (place->guest == nullptr) return "the robot has left";
  place->guest->ask(viewer, author, command);
  return "";
}

}  // namespace gyre::console
