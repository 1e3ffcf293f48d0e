#include "gyre/serve/link.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <type_traits>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/utf8.h"
#include "gyre/serve/access.h"

namespace gyre::serve::internal {
namespace {

namespace link_net = boost::asio;
namespace link_beast = boost::beast;
namespace link_http = boost::beast::http;
namespace link_ws = boost::beast::websocket;
using LinkError = boost::beast::error_code;
using Endpoints = std::vector<link_net::ip::tcp::endpoint>;

// `Stream`: beast::tcp_stream, or that inside beast::ssl_stream.
template <class Stream>
class WebsocketLink final : public Link,
                            public std::enable_shared_from_this<WebsocketLink<Stream>> {
 public:
  template <class... Arguments>
  WebsocketLink(link_net::io_context& context, const RemoteOptions& options, const RemoteUrl& url,
                LinkEvents events, Arguments&&... arguments)
      : options_(options),
        url_(url),
        events_(std::move(events)),
        resolver_(context),
        socket_(std::forward<Arguments>(arguments)...) {}

  void dial() {
    LinkError not_an_address;
    const auto address = link_net::ip::make_address(url_.host, not_an_address);
    if (!not_an_address) return connect({{address, url_.port}});
    resolver_.async_resolve(
        url_.host, std::to_string(url_.port), link_net::ip::tcp::resolver::numeric_service,
        [self = self()](LinkError error, const link_net::ip::tcp::resolver::results_type& found) {
          if (self->dropped_) return;
          if (error) return self->end(error.message());
          Endpoints endpoints;
          for (const auto& entry : found) endpoints.push_back(entry.endpoint());
          self->connect(endpoints);
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
    resolver_.cancel();
    LinkError ignored;
    lowest().socket().close(ignored);
  }

 private:
  static constexpr bool kTls = !std::is_same_v<Stream, link_beast::tcp_stream>;
  static constexpr size_t kReadBytes = size_t{256} << 10;  // at once

  std::shared_ptr<WebsocketLink> self() { return this->shared_from_this(); }
  link_beast::tcp_stream& lowest() { return link_beast::get_lowest_layer(socket_); }

  void tell(const std::function<void()>& event) {
    if (!dropped_) event();
  }
  void end(const std::string& why, bool refused = false) {
    if (!dropped_) events_.ended(why, refused);
  }

  void connect(const Endpoints& endpoints) {
    lowest().async_connect(
        endpoints, [self = self()](LinkError error, const link_net::ip::tcp::endpoint&) {
          if (error) return self->end(error.message());
          LinkError ignored;
          self->lowest().socket().set_option(link_net::ip::tcp::no_delay(true), ignored);
          self->tell(self->events_.connected);
          self->secure();
        });
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
  link_net::ip::tcp::resolver resolver_;
  link_ws::stream<Stream> socket_;
  link_ws::response_type response_;
  link_beast::flat_buffer buffer_;
  std::string outgoing_;
  bool dropped_ = false;
};

}  // namespace

bool on_this_machine(const RemoteUrl& url) {
  LinkError not_an_address;
  link_net::ip::make_address(url.host, not_an_address);
  return not_an_address ? url.host == "localhost" : is_loopback(url.host);
}

std::unique_ptr<link_net::ssl::context> tls_for(const RemoteOptions& options,
                                                const RemoteUrl& url) {
  if (!url.tls) {
    if (options.ca_file.empty()) return nullptr;
    throw Error(options.url, "certificates are for wss:// alone", "leave them out, or use wss://");
  }
  using Ssl = link_net::ssl::context;
  auto context = std::make_unique<Ssl>(Ssl::tls_client);
  context->set_options(Ssl::default_workarounds | Ssl::no_tlsv1 | Ssl::no_tlsv1_1);
  context->set_verify_mode(link_net::ssl::verify_peer);
  LinkError error;
  if (options.ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(options.ca_file.string(), error);
  }
  if (error) throw Error(options.ca_file.string(), error.message(), "give certificates in PEM");
  return context;
}

void require_private_token(const RemoteOptions& options, const RemoteUrl& url) {
  if (options.token.empty() || url.tls || on_this_machine(url)) return;
  throw Error(options.url, "others on the network could read the token",
              "use TLS (wss:// or https://), or give no token");
}

std::string one_line(std::string_view text) {
  constexpr size_t kMost = 300;
  const auto space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  const size_t line = text.find_last_of("\r\n");
  if (line != std::string_view::npos) text.remove_prefix(line + 1);
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  text = text.substr(0, kMost);
  std::string words(text);
  for (char& c : words) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  }
  try {
    from_utf8(words);
  } catch (const Error&) {  // or it was cut within a character
    for (char& c : words) {
      if (static_cast<unsigned char>(c) > 0x7e) c = '?';
    }
  }
  return words;
}

std::shared_ptr<Link> dial(link_net::io_context& context, const RemoteOptions& options,
                           const RemoteUrl& url, link_net::ssl::context* tls, LinkEvents events) {
  using Tcp = link_beast::tcp_stream;
  if (tls == nullptr) {
    auto link =
        std::make_shared<WebsocketLink<Tcp>>(context, options, url, std::move(events), context);
    link->dial();
    return link;
  }
  auto link = std::make_shared<WebsocketLink<link_beast::ssl_stream<Tcp>>>(
      context, options, url, std::move(events), Tcp(context), *tls);
  link->dial();
  return link;
}

}  // namespace gyre::serve::internal
