#include "tests/faults/drive_faults_sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "gyre/core/error.h"

namespace gyre::faults {
namespace {

constexpr size_t kMostPieces = 64;  // in one direction; more is not read until some have gone
constexpr int64_t kSlowMs = 150;
constexpr double kCorruptShare = 0.002;  // of bytes

int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void make_prompt(int socket) {
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
}

}  // namespace

ServerProcess::ServerProcess() {
  start();
  thread_ = std::thread([this] { watch(); });
}

ServerProcess::~ServerProcess() {
  ending_ = true;
  thread_.join();
  kill();
}

void ServerProcess::watch() {
  while (!ending_) {
    if (wanted_ && process_ < 0) start();
    if (!wanted_ && process_ >= 0) {
      kill();
      ++kills_;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void ServerProcess::start() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error("drive_faults", "cannot make a pipe");
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) throw Error("drive_faults", "cannot start a server");
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    ::dup2(ends[1], STDOUT_FILENO);
    ::execl("/proc/self/exe", "drive_faults", "--serve", "1", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string line;
  for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
  ::close(ends[0]);
  port_ = static_cast<uint16_t>(std::strtoul(line.c_str(), nullptr, 10));
  if (port_ == 0) throw Error("drive_faults", "its server does not start");
}

void ServerProcess::kill() {
  if (process_ < 0) return;
  port_ = 0;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

FaultyLink::FaultyLink(const ServerProcess& server, uint64_t seed) : server_(server), rng_(seed) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw Error("drive_faults", "cannot listen on this machine");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

FaultyLink::~FaultyLink() {
  ending_ = true;
  thread_.join();
  for (const auto& pair : pairs_) close_pair(*pair);
  ::close(listener_);
}

void FaultyLink::close_pair(Pair& pair) {
  ::close(pair.client);
  ::close(pair.server);
}

void FaultyLink::accept_one(LinkFault fault) {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const uint16_t port = server_.port();
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (fault == LinkFault::kCut || port == 0 ||
      ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(client);
    ::close(server);
    return;
  }
  make_prompt(client);
  make_prompt(server);
  auto pair = std::make_unique<Pair>();
  *pair = {.client = client,
           .server = server,
           .up = {.from = client, .to = server},
           .down = {.from = server, .to = client, .answers = true}};
  pairs_.push_back(std::move(pair));
}

// False when this direction has ended.
bool FaultyLink::read_into(Way& way, LinkFault fault) {
  char buffer[16384];
  const ssize_t size = ::recv(way.from, buffer, sizeof buffer, 0);
  if (size == 0) return false;
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (fault == LinkFault::kHalfOpen && way.answers) return true;
  std::string bytes(buffer, static_cast<size_t>(size));
  if (fault == LinkFault::kCorrupt && way.answers) {
    for (char& byte : bytes) {
      if (rng_.chance(kCorruptShare)) byte = static_cast<char>(rng_.below(256));
    }
  }
  const int64_t later = fault == LinkFault::kSlow ? kSlowMs : 0;
  way.pieces.push_back({now_ms() + later, std::move(bytes)});
  return true;
}

bool FaultyLink::write_due(Way& way) {
  while (!way.pieces.empty() && way.pieces.front().due_ms <= now_ms()) {
    std::string& bytes = way.pieces.front().bytes;
    const ssize_t size = ::send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    bytes.erase(0, static_cast<size_t>(size));
    if (!bytes.empty()) return true;
    way.pieces.erase(way.pieces.begin());
  }
  return true;
}

bool FaultyLink::pump(Way& way, LinkFault fault) {
  if (!way.ended && way.pieces.size() < kMostPieces) way.ended = !read_into(way, fault);
  return write_due(way) && !(way.ended && way.pieces.empty());
}

void FaultyLink::run() {
  while (!ending_) {
    std::vector<pollfd> waits{{.fd = listener_, .events = POLLIN}};
    const LinkFault before = fault_;
    if (before != LinkFault::kStalled) {
      for (const auto& pair : pairs_) {
        waits.push_back({.fd = pair->client, .events = POLLIN});
        waits.push_back({.fd = pair->server, .events = POLLIN});
      }
    }
    ::poll(waits.data(), waits.size(), 2);
    const LinkFault fault = fault_;
    if (fault == LinkFault::kStalled) continue;
    if ((waits[0].revents & POLLIN) != 0) accept_one(fault);
    std::erase_if(pairs_, [&](const auto& pair) {
      const bool open =
          fault != LinkFault::kCut && pump(pair->up, fault) && pump(pair->down, fault);
      if (!open) close_pair(*pair);
      return !open;
    });
  }
}

}  // namespace gyre::faults
