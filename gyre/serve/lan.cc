#include "gyre/serve/lan.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <sstream>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::serve {
namespace {

namespace fs = std::filesystem;

constexpr long kDay = 24 * 60 * 60;
constexpr long kCertificateDays = 397;  // browsers take no longer ones
constexpr long kLeastDays = 30;         // left, or it is made anew
constexpr size_t kTokenBytes = 24;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Stream = std::unique_ptr<FILE, decltype(&std::fclose)>;

Error cannot(const fs::path& file, const char* what) {
  return {file.string(), what, "mend it or remove it"};
}

// Writes a new file that only its owner can read, and puts it into the place of `file`.
void write_private(const fs::path& file, const std::function<bool(FILE*)>& write) {
  const fs::path next = file.string() + ".next";
  ::unlink(next.c_str());
  const int descriptor = ::open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) throw Error(next.string(), std::strerror(errno));
  const Stream stream(::fdopen(descriptor, "w"), std::fclose);
  if (!write(stream.get()) || std::fflush(stream.get()) != 0)
    throw cannot(next, "cannot be written");
  fs::rename(next, file);
}

// A secret that others on this machine can read is none.
void require_private(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) throw Error(file.string(), std::strerror(errno));
  if ((status.st_mode & 077) == 0) return;
  throw Error(file.string(), "others on this machine can read it",
              fmt::format("chmod 600 {}", file.string()));
}

std::string random_token() {
  std::array<uint8_t, kTokenBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw Error("token", "the system gives no random numbers");
  }
  std::string token;
  for (const uint8_t byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

void make_tokens(const fs::path& file) {
  std::string text =
      "# Tokens of `gyre ... --lan` on this machine: ROLE TOKEN, or ROLE TOKEN NAME\n";
  for (const char* role : {"watch", "help", "admin", "drive"}) {
    text += fmt::format("{} {}\n", role, random_token());
  }
  write_private(file, [&](FILE* stream) {
    return std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  });
}

Key read_key(const fs::path& file) {
  const Stream stream(std::fopen(file.c_str(), "r"), std::fclose);
  if (!stream) throw Error(file.string(), std::strerror(errno));
  Key key(PEM_read_PrivateKey(stream.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key) throw cannot(file, "is no private key in PEM");
  return key;
}

Key key_in(const fs::path& file) {
  if (!fs::exists(file)) {
    const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    if (!key) throw Error(file.string(), "no key can be made");
    write_private(file, [&](FILE* stream) {
      return PEM_write_PrivateKey(stream, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
    });
  }
  require_private(file);
  return read_key(file);
}

bool is_address(const std::string& name) {
  in_addr four{};
  in6_addr six{};
  return inet_pton(AF_INET, name.c_str(), &four) == 1 ||
         inet_pton(AF_INET6, name.c_str(), &six) == 1;
}

bool names(X509* certificate, const std::string& name) {
  return is_address(name) ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
                          : X509_check_host(certificate, name.data(), name.size(), 0, nullptr) == 1;
}

// Null unless the file holds a certificate of `key` for all names that goes on for a while.
Certificate usable_certificate(const fs::path& file, EVP_PKEY* key,
                               const std::vector<std::string>& wanted) {
  Certificate none(nullptr, X509_free);
  const Stream stream(std::fopen(file.c_str(), "r"), std::fclose);
  if (!stream) return none;
  Certificate found(PEM_read_X509(stream.get(), nullptr, nullptr, nullptr), X509_free);
  if (!found || X509_check_private_key(found.get(), key) != 1) return none;
  time_t least = std::time(nullptr) + kLeastDays * kDay;
  if (X509_cmp_time(X509_get0_notAfter(found.get()), &least) <= 0) return none;
  const bool all = std::ranges::all_of(
      wanted, [&](const std::string& name) { return names(found.get(), name); });
  return all ? std::move(found) : std::move(none);
}

Certificate make_certificate(const fs::path& file, EVP_PKEY* key,
                             const std::vector<std::string>& wanted) {
  Certificate made(X509_new(), X509_free);
  X509* certificate = made.get();
  std::string alternatives;
  for (const std::string& name : wanted) {
    alternatives += fmt::format("{}{}:{}", alternatives.empty() ? "" : ",",
                                is_address(name) ? "IP" : "DNS", name);
  }
  std::array<uint8_t, 8> serial{};
  RAND_bytes(serial.data(), static_cast<int>(serial.size()));
  serial[0] &= 0x7f;
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr), BN_free);
  X509_set_version(certificate, 2);
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kCertificateDays * kDay);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  const std::string common = "Gyre on " + wanted.front();
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const uint8_t*>(common.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, alternatives.c_str()),
      X509_EXTENSION_free);
  const bool good = extension && X509_add_ext(certificate, extension.get(), -1) == 1 &&
                    X509_sign(certificate, key, EVP_sha256()) > 0;
  if (!good) throw Error(file.string(), "no certificate can be made for " + alternatives);
  write_private(file, [&](FILE* stream) { return PEM_write_X509(stream, certificate) == 1; });
  return made;
}

std::string fingerprint_of(X509* certificate) {
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  return text;
}

// The address by which packets would leave this machine; none is sent.
std::string address_of_the_way_out() {
  const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return "";
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(9);
  inet_pton(AF_INET, "192.0.2.1", &peer.sin_addr);
  sockaddr_in own{};
  socklen_t size = sizeof own;
  std::array<char, INET_ADDRSTRLEN> text{};
  const bool known = ::connect(descriptor, reinterpret_cast<sockaddr*>(&peer), sizeof peer) == 0 &&
                     ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &size) == 0 &&
                     inet_ntop(AF_INET, &own.sin_addr, text.data(), text.size()) != nullptr;
  ::close(descriptor);
  return known ? text.data() : "";
}

}  // namespace

fs::path config_folder() {
  const auto set = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const std::string config = set("XDG_CONFIG_HOME"); !config.empty()) {
    return fs::path(config) / "gyre";
  }
  if (const std::string home = set("HOME"); !home.empty())
    return fs::path(home) / ".config" / "gyre";
  throw Error("--lan", "neither XDG_CONFIG_HOME nor HOME is set",
              "set one: certificate and tokens are kept there");
}

LanIdentity lan_identity(const fs::path& folder, const std::vector<std::string>& names) {
  LanIdentity identity{.certificate = folder / "certificate.pem",
                       .key = folder / "key.pem",
                       .token_file = folder / "tokens",
                       .tokens = {},
                       .fingerprint = {}};
  fs::create_directories(folder);
  if (!fs::exists(identity.token_file)) make_tokens(identity.token_file);
  require_private(identity.token_file);
  static_cast<void>(Tokens::read(identity.token_file));  // says what is wrong
  for (const Role role : {Role::kWatch, Role::kHelp, Role::kAdmin, Role::kDrive}) {
    identity.tokens[role] = first_token(identity.token_file, role);
  }
  const Key key = key_in(identity.key);
  Certificate certificate = usable_certificate(identity.certificate, key.get(), names);
  if (!certificate) certificate = make_certificate(identity.certificate, key.get(), names);
  identity.fingerprint = fingerprint_of(certificate.get());
  return identity;
}

std::vector<std::string> lan_addresses() {
  std::vector<std::string> addresses;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    const bool usable = one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_INET &&
                        (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_LOOPBACK) == 0;
    if (!usable) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* address = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
    if (inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size()) != nullptr) {
      addresses.emplace_back(text.data());
    }
  }
  ::freeifaddrs(first);
  const auto out = std::ranges::find(addresses, address_of_the_way_out());
  if (out != addresses.end()) std::rotate(addresses.begin(), out, out + 1);
  return addresses;
}

std::vector<std::string> names_of_this_machine(const std::vector<std::string>& addresses) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::vector<std::string> names;
  const std::string name(host.data());
  if (!name.empty() && name != "localhost") {
    names = {name};
    if (name.find('.') == std::string::npos) names.push_back(name + ".local");
  }
  names.emplace_back("localhost");
  names.emplace_back("127.0.0.1");
  names.insert(names.end(), addresses.begin(), addresses.end());
  return names;
}

std::string first_token(const fs::path& file, Role role) {
  std::istringstream lines(io::read_text(file));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word, token;
    if (words >> word >> token && word == role_name(role)) return token;
  }
  return "";
}

}  // namespace gyre::serve
