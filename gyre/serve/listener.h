#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gyre/serve/access.h"
#include "gyre/serve/metrics.h"

namespace gyre::serve {

struct ListenerOptions {
  std::string listen = "127.0.0.1";         // IP address; others than loopback need TLS and tokens
  uint16_t port = 8000;                     // 0: a free one
  std::filesystem::path tls_cert, tls_key;  // PEM files; empty: no TLS
  std::filesystem::path token_file;         // empty: everybody may do everything
  size_t max_message_bytes = size_t{16} << 20;
  size_t max_sessions = 256;  // open websockets
  double max_rate = 200;      // messages a second on one websocket
  double handshake_s = 10;    // TLS, HTTP head and websocket upgrade
  double message_s = 10;      // from a message's first byte to its last, and for taking an answer
  double idle_s = 60;         // without a sign of life; a ping is sent after half of it
};

// Runs handlers on a listener's thread for as long as there is a listener. Any thread.
class Mailbox {
 public:
  virtual ~Mailbox() = default;
  virtual void post(std::function<void()> handler) = 0;
};

// One websocket, as the site that it belongs to sees it. On the listener's thread alone.
class Socket {
 public:
  virtual ~Socket() = default;
  // Sends a message after those before. A peer that takes none of them is dropped.
  virtual void send(std::string message, bool binary) = 0;
  // A last message of text, then the end with code 1011, as openpi's server does. Counted as a bad
  // request.
  virtual void fail(const std::string& text) = 0;
  virtual bool closing() const = 0;         // nothing more is sent
  virtual size_t queued_bytes() const = 0;  // of messages that the peer has not taken
  virtual std::shared_ptr<Mailbox> mailbox() const = 0;
};

// The other side of a Socket. On the listener's thread alone; its end is the websocket's.
class SocketHandler {
 public:
  virtual ~SocketHandler() = default;
  virtual void open(Socket& socket) = 0;  // once, first; the socket outlives the handler
  virtual void take(std::vector<uint8_t> message, bool binary) = 0;
};

struct HttpAnswer {
  int status = 200;
  std::string body;
  std::string type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers = {};
};
// One line of text.
HttpAnswer http_line(int status, std::string text);

// A request that the listener has let in.
struct HttpRequest {
  Head head;
  Role role = Role::kNone;
  std::string_view body;
  std::string name = {};    // of who asks; "" where their token has none
  bool by_session = false;  // a browser that has logged in
  bool by_anybody = false;  // there are no tokens
  std::string_view path() const { return head.target.substr(0, head.target.find('?')); }
};

// A site's answer: with a websocket, later, or at once.
struct SiteAnswer {
  HttpAnswer http;
  std::shared_ptr<SocketHandler> socket = nullptr;
  std::function<HttpAnswer()> later = nullptr;  // runs on a thread that may wait
};

// Some of the paths of a listener. On the listener's thread alone, which it must not keep waiting.
class Site {
 public:
  virtual ~Site() = default;
  virtual bool owns(const HttpRequest& request) const = 0;
  virtual SiteAnswer answer(const HttpRequest& request) = 0;
};

// HTTP and websockets on one port, plain or TLS, all on the thread of run(). It only moves bytes.
// GET /healthz is its own, and so are POST /login and /logout (login.h); every other request needs
// a token or a browser's session where there are tokens, and must not come from a page of another
// origin.
class Listener {
 public:
  // Binds at once. `metrics` must outlive it. Throws Error for an address that is taken or needs
  // TLS and tokens, and for a certificate or token file that is not good.
  Listener(const ListenerOptions& options, Metrics& metrics);
  ~Listener();

  // Before run(). The first site that owns a path answers. `site` must outlive the listener.
  void add(Site& site);

  uint16_t port() const;
  void run();   // until stop()
  void stop();  // from any thread: ends all connections

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::serve
