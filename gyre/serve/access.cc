#include "gyre/serve/access.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::serve {
namespace {

constexpr size_t kShortestToken = 16, kLongestName = 32;
constexpr std::array<std::pair<std::string_view, Role>, 4> kRoles = {{{"watch", Role::kWatch},
                                                                      {"help", Role::kHelp},
                                                                      {"admin", Role::kAdmin},
                                                                      {"drive", Role::kDrive}}};

Role role_of(std::string_view word) {
  const auto* const found =
      std::ranges::find(kRoles, word, [](const auto& entry) { return entry.first; });
  return found == kRoles.end() ? Role::kNone : found->second;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(),
                                                  [](char a, char b) { return a == lower(b); });
}

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.rfind(':'));
}

bool names_this_machine(std::string_view host) {
  const std::string_view name = without_port(host);
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
}

// Programs send no Origin, browsers always do with a POST and with a websocket.
bool foreign(const Head& head) {
  if (head.origin.empty()) return false;
  const size_t scheme = head.origin.find("://");
  return scheme == std::string_view::npos || head.origin.substr(scheme + 3) != head.host;
}

// A page of another origin that loads something, rather than a person who follows a link.
bool foreign_load(const Head& head) {
  const bool foreign = head.fetch_site == "cross-site" || head.fetch_site == "same-site";
  return foreign && head.fetch_mode != "navigate";
}

bool is_json(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  if (!starts_with_word(content_type, kJson)) return false;
  const std::string_view rest = content_type.substr(kJson.size());
  return rest.empty() || rest.front() == ';' || rest.front() == ' ';
}

bool good_name(std::string_view name) {
  return name.size() <= kLongestName &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c != 0x7f; });
}

// "so101%2Fee" -> "so101/ee"; what is no such code stays.
std::string decoded(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      plain.push_back(static_cast<char>(code));
      i += 2;
    } else {
      plain.push_back(text[i]);
    }
  }
  return plain;
}

}  // namespace

std::string_view role_name(Role role) {
  const auto* const found =
      std::ranges::find(kRoles, role, [](const auto& entry) { return entry.second; });
  return found == kRoles.end() ? "none" : found->first;
}

Digest digest_of(std::string_view text) {
  Digest digest{};
  SHA256(reinterpret_cast<const uint8_t*>(text.data()), text.size(), digest.data());
  return digest;
}

Tokens Tokens::read(const std::filesystem::path& file) {
  Tokens tokens;
  std::istringstream lines(io::read_text(file));
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line);
    std::string role, token, name, rest;
    if (!(words >> role) || role.starts_with('#')) continue;
    const std::string where = fmt::format("{}:{}", file.string(), number);
    words >> token >> name;
    if (role_of(role) == Role::kNone || token.empty() || words >> rest) {
      throw Error(where, "is not 'ROLE TOKEN' or 'ROLE TOKEN NAME'",
                  "ROLE is watch, help, admin or drive");
    }
    if (token.size() < kShortestToken) {
      throw Error(where, fmt::format("the token has {} characters", token.size()),
                  fmt::format("use {} or more, e.g. `openssl rand -hex 24`", kShortestToken));
    }
    if (!good_name(name)) {
      throw Error(where, "the name is too long or has a control character",
                  fmt::format("use at most {} bytes", kLongestName));
    }
    const Digest digest = digest_of(token);
    if (tokens.identity_of(digest).role != Role::kNone) {
      throw Error(where, "the token is there twice", "give each line one of its own");
    }
    tokens.rows_.push_back({digest, {role_of(role), name}});
  }
  if (tokens.rows_.empty()) {
    throw Error(file.string(), "has no token", "write a line such as 'help TOKEN'");
  }
  return tokens;
}

Identity Tokens::identity_of(const Digest& token) const {
  const Row* found = nullptr;
  for (const Row& row : rows_) {  // all of them, so that the time tells nothing
    const bool same = CRYPTO_memcmp(token.data(), row.digest.data(), token.size()) == 0;
    found = same ? &row : found;
  }
  return found == nullptr ? Identity{} : found->identity;
}

std::string_view token_of(std::string_view authorization) {
  for (const std::string_view scheme : {"bearer ", "api-key "}) {
    if (starts_with_word(authorization, scheme)) return authorization.substr(scheme.size());
  }
  return {};
}

std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    std::string_view pair = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookies.size(), pair.size() + 1));
    pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

Objection objection_to(const Head& head, bool with_tokens) {
  if (!head.target.starts_with('/')) return {400, "the request's path does not begin with /"};
  if (foreign(head) || foreign_load(head)) return {403, "pages of another origin are not served"};
  const bool by_browser = !head.origin.empty() || !head.upgrade;
  if (!with_tokens && by_browser && !head.host.empty() && !names_this_machine(head.host)) {
    return {403, "this machine is asked for by its own name alone: 127.0.0.1 or localhost"};
  }
  if (head.method != "POST") return {};
  const bool by_page = !head.origin.empty() || !head.cookie.empty() || !head.content_type.empty();
  if (by_page && !is_json(head.content_type)) return {415, "send it as application/json"};
  return {};
}

std::string query_value(std::string_view target, std::string_view key) {
  const size_t question = target.find('?');
  std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=') {
      return decoded(pair.substr(key.size() + 1));
    }
  }
  return {};
}

bool is_loopback(const std::string& address) {
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  if (inet_pton(AF_INET6, address.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six) != 0;
  throw Error("--listen " + address, "is not an IP address", "e.g. 127.0.0.1 or 0.0.0.0");
}

}  // namespace gyre::serve
