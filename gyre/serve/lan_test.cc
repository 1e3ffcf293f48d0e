#include "gyre/serve/lan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"

namespace gyre::serve {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

fs::path lan_folder(const std::string& name) {
  fs::path folder = fs::path(::testing::TempDir()) / ("lan_" + name);
  fs::remove_all(folder);
  return folder;
}

unsigned mode_of(const fs::path& file) {
  struct stat status {};
  EXPECT_EQ(::stat(file.c_str(), &status), 0);
  return status.st_mode & 0777;
}

const std::vector<std::string> kLanNames = {"robots", "robots.local", "127.0.0.1", "10.1.2.3"};

TEST(LanIdentity, IsMadeOnceForItsOwnerAlone) {
  const fs::path folder = lan_folder("made");
  const LanIdentity made = lan_identity(folder / "gyre", kLanNames);
  EXPECT_EQ(mode_of(made.key), 0600);
  EXPECT_EQ(mode_of(made.token_file), 0600);
  EXPECT_EQ(made.tokens.size(), 4);
  const Tokens tokens = Tokens::read(made.token_file);
  for (const auto& [role, token] : made.tokens) {
    EXPECT_GE(token.size(), 32);
    EXPECT_EQ(tokens.identity_of(digest_of(token)).role, role);
  }
  EXPECT_EQ(made.fingerprint.size(), 32 * 3 - 1);
  const LanIdentity again = lan_identity(folder / "gyre", kLanNames);
  EXPECT_EQ(again.fingerprint, made.fingerprint);
  EXPECT_EQ(again.tokens, made.tokens);
}

TEST(LanIdentity, ANewAddressTakesANewCertificateOfTheSameKey) {
  const fs::path folder = lan_folder("address");
  const LanIdentity made = lan_identity(folder, kLanNames);
  const std::string key = io::read_text(made.key);
  std::vector<std::string> names = kLanNames;
  EXPECT_EQ(lan_identity(folder, {"robots", "10.1.2.3"}).fingerprint, made.fingerprint);
  names.emplace_back("10.1.2.4");
  EXPECT_NE(lan_identity(folder, names).fingerprint, made.fingerprint);
  EXPECT_EQ(io::read_text(made.key), key);
  EXPECT_NE(message_of([&] { lan_identity(folder, {"robots", "a,b"}); }), "");
}

TEST(LanIdentity, ASecretThatOthersCanReadIsRefused) {
  const fs::path folder = lan_folder("open");
  const LanIdentity made = lan_identity(folder, kLanNames);
  ::chmod(made.key.c_str(), 0644);
  EXPECT_THAT(message_of([&] { lan_identity(folder, kLanNames); }), HasSubstr("chmod 600"));
  ::chmod(made.key.c_str(), 0600);
  std::ofstream(made.key) << "no key\n";
  EXPECT_THAT(message_of([&] { lan_identity(folder, kLanNames); }), HasSubstr("key.pem"));
}

TEST(LanIdentity, ThisMachineHasNames) {
  EXPECT_THAT(names_of_this_machine({"10.1.2.3"}),
              ::testing::AllOf(::testing::Contains("localhost"), ::testing::Contains("10.1.2.3")));
  for (const std::string& address : lan_addresses()) EXPECT_FALSE(is_loopback(address));
}

}  // namespace
}  // namespace gyre::serve
