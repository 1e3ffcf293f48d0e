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

PictureColumn::PictureColumn(const io::Column& column, std::filesystem::path folder, bool deep)
    : column_(&column), folder_(std::move(folder)), deep_(deep) {
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
    const std::string& text = bytes_->strings[row];
    return decode({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, where);
  }
  const std::filesystem::path name =
      there && path_ != nullptr && !path_->is_null(row) ? path_->strings[row] : "";
  const bool below = !name.empty() && name.is_relative() &&
                     std::find(name.begin(), name.end(), "..") == name.end();
  if (below && std::filesystem::is_regular_file(folder_ / name)) {
    const std::vector<uint8_t> bytes = io::read_bytes(folder_ / name);
    return decode(bytes, (folder_ / name).string());
  }
  throw Error(where, "holds no picture", "mend the file or leave the episode out");
}

Image PictureColumn::decode(std::span<const uint8_t> bytes, const std::string& where) const {
  if (!deep_ && io::is_deep_grey(bytes)) {
    throw Error(where, "holds a 16-bit grey picture, as depth cameras make",
                "its feature in meta/info.json should say is_depth_map; --camera-names takes it as "
                "a camera all the same");
  }
  return io::decode_image(bytes, where);
}

}  // namespace gyre::data
