#include "gyre/data/picture_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/data/column_numbers.h"
#include "gyre/io/file.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

bool holds_bytes(const io::Column* column) {
  return column != nullptr &&
         (column->kind == io::ColumnKind::kBytes || column->kind == io::ColumnKind::kString);
}

}  // namespace

PictureColumn::PictureColumn(const io::Column& column, std::filesystem::path folder)
    : column_(&column), folder_(std::move(folder)) {
  if (column.kind == io::ColumnKind::kStruct) {
    bytes_ = field_of(column, "bytes");
    path_ = field_of(column, "path");
  } else {
    bytes_ = &column;
  }
  if (!holds_bytes(bytes_)) bytes_ = nullptr;
  if (!holds_bytes(path_)) path_ = nullptr;
  if (bytes_ == nullptr && path_ == nullptr) {
    throw Error("", fmt::format("column '{}' holds no pictures", column.name),
                "store bytes of PNG or JPEG, or structs with a field 'bytes'");
  }
}

Image PictureColumn::at(size_t row) const {
  const std::string where = fmt::format("column '{}', row {}", column_->name, row);
  const bool there = !column_->is_null(row);
  if (there && bytes_ != nullptr && !bytes_->is_null(row) && !bytes_->strings[row].empty()) {
    const std::string& bytes = bytes_->strings[row];
    return io::decode_image({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, where);
  }
  const std::filesystem::path name =
      there && path_ != nullptr && !path_->is_null(row) ? path_->strings[row] : "";
  const bool below = !name.empty() && name.is_relative() &&
                     std::find(name.begin(), name.end(), "..") == name.end();
  if (below && std::filesystem::is_regular_file(folder_ / name)) {
    const std::vector<uint8_t> bytes = io::read_bytes(folder_ / name);
    return io::decode_image({bytes.data(), bytes.size()}, (folder_ / name).string());
  }
  throw Error(where, "holds no picture", "mend the file or leave the episode out");
}

}  // namespace gyre::data
