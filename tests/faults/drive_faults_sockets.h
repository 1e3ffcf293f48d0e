#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gyre/core/rng.h"

// Real sockets and processes between a driver and its policy server.
namespace gyre::faults {

// Serves a cheap policy for every robot of assets/robots on a free port of this machine, which it
// prints; until the process is killed. `image_size`: of the pictures in its contracts.
int serve_cheap_policy(int image_size);

// Such a server in a process of its own, killed and started again by a thread of its own.
class ServerProcess {
 public:
  ServerProcess();
  ~ServerProcess();
  void want(bool alive) noexcept { wanted_ = alive; }  // any thread, waits for nothing
  uint16_t port() const noexcept { return port_; }     // 0: it is not there
  int64_t kills() const noexcept { return kills_; }

 private:
  void watch();
  void start();
  void kill();
  std::atomic<bool> wanted_{true}, ending_{false};
  std::atomic<uint16_t> port_{0};
  std::atomic<int64_t> kills_{0};
  pid_t process_ = -1;
  std::thread thread_;
};

enum class LinkFault : uint8_t {
  kNone,
  kCut,       // connections are closed, new ones too
  kStalled,   // nothing is read or passed on
  kHalfOpen,  // questions pass, answers vanish
  kCorrupt,   // some bytes of the answers are others
  kSlow,      // everything comes later
};

// A TCP proxy to a server, with the faults of bad links.
class FaultyLink {
 public:
  FaultyLink(const ServerProcess& server, uint64_t seed);
  ~FaultyLink();
  uint16_t port() const { return port_; }
  // From now on. Any thread, waits for nothing.
  void set(LinkFault fault) noexcept { fault_ = fault; }

 private:
  // Bytes on their way in one direction.
  struct Way {
    int from = -1, to = -1;
    bool answers = false;  // from the server
    struct Piece {
      int64_t due_ms = 0;
      std::string bytes;
    };
    std::vector<Piece> pieces;
    bool ended = false;
  };
  struct Pair {
    int client = -1, server = -1;
    Way up, down;
  };
  void run();
  void accept_one(LinkFault fault);
  bool pump(Way& way, LinkFault fault);
  bool read_into(Way& way, LinkFault fault);
  static bool write_due(Way& way);
  static void close_pair(Pair& pair);

  const ServerProcess& server_;
  Rng rng_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<LinkFault> fault_{LinkFault::kNone};
  std::atomic<bool> ending_{false};
  std::vector<std::unique_ptr<Pair>> pairs_;
  std::thread thread_;
};

}  // namespace gyre::faults
