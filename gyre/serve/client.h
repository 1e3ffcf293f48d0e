#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gyre::serve {

// A blocking websocket client of the protocol, for tests and tools on this machine.
class Client {
 public:
  struct Message {
    std::string bytes;
    bool binary = false;
  };

  // Connects and reads the metadata, if the server `greets`. Throws Error where the server refuses.
  Client(const std::string& host, uint16_t port, const std::string& target = "/",
         const std::vector<std::pair<std::string, std::string>>& headers = {}, bool greets = true);
  ~Client();

  const std::string& metadata() const { return metadata_; }
  void send(const std::string& message, bool binary = true);
  Message receive();  // throws Error when the connection has ended
  void ping();        // the next receive() takes the pong
  int pongs() const;  // received so far

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::string metadata_;
};

struct HttpReply {
  int status = 0;
  std::string body;
  std::string cookie;  // the header Set-Cookie
};
// One HTTP request and its reply. Throws Error.
HttpReply http_request(const std::string& host, uint16_t port, const std::string& method,
                       const std::string& target,
                       const std::vector<std::pair<std::string, std::string>>& headers = {},
                       const std::string& body = "");

}  // namespace gyre::serve
