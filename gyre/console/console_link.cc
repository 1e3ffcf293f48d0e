#include "gyre/console/console_link.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "gyre/console/wire_json.h"
#include "gyre/core/error.h"

namespace gyre::console {
namespace {

constexpr const char* kConsolePort = ":8080";
constexpr double kMostPauseS = 2;  // before it connects again

std::string random_key() {
  std::random_device random;
  std::string key;
  for (int i = 0; i < 4; ++i) key += fmt::format("{:08x}", random());
  return key;
}

}  // namespace

std::string join_address(const std::string& url) {
  const bool tls = url.starts_with("https://");
  std::string_view rest = url;
  if (!tls && !url.starts_with("http://")) {
    throw Error("--console " + url, "is neither a port nor a console's address",
                "write 8080, http://HOST:PORT or https://HOST:PORT");
  }
  rest.remove_prefix(tls ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.empty() || rest.find_first_of("/?#@ ") != std::string_view::npos) {
    throw Error("--console " + url, "is no address of a console", "write http[s]://HOST:PORT");
  }
  const size_t host_end = rest.rfind(']');  // of an IPv6 address
  const bool port =
      rest.find(':', host_end == std::string_view::npos ? 0 : host_end) != std::string_view::npos;
  const std::string address =
      fmt::format("{}://{}{}/join", tls ? "wss" : "ws", rest, port ? "" : kConsolePort);
  try {
    serve::parse_remote_url(address);
  } catch (const Error&) {
    throw Error("--console " + url, "is no address of a console", "write http[s]://HOST:PORT");
  }
  return address;
}

ConsoleLink::ConsoleLink(const JoinOptions& options, std::function<void(const std::string&)> told)
    : options_(options), told_(std::move(told)), key_(random_key()) {
  uplink_ = std::make_unique<serve::Uplink>(serve::RemoteOptions{.url = join_address(options_.url),
                                                                 .token = options_.token,
                                                                 .ca_file = options_.ca_file,
                                                                 .retry_most_s = kMostPauseS},
                                            static_cast<serve::UplinkTalk&>(*this));
}

ConsoleLink::~ConsoleLink() = default;

run::TapeSink& ConsoleLink::add_robot(const std::string& name, const std::string& policy,
                                      const Embodiment& contract, run::Operator& operations,
                                      const RobotExtras& extras) {
  desk_ = std::make_unique<RobotDesk>(robot_info(name, policy, contract, operations, extras),
                                      operations);
  feed_ = std::make_unique<RobotFeed>(0, contract, operations, static_cast<Publisher&>(*this));
  name_ = name;
  return *feed_;
}

void ConsoleLink::begin(double seconds) {
  uplink_->begin();
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::duration<double>(seconds),
                    [this] { return welcomed_ || !trouble_.empty(); });
  begun_ = true;
  if (refused_) throw Error(options_.url, trouble_, "give the address of a `gyre console`");
  if (!welcomed_ && trouble_.empty()) trouble_ = "no answer yet";
}

std::string ConsoleLink::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

std::string ConsoleLink::name() const {
  const std::lock_guard lock(mutex_);
  return name_;
}

bool ConsoleLink::watched(Audience audience) const {
  switch (audience) {
    case Audience::kClose:
      return close_;
    case Audience::kScene:
      return scene_;
    case Audience::kWall:
      return wall_;
    default:
      return all_;
  }
}

void ConsoleLink::publish(Audience audience, std::string message, bool binary, bool may_drop) {
  uplink_->send(frame_for(audience, binary, message), true, may_drop);
}

std::string ConsoleLink::greeting() {
  return frame_of(Join{.wire = wire_version(), .key = key_, .facts = json_of(desk_->info())});
}

void ConsoleLink::take(std::string_view message) {
  const nlohmann::json json = nlohmann::json::parse(message, nullptr, false);
  std::string type;
  if (json.is_object()) JsonReader{json}("type", type);
  if (type == Welcome::kType) return welcome(message);
  if (type == Demand::kType) return demand(message);
  if (type == Asked::kType) return obey(message);
  if (type == ViewerLeft::kType) return desk_->left(read_frame<ViewerLeft>(message).viewer);
  // A console says in one line why it will not have the robot.
  throw Error("", "the console says: " + std::string(message.substr(0, 300)));
}

void ConsoleLink::welcome(std::string_view message) {
  bool told = false;
  {
    const std::lock_guard lock(mutex_);
    name_ = read_frame<Welcome>(message).name;
    welcomed_ = true;
    refused_ = false;
    told = !std::exchange(trouble_, "").empty() && begun_;
  }
  changed_.notify_all();
  if (told) told_(fmt::format("console at {}: joined", options_.url));
}

void ConsoleLink::demand(std::string_view message) {
  const auto demand = read_frame<Demand>(message);
  all_ = demand.all;
  wall_ = demand.wall;
  close_ = demand.close;
  if (!scene_.exchange(demand.scene) && demand.scene) {
    if (std::string shapes = feed_->shapes(); !shapes.empty()) {
      publish(Audience::kScene, std::move(shapes), false, false);
    }
  }
}

void ConsoleLink::obey(std::string_view message) {
  const auto asked = read_frame<Asked>(message);
  const std::string why =
      desk_->obey(asked.viewer, asked.author, read_frame<Command>(asked.command));
  if (!why.empty()) uplink_->send(frame_of(NotDone{asked.viewer, why}), false, false);
}

void ConsoleLink::lost(const std::string& why, bool refused) {
  all_ = wall_ = close_ = scene_ = false;
  desk_->all_left();
  bool told = false;
  {
    const std::lock_guard lock(mutex_);
    refused_ = refused;
    // Further attempts tell nothing new, but for a refusal.
    told = begun_ && (trouble_.empty() || (refused && trouble_ != why));
    trouble_ = why;
  }
  changed_.notify_all();
  if (told) told_(fmt::format("console at {}: {}; trying on", options_.url, why));
}

}  // namespace gyre::console
