#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/serve/access.h"
#include "gyre/serve/http_head.h"
#include "gyre/serve/protocol.h"
#include "gyre/serve/server.h"

// One connection of the server. Included by server.cc alone.
namespace gyre::serve::internal {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using beast::error_code;
using Time = std::chrono::steady_clock::time_point;

inline constexpr size_t kMostQueuedBytes = size_t{8}
                                           << 20;        // of answers that a client has not taken
inline constexpr size_t kReadBytes = size_t{256} << 10;  // at once

inline std::chrono::nanoseconds seconds(double count) {
  return std::chrono::nanoseconds(static_cast<int64_t>(count * 1e9));
}

// Runs handlers on the server's thread for as long as there is a server.
class Mailbox {
 public:
  explicit Mailbox(net::io_context& context) : context_(&context) {}
  void post(std::function<void()> handler) {
    const std::lock_guard lock(mutex_);
    if (context_ != nullptr) net::post(*context_, std::move(handler));
  }
  void close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
  }

 private:
  std::mutex mutex_;
  net::io_context* context_;
};

// The server as its connections see it.
struct Host {
  Service& service;
  Metrics& metrics;
  const ServerOptions& options;
  const Tokens& tokens;
  std::shared_ptr<Mailbox> mailbox;
  size_t sessions = 0;           // websockets that are open
  std::set<std::string> robots;  // names that have a connection
  // Opens a policy again on a thread of its own; `done` gets status and text on the server's
  // thread.
  std::function<void(const std::string& policy, std::function<void(int, std::string)> done)> swap;
};

class AnyConnection {
 public:
  virtual ~AnyConnection() = default;
  virtual void start() = 0;
  virtual void sweep(Time now) = 0;  // ends it when a limit of time has passed
  virtual void stop() = 0;
};

// Requests a second, with bursts of up to one second's.
class RateLimit {
 public:
  explicit RateLimit(double rate) : rate_(rate), left_(std::max(rate, 1.0)) {}
  bool take(Time now) {
    if (last_ != Time{}) {
      left_ += rate_ * std::chrono::duration<double>(now - last_).count();
      left_ = std::min(left_, std::max(rate_, 1.0));
    }
    last_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  double rate_, left_;
  Time last_{};
};

// `Stream`: beast::tcp_stream, or that inside beast::ssl_stream.
template <class Stream>
class Connection final : public AnyConnection,
                         public std::enable_shared_from_this<Connection<Stream>> {
 public:
  template <class... Arguments>
  explicit Connection(Host& host, Arguments&&... arguments)
      : host_(host), socket_(std::forward<Arguments>(arguments)...), rate_(host.options.max_rate) {}

  ~Connection() override {
    if (!robot_.empty()) host_.robots.erase(robot_);
    if (!session_) return;
    host_.service.close(*session_);
    host_.metrics.set_sessions(--host_.sessions);
  }

  void start() override {
    error_code ignored;
    lowest().socket().set_option(net::ip::tcp::no_delay(true), ignored);
    lowest().expires_after(seconds(host_.options.handshake_s));
    if constexpr (std::is_same_v<Stream, beast::tcp_stream>) {
      read_head();
    } else {
      socket_.next_layer().async_handshake(net::ssl::stream_base::server,
                                           [self = self()](error_code error) {
                                             if (!error) self->read_head();
                                           });
    }
  }

  void sweep(Time now) override {
    const auto late = [&](Time began) {
      return began != Time{} && now - began > seconds(host_.options.message_s);
    };
    if (late(message_began_)) drop("slow message");
    if (late(write_began_)) drop("slow reader");
  }

  void stop() override {
    if (session_ && !closing_) {
      closing_ = true;
      close_code_ = websocket::close_code::going_away;
      close_reason_ = "the server is ending";
      if (!writing_) close();
    } else {
      drop(nullptr);
    }
  }

 private:
  std::shared_ptr<Connection> self() { return this->shared_from_this(); }
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(socket_); }

  // Ends the connection at once; the handlers that wait release it.
  void drop(const char* reason) {
    if (reason != nullptr && !dropped_) host_.metrics.count_refused_connection(reason);
    dropped_ = true;
    message_began_ = write_began_ = {};
    error_code ignored;
    lowest().socket().close(ignored);
  }

  // --- HTTP ---

  void read_head() {
    limit(parser_);
    http::async_read(socket_.next_layer(), buffer_, parser_,
                     [self = self()](error_code error, size_t) { self->on_head(error); });
  }

  void on_head(error_code error) {
    if (error == http::error::header_limit || error == http::error::body_limit) {
      return respond(431, "the request's head or body is too long");
    }
    if (error) return;
    error_code unknown;
    const auto peer = lowest().socket().remote_endpoint(unknown);
    const Head head = head_of(parser_.get(), !unknown && peer.address().is_loopback());
    Route way = route(head, host_.tokens, host_.service.policies().names());
    role_ = way.role;
    switch (way.kind) {
      case Route::Kind::kRefuse:
        host_.metrics.count_refused_connection("refused");
        return respond(way.status, way.text);
      case Route::Kind::kHealth:
        return respond(200, "OK");
      case Route::Kind::kMetrics:
        host_.metrics.set_cache_bytes(host_.service.cache_bytes());
        return respond(200, host_.metrics.text());
      case Route::Kind::kSwap:
        lowest().expires_never();
        return host_.swap(way.policy, [self = self()](int status, const std::string& text) {
          self->lowest().expires_after(seconds(self->host_.options.handshake_s));
          self->respond(status, text);
        });
      case Route::Kind::kWebsocket:
        break;
    }
    if (host_.sessions >= host_.options.max_sessions) {
      host_.metrics.count_refused_connection("full");
      return respond(503, "the server has as many sessions as it takes");
    }
    policy_ = way.policy;
    try {
      require_contract(*host_.service.policies().current({policy_, nullptr}), way.embodiment,
                       way.contract_hash);
    } catch (const Error& error) {
      return respond(409, error.what());
    }
    if (!way.robot.empty() && !host_.robots.insert(way.robot).second) {
      return respond(409, "another connection drives this robot");
    }
    robot_ = std::move(way.robot);
    accept();
  }

  void respond(int status, const std::string& text) {
    response_.result(static_cast<unsigned>(status));
    response_.set(http::field::content_type, "text/plain; charset=utf-8");
    response_.keep_alive(false);
    response_.body() = text.ends_with('\n') ? text : text + "\n";
    response_.prepare_payload();
    http::async_write(socket_.next_layer(), response_, [self = self()](error_code, size_t) {
      error_code ignored;
      self->lowest().socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
    });
  }

  // --- websocket ---

  void accept() {
    lowest().expires_never();  // the websocket has time limits of its own
    websocket::stream_base::timeout times{};
    times.handshake_timeout = seconds(host_.options.handshake_s);
    times.idle_timeout = seconds(host_.options.idle_s);
    times.keep_alive_pings = true;
    socket_.set_option(times);
    socket_.read_message_max(host_.options.max_message_bytes);
    socket_.auto_fragment(false);
    socket_.async_accept(parser_.get(), [self = self()](error_code error) {
      if (!error) self->open();
    });
  }

  void open() {
    session_ = host_.service.open(policy_);
    host_.metrics.set_sessions(++host_.sessions);
    buffer_.clear();
    send(host_.service.policies().current(session_->lease)->metadata, true);
    read();
  }

  // A read is always under way, because it also answers pings.
  void read() {
    socket_.async_read_some(buffer_, kReadBytes,
                            [self = self()](error_code error, size_t) { self->on_read(error); });
  }

  void on_read(error_code error) {
    if (error) {
      const bool large = error == websocket::error::message_too_big;
      if (large) host_.metrics.count_refused_connection("large message");
      return;
    }
    const Time now = std::chrono::steady_clock::now();
    if (!socket_.is_message_done()) {
      if (message_began_ == Time{}) message_began_ = now;
      return read();
    }
    message_began_ = {};
    const auto* bytes = static_cast<const uint8_t*>(buffer_.data().data());
    std::vector<uint8_t> message(bytes, bytes + buffer_.size());
    buffer_.consume(buffer_.size());
    if (!closing_) on_message(std::move(message), now);
    read();
  }

  void on_message(std::vector<uint8_t> message, Time now) {
    if (!rate_.take(now)) return fail("too many requests a second");
    if (role_ != Role::kDrive) return fail("a watcher's token may not ask for actions");
    if (!socket_.got_binary()) return fail("a request is a binary message of msgpack");
    std::unique_ptr<Ask> ask;
    try {
      ask = read_ask(std::move(message));
    } catch (const Error& error) {
      return fail(error.what());
    }
    const bool full = waiting_ >= host_.options.max_waiting;
    if (ask->ours) {
      if (full) return send(write_failure(ask->id, "too many requests wait", true), true);
      return begin(std::move(ask));
    }
    if (full) return fail("too many requests wait");
    // Without ids the answers must come in the order of the requests.
    if (in_order_) {
      ++waiting_;
      return queued_.push_back(std::move(ask));
    }
    in_order_ = true;
    begin(std::move(ask));
  }

  void begin(std::unique_ptr<Ask> ask, bool counted = false) {
    const bool ours = ask->ours;
    const int64_t id = ask->id;
    if (!counted) ++waiting_;
    try {
      const std::weak_ptr<Connection> weak = self();
      host_.service.ask(*session_, std::move(ask), previous_total_ms_,
                        [weak, ours, mailbox = host_.mailbox](Reply reply) {
                          mailbox->post([weak, ours, reply = std::move(reply)]() mutable {
                            if (const auto self = weak.lock()) self->on_reply(ours, reply);
                          });
                        });
    } catch (const Error& error) {
      --waiting_;
      if (!ours) return fail(error.what());
      send(write_failure(id, error.what(), false), true);
    }
  }

  void on_reply(bool ours, Reply& reply) {
    --waiting_;
    previous_total_ms_ = reply.total_ms;
    if (closing_) return;
    if (!reply.binary) return fail(reply.message);
    send(std::move(reply.message), true);
    if (ours) return;
    in_order_ = !queued_.empty();
    if (!in_order_) return;
    std::unique_ptr<Ask> next = std::move(queued_.front());
    queued_.pop_front();
    begin(std::move(next), true);
  }

  // openpi's way: a text message, then the end.
  void fail(const std::string& text) {
    if (closing_) return;
    host_.metrics.count_refused_connection("bad request");
    send(text, false);
    closing_ = true;
    close_code_ = websocket::close_code::internal_error;
    close_reason_ = "the text before says why";
  }

  void send(std::string message, bool binary) {
    if (closing_ || dropped_) return;
    queued_bytes_ += message.size();
    if (queued_bytes_ > kMostQueuedBytes) return drop("slow reader");
    outgoing_.push_back({std::move(message), binary});
    if (!writing_) write();
  }

  void write() {
    writing_ = true;
    write_began_ = std::chrono::steady_clock::now();
    socket_.binary(outgoing_.front().binary);
    socket_.async_write(net::buffer(outgoing_.front().message),
                        [self = self()](error_code error, size_t) { self->on_written(error); });
  }

  void on_written(error_code error) {
    write_began_ = {};
    writing_ = false;
    if (error) return;
    queued_bytes_ -= outgoing_.front().message.size();
    outgoing_.pop_front();
    if (!outgoing_.empty()) {
      write();
    } else if (closing_) {
      close();
    }
  }

  void close() {
    writing_ = true;
    socket_.async_close(websocket::close_reason(close_code_, close_reason_),
                        [self = self()](error_code) {});
  }

  struct Outgoing {
    std::string message;
    bool binary = true;
  };

  Host& host_;
  websocket::stream<Stream> socket_;
  beast::flat_buffer buffer_;
  http::request_parser<http::string_body> parser_;
  http::response<http::string_body> response_;
  Role role_ = Role::kNone;
  std::string policy_, robot_;
  std::shared_ptr<Session> session_;
  RateLimit rate_;
  int waiting_ = 0;                          // requests without an answer yet
  bool in_order_ = false;                    // one of them has no id
  std::deque<std::unique_ptr<Ask>> queued_;  // of clients that send no ids
  double previous_total_ms_ = -1;
  std::deque<Outgoing> outgoing_;
  size_t queued_bytes_ = 0;
  bool writing_ = false, closing_ = false, dropped_ = false;
  websocket::close_code close_code_ = websocket::close_code::internal_error;
  const char* close_reason_ = "";
  Time message_began_{}, write_began_{};
};

}  // namespace gyre::serve::internal
