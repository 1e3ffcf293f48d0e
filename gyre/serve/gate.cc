#include "gyre/serve/gate.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::serve {
namespace {

constexpr auto kGuessMemory = std::chrono::minutes(1);

std::string random_id() {
  std::array<uint8_t, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw Error("login", "the system gives no random numbers");
  }
  std::string id;
  for (const uint8_t byte : bytes) fmt::format_to(std::back_inserter(id), "{:02x}", byte);
  return id;
}

}  // namespace

void Guesses::forget(std::deque<Guess>& guesses, GateTime now) {
  while (!guesses.empty() && now - guesses.front().at >= kGuessMemory) guesses.pop_front();
}

bool Guesses::blocked(const std::string& address, GateTime now) {
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return false;
  forget(found->second, now);
  if (!found->second.empty()) return found->second.size() >= kMost;
  by_address_.erase(found);
  return false;
}

void Guesses::wrong(const std::string& address, const Digest& token, GateTime now) {
  if (!by_address_.contains(address) && by_address_.size() >= kMostAddresses) {
    std::erase_if(by_address_,
                  [&](const auto& entry) { return now - entry.second.back().at >= kGuessMemory; });
    // Too many at once: the one whose last guess is oldest is forgotten.
    if (by_address_.size() >= kMostAddresses) {
      by_address_.erase(std::ranges::min_element(
          by_address_, {}, [](const auto& entry) { return entry.second.back().at; }));
    }
  }
  std::deque<Guess>& guesses = by_address_[address];
  forget(guesses, now);
  std::erase_if(guesses, [&](const Guess& guess) { return guess.token == token; });
  guesses.push_back({now, token});
}

std::string Sessions::open(const Identity& identity, GateTime now) {
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.end <= now; });
  if (sessions_.size() >= kMost) {
    sessions_.erase(std::ranges::min_element(sessions_, {},
                                             [](const auto& entry) { return entry.second.end; }));
  }
  std::string id = random_id();
  sessions_[digest_of(id)] = {identity, now + kLife};
  return id;
}

std::optional<Identity> Sessions::find(const Digest& session, GateTime now) const {
  const auto found = sessions_.find(session);
  if (found == sessions_.end() || found->second.end <= now) return {};
  return found->second.identity;
}

void Gate::name_cookie(uint16_t port, bool tls) {
  cookie_ = fmt::format("{}gyre-{}", tls ? "__Host-" : "", port);
}

Admission Gate::admit(const Head& head, GateTime now) {
  if (Objection no = objection_to(head, !open()); no.status != 0) {
    return {.who = {}, .status = no.status, .text = std::move(no.text)};
  }
  if (open()) return {.who = {.role = Role::kAdmin, .name = {}}};
  if (const std::string_view token = token_of(head.authorization); !token.empty()) {
    return by_token(token, head.peer, now);
  }
  if (const std::string_view id = cookie_value(head.cookie, cookie_); !id.empty()) {
    const Digest session = digest_of(id);
    if (auto who = sessions_.find(session, now)) {
      return {.who = *std::move(who), .session = session};
    }
  }
  return {.who = {},
          .status = 401,
          .text = "a token is needed: Authorization: Bearer TOKEN, or Api-Key TOKEN"};
}

Admission Gate::by_token(std::string_view token, const std::string& peer, GateTime now) {
  if (guesses_.blocked(peer, now)) {
    return {.who = {}, .status = 429, .text = "too many wrong tokens; try again in a minute"};
  }
  const Digest digest = digest_of(token);
  Identity who = tokens_.identity_of(digest);
  if (who.role != Role::kNone) return {.who = std::move(who)};
  guesses_.wrong(peer, digest, now);
  return {.who = {}, .status = 401, .text = "the token is not known here"};
}

Admission Gate::log_in(std::string_view token, const std::string& peer, GateTime now,
                       std::string& id) {
  Admission admission = by_token(token, peer, now);
  if (admission.status == 0) id = sessions_.open(admission.who, now);
  return admission;
}

void Gate::log_out(const Head& head) {
  const std::string_view id = cookie_value(head.cookie, cookie_);
  if (!id.empty()) sessions_.close(digest_of(id));
}

}  // namespace gyre::serve
