#include "console_flags.h"

#include <fmt/format.h>

namespace gyre::apps {

void add_console_flag(CLI::App& verb, ConsoleFlags& flags) {
  verb.add_option("--console", flags.port,
                  "a page on this machine to watch and help, on port 8080 or PORT; 0: a free one")
      ->expected(0, 1)
      ->default_str("8080")
      ->check(CLI::Range(0, 65535))
      ->type_name("[PORT]");
}

ConsoleServer::ConsoleServer(const ConsoleFlags& flags)
    : listener_({.port = static_cast<uint16_t>(flags.port)}, metrics_) {
  listener_.add(site_);
}

std::string ConsoleServer::begin() {
  listener_.add(no_runs_);
  thread_ = std::thread([this] { listener_.run(); });
  return fmt::format("http://127.0.0.1:{}", listener_.port());
}

ConsoleServer::~ConsoleServer() {
  if (!thread_.joinable()) return;
  listener_.stop();
  thread_.join();
}

}  // namespace gyre::apps
