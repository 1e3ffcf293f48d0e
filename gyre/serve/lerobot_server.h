#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "gyre/serve/service.h"

namespace gyre::serve {

struct LerobotOptions {
  uint16_t port =
      8080;            // of 127.0.0.1: LeRobot's client knows neither TLS nor tokens; 0: a free one
  std::string policy;  // its name
  double wait_s = 2;   // for an observation, before an empty answer
  size_t max_payload_bytes = size_t{16} << 20;  // of one observation, all pieces together
};

// LeRobot's gRPC service "async inference" (up to 0.6): /transport.AsyncInference/.... Pickles are
// read as data; nothing that a client sends is ever called.
class LerobotServer {
 public:
  // `service` must outlive it. Throws Error where the port is taken, and where this program was
  // built without gRPC.
  LerobotServer(Service& service, const LerobotOptions& options);
  ~LerobotServer();  // ends all calls
  uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::serve
