#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <string>
#include <utility>

#include "gyre/serve/access.h"

namespace gyre::serve {

inline constexpr uint32_t kMostHeadBytes = 8192;
inline constexpr uint64_t kMostBodyBytes = 4096;

// Bounds what a client may send before it is known.
inline void limit(boost::beast::http::request_parser<boost::beast::http::string_body>& parser) {
  parser.header_limit(kMostHeadBytes);
  parser.body_limit(kMostBodyBytes);
}

// The parts that decide on a request. They point into `request`.
inline Head head_of(const boost::beast::http::request<boost::beast::http::string_body>& request,
                    bool from_loopback, std::string peer = "") {
  namespace http = boost::beast::http;
  const auto view = [](boost::beast::string_view text) {
    return std::string_view(text.data(), text.size());
  };
  return {.method = view(request.method_string()),
          .target = view(request.target()),
          .host = view(request[http::field::host]),
          .origin = view(request[http::field::origin]),
          .authorization = view(request[http::field::authorization]),
          .upgrade = boost::beast::websocket::is_upgrade(request),
          .from_loopback = from_loopback,
          .cookie = view(request[http::field::cookie]),
          .content_type = view(request[http::field::content_type]),
          .accept = view(request[http::field::accept]),
          .fetch_site = view(request["Sec-Fetch-Site"]),
          .fetch_mode = view(request["Sec-Fetch-Mode"]),
          .peer = std::move(peer)};
}

}  // namespace gyre::serve
