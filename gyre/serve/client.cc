#include "gyre/serve/client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "gyre/core/error.h"

namespace gyre::serve {
namespace {

namespace client_http = boost::beast::http;
namespace client_ws = boost::beast::websocket;
using ClientTcp = boost::asio::ip::tcp;

ClientTcp::socket connected(boost::asio::io_context& context, const std::string& host,
                            uint16_t port) {
  ClientTcp::socket socket(context);
  boost::system::error_code error;
  socket.connect({boost::asio::ip::make_address(host), port}, error);
  if (error) {
    throw Error(host + ":" + std::to_string(port), error.message(), "check that a server is there");
  }
  socket.set_option(ClientTcp::no_delay(true));
  return socket;
}

}  // namespace

struct Client::Impl {
  boost::asio::io_context context;
  client_ws::stream<ClientTcp::socket> socket;
  std::string where;
  int pongs = 0;
  explicit Impl(const std::string& host, uint16_t port)
      : socket(connected(context, host, port)), where(host + ":" + std::to_string(port)) {}
};

Client::Client(const std::string& host, uint16_t port, const std::string& target,
               const std::vector<std::pair<std::string, std::string>>& headers, bool greets)
    : impl_(std::make_unique<Impl>(host, port)) {
  impl_->socket.set_option(
      client_ws::stream_base::decorator([&headers](client_ws::request_type& request) {
        for (const auto& [name, value] : headers) request.set(name, value);
      }));
  impl_->socket.control_callback([this](client_ws::frame_type type, boost::beast::string_view) {
    impl_->pongs += type == client_ws::frame_type::pong ? 1 : 0;
  });
  impl_->socket.auto_fragment(false);
  boost::system::error_code error;
  impl_->socket.handshake(host + ":" + std::to_string(port), target, error);
  if (error) throw Error(impl_->where, error.message());
  if (greets) metadata_ = receive().bytes;
}

Client::~Client() = default;

void Client::send(const std::string& message, bool binary) {
  impl_->socket.binary(binary);
  boost::system::error_code error;
  impl_->socket.write(boost::asio::buffer(message), error);
  if (error) throw Error(impl_->where, error.message());
}

Client::Message Client::receive() {
  boost::beast::flat_buffer buffer;
  boost::system::error_code error;
  impl_->socket.read(buffer, error);
  if (error) throw Error(impl_->where, error.message());
  return {boost::beast::buffers_to_string(buffer.data()), impl_->socket.got_binary()};
}

void Client::ping() { impl_->socket.ping({}); }
int Client::pongs() const { return impl_->pongs; }

HttpReply http_request(const std::string& host, uint16_t port, const std::string& method,
                       const std::string& target,
                       const std::vector<std::pair<std::string, std::string>>& headers,
                       const std::string& body) {
  boost::asio::io_context context;
  ClientTcp::socket socket = connected(context, host, port);
  client_http::request<client_http::string_body> request;
  request.version(11);
  request.method_string(method);
  request.target(target);
  request.set(client_http::field::host, host + ":" + std::to_string(port));
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  boost::system::error_code error;
  client_http::write(socket, request, error);
  boost::beast::flat_buffer buffer;
  client_http::response<client_http::string_body> response;
  if (!error) client_http::read(socket, buffer, response, error);
  if (error) throw Error(host + ":" + std::to_string(port), error.message());
  return {.status = static_cast<int>(response.result_int()),
          .body = response.body(),
          .cookie = std::string(response[client_http::field::set_cookie])};
}

}  // namespace gyre::serve
