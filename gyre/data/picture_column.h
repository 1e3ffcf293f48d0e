#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "gyre/core/image.h"
#include "gyre/io/parquet.h"

namespace gyre::data {

// The pictures of a column: structs with a field `bytes` (PNG, JPEG) in any place, plain bytes, or
// structs whose `path` names a file below the dataset's folder.
class PictureColumn {
 public:
  // Throws Error naming the column when it holds no pictures. The column must outlive it.
  // `deep`: 16-bit grey pictures, which depth cameras make, are taken as colour all the same.
  PictureColumn(const io::Column& column, std::filesystem::path folder, bool deep = false);
  // Throws Error naming column and row when there is none, or it is broken or deep.
  Image at(size_t row) const;

 private:
  Image decode(std::span<const uint8_t> bytes, const std::string& where) const;

  const io::Column* column_;
  const io::Column *bytes_ = nullptr, *path_ = nullptr;
  std::filesystem::path folder_;
  bool deep_;
};

}  // namespace gyre::data
