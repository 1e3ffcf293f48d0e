#include "gyre/robot/process/link.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::process {
namespace {

constexpr int64_t kPatienceNs = 5'000'000'000;  // for the first state
constexpr int64_t kMostUnsentNs = 200'000'000;  // a driver that does not read
constexpr int64_t kMostAheadNs = 5'000'000;     // of a state's time
constexpr int64_t kOldestFirstNs = 1'000'000'000;
constexpr double kRangeSlack = 0.1;  // of a joint's range, outside of it
constexpr int kGlanceMs = 100;
constexpr int kMostPieces = 64;  // that are received before orders are looked for
constexpr std::chrono::milliseconds kReturnPause(100);

State no_state(const Embodiment& contract) {
  return {.time_ns = 0, .values = std::vector<float>(contract.state.size())};
}

int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Link::Link(std::shared_ptr<const RobotFolder> folder, const Options& options)
    : folder_(std::move(folder)),
      options_(options),
      contract_(folder_->contract("joint", std::max(options.image_size, 1))),
      states_(no_state(contract_)),
      commands_(std::vector<float>(contract_.action.size())) {
  connect();
  try {
    await_state();
  } catch (...) {
    ::close(socket_);
    throw;
  }
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::thread([this] { work(); });
}

Link::~Link() {
  leave_ = true;
  wake();
  thread_.join();
  if (socket_ >= 0) ::close(socket_);
  ::close(wake_);
}

std::unique_ptr<Camera> Link::camera(const std::string& name) const {
  const auto found = feeds_.find(name);
  return found == feeds_.end() ? nullptr : std::make_unique<ProcessCamera>(found->second);
}

const State& Link::newest() noexcept {
  states_.take();
  return states_.value();
}

void Link::post(std::span<const float> command) noexcept {
  std::ranges::copy(command, commands_.writable().begin());
  commands_.publish();
  wake();
}

void Link::stop() noexcept {
  order_ = Order::kStop;
  wake();
}

void Link::clear() noexcept {
  if (!well_) return;
  trouble_ = Trouble::kNone;
  order_ = Order::kClear;
  wake();
}

std::string Link::fault() const {
  if (trouble() == Trouble::kNone) return "";
  const std::lock_guard lock(words_mutex_);
  return "driver at " + options_.socket + " " + words_;
}

void Link::wake() noexcept {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
}

void Link::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = options_.socket;
  if (name.size() >= sizeof address.sun_path) {
    throw Error(name, "is too long a name for a local socket",
                fmt::format("give one of at most {} bytes", sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ >= 0 &&
      ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    reader_ = Reader();
    greeted_ = false;
    unsent_ = hello_line(
        contract_, {.hold_at_exit = folder_->driver.at_exit == RobotFolder::Driver::AtExit::kHold});
    unsent_since_ns_ = now_ns();
    return;
  }
  const std::string why = std::strerror(errno);  // NOLINT(concurrency-mt-unsafe)
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  throw Error("driver at " + name, "does not listen: " + why, "start it first");
}

// Before there is a thread: whatever is wrong is thrown.
void Link::await_state() {
  const int64_t until = now_ns() + kPatienceNs;
  while (last_ns_ == 0) {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    flush();
    ::poll(&wait, 1, kGlanceMs);
    if (!receive()) throw Error("driver at " + options_.socket, "has ended the connection");
    if (trouble() != Trouble::kNone) throw Error("driver at " + options_.socket, words_);
    if (now_ns() > until) {
      throw Error("driver at " + options_.socket, "tells no state",
                  greeted_ ? "" : "it must begin with its hello");
    }
  }
  well_ = true;
}

void Link::work() {
  while (!leave_) {
    if (socket_ >= 0) {
      exchange(kGlanceMs);
      continue;
    }
    std::this_thread::sleep_for(kReturnPause);
    try {
      connect();
    } catch (const Error&) {  // not yet
    }
  }
}

// Waits for bytes or an order, then receives and sends what there is.
void Link::exchange(int wait_ms) {
  const int writes = unsent_.empty() ? 0 : POLLOUT;
  std::array<pollfd, 2> waits = {
      pollfd{.fd = socket_, .events = static_cast<short>(POLLIN | writes), .revents = 0},
      pollfd{.fd = wake_, .events = POLLIN, .revents = 0}};
  ::poll(waits.data(), waits.size(), wait_ms);
  uint64_t count = 0;
  if (waits[1].revents != 0 && ::read(wake_, &count, sizeof count) < 0) return;
  try {
    if (!receive()) return drop(Trouble::kLost, "has ended");
  } catch (const Error& error) {
    return drop(Trouble::kRefused, error.what());
  }
  queue_orders();
  flush();
  if (!unsent_.empty() && now_ns() - unsent_since_ns_ > kMostUnsentNs) {
    drop(Trouble::kLost, "does not read what it is sent");
  }
}

// False at the stream's end.
bool Link::receive() {
  std::array<uint8_t, 65536> bytes;
  for (int piece = 0; piece < kMostPieces; ++piece) {
    const ssize_t size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN;
    if (size == 0) return false;
    reader_.feed({bytes.data(), static_cast<size_t>(size)},
                 [this](Message& message) { take(message); });
  }
  return true;
}

void Link::take(Message& message) {
  if (const Hello* hello = std::get_if<Hello>(&message)) return take_hello(*hello);
  if (!greeted_) throw Error("driver", "does not begin with its hello");
  if (const State* state = std::get_if<State>(&message)) return take_state(*state);
  if (const Fault* fault = std::get_if<Fault>(&message)) {
    own_fault_ = !fault->words.empty();
    if (own_fault_) latch(Trouble::kFault, fault->words);
    well_ = !own_fault_ && !refused_;
    return;
  }
  const auto& picture = std::get<PictureBytes>(message);
  const auto to = feeds_.find(picture.camera);
  if (to == feeds_.end() || picture.time_ns > now_ns() + kMostAheadNs) return;
  if (!to->second->take(picture)) {
    throw Error("camera " + picture.camera, "gives a picture that is broken or of another size");
  }
}

void Link::take_hello(const Hello& hello) {
  const std::string who = "driver at " + options_.socket;
  if (hello.version != kVersion) {
    throw Error(who, fmt::format("speaks version {}, not {}", hello.version, kVersion));
  }
  std::vector<std::string> fields;
  for (const Field& field : contract_.state) fields.push_back(field.name);
  if (hello.robot != folder_->name || hello.joints != fields) {
    throw Error(who,
                fmt::format("drives {} with {}, not {} with {}", hello.robot,
                            fmt::join(hello.joints, ", "), folder_->name, fmt::join(fields, ", ")),
                "names and order are the folder's, then gripper");
  }
  const bool again = !feeds_.empty();
  for (const Hello::Camera& offered : hello.cameras) {
    const auto spec = std::ranges::find(contract_.cameras, offered.name, &CameraSpec::name);
    if (options_.image_size == 0 || spec == contract_.cameras.end() || again) {
      continue;
    }
    const auto told = folder_->camera_configs.find(offered.name);
    CameraConfig config = told == folder_->camera_configs.end() ? CameraConfig() : told->second;
    config.width = offered.width;
    config.height = offered.height;
    feeds_[offered.name] = std::make_shared<PictureFeed>(config, *spec);
  }
  greeted_ = true;
}

std::string Link::complaint(const State& state) const {
  if (state.values.size() != contract_.state.size()) {
    return fmt::format("tells {} values, not {}", state.values.size(), contract_.state.size());
  }
  const int64_t now = now_ns();
  if (state.time_ns > now + kMostAheadNs) {
    return "tells a time that has not come: it must be the machine's CLOCK_MONOTONIC";
  }
  if (last_ns_ == 0 && now - state.time_ns > kOldestFirstNs) {
    return "tells a state that is old: its time must be the machine's CLOCK_MONOTONIC";
  }
  for (size_t i = 0; i < state.values.size(); ++i) {
    const Field& field = contract_.state[i];
    const double slack = kRangeSlack * (field.max - field.min);
    if (state.values[i] >= field.min - slack && state.values[i] <= field.max + slack) continue;
    return fmt::format("tells {} at {:.4g} {}, outside of {:.4g} .. {:.4g}", field.name,
                       state.values[i], field.unit, field.min, field.max);
  }
  return "";
}

// A state that cannot be latches the robot; an old one is none.
void Link::take_state(const State& state) {
  const std::string wrong = complaint(state);
  refused_ = !wrong.empty();
  if (refused_) latch(Trouble::kRefused, wrong);
  well_ = !refused_ && !own_fault_;
  if (refused_ || state.time_ns <= last_ns_) return;
  last_ns_ = state.time_ns;
  State& to = states_.writable();
  to.time_ns = state.time_ns;
  std::ranges::copy(state.values, to.values.begin());
  states_.publish();
}

// The newest command; none while the robot is latched, and none that waits behind another.
void Link::queue_orders() {
  const Order order = order_.exchange(Order::kNone);
  const bool fresh = commands_.take();
  const bool was_empty = unsent_.empty();
  if (order == Order::kStop) unsent_ += stop_line();
  if (order == Order::kClear) unsent_ += clear_line();
  if (fresh && was_empty && greeted_ && trouble() == Trouble::kNone) {
    unsent_ += command_line(commands_.value());
  }
  if (was_empty) unsent_since_ns_ = now_ns();
}

void Link::flush() {
  if (unsent_.empty()) return;
  const ssize_t size = ::send(socket_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (size <= 0) return;  // a driver that has ended is seen when it is read
  unsent_.erase(0, static_cast<size_t>(size));
  unsent_since_ns_ = now_ns();
}

void Link::drop(Trouble trouble, const std::string& words) {
  well_ = false;
  ::close(socket_);
  socket_ = -1;
  unsent_.clear();
  own_fault_ = false;
  latch(trouble, words);
}

// The first trouble is the one that is told.
void Link::latch(Trouble trouble, const std::string& words) {
  const std::lock_guard lock(words_mutex_);
  if (trouble_ != Trouble::kNone) return;
  words_ = words;
  trouble_.store(trouble, std::memory_order_release);
  order_ = Order::kStop;
}

}  // namespace gyre::process
