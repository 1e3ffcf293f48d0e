#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gyre/serve/remote.h"

// One connection of a Remote or an Uplink: a websocket of a client, plain or TLS. Boost's templates
// are in link.cc alone.
namespace gyre::serve::internal {

// A text of another program as one line: the last that is not empty, printable, at most 300 bytes.
std::string one_line(std::string_view text);

bool on_this_machine(const RemoteUrl& url);
// Null without TLS. Throws Error for certificates that cannot be read.
std::unique_ptr<boost::asio::ssl::context> tls_for(const RemoteOptions& options,
                                                   const RemoteUrl& url);
// Throws Error for a token that others on the network could read.
void require_private_token(const RemoteOptions& options, const RemoteUrl& url);

// Calls of a link to its owner, on the thread that runs its context. After the link was dropped
// there are none.
struct LinkEvents {
  std::function<void()> connected;  // TCP
  std::function<void()> opened;     // the websocket
  std::function<void()> heard;      // any sign of life
  std::function<void(std::span<const uint8_t> message, bool binary)> received;
  std::function<void()> written;
  std::function<void(const std::string& why, bool refused)> ended;
};

class Link {
 public:
  virtual ~Link() = default;
  // One at a time, until written().
  virtual void send(std::string message, bool binary) = 0;
  virtual void ping() = 0;
  virtual void drop() = 0;  // ends it at once, without further events
};

// Looks the host up and connects. No event comes before this has returned. `options` and `url` must
// outlive the link; `tls` is tls_for()'s.
std::shared_ptr<Link> dial(boost::asio::io_context& context, const RemoteOptions& options,
                           const RemoteUrl& url, boost::asio::ssl::context* tls, LinkEvents events);

}  // namespace gyre::serve::internal
