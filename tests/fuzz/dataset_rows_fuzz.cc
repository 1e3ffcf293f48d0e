// A data file of a dataset, read by DuckDB: rows, pictures, and the same bytes as the list of
// episodes.
#include <array>
#include <fstream>
#include <memory>

#include "gyre/data/dataset_files.h"
#include "gyre/data/dataset_index.h"
#include "gyre/data/dataset_rows.h"
#include "gyre/data/foreign_testing.h"
#include "gyre/data/picture_column.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;
namespace fs = std::filesystem;

namespace {

constexpr int kLength = 4;

const std::shared_ptr<const io::Parquet>& parquet() {
  static const auto shared = io::Parquet::open();
  return shared;
}

// Of ForeignFolder.
data::RowsAsked asked() {
  data::RowsAsked rows;
  rows.state = {{"observation.state", 3}};
  rows.action = {{"action", 2}};
  rows.cameras = 1;
  rows.tasks = {{0, "fold it"}};
  return rows;
}

void read_rows(const fs::path& file) {
  const data::DataFiles files(parquet(), {{file, kLength}}, false, {});
  std::vector<data::DataFiles::Wanted> columns = {
      {"observation.state"}, {"action"}, {"observation.images.top"}};
  for (const std::string& name : data::known_columns()) columns.push_back({name, false});
  const io::Table table = files.rows(file, 0, kLength, columns);
  const data::FrameTimes times = data::frame_times(
      table.find("frame_index"), table.find("timestamp"), table.rows(), 10, 1e-4, {});
  data::EpisodeRows episode;
  data::fill_rows(table, times, asked(), "", episode);
  const data::PictureColumn pictures(*table.find("observation.images.top"), file.parent_path());
  for (size_t row = 0; row < table.rows(); ++row) (void)pictures.at(row);
}

// Made once; the list of episodes is a link that each input points to itself.
struct Folder {
  data::testing::TemporaryFolder root;
  data::DatasetInfo info;
  fs::path list = root / "d/meta/episodes/chunk-000/file-000.parquet";
  Folder() {
    data::testing::ForeignFolder({kLength}, 10, true).write(root / "d");
    info = data::read_info(root / "d/meta/info.json");
  }
};

void read_list(const fs::path& file) {
  static const Folder folder;
  fs::remove(folder.list);
  fs::create_symlink(file, folder.list);
  (void)data::read_index_v30(folder.root / "d", folder.info, *parquet());
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] { read_rows(file.path()); });
  fuzz::reject([&] { read_list(file.path()); });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  data::testing::TemporaryFolder root;
  const data::testing::ForeignFolder foreign({kLength}, 10, false), filmed({kLength}, 10, true);
  foreign.write(root / "d");
  filmed.write(root / "e");
  return {bytes_of(root / "d/data/chunk-000/file-000.parquet"),
          bytes_of(root / "e/meta/episodes/chunk-000/file-000.parquet")};
}
