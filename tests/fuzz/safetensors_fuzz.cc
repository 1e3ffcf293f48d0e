#include <array>
#include <fstream>

#include "gyre/io/safetensors.h"
#include "gyre/policy/norm_stats.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] {
    const io::SafeTensors tensors = io::SafeTensors::open(file.path());
    for (const auto& [name, view] : tensors.tensors()) {
      fuzz::reject([&] { (void)view.to_floats(); });
    }
  });
  fuzz::reject([&] { (void)read_processor_state(file.path()); });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / "safetensors_fuzz_seed";
  const std::array<float, 6> numbers = {1, 2, 3, 4, 5, 6};
  io::write_safetensors(file,
                        {{"observation.state.mean", io::Dtype::kF32, {3}},
                         {"observation.state.std", io::Dtype::kBF16, {2, 3}},
                         {"action.q01", io::Dtype::kF32, {1, 6}},
                         {"empty", io::Dtype::kBool, {0}}},
                        {{"format", "pt"}}, [&](size_t i) {
                          constexpr std::array<size_t, 4> kBytes = {12, 12, 24, 0};
                          return std::as_bytes(std::span(numbers)).first(kBytes.at(i));
                        });
  std::ifstream in(file, std::ios::binary);
  const std::string seed{std::istreambuf_iterator<char>(in), {}};
  std::filesystem::remove(file);
  return {seed};
}
