#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "gyre/robot/fake/bus.h"

namespace gyre::fake {

// A fake bus behind a pseudo-terminal, so that a program drives it as it drives a serial port. A
// link with a name that stays leads to it. The bus runs on a thread of its own.
class Port {
 public:
  // `link`: where the port is to be found; replaced where it is a link. Throws Error.
  Port(Bus& bus, std::filesystem::path link);
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  std::string path() const { return link_.string(); }
  void unplug();  // the master's end closes, and the link goes
  void plug();    // a new pseudo-terminal behind the same link
  bool plugged() const;

  // Looks at the bus, or changes it, while nothing happens on it.
  void with_bus(const std::function<void(Bus&)>& act);

 private:
  void open();
  void close();
  void work();
  void serve();

  Bus& bus_;
  std::filesystem::path link_;
  int wake_ = -1;
  mutable std::mutex mutex_;  // of the bus and of master_
  int master_ = -1;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace gyre::fake
