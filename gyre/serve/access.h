#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// The rules of who may ask what, without sockets.
namespace gyre::serve {

enum class Role : uint8_t {
  kNone,
  kWatch,  // metadata and metrics
  kDrive,  // also chunks, and the swap of a policy
};

// The tokens of a server. They are kept as hashes and compared in constant time.
class Tokens {
 public:
  // A file of lines "drive TOKEN" or "watch TOKEN"; empty lines and lines from # on are left out.
  // Throws Error naming file and line, also for tokens of fewer than 16 characters and a file
  // without any.
  static Tokens read(const std::filesystem::path& file);

  bool empty() const { return rows_.empty(); }
  // The header "Authorization: Bearer TOKEN" or "Api-Key TOKEN". Without tokens everybody
  // drives.
  Role role_of(std::string_view authorization) const;

 private:
  using Digest = std::array<uint8_t, 32>;
  struct Row {
    Digest digest;
    Role role;
  };
  std::vector<Row> rows_;
};

// The head of a HTTP request, as far as it matters.
struct Head {
  std::string_view method, target, host, origin, authorization;
  bool upgrade = false;  // to a websocket
  bool from_loopback = false;
};

// The role of somebody who asks, or the reason why it is not let in.
struct Admission {
  Role role = Role::kNone;
  int status = 0;    // 0: let in
  std::string text;  // one line, where it is not
};

// A browser's page of another origin is refused; one of the same origin only where the host is this
// machine's own name or a token is asked for, because a foreign name may be made to point here.
Admission admit(const Head& head, const Tokens& tokens);

// The value of `key` in a target's query, decoded; "" without one.
std::string query_value(std::string_view target, std::string_view key);

// True if text is an IP address of this machine alone. Throws Error where it is no address.
bool is_loopback(const std::string& address);

}  // namespace gyre::serve
