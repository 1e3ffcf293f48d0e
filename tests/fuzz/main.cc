// Runs a fuzz target without libFuzzer: its seeds, and changes of them that follow from a number.
//
//   <target>_fuzz [changes of each seed]
//   <target>_fuzz --seeds DIR    writes the seeds for libFuzzer (the preset "fuzz")
//   <target>_fuzz --input FILE   runs one input
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>

#include "gyre/core/rng.h"
#include "tests/fuzz/fuzz.h"

namespace {

namespace fs = std::filesystem;
using gyre::Rng;

constexpr int kChanges = 2000;
constexpr rlim_t kMemory = rlim_t{3} << 30;  // a length that a file claims is no reason for more

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

std::string changed(std::string input, const std::vector<std::string>& seeds, Rng& rng) {
  const auto place = [&] { return static_cast<size_t>(rng.below(std::ssize(input))); };
  for (int64_t n = 1 + rng.below(4); n > 0 && !input.empty(); --n) {
    switch (rng.below(6)) {
      case 0:
        input[place()] ^= static_cast<char>(1 << rng.below(8));
        break;
      case 1:
        input[place()] = static_cast<char>(rng.below(256));
        break;
      case 2:
        input.resize(place());
        break;
      case 3: {  // a huge or a negative number where one may stand
        const uint64_t number = rng.below(2) == 0 ? ~uint64_t{0} >> rng.below(64) : rng.bits();
        const size_t at = place(), bytes = size_t{1} << rng.below(4);
        input.replace(at, bytes, reinterpret_cast<const char*>(&number), bytes);
        break;
      }
      case 4: {  // a piece of another seed
        const std::string& other = seeds[static_cast<size_t>(rng.below(std::ssize(seeds)))];
        if (other.empty()) break;
        const auto from = static_cast<size_t>(rng.below(std::ssize(other)));
        input.insert(place(), other.substr(from, static_cast<size_t>(rng.below(64))));
        break;
      }
      default:
        input.erase(place(), static_cast<size_t>(rng.below(16)));
    }
  }
  return input;
}

// A failing input stays behind as a file.
bool holds(const std::string& input, const std::string& what) {
  try {
    run(input);
    return true;
  } catch (const std::exception& error) {
    const fs::path file = fs::temp_directory_path() / ("failing_input_" + what);
    std::ofstream(file, std::ios::binary) << input;
    fmt::print(stderr, "{}: {}; the input is {}\n", what, error.what(), file.string());
    return false;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> seeds = fuzz_seeds();
  const std::string first = argc > 1 ? argv[1] : "";
  if (first == "--seeds" && argc > 2) {
    fs::create_directories(argv[2]);
    for (size_t i = 0; i < seeds.size(); ++i) {
      std::ofstream(fs::path(argv[2]) / std::to_string(i), std::ios::binary) << seeds[i];
    }
    return 0;
  }
  if (first == "--input" && argc > 2) {
    std::ifstream in(argv[2], std::ios::binary);
    run({std::istreambuf_iterator<char>(in), {}});
    return 0;
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit memory{kMemory, kMemory};
  setrlimit(RLIMIT_AS, &memory);
#endif
  const int changes = first.empty() ? kChanges : std::atoi(first.c_str());
  for (size_t i = 0; i < seeds.size(); ++i) {
    if (!holds(seeds[i], fmt::format("seed_{}", i))) return 1;
    Rng rng = Rng::stream(i, "fuzz");
    for (int n = 0; n < changes; ++n) {
      if (!holds(changed(seeds[i], seeds, rng), fmt::format("seed_{}_change_{}", i, n))) return 1;
    }
  }
  fmt::print("{} seeds, {} changes of each\n", seeds.size(), changes);
  return 0;
}
