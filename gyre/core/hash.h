#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace gyre {

// SHA-256 of whatever is fed to it, in order. Everything that "must match" (contracts, weights,
// datasets, episodes) is compared by this.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(const void* data, size_t bytes);
  Sha256& update(std::string_view text) { return update(text.data(), text.size()); }
  template <typename T>
  Sha256& update(std::span<const T> values) {
    return update(values.data(), values.size_bytes());
  }
  // Lower-case hex of the first `digits` (of 64) characters. Call once.
  std::string hex(size_t digits = 64);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256_hex(std::string_view text, size_t digits = 64);
// Throws Error when the file cannot be read.
std::string sha256_file(const std::filesystem::path& path, size_t digits = 64);

}  // namespace gyre
