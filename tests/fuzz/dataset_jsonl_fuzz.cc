// The lines of v2.x's meta/: episodes, tasks and statistics, one after the other in an input with a
// form feed between them.
#include <array>
#include <fstream>
#include <sstream>

#include "gyre/data/dataset_index.h"
#include "gyre/data/foreign_testing.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;
namespace fs = std::filesystem;

namespace {

constexpr std::array kLineFiles = {"meta/episodes.jsonl", "meta/tasks.jsonl",
                                   "meta/episodes_stats.jsonl"};

struct LineFolder {
  data::testing::TemporaryFolder root;
  fs::path folder = data::testing::ForeignFolder().write_v2(root / "d");
  data::DatasetInfo info = data::read_info(folder / "meta/info.json");
};

const LineFolder& line_folder() {
  static const LineFolder made;
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::istringstream parts(std::string(reinterpret_cast<const char*>(data), size));
  for (const char* file : kLineFiles) {
    std::string part;
    std::getline(parts, part, '\f');
    std::ofstream(line_folder().folder / file, std::ios::binary) << part;
  }
  fuzz::reject([&] { (void)data::read_index_v2(line_folder().folder, line_folder().info); });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  std::string seed;
  for (const char* file : kLineFiles) {
    seed += (seed.empty() ? "" : "\f") + io::read_text(line_folder().folder / file);
  }
  return {seed,
          "\xef\xbb\xbf{\"episode_index\": 0, \"tasks\": \"a\", \"length\": 3.0}\r\n\n"
          "{\"episode_index\": 1, \"tasks\": [\"b\"], \"length\": 2}\f"
          "{\"task_index\": 0, \"task\": null}\f"
          "{\"episode_index\": 1, \"stats\": {\"action\": {\"mean\": [[NaN]], \"std\": [1e999], "
          "\"min\": [0], \"max\": [1], \"q01\": [-Infinity], \"count\": [2]}}}\n"};
}
