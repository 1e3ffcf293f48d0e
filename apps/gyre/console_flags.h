#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <thread>

#include "gyre/console/console_site.h"
#include "gyre/console/flywheel_site.h"
#include "gyre/serve/listener.h"
#include "gyre/serve/metrics.h"

namespace gyre::apps {

struct ConsoleFlags {
  int port = -1;  // -1: no console; 0: a free one
};
// --console, or --console=PORT.
void add_console_flag(CLI::App& verb, ConsoleFlags& flags);

// A console on a port of this machine, on a thread of its own. Sinks of its site must be out of
// use before it ends.
class ConsoleServer {
 public:
  // Throws Error for a port that is taken.
  explicit ConsoleServer(const ConsoleFlags& flags);
  ~ConsoleServer();
  console::ConsoleSite& site() { return site_; }
  void add(serve::Site& site) { listener_.add(site); }  // before begin(); must outlive this
  std::string begin();  // after the robots were added; the page's address

 private:
  serve::Metrics metrics_;
  console::ConsoleSite site_;
  console::FlywheelSite no_runs_{{}};  // for a console without a folder of runs
  serve::Listener listener_;
  std::thread thread_;
};

}  // namespace gyre::apps
