#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/serve/access.h"

// A certificate and tokens of this machine's own, for a server that others on its network may
// reach.
namespace gyre::serve {

struct LanIdentity {
  std::filesystem::path certificate, key, token_file;
  std::map<Role, std::string> tokens;  // the first of each role
  std::string fingerprint;             // SHA-256 of the certificate, "AB:CD:..."
};

// $XDG_CONFIG_HOME/gyre, or ~/.config/gyre. Throws Error where neither is known.
std::filesystem::path config_folder();

// Reads them from `folder`, or makes what is not there: tokens for each role, a private key that
// only its owner can read, and a certificate of it for `names` (host names and IP addresses). The
// certificate is made anew when it ends within 30 days or lacks one of the names. Throws Error.
LanIdentity lan_identity(const std::filesystem::path& folder,
                         const std::vector<std::string>& names);

// The IPv4 addresses of this machine that others may reach, first that of the way out. May be
// empty.
std::vector<std::string> lan_addresses();
// Its host name, that with ".local", "localhost", 127.0.0.1, and `addresses`.
std::vector<std::string> names_of_this_machine(const std::vector<std::string>& addresses);

// The first token of a role in a token file; "" where there is none.
std::string first_token(const std::filesystem::path& file, Role role);

}  // namespace gyre::serve
