#pragma once

#include <algorithm>
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
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gyre/serve/gate.h"
#include "gyre/serve/http_head.h"
#include "gyre/serve/listener.h"
#include "gyre/serve/login.h"

// One connection of a listener. Included by listener.cc alone.
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

// A listener as its connections see it.
struct Host {
  Metrics& metrics;
  const ListenerOptions& options;
  Gate& gate;
  bool tls;
  std::vector<Site*> sites;
  std::shared_ptr<Mailbox> mailbox;
  size_t sessions = 0;  // websockets that are open
  // Calls `work` on a thread that may wait, then `done` with its answer on the listener's.
  std::function<void(std::function<HttpAnswer()> work, std::function<void(HttpAnswer)> done)> later;
};

// The part of an address that one machine or household has: of IPv6 the first 64 bits.
inline std::string peer_text(const net::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  if (address.to_v6().is_v4_mapped()) {
    return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string();
  }
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), uint8_t{0});
  return net::ip::address_v6(bytes).to_string();
}

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
                         public Socket,
                         public std::enable_shared_from_this<Connection<Stream>> {
 public:
  template <class... Arguments>
  explicit Connection(Host& host, Arguments&&... arguments)
      : host_(host), socket_(std::forward<Arguments>(arguments)...), rate_(host.options.max_rate) {}

  ~Connection() override {
    if (open_) host_.metrics.set_sessions(--host_.sessions);
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
    if (session_ && !host_.gate.alive(*session_, now)) drop(nullptr);
  }

  void stop() override {
    if (open_ && !closing_) {
      closing_ = true;
      close_code_ = websocket::close_code::going_away;
      close_reason_ = "the server is ending";
      if (!writing_) close();
    } else {
      drop(nullptr);
    }
  }

  // --- Socket ---

  void fail(const std::string& text) override {
    if (closing_) return;
    host_.metrics.count_refused_connection("bad request");
    send(text, false);
    closing_ = true;
    close_code_ = websocket::close_code::internal_error;
    close_reason_ = "the text before says why";
  }

  void send(std::string message, bool binary) override {
    if (closing_ || dropped_) return;
    queued_bytes_ += message.size();
    if (queued_bytes_ > kMostQueuedBytes) return drop("slow reader");
    outgoing_.push_back({std::move(message), binary});
    if (!writing_) write();
  }

  bool closing() const override { return closing_ || dropped_; }
  size_t queued_bytes() const override { return queued_bytes_; }
  std::shared_ptr<Mailbox> mailbox() const override { return host_.mailbox; }

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
      return respond(http_line(431, "the request's head or body is too long"));
    }
    if (error) return;
    error_code unknown;
    const net::ip::address peer = lowest().socket().remote_endpoint(unknown).address();
    HttpRequest request{.head = head_of(parser_.get(), !unknown && peer.is_loopback(),
                                        unknown ? "" : peer_text(peer)),
                        .body = parser_.get().body()};
    if (request.path() == "/healthz" && request.head.method == "GET") {
      return respond(http_line(200, "OK"));
    }
    const Time now = std::chrono::steady_clock::now();
    if (const auto answer = answer_login(host_.gate, request, host_.tls, now)) {
      return respond(*answer);
    }
    Admission admission = host_.gate.admit(request.head, now);
    if (admission.status == 401 && wants_login_page(request)) return respond(login_page());
    if (admission.status != 0) {
      host_.metrics.count_refused_connection("refused");
      return respond(http_line(admission.status, admission.text));
    }
    request.role = admission.who.role;
    request.name = std::move(admission.who.name);
    request.by_session = admission.session.has_value();
    request.by_anybody = host_.gate.open();
    session_ = admission.session;
    const auto site =
        std::ranges::find_if(host_.sites, [&](const Site* one) { return one->owns(request); });
    if (site == host_.sites.end()) return respond(http_line(404, "there is nothing here"));
    take(*site, request);
  }

  void take(Site* site, const HttpRequest& request) {
    if (request.head.upgrade && host_.sessions >= host_.options.max_sessions) {
      host_.metrics.count_refused_connection("full");
      return respond(http_line(503, "the server has as many sessions as it takes"));
    }
    SiteAnswer answer = site->answer(request);
    if (answer.socket) {
      handler_ = std::move(answer.socket);
      return accept();
    }
    if (!answer.later) return respond(answer.http);
    lowest().expires_never();
    host_.later(std::move(answer.later), [self = self()](const HttpAnswer& late) {
      self->lowest().expires_after(seconds(self->host_.options.handshake_s));
      self->respond(late);
    });
  }

  void respond(const HttpAnswer& answer) {
    response_.result(static_cast<unsigned>(answer.status));
    response_.set(http::field::content_type, answer.type);
    response_.set("X-Content-Type-Options", "nosniff");
    response_.set("Referrer-Policy", "no-referrer");
    response_.set("Cross-Origin-Resource-Policy", "same-origin");
    response_.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    for (const auto& [name, value] : answer.headers) response_.set(name, value);
    response_.keep_alive(false);
    response_.body() = answer.body;
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
    open_ = true;
    host_.metrics.set_sessions(++host_.sessions);
    buffer_.clear();
    handler_->open(*this);
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
    if (!closing_ && !rate_.take(now)) fail("too many requests a second");
    if (!closing_) handler_->take(std::move(message), socket_.got_binary());
    read();
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
  std::shared_ptr<SocketHandler> handler_;
  bool open_ = false;              // the websocket
  std::optional<Digest> session_;  // the browser's, which this connection does not outlive
  RateLimit rate_;
  std::deque<Outgoing> outgoing_;
  size_t queued_bytes_ = 0;
  bool writing_ = false, closing_ = false, dropped_ = false;
  websocket::close_code close_code_ = websocket::close_code::internal_error;
  const char* close_reason_ = "";
  Time message_began_{}, write_began_{};
};

}  // namespace gyre::serve::internal
