#include "gyre/io/config.h"

#include "tests/fuzz/fuzz.h"

using namespace gyre;

namespace {

struct Schedule {
  std::string kind = "constant";
  double peak = 1;
  template <class Visitor>
  void visit(Visitor& v) {
    v("kind", kind, "");
    v("peak", peak, "");
  }
};

// A field of each type.
struct Config {
  int64_t steps = 0;
  int batch = 0;
  uint64_t seed = 0;
  double ema = 0;
  bool recompute = false;
  std::vector<std::string> names;
  Schedule schedule;
  template <class Visitor>
  void visit(Visitor& v) {
    v("steps", steps, "");
    v("batch", batch, "");
    v("seed", seed, "");
    v("ema", ema, "");
    v("recompute", recompute, "");
    v("names", names, "");
    v("schedule", schedule, "");
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] {
    Config config;
    load_toml(config_entries(config), file.path());
  });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {
      "steps = 10\nbatch = 4\nseed = 3\nema = 0.99\nrecompute = true\nnames = ['a', 'b']\n"
      "[schedule]\nkind = \"lerobot\"\npeak = 1e-4\n"};
}
