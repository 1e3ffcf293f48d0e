#include "gyre/serve/access.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::serve {
namespace {

constexpr size_t kShortestToken = 16;

std::array<uint8_t, 32> digest_of(std::string_view text) {
  std::array<uint8_t, 32> digest{};
  SHA256(reinterpret_cast<const uint8_t*>(text.data()), text.size(), digest.data());
  return digest;
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.rfind(':'));
}

bool names_this_machine(std::string_view host) {
  const std::string_view name = without_port(host);
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
}

// Programs send no Origin, browsers always do.
bool foreign(const Head& head, const Tokens& tokens) {
  if (head.origin.empty()) return false;
  const size_t scheme = head.origin.find("://");
  if (scheme == std::string_view::npos || head.origin.substr(scheme + 3) != head.host) return true;
  return tokens.empty() && !names_this_machine(head.host);
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

Tokens Tokens::read(const std::filesystem::path& file) {
  Tokens tokens;
  std::istringstream lines(io::read_text(file));
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line);
    std::string role, token, rest;
    if (!(words >> role) || role.starts_with('#')) continue;
    const std::string where = fmt::format("{}:{}", file.string(), number);
    const bool whole = (role == "drive" || role == "watch") && words >> token && !(words >> rest);
    if (!whole) throw Error(where, "is not 'drive TOKEN' or 'watch TOKEN'");
    if (token.size() < kShortestToken) {
      throw Error(where, fmt::format("the token has {} characters", token.size()),
                  fmt::format("use {} or more, e.g. `openssl rand -hex 24`", kShortestToken));
    }
    tokens.rows_.push_back({digest_of(token), role == "drive" ? Role::kDrive : Role::kWatch});
  }
  if (tokens.rows_.empty()) {
    throw Error(file.string(), "has no token", "write a line 'drive TOKEN'");
  }
  return tokens;
}

Role Tokens::role_of(std::string_view authorization) const {
  if (rows_.empty()) return Role::kDrive;
  for (const std::string_view scheme : {"bearer ", "api-key "}) {
    if (!starts_with_word(authorization, scheme)) continue;
    const Digest given = digest_of(authorization.substr(scheme.size()));
    Role role = Role::kNone;
    for (const Row& row : rows_) {  // all of them, so that the time tells nothing
      const bool same = CRYPTO_memcmp(given.data(), row.digest.data(), given.size()) == 0;
      role = same ? std::max(role, row.role) : role;
    }
    return role;
  }
  return Role::kNone;
}

Admission admit(const Head& head, const Tokens& tokens) {
  if (!head.target.starts_with('/')) {
    return {.status = 400, .text = "the request's path does not begin with /"};
  }
  if (foreign(head, tokens))
    return {.status = 403, .text = "pages of another origin are not served"};
  const Role role = tokens.role_of(head.authorization);
  if (role != Role::kNone) return {.role = role};
  return {.status = 401,
          .text = "a token is needed: Authorization: Bearer TOKEN, or Api-Key TOKEN"};
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
