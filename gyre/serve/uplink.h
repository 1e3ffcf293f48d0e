#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "gyre/serve/remote.h"

namespace gyre::serve {

// The messages of an Uplink, which it does not understand itself. All calls come from its thread.
class UplinkTalk {
 public:
  virtual ~UplinkTalk() = default;
  // The first message of a new connection, as text.
  virtual std::string greeting() = 0;
  // A message of text from the other side. Throws Error, which ends the connection and refuses the
  // other side for a while.
  virtual void take(std::string_view message) = 0;
  // The connection has ended, or there came none. `refused`: the other side will not have this
  // program. `why` is one line.
  virtual void lost(const std::string& why, bool refused) = 0;
};

// A websocket to a server that is sent a stream of messages, plain or TLS, on a thread of its own.
// It connects by itself, again and again. send() never waits: what the other side does not take in
// time is dropped. Pings are answered.
class Uplink {
 public:
  static constexpr size_t kBehindBytes = size_t{256} << 10;  // more waits: what may be dropped, is
  static constexpr size_t kMostBytes = size_t{4} << 20;      // more waits: everything is dropped

  // Of `options` those about questions and answers mean nothing here. `talk` must outlive it.
  // Throws Error for an address, token or certificate file that will not do; that nobody listens is
  // no error.
  Uplink(const RemoteOptions& options, UplinkTalk& talk);
  ~Uplink();
  void begin();  // once: connects

  // Any thread, also the uplink's. Without a connection the message is dropped.
  void send(std::string message, bool binary, bool may_drop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::serve
