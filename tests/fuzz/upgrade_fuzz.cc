#include <boost/asio/buffer.hpp>

#include "gyre/serve/gate.h"
#include "gyre/serve/http_head.h"
#include "gyre/serve/login.h"
#include "gyre/serve/policy_site.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

// The first bytes of a connection, parsed and routed as the server does.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace http = boost::beast::http;
  http::request_parser<http::string_body> parser;
  serve::limit(parser);
  parser.eager(true);
  boost::system::error_code error;
  size_t at = 0;
  while (!error && !parser.is_done() && at < size) {
    const size_t used = parser.put(boost::asio::buffer(data + at, size - at), error);
    if (used == 0) break;
    at += used;
  }
  if (error || !parser.is_done()) return 0;
  for (const bool loopback : {false, true}) {
    const serve::Head head = serve::head_of(parser.get(), loopback);
    serve::Gate gate{serve::Tokens()};
    const serve::HttpRequest request{.head = head, .body = parser.get().body()};
    static_cast<void>(serve::answer_login(gate, request, true, {}));
    const serve::Admission admission = gate.admit(head, {});
    if (admission.status != 0) continue;
    // A page of another origin never gets further than a health check.
    if (head.origin.find("evil") != std::string_view::npos) __builtin_trap();
    const serve::PolicyRoute way = serve::policy_route(head, admission.who.role, {"nano", "other"});
    if (way.kind == serve::PolicyRoute::Kind::kSwap && !loopback) __builtin_trap();
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const std::string upgrade =
      "Host: 127.0.0.1:8000\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  return {
      "GET / HTTP/1.1\r\n" + upgrade + "\r\n",
      "GET /?policy=other HTTP/1.1\r\n" + upgrade + "Origin: http://evil.example\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "POST /policies/nano/swap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
      "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Cookie: a=b; gyre=0123\r\nContent-Length: 28\r\n\r\n{\"token\": \"0123456789abcdef\"}",
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer 0123456789abcdef\r\n\r\n"};
}
