#include "gyre/policy/tokenizer.h"

#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] {
    const auto tokenizer = Tokenizer::open(file.path());
    (void)tokenizer->decode(tokenizer->encode("Task: put the cup away;\nAction: \xc3\xa9"));
  });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {fuzz::text_of("tests/golden/misc/tiny_gemma_like.model"),
          fuzz::text_of("assets/vocabulary/nano.model")};
}
