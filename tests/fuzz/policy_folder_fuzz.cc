// config.json and the processors' files of LeRobot, openpi and Gyre, in folders whose other files
// are whole. The first byte says which of them the rest replaces.
#include <array>
#include <fstream>

#include "gyre/policy/checkpoint.h"
#include "tests/fuzz/fuzz.h"
#include "tests/source_dir.h"

using namespace gyre;
namespace fs = std::filesystem;

namespace {

struct Place {
  const char* folder;
  const char* file;
};
constexpr std::array kPlaces = {
    Place{"lerobot", "config.json"}, Place{"lerobot", "policy_preprocessor.json"},
    Place{"openpi", "config.json"},  Place{"openpi", "assets/robot/norm_stats.json"},
    Place{"gyre", "config.json"},    Place{"gyre", "gyre.json"}};

const fs::path kGolden = source_dir() / "tests/golden/pi05";
const fs::path kNano = source_dir() / "assets/policies/nano";

const std::string kStats =
    R"({"norm_stats": {"state": {"mean": [0, 1], "std": [1, 1], "q01": [-1, -1], "q99": [1, 1]},)"
    R"( "actions": {"mean": [0, 1], "std": [1, 1], "q01": [-1, -1], "q99": [1, 1]}}})";
const std::string kProcessor =
    R"({"name": "policy_preprocessor", "steps": [{"registry_name": "normalizer_processor",)"
    R"( "config": {"eps": 1e-8, "features": {}, "norm_map": {"STATE": "QUANTILES"}}}]})";

// Made once: three folders whose weights are links.
const fs::path& folders() {
  static const fs::path root = [] {
    std::string pattern = (fs::temp_directory_path() / "policy_folder_XXXXXX").string();
    const fs::path made = ::mkdtemp(pattern.data());
    fs::create_directories(made / "lerobot");
    fs::create_directories(made / "openpi/assets/robot");
    fs::create_directories(made / "gyre");
    fs::create_symlink(kGolden / "model.safetensors", made / "lerobot/model.safetensors");
    fs::create_symlink(kGolden / "model_openpi_layout.safetensors",
                       made / "openpi/model.safetensors");
    fs::create_symlink(kNano / "model.safetensors", made / "gyre/model.safetensors");
    fs::create_symlink(kNano / "tokenizer.model", made / "gyre/tokenizer.model");
    return made;
  }();
  return root;
}

std::string whole(const Place& place) {
  const std::string file = place.file;
  if (std::string(place.folder) == "gyre") return fuzz::text_of("assets/policies/nano/" + file);
  if (file == "config.json") return fuzz::text_of("tests/golden/pi05/config.json");
  return file == "policy_preprocessor.json" ? kProcessor : kStats;
}

void write(const Place& place, const std::string& text) {
  std::ofstream(folders() / place.folder / place.file, std::ios::binary) << text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static const bool made = [] {
    for (const Place& place : kPlaces) write(place, whole(place));
    return true;
  }();
  (void)made;
  const Place& place = kPlaces[data[0] % kPlaces.size()];
  write(place, {reinterpret_cast<const char*>(data + 1), size - 1});
  fuzz::reject([&] {
    (void)Checkpoint::open(folders() / place.folder,
                           {.horizon = 12, .heads = 8, .vision_heads = 4, .discrete_state = true});
  });
  write(place, whole(place));
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  for (size_t i = 0; i < kPlaces.size(); ++i) {
    seeds.push_back(std::string(1, static_cast<char>(i)) + whole(kPlaces[i]));
  }
  return seeds;
}
