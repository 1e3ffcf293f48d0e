#pragma once

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gyre/serve/remote.h"

// One connection of a Remote or an Uplink. Included by remote.cc and uplink.cc alone.
namespace gyre::serve::internal {

namespace link_net = boost::asio;
namespace link_beast = boost::beast;
namespace link_http = boost::beast::http;
namespace link_ws = boost::beast::websocket;
using LinkError = boost::beast::error_code;
using Endpoints = std::vector<link_net::ip::tcp::endpoint>;

// A text of another program as one line: the last that is not empty, printable, at most 300 bytes.
std::string one_line(std::string_view text);

bool on_this_machine(const RemoteUrl& url);
// Null without TLS. Throws Error for certificates that cannot be read.
std::unique_ptr<link_net::ssl::context> tls_for(const RemoteOptions& options, const RemoteUrl& url);
// Throws Error for a token that others on the network could read.
void require_private_token(const RemoteOptions& options, const RemoteUrl& url);

// Calls of a link to its owner. After the link was dropped there are none.
struct LinkEvents {
  std::function<void()> connected;  // TCP
  std::function<void()> opened;
  std::function<void()> heard;  // any sign of life
  std::function<void(std::span<const uint8_t> message, bool binary)> received;
  std::function<void()> written;
  std::function<void(const std::string& why, bool refused)> ended;
};

class AnyLink {
 public:
  virtual ~AnyLink() = default;
  virtual void connect(const Endpoints& endpoints) = 0;
  // One at a time, until written().
  virtual void send(std::string message, bool binary) = 0;
  virtual void ping() = 0;
  virtual void drop() = 0;  // ends it at once, without further events
};

// `Stream`: beast::tcp_stream, or that inside beast::ssl_stream.
template <class Stream>
class Link final : public AnyLink, public std::enable_shared_from_this<Link<Stream>> {
 public:
  template <class... Arguments>
  Link(const RemoteOptions& options, const RemoteUrl& url, LinkEvents events,
       Arguments&&... arguments)
      : options_(options),
        url_(url),
        events_(std::move(events)),
        socket_(std::forward<Arguments>(arguments)...) {}

  void connect(const Endpoints& endpoints) override {
    lowest().async_connect(
        endpoints, [self = self()](LinkError error, const link_net::ip::tcp::endpoint&) {
          if (error) return self->end(error.message());
          LinkError ignored;
          self->lowest().socket().set_option(link_net::ip::tcp::no_delay(true), ignored);
          self->tell(self->events_.connected);
          self->secure();
        });
  }

  void send(std::string message, bool binary) override {
    outgoing_ = std::move(message);
    socket_.binary(binary);
    socket_.async_write(link_net::buffer(outgoing_), [self = self()](LinkError error, size_t) {
      if (error) return self->end(error.message());
      self->outgoing_.clear();
      self->tell(self->events_.written);
    });
  }

  void ping() override {
    socket_.async_ping({}, [self = self()](LinkError) {});
  }

  void drop() override {
    dropped_ = true;
    LinkError ignored;
    lowest().socket().close(ignored);
  }

 private:
  static constexpr bool kTls = !std::is_same_v<Stream, link_beast::tcp_stream>;
  static constexpr size_t kReadBytes = size_t{256} << 10;  // at once

  std::shared_ptr<Link> self() { return this->shared_from_this(); }
  link_beast::tcp_stream& lowest() { return link_beast::get_lowest_layer(socket_); }

  void tell(const std::function<void()>& event) {
    if (!dropped_) event();
  }
  void end(const std::string& why, bool refused = false) {
    if (!dropped_) events_.ended(why, refused);
  }

  void secure() {
    if (dropped_) return;
    if constexpr (kTls) {
      SSL* ssl = socket_.next_layer().native_handle();
      LinkError not_an_address;
      link_net::ip::make_address(url_.host, not_an_address);
      if (not_an_address) {
        SSL_set_tlsext_host_name(ssl, url_.host.c_str());
        SSL_set1_host(ssl, url_.host.c_str());
      } else {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), url_.host.c_str());
      }
      socket_.next_layer().async_handshake(
          link_net::ssl::stream_base::client, [self = self()](LinkError error) {
            if (!error) return self->upgrade();
            const long verdict = SSL_get_verify_result(self->socket_.next_layer().native_handle());
            if (verdict == X509_V_OK) return self->end("TLS: " + error.message());
            self->end(std::string("its certificate is refused: ") +
                          X509_verify_cert_error_string(verdict),
                      true);
          });
    } else {
      upgrade();
    }
  }

  void upgrade() {
    if (dropped_) return;
    socket_.set_option(
        link_ws::stream_base::decorator([token = options_.token](link_ws::request_type& request) {
          if (!token.empty()) request.set(link_http::field::authorization, "Api-Key " + token);
        }));
    socket_.read_message_max(options_.max_message_bytes);
    socket_.auto_fragment(false);
    socket_.control_callback(
        [this](link_ws::frame_type, link_beast::string_view) { tell(events_.heard); });
    const bool bare = url_.host.find(':') != std::string::npos;  // an IPv6 address
    const std::string host = bare ? "[" + url_.host + "]" : url_.host;
    socket_.async_handshake(response_, host + ":" + std::to_string(url_.port), url_.target,
                            [self = self()](LinkError error) { self->on_upgraded(error); });
  }

  void on_upgraded(LinkError error) {
    if (error == link_ws::error::upgrade_declined) {
      const std::string body = one_line(response_.body());
      return end("the server refuses: " + std::to_string(response_.result_int()) +
                     (body.empty() ? "" : ", " + body),
                 true);
    }
    if (error) return end("it is no websocket: " + error.message());
    tell(events_.opened);
    read();
  }

  // A read is always under way, because it also answers pings.
  void read() {
    if (dropped_) return;
    socket_.async_read_some(buffer_, kReadBytes,
                            [self = self()](LinkError error, size_t) { self->on_read(error); });
  }

  void on_read(LinkError error) {
    if (error == link_ws::error::closed) {
      const std::string reason =
          one_line({socket_.reason().reason.data(), socket_.reason().reason.size()});
      return end("the server closed the connection" + (reason.empty() ? "" : ": " + reason));
    }
    if (error == link_ws::error::message_too_big) {
      return end("a message of more than " + std::to_string(options_.max_message_bytes) + " bytes");
    }
    if (error) return end("the connection ended: " + error.message());
    tell(events_.heard);
    if (dropped_ || !socket_.is_message_done()) return read();
    const auto* bytes = static_cast<const uint8_t*>(buffer_.data().data());
    events_.received({bytes, buffer_.size()}, socket_.got_binary());
    buffer_.consume(buffer_.size());
    read();
  }

  const RemoteOptions& options_;
  const RemoteUrl& url_;
  LinkEvents events_;
  link_ws::stream<Stream> socket_;
  link_ws::response_type response_;
  link_beast::flat_buffer buffer_;
  std::string outgoing_;
  bool dropped_ = false;
};

}  // namespace gyre::serve::internal
