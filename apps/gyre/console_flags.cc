#include "console_flags.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <sstream>
#include <utility>

#include "gyre/console/qr_code.h"
#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::apps {
namespace {

constexpr const char* kLoopback = "127.0.0.1";
constexpr double kWelcomeSeconds = 5;  // to wait for a console's first answer
const std::string kConsoleGroup = "Console";

serve::ListenerOptions listener_of(const ConsoleFlags& flags) {
  serve::ListenerOptions options = flags.listener;
  if (flags.given()) {
    const char* end = flags.where.data() + flags.where.size();
    const auto [read, error] = std::from_chars(flags.where.data(), end, options.port);
    if (error != std::errc() || read != end) console::join_address(flags.where);  // says why
  }
  return options;
}

// The token that a robot joins with: the first for drive in a file of roles, else the first word.
std::string join_token(const std::filesystem::path& file) {
  if (file.empty()) return "";
  std::string token = serve::first_token(file, serve::Role::kDrive);
  if (!token.empty()) return token;
  std::istringstream words(io::read_text(file));
  if (!(words >> token)) throw Error(file.string(), "holds no token", "write it on the first line");
  return token;
}

// Another program's console.
class JoinedConsole : public Console {
 public:
  explicit JoinedConsole(const ConsoleFlags& flags)
      : url_(flags.where),
        name_(flags.name),
        link_({.url = flags.where,
               .token = join_token(flags.listener.token_file),
               .ca_file = flags.ca_file},
              [](const std::string& line) { fmt::print(stderr, "\n{}\n", line); }) {}

  run::TapeSink& add_robot(const std::string& name, const std::string& policy,
                           const Embodiment& contract, run::Operator& operations,
                           const console::RobotExtras& extras) override {
    return link_.add_robot(name_.empty() ? name : name_, policy, contract, operations, extras);
  }
  void begin() override {
    link_.begin(kWelcomeSeconds);
    const std::string trouble = link_.trouble();
    if (trouble.empty()) {
      fmt::print(stderr, "console at {}, as '{}'\n", url_, link_.name());
    } else {
      fmt::print(stderr, "console at {}: {}; trying on\n", url_, trouble);
    }
  }

 private:
  std::string url_, name_;
  console::ConsoleLink link_;
};

void require_server_flags(const ConsoleFlags& flags) {
  const bool serves = flags.lan || !flags.listener.listen.empty() ||
                      !flags.listener.tls_cert.empty() || !flags.listener.tls_key.empty();
  if (!serves) return;
  throw Error("--console " + flags.where, "another program's console has its address already",
              "leave out --lan, --console-listen and --console-tls-*, or give a port");
}

}  // namespace

void add_access_flags(CLI::App& verb, serve::ListenerOptions& listener, bool& lan,
                      const std::string& prefix) {
  const std::string group = prefix.empty() ? "Options" : kConsoleGroup;
  verb.add_option("--" + prefix + "listen", listener.listen,
                  "IP address; others than this machine's own need TLS and tokens")
      ->type_name("ADDRESS")
      ->default_str(kLoopback)
      ->group(group);
  verb.add_option("--" + prefix + "tls-cert", listener.tls_cert, "certificate chain, PEM")
      ->type_name("FILE")
      ->group(group);
  verb.add_option("--" + prefix + "tls-key", listener.tls_key, "its private key, PEM")
      ->type_name("FILE")
      ->group(group);
  verb.add_option(
          "--" + prefix + "token-file", listener.token_file,
          "lines 'ROLE TOKEN [NAME]', ROLE watch, help, admin or drive; without it everybody "
          "may do everything")
      ->type_name("FILE")
      ->group(group);
  verb.add_flag(
          "--lan", lan,
          "others on this network may look and help: makes a certificate and tokens, and shows "
          "a QR code")
      ->group(group);
}

void add_console_flag(CLI::App& verb, ConsoleFlags& flags) {
  CLI::Option* where =
      verb.add_option(
              "--console", flags.where,
              "a page to watch and help, on port 8080 or PORT (0: a free one) of this machine; "
              "or join the console at http[s]://HOST:PORT")
          ->expected(0, 1)
          ->default_str("8080")
          ->type_name("[PORT|URL]")
          ->group(kConsoleGroup);
  add_access_flags(verb, flags.listener, flags.lan, "console-");
  verb.get_option("--console-token-file")
      ->description(
          "to join: the token, or a file of roles; else lines 'ROLE TOKEN [NAME]', ROLE "
          "watch, help, admin or drive");
  verb.add_option("--console-ca", flags.ca_file,
                  "to join: PEM, trusted for https instead of the system's")
      ->type_name("FILE")
      ->group(kConsoleGroup);
  verb.add_option("--console-name", flags.name, "to join: the robot's name for people")
      ->type_name("NAME")
      ->group(kConsoleGroup);
  for (const char* name : {"--console-listen", "--console-tls-cert", "--console-tls-key",
                           "--console-token-file", "--lan", "--console-ca", "--console-name"}) {
    verb.get_option(name)->needs(where);
  }
}

void add_console_server_flags(CLI::App& verb, ConsoleFlags& flags) {
  verb.add_option("--port", flags.listener.port, "0: a free one")
      ->check(CLI::Range(0, 65535))
      ->type_name("N");
  add_access_flags(verb, flags.listener, flags.lan, "");
}

std::optional<serve::LanIdentity> take_lan(serve::ListenerOptions& listener, bool lan) {
  if (!lan) {
    if (listener.listen.empty()) listener.listen = kLoopback;
    return {};
  }
  if (listener.listen.empty()) listener.listen = "0.0.0.0";
  serve::LanIdentity identity = serve::lan_identity(
      serve::config_folder(), serve::names_of_this_machine(serve::lan_addresses()));
  if (listener.tls_cert.empty() && listener.tls_key.empty()) {
    listener.tls_cert = identity.certificate;
    listener.tls_key = identity.key;
  } else {
    identity.certificate = listener.tls_cert;
    identity.fingerprint.clear();
  }
  if (listener.token_file.empty()) {
    listener.token_file = identity.token_file;
  } else {
    identity.token_file = listener.token_file;
    for (auto& [role, token] : identity.tokens) {
      token = serve::first_token(listener.token_file, role);
    }
  }
  return identity;
}

std::string address_of(const serve::ListenerOptions& listener, uint16_t port) {
  const bool all = listener.listen == "0.0.0.0" || listener.listen == "::";
  std::string host = all ? kLoopback : listener.listen;
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return fmt::format("{}://{}:{}", listener.tls_cert.empty() ? "http" : "https", host, port);
}

std::string invitation(const serve::LanIdentity& lan, uint16_t port, bool colours) {
  std::vector<std::string> hosts = serve::lan_addresses();
  if (hosts.empty()) hosts = {serve::names_of_this_machine({}).front()};
  std::string text;
  for (const std::string& host : hosts) {
    text += fmt::format("  from this network: https://{}:{}\n", host, port);
  }
  if (!lan.fingerprint.empty()) {
    text += fmt::format(
        "  the browser warns of the certificate, which this machine signed itself; compare its "
        "SHA-256:\n  {}\n",
        lan.fingerprint);
  }
  text += fmt::format("  tokens to watch, help, administer and for robots: {}\n",
                      lan.token_file.string());
  const auto help = lan.tokens.find(serve::Role::kHelp);
  if (help == lan.tokens.end() || help->second.empty()) return text;
  return text + "  whoever has this code may help:\n" +
         console::qr_code(fmt::format("https://{}:{}/#token={}", hosts.front(), port, help->second),
                          colours);
}

std::unique_ptr<Console> open_console(const ConsoleFlags& flags, serve::Site* beside) {
  if (!flags.joins()) {
    auto server = std::make_unique<ConsoleServer>(flags);
    if (beside != nullptr) server->add(*beside);
    return server;
  }
  require_server_flags(flags);
  return std::make_unique<JoinedConsole>(flags);
}

ConsoleServer::ConsoleServer(const ConsoleFlags& flags)
    : options_(listener_of(flags)),
      lan_(take_lan(options_, flags.lan)),
      listener_(options_, metrics_) {
  listener_.add(site_);
}

std::string ConsoleServer::begin_quietly() {
  listener_.add(no_runs_);
  thread_ = std::thread([this] { listener_.run(); });
  return address_of(options_, listener_.port());
}

std::string ConsoleServer::invitation() const {
  if (!lan_) return "";
  return apps::invitation(*lan_, listener_.port(), isatty(STDERR_FILENO) != 0);
}

void ConsoleServer::begin() {
  fmt::print(stderr, "console at {}\n{}", begin_quietly(), invitation());
}

ConsoleServer::~ConsoleServer() {
  if (!thread_.joinable()) return;
  listener_.stop();
  thread_.join();
}

}  // namespace gyre::apps
