// A file of labels from outside: a stream of Gyre, a sidecar, or LeRobot's progress.
#include <fstream>
#include <iterator>
#include <memory>

#include "gyre/data/labels.h"
#include "gyre/data/labels_import.h"
#include "gyre/data/testing.h"
#include "gyre/io/parquet.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;
namespace fs = std::filesystem;

namespace {

const std::string kHash = "0123456789abcdef";

const std::vector<data::LabelledEpisode>& episodes() {
  static const std::vector<data::LabelledEpisode> all = {
      {.number = 0,
       .recorded = {.hash = kHash, .from_ns = 0, .frames = 4},
       .length = 4,
       .fps = 10,
       .contract_hash = "feed"}};
  return all;
}

const std::shared_ptr<const io::Parquet>& parquet() {
  static const auto shared = io::Parquet::open();
  return shared;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string parquet_of(const fs::path& file, const std::string& select) {
  parquet()->query("COPY (" + select + ") TO '" + file.string() + "' (FORMAT parquet)",
                   file.string());
  return bytes_of(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] { (void)data::import_labels(file.path(), *parquet(), episodes()); });
  const data::LabelHead critic{
      .name = "value", .type = data::LabelType::kValue, .author = "critic", .kind = "model"};
  fuzz::reject([&] { (void)data::import_labels(file.path(), *parquet(), episodes(), critic); });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const data::testing::TemporaryFolder root;
  std::vector<data::Label> labels;
  data::add_row_labels(kHash, 10, std::vector<float>{0, 0.5F, 1, 1}, labels);
  const data::LabelHead head{.name = "progress",
                             .type = data::LabelType::kProgress,
                             .author = "ann",
                             .kind = "person",
                             .contract_hash = "feed"};
  return {
      bytes_of(data::write_labels(root / "a", head, labels).file),
      parquet_of(root / "sidecar.parquet",
                 "SELECT '" + kHash +
                     "' AS episode_hash, 0 AS episode_index, 1 AS frame_index, 1::FLOAT AS target"),
      parquet_of(root / "sarm.parquet",
                 "SELECT 0 AS index, 0 AS episode_index, 1 AS frame_index, 0.5::FLOAT AS "
                 "progress_sparse, NULL::FLOAT AS progress_dense")};
}
