#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "gyre/console/console_link.h"
#include "gyre/console/console_site.h"
#include "gyre/console/flywheel_site.h"
#include "gyre/serve/lan.h"
#include "gyre/serve/listener.h"
#include "gyre/serve/metrics.h"

namespace gyre::apps {

// The place where people see and help: a console of this program, or another program's that it
// joins.
struct ConsoleFlags {
  std::string where;  // "": nowhere; a port, 0 for a free one; http[s]://HOST:PORT of a console
  serve::ListenerOptions listener = {.listen = "", .port = 8080};  // listen "": this machine alone
  bool lan = false;
  std::filesystem::path ca_file;  // to join by https
  std::string name;               // to join: the robot's, for people; "": its own

  bool given() const { return !where.empty(); }
  bool joins() const { return where.find("://") != std::string::npos; }
};

// --console, --console=PORT or --console=URL, and what belongs to it.
void add_console_flag(CLI::App& verb, ConsoleFlags& flags);
// --port and the flags of a listener, of a verb that is always a console.
void add_console_server_flags(CLI::App& verb, ConsoleFlags& flags);
// --listen, --tls-cert, --tls-key, --token-file and --lan. `prefix`: "" or "console-".
void add_access_flags(CLI::App& verb, serve::ListenerOptions& listener, bool& lan,
                      const std::string& prefix);

// Takes --lan into the options: all addresses, this machine's own certificate and tokens where no
// others are given. Throws Error.
std::optional<serve::LanIdentity> take_lan(serve::ListenerOptions& listener, bool lan);
// The way to reach a listener: its address, and with --lan what others on the network need, in
// lines.
std::string address_of(const serve::ListenerOptions& listener, uint16_t port);
std::string invitation(const serve::LanIdentity& lan, uint16_t port, bool colours);

// A console as a robot's program sees it. Sinks must be out of use before it ends.
class Console {
 public:
  virtual ~Console() = default;
  // As console::ConsoleSite::add_robot(); of a console that was joined once.
  virtual run::TapeSink& add_robot(const std::string& name, const std::string& policy,
                                   const Embodiment& contract, run::Operator& operations,
                                   const console::RobotExtras& extras = {}) = 0;
  // After the robots were added. Prints on standard error where it is.
  virtual void begin() = 0;
};
// Throws Error for flags that will not do, a port that is taken, and a console that refuses. A
// console of this program also answers for `beside`, which must outlive it; null: nothing.
std::unique_ptr<Console> open_console(const ConsoleFlags& flags, serve::Site* beside = nullptr);

// A console of this program, on a thread of its own.
class ConsoleServer : public Console {
 public:
  // Throws Error for a port that is taken, and as take_lan() and serve::Listener do.
  explicit ConsoleServer(const ConsoleFlags& flags);
  ~ConsoleServer() override;
  run::TapeSink& add_robot(const std::string& name, const std::string& policy,
                           const Embodiment& contract, run::Operator& operations,
                           const console::RobotExtras& extras = {}) override {
    return site_.add_robot(name, policy, contract, operations, extras);
  }
  void begin() override;
  console::ConsoleSite& site() { return site_; }
  void add(serve::Site& site) { listener_.add(site); }  // before it begins; must outlive this
  std::string begin_quietly();                          // the page's address
  // Lines for people, of which a terminal shows a QR code; "" without --lan.
  std::string invitation() const;

 private:
  serve::Metrics metrics_;
  console::ConsoleSite site_;
  serve::ListenerOptions options_;
  std::optional<serve::LanIdentity> lan_;
  console::FlywheelSite no_runs_{{}};  // for a console without a folder of runs
  serve::Listener listener_;
  std::thread thread_;
};

}  // namespace gyre::apps
