#include "gyre/run/operator_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

using Json = nlohmann::json;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kStatusEvery{100};
constexpr size_t kMostWords = 400;  // bytes
constexpr size_t kMostAuthor = 40;  // bytes

std::string error_line(const std::string& what) {
  return Json{{"error", what}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string status_json(const LoopStatus& status) {
  return Json{{"mode", mode_name(status.mode)},
              {"rung", status.rung},
              {"tick", status.tick},
              {"episode", status.episode},
              {"goal", status.goal},
              {"chunk_age_s", status.chunk_age_s},
              {"picture_age_s", status.picture_age_s},
              {"inference_ms", status.inference_ms},
              {"held_ticks", status.held_ticks},
              {"lost_records", status.lost_records},
              {"verdicts", status.verdicts},
              {"successes", status.successes},
              {"alarm", status.alarm},
              {"alarm_age_s", status.alarm_age_s}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<event::Order> order_named(std::string_view word) {
  if (word == "pause") return event::Order::kPause;
  if (word == "resume") return event::Order::kResume;
  if (word == "stop") return event::Order::kStop;
  if (word == "clear") return event::Order::kClear;
  return std::nullopt;
}

const std::vector<std::string>& words_to_do() {
  static const std::vector<std::string> words = {"pause",   "resume",  "stop", "clear",
                                                 "success", "failure", "take", "give"};
  return words;
}

bool usable_words(std::string_view words) {
  const auto control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  return !words.empty() && words.size() <= kMostWords && std::ranges::none_of(words, control);
}

// Numbers of a JSON array; none for anything else.
std::optional<std::vector<float>> numbers(const Json& array) {
  std::vector<float> values;
  if (!array.is_array()) return std::nullopt;
  for (const Json& value : array) {
    if (!value.is_number()) return std::nullopt;
    values.push_back(value.get<float>());
  }
  return values;
}

// A member that is text; "" when it is not there or something else.
std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

struct OperatorSocket::Client {
  int descriptor = -1;
  std::string unread;   // of ours: not yet a whole line
  std::string waiting;  // for the client to read
  bool watches = false;
  bool gone = false;
};

OperatorSocket::OperatorSocket(std::filesystem::path path, Operator& op)
    : path_(std::move(path)), operator_(op) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path_.string();
  if (name.size() >= sizeof address.sun_path) {
    throw Error(name, "is too long a name for a local socket",
                fmt::format("give one of at most {} bytes", sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  struct stat there {};
  if (::lstat(name.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode)) throw Error(name, "is there and no socket", "name another");
    ::unlink(name.c_str());
  }
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  // On Linux the file takes the mode that the socket has: nobody else can open it meanwhile.
  const bool listens =
      listener_ >= 0 && ::fchmod(listener_, 0600) == 0 &&
      ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::listen(listener_, static_cast<int>(kMostClients)) == 0;
  if (!listens) {
    const int error = errno;
    if (listener_ >= 0) ::close(listener_);
    throw Error(name, std::string("no socket can be there: ") + std::strerror(error),
                "name another with --socket");
  }
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { work(); });
}

OperatorSocket::~OperatorSocket() {
  const uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) == sizeof one) thread_.join();
  for (const Client& client : clients_) ::close(client.descriptor);
  ::close(wake_);
  ::close(listener_);
  ::unlink(path_.c_str());
}

void OperatorSocket::work() {
  auto next_status = std::chrono::steady_clock::now();
  while (true) {
    std::vector<pollfd> waits = {{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Client& client : clients_) {
      const int writes = client.waiting.empty() ? 0 : POLLOUT;
      waits.push_back({client.descriptor, static_cast<short>(POLLIN | writes), 0});
    }
    const auto left =
        std::chrono::ceil<Milliseconds>(next_status - std::chrono::steady_clock::now());
    ::poll(waits.data(), waits.size(), static_cast<int>(std::max<int64_t>(0, left.count())));
    if (waits[0].revents != 0) return;
    size_t at = 2;
    for (Client& client : clients_) {
      const short events = waits[at++].revents;
      if ((events & POLLOUT) != 0) flush(client);
      if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) read(client);
    }
    if ((waits[1].revents & POLLIN) != 0) accept();
    if (std::chrono::steady_clock::now() >= next_status) {
      next_status = std::chrono::steady_clock::now() + kStatusEvery;
      tell_watchers();
    }
    drop_gone();
  }
}

void OperatorSocket::accept() {
  const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) return;
  clients_.push_back({.descriptor = descriptor});
  if (clients_.size() <= kMostClients) return;
  send(clients_.back(),
       error_line(fmt::format("{} tools are connected already; end one", kMostClients)));
  clients_.back().gone = true;
}

void OperatorSocket::read(Client& client) {
  char bytes[kMostLine];
  const ssize_t size = ::recv(client.descriptor, bytes, sizeof bytes, 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) {
    client.gone = true;
    return;
  }
  client.unread.append(bytes, static_cast<size_t>(size));
  size_t begin = 0;
  for (size_t end = 0; (end = client.unread.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    take_line(client, client.unread.substr(begin, end - begin));
  }
  client.unread.erase(0, begin);
  if (client.unread.size() > kMostLine) {
    send(client, error_line(fmt::format("a line is longer than {} bytes", kMostLine)));
    client.gone = true;
  }
}

void OperatorSocket::take_line(Client& client, const std::string& line) {
  if (line.find_first_not_of(" \t\r") == std::string::npos) return;
  const std::string reply = answer(client, line);
  if (!reply.empty()) send(client, reply);
}

// The line that answers; "" for a heartbeat that was taken.
std::string OperatorSocket::answer(Client& client, const std::string& line) {
  if (line.size() > kMostLine) return error_line("the line is too long");
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return error_line("a line must be one JSON object");
  std::string ok = R"({"ok":true})";
  const std::string by = text_of(json, "by");
  const std::string author = by.empty() ? "operator" : by;
  if (author.size() > kMostAuthor) return error_line("'by' is too long");
  if (json.contains("do")) return obey(client, text_of(json, "do"), author);
  if (json.contains("say")) {
    const std::string words = text_of(json, "say");
    if (!usable_words(words)) {
      return error_line(fmt::format("'say' must be one line of 1 to {} bytes", kMostWords));
    }
    return operator_.say(words, author) ? ok : error_line("nobody drives now");
  }
  if (json.contains("heartbeat")) {
    if (driver_ != &client) return error_line(R"(take the robot first: {"do":"take"})");
    const auto action = numbers(json.value("action", Json::array()));
    if (action && operator_.beat(*action)) return "";
    return error_line("'action' must hold one finite number for each field of the contract");
  }
  if (json.contains("watch")) {
    client.watches = json["watch"].is_boolean() && json["watch"].get<bool>();
    return ok;
  }
  return error_line("an object must have 'do', 'say', 'heartbeat' or 'watch'");
}

std::string OperatorSocket::obey(Client& client, std::string_view word, std::string_view author) {
  std::string ok = R"({"ok":true})";
  if (const auto order = order_named(word)) {
    operator_.order(*order, author);
  } else if (word == "success" || word == "failure") {
    operator_.judge(word == "success" ? event::Outcome::kSuccess : event::Outcome::kFailure, "",
                    author);
  } else if (word == "take") {
    if (driver_ != nullptr && driver_ != &client) return error_line("another tool has the robot");
    driver_ = &client;
  } else if (word == "give") {
    if (driver_ != &client) return error_line("this tool does not have the robot");
    driver_ = nullptr;
    operator_.let_go();
  } else {
    const std::string nearest = nearest_name(word, words_to_do());
    return error_line(
        fmt::format("'do' cannot be '{}'; {}", word,
                    nearest.empty() ? "see docs/driving.md" : "did you mean '" + nearest + "'?"));
  }
  return ok;
}

void OperatorSocket::send(Client& client, std::string_view line) {
  if (client.waiting.size() + line.size() > kMostUnread) {
    client.gone = true;
    return;
  }
  client.waiting.append(line);
  client.waiting.push_back('\n');
  flush(client);
}

void OperatorSocket::flush(Client& client) {
  const ssize_t size =
      ::send(client.descriptor, client.waiting.data(), client.waiting.size(), MSG_NOSIGNAL);
  if (size > 0) client.waiting.erase(0, static_cast<size_t>(size));
  if (size < 0 && errno != EAGAIN && errno != EINTR) client.gone = true;
}

void OperatorSocket::tell_watchers() {
  const auto watches = [](const Client& client) { return client.watches && !client.gone; };
  if (std::ranges::none_of(clients_, watches)) return;
  const std::string line = status_json(operator_.status());
  for (Client& client : clients_) {
    // One who does not read misses lines; what was answered to them is kept.
    if (watches(client) && client.waiting.empty()) send(client, line);
  }
}

void OperatorSocket::drop_gone() {
  for (auto client = clients_.begin(); client != clients_.end();) {
    if (!client->gone) {
      ++client;
      continue;
    }
    // It has not given the robot back: its heartbeats end, which pauses the robot.
    if (driver_ == &*client) driver_ = nullptr;
    ::close(client->descriptor);
    client = clients_.erase(client);
  }
}

}  // namespace gyre::run
