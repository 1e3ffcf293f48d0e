#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gyre::io {

enum class Dtype { kF64, kF32, kF16, kBF16, kI64, kI32, kU8, kBool };

std::string_view dtype_name(Dtype dtype);  // the format's name, "F32"
size_t dtype_bytes(Dtype dtype);

// One tensor inside a mapped file: row-major, little-endian.
struct TensorView {
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> shape;
  std::span<const std::byte> bytes;

  int64_t count() const;
  // Any floating dtype, widened. Throws Error for the others.
  std::vector<float> to_floats() const;
};

// A safetensors file, mapped and checked: the header's length, every dtype, shape and offset, and
// that tensors neither overlap nor reach beyond the file. Throws Error naming file and tensor.
class SafeTensors {
 public:
  static SafeTensors open(const std::filesystem::path& file);

  const std::filesystem::path& path() const { return path_; }
  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  const TensorView* find(const std::string& name) const;  // nullptr when it is not there
  const TensorView& at(const std::string& name) const;    // throws Error

  // Lets the system drop the pages of a tensor that was read; they are read again when touched.
  void release(const TensorView& tensor) const;

  // Parses a header alone: `file_bytes` in all, `header` the JSON text. For open() and the fuzzer.
  static SafeTensors parse(const std::filesystem::path& path, std::string_view header,
                           std::span<const std::byte> data);

 private:
  std::filesystem::path path_;
  std::shared_ptr<const void> mapping_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

// A tensor's entry in the file's header.
struct TensorHeader {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> shape;
};

// Writes a file tensor by tensor, atomically: the old file stands until the new one is whole and on
// disk. `bytes_of(i)` gives the bytes of the i-th tensor, which may be freed at the next call.
void write_safetensors(const std::filesystem::path& file, const std::vector<TensorHeader>& tensors,
                       const std::map<std::string, std::string>& metadata,
                       const std::function<std::span<const std::byte>(size_t)>& bytes_of);

}  // namespace gyre::io
