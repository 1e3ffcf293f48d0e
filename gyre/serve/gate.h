#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gyre/serve/access.h"

namespace gyre::serve {

using GateTime = std::chrono::steady_clock::time_point;

// Counts wrong tokens of each address. One that has sent ten different ones within a minute is
// heard no more until the minute is over. The same wrong token again is no further guess, so that a
// program with an old token stops nobody.
class Guesses {
 public:
  static constexpr size_t kMost = 10, kMostAddresses = 4096;

  bool blocked(const std::string& address, GateTime now);
  void wrong(const std::string& address, const Digest& token, GateTime now);

 private:
  struct Guess {
    GateTime at;
    Digest token;
  };
  static void forget(std::deque<Guess>& guesses, GateTime now);
  std::map<std::string, std::deque<Guess>> by_address_;  // each oldest first
};

// The logins of browsers. A browser holds a random id, this only its hash.
class Sessions {
 public:
  static constexpr std::chrono::hours kLife{12};
  static constexpr size_t kMost = 1024;  // beyond it the one that ends first makes room

  // The new session's id, 64 hexadecimal digits.
  std::string open(const Identity& identity, GateTime now);
  std::optional<Identity> find(const Digest& session, GateTime now) const;
  void close(const Digest& session) { sessions_.erase(session); }

 private:
  struct Session {
    Identity identity;
    GateTime end;
  };
  std::map<Digest, Session> sessions_;
};

// Somebody who asks, or the reason why they are not let in.
struct Admission {
  Identity who;
  std::optional<Digest> session = {};  // of a browser
  int status = 0;                      // 0: let in
  std::string text = {};               // one line, where it is not
};

// Lets requests in by token or by a browser's session; everybody as admin where there are no
// tokens. On the listener's thread alone.
class Gate {
 public:
  explicit Gate(Tokens tokens) : tokens_(std::move(tokens)) {}

  bool open() const { return tokens_.empty(); }  // there are no tokens
  // The cookie's name has the port, because a browser gives the cookies of a host to all its ports.
  // After TLS it is one that only this host could have set.
  void name_cookie(uint16_t port, bool tls);
  const std::string& cookie() const { return cookie_; }

  Admission admit(const Head& head, GateTime now);
  // Makes a session of a token; Admission::session is empty, `id` the cookie's value.
  Admission log_in(std::string_view token, const std::string& peer, GateTime now, std::string& id);
  void log_out(const Head& head);
  // The session has not ended.
  bool alive(const Digest& session, GateTime now) const {
    return sessions_.find(session, now).has_value();
  }

 private:
  Admission by_token(std::string_view token, const std::string& peer, GateTime now);

  Tokens tokens_;
  std::string cookie_ = "gyre";
  Sessions sessions_;
  Guesses guesses_;
};

}  // namespace gyre::serve
