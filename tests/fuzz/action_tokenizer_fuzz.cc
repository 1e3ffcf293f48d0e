#include "gyre/policy/byte_bpe.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] {
    const ByteBpe bpe = ByteBpe::read(file.path());
    (void)bpe.decode(bpe.encode(U"abab b"));
  });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {R"({"pre_tokenizer": {"type": "ByteLevel", "use_regex": true},)"
          R"( "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "\u0120": 3},)"
          R"( "merges": ["a b"]}})",
          R"({"pre_tokenizer": {"type": "ByteLevel", "use_regex": false},)"
          R"( "model": {"vocab": {"a": 0, "b": 1, "ab": 2, "abab": 3}, "merges":)"
          R"( [["a", "b"], ["ab", "ab"]]}})"};
}
