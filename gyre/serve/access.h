#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// The rules of who may ask what, without sockets.
namespace gyre::serve {

// People: watch, help and admin, each with all of the one before. Robots and their programs: drive,
// with all of watch. An admin may do everything.
enum class Role : uint8_t { kNone, kWatch, kHelp, kDrive, kAdmin };

constexpr bool may_watch(Role role) { return role != Role::kNone; }  // see, ask for metrics
// Orders, control by hand, words, verdicts, labels.
constexpr bool may_help(Role role) { return role == Role::kHelp || role == Role::kAdmin; }
// Chunks of a policy, the swap of one, joining a console.
constexpr bool may_drive(Role role) { return role == Role::kDrive || role == Role::kAdmin; }
// Policies in use, turns.
constexpr bool may_administer(Role role) { return role == Role::kAdmin; }

std::string_view role_name(Role role);  // "watch", ...

// A role, and the name of the person or program that has it; "" where nobody gave one.
struct Identity {
  Role role = Role::kNone;
  std::string name;
  bool operator==(const Identity&) const = default;
};

using Digest = std::array<uint8_t, 32>;
Digest digest_of(std::string_view text);  // SHA-256

// The tokens of a server. They are kept as hashes and compared in constant time.
class Tokens {
 public:
  // A file of lines "ROLE TOKEN" or "ROLE TOKEN NAME"; empty lines and lines from # on are left
  // out. Throws Error naming file and line, also for tokens of fewer than 16 characters, for one
  // that is there twice, and for a file without any.
  static Tokens read(const std::filesystem::path& file);

  bool empty() const { return rows_.empty(); }
  // Role::kNone for a token that is not here.
  Identity identity_of(const Digest& token) const;

 private:
  struct Row {
    Digest digest;
    Identity identity;
  };
  std::vector<Row> rows_;
};

// The head of a HTTP request, as far as it matters.
struct Head {
  std::string_view method, target, host, origin, authorization;
  bool upgrade = false;  // to a websocket
  bool from_loopback = false;
  std::string_view cookie, content_type, accept, fetch_site, fetch_mode;
  std::string peer;  // the address that it comes from; of IPv6 the network's part
};

// The token of "Authorization: Bearer TOKEN" or "Api-Key TOKEN"; "" without one.
std::string_view token_of(std::string_view authorization);
// The value of a cookie; "" without it.
std::string_view cookie_value(std::string_view cookies, std::string_view name);

// A reason why a request is not answered, whoever asks; `status` 0: there is none.
//
// Browsers are held to their own pages. A request of a page of another origin is refused; without
// tokens so is one under a name that is not this machine's, because a foreign name may be made to
// point here. A POST that a browser may have sent is JSON, which no form can be.
struct Objection {
  int status = 0;
  std::string text;  // one line
};
Objection objection_to(const Head& head, bool with_tokens);

// The value of `key` in a target's query, decoded; "" without one.
std::string query_value(std::string_view target, std::string_view key);

// True if text is an IP address of this machine alone. Throws Error where it is no address.
bool is_loopback(const std::string& address);

}  // namespace gyre::serve
