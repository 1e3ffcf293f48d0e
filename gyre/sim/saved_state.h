#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "gyre/core/error.h"

namespace gyre::sim {

// Appends plain values to a saved state, in memory order of this machine.
class StateWriter {
 public:
  template <class T>
  void add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(T));
  }
  void add_all(std::span<const double> values) {
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  void add_text(std::string_view text) { bytes_.append(text); }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads them back in the same order. Throws Error when there are too few bytes.
class StateReader {
 public:
  explicit StateReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  void read(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(&value, next(sizeof(T)).data(), sizeof(T));
  }
  void read_all(std::span<double> values) {
    std::memcpy(values.data(), next(values.size_bytes()).data(), values.size_bytes());
  }
  std::string_view next(size_t bytes) {
    if (bytes > rest_.size()) throw Error("saved state", "is cut short", "save it again");
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace gyre::sim
