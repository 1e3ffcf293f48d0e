#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gyre/serve/client.h"
#include "gyre/serve/server.h"
#include "gyre/serve/testing.h"

// Shared by the tests of this folder and of gyre/run.
namespace gyre::serve {

// A server of FakeEngine on a port of this machine, on a thread of its own. Port 8000, the default,
// stands for a free one.
struct Running {
  explicit Running(double milliseconds = 0, ServerOptions options = {},
                   ServiceOptions how = {.workers = 2, .batch = 1})
      : engine(std::make_shared<FakeEngine>(milliseconds)),
        service(std::make_shared<PolicyTable>(
                    std::vector<std::filesystem::path>{"x/nano"}, std::vector<Canary>{}, "",
                    [this](const std::filesystem::path&) { return next ? next : engine; }),
                how, {&metrics}),
        server(service, metrics, with_free_port(std::move(options))),
        thread([this] { server.run(); }) {}
  ~Running() {
    engine->open();
    server.stop();
    thread.join();
  }
  static ServerOptions with_free_port(ServerOptions options) {
    if (options.port == ServerOptions{}.port) options.port = 0;
    return options;
  }
  std::unique_ptr<Client> connect(const std::string& target = "/") {
    return std::make_unique<Client>("127.0.0.1", server.port(), target);
  }
  const Embodiment& contract() const {
    return engine->checkpoint().embodiments.at("a/joint").contract;
  }
  std::string request(int64_t id, bool ours, double deadline_ms = 0) const {
    return write_request(small_request(contract(), id, "open the drawer"), contract(), deadline_ms,
                         ours);
  }

  std::shared_ptr<FakeEngine> engine, next;
  Metrics metrics;
  Service service;
  Server server;
  std::thread thread;
};

}  // namespace gyre::serve
