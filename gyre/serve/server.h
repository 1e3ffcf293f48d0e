#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "gyre/serve/metrics.h"
#include "gyre/serve/service.h"

namespace gyre::serve {

struct ServerOptions {
  std::string listen = "127.0.0.1";         // IP address; others than loopback need TLS and tokens
  uint16_t port = 8000;                     // 0: a free one
  std::filesystem::path tls_cert, tls_key;  // PEM files; empty: no TLS
  std::filesystem::path token_file;         // empty: everybody drives
  size_t max_message_bytes = size_t{16} << 20;
  size_t max_sessions = 256;
  double max_rate = 200;    // requests a second on one connection
  int max_waiting = 8;      // requests of one connection that wait for their answers
  double handshake_s = 10;  // TLS, HTTP head and websocket upgrade
  double message_s = 10;    // from a message's first byte to its last, and for taking an answer
  double idle_s = 60;       // without a sign of life; a ping is sent after half of it
};

// The listener: HTTP and websockets on one port, plain or TLS, all on the thread of run(). It only
// moves bytes; the service computes.
class Server {
 public:
  // Binds at once. `service` and `metrics` must outlive it. Throws Error for an address that is
  // taken or needs TLS and tokens, and for a certificate or token file that is not good.
  Server(Service& service, Metrics& metrics, const ServerOptions& options);
  ~Server();

  uint16_t port() const;
  void run();   // until stop()
  void stop();  // from any thread: ends all connections

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::serve
