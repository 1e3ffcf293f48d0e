#include "gyre/serve/http_post.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <memory>
#include <type_traits>

#include "gyre/core/error.h"
#include "gyre/serve/link.h"

namespace gyre::serve {
namespace {

namespace post_net = boost::asio;
namespace post_beast = boost::beast;
namespace post_http = boost::beast::http;
using PostError = boost::beast::error_code;

constexpr size_t kMostReplyBytes = size_t{64} << 10;

// One exchange. Each step is started and then waited for, so that none outlasts the deadline.
class Exchanged {
 public:
  Exchanged(const RemoteOptions& options, RemoteUrl url, double seconds)
      : options_(options),
        url_(std::move(url)),
        deadline_(std::chrono::steady_clock::now() +
                  std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                      std::chrono::duration<double>(seconds))) {}

  PostReply post(const std::string& target) {
    const auto tls = internal::tls_for(options_, url_);
    if (!tls) {
      post_beast::tcp_stream stream(context_);
      connect(stream);
      return ask(stream, target);
    }
    post_beast::ssl_stream<post_beast::tcp_stream> stream(context_, *tls);
    connect(post_beast::get_lowest_layer(stream));
    require_host(stream.native_handle());
    wait([&](auto done) { stream.async_handshake(post_net::ssl::stream_base::client, done); });
    return ask(stream, target);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(url_.host + ":" + std::to_string(url_.port), why);
  }

  template <class Start>
  void wait(const Start& start) {
    // On the heap: a step that is given up ends with the context.
    const auto result = std::make_shared<std::pair<bool, PostError>>(false, PostError());
    start([result](PostError error, auto&&...) { *result = {true, error}; });
    context_.restart();
    while (!result->first && context_.run_one_until(deadline_) > 0) {
    }
    if (!result->first) fail("no answer in time");
    if (result->second) fail(result->second.message());
  }

  void connect(post_beast::tcp_stream& stream) {
    post_net::ip::tcp::resolver resolver(context_);
    PostError error;
    const auto found = resolver.resolve(url_.host, std::to_string(url_.port),
                                        post_net::ip::tcp::resolver::numeric_service, error);
    if (error) fail(error.message());
    wait([&](auto done) { stream.async_connect(found, done); });
  }

  void require_host(SSL* ssl) const {
    PostError not_an_address;
    post_net::ip::make_address(url_.host, not_an_address);
    if (not_an_address) {
      SSL_set_tlsext_host_name(ssl, url_.host.c_str());
      SSL_set1_host(ssl, url_.host.c_str());
    } else {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), url_.host.c_str());
    }
  }

  template <class Stream>
  PostReply ask(Stream& stream, const std::string& target) {
    post_http::request<post_http::empty_body> request(post_http::verb::post, target, 11);
    request.set(post_http::field::host, url_.host + ":" + std::to_string(url_.port));
    if (!options_.token.empty()) {
      request.set(post_http::field::authorization, "Api-Key " + options_.token);
    }
    request.prepare_payload();
    wait([&](auto done) { post_http::async_write(stream, request, done); });
    post_beast::flat_buffer buffer;
    post_http::response_parser<post_http::string_body> parser;
    parser.body_limit(kMostReplyBytes);
    wait([&](auto done) { post_http::async_read(stream, buffer, parser, done); });
    return {.status = static_cast<int>(parser.get().result_int()), .body = parser.get().body()};
  }

  const RemoteOptions& options_;
  RemoteUrl url_;
  std::chrono::steady_clock::time_point deadline_;
  post_net::io_context context_;
};

}  // namespace

PostReply http_post(const RemoteOptions& options, const std::string& target, double seconds) {
  const RemoteUrl url = parse_remote_url(options.url);
  internal::require_private_token(options, url);
  return Exchanged(options, url, seconds).post(target);
}

}  // namespace gyre::serve
