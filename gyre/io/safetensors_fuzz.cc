// libFuzzer target of the safetensors reader; safetensors_test.cc runs a short form of it. Build:
//   clang++-16 -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I. -o safetensors_fuzz
//     gyre/io/safetensors_fuzz.cc gyre/io/safetensors.cc gyre/io/file.cc gyre/core/error.cc -lfmt
#include <algorithm>
#include <cstring>

#include "gyre/core/error.h"
#include "gyre/io/safetensors.h"

// The first two bytes say how much of the rest is header; what follows is data.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 2) return 0;
  uint16_t wanted = 0;
  std::memcpy(&wanted, bytes, 2);
  const size_t length = std::min<size_t>(wanted, size - 2);
  const std::string_view header(reinterpret_cast<const char*>(bytes) + 2, length);
  const std::span<const std::byte> data(reinterpret_cast<const std::byte*>(bytes) + 2 + length,
                                        size - 2 - length);
  try {
    const gyre::io::SafeTensors file = gyre::io::SafeTensors::parse("fuzzed", header, data);
    for (const auto& [name, view] : file.tensors()) {
      if (view.dtype <= gyre::io::Dtype::kBF16) view.to_floats();  // reads every byte
    }
  } catch (const gyre::Error&) {
  }
  return 0;
}
