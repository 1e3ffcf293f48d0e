#pragma once

#include <filesystem>

#include "gyre/core/image.h"
#include "gyre/io/parquet.h"

namespace gyre::data {

// The pictures of a column: structs with a field `bytes` (PNG, JPEG) in any place, plain bytes, or
// structs whose `path` names a file below the dataset's folder.
class PictureColumn {
 public:
  // Throws Error naming the column when it holds no pictures. The column must outlive it.
  PictureColumn(const io::Column& column, std::filesystem::path folder);
  // Throws Error naming column and row when there is none, or it is broken.
  Image at(size_t row) const;

 private:
  const io::Column* column_;
  const io::Column *bytes_ = nullptr, *path_ = nullptr;
  std::filesystem::path folder_;
};

}  // namespace gyre::data
