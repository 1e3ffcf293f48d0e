#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/safetensors.h"
#include "gyre/policy/checkpoint.h"

// Checkpoint folders as others leave them.
namespace gyre::folder_testing {

namespace fs = std::filesystem;

struct Tensor {
  io::Dtype dtype = io::Dtype::kF32;
  std::vector<int64_t> shape;
  std::vector<std::byte> bytes;
};
using Tensors = std::map<std::string, Tensor>;

inline Tensors read(const fs::path& file) {
  Tensors tensors;
  const auto stored = io::SafeTensors::open(file);
  for (const auto& [name, view] : stored.tensors()) {
    tensors[name] = {view.dtype, view.shape, {view.bytes.begin(), view.bytes.end()}};
  }
  return tensors;
}

inline void write(const fs::path& file, const Tensors& tensors) {
  std::vector<io::TensorHeader> headers;
  std::vector<const Tensor*> order;
  for (const auto& [name, tensor] : tensors) {
    headers.push_back({name, tensor.dtype, tensor.shape});
    order.push_back(&tensor);
  }
  io::write_safetensors(file, headers, {}, [&](size_t i) { return std::span(order[i]->bytes); });
}

inline Tensors renamed(const Tensors& tensors,
                       const std::function<std::string(std::string)>& name) {
  Tensors result;
  for (const auto& [old, tensor] : tensors) result[name(old)] = tensor;
  return result;
}

inline Tensor vector_of(std::vector<float> values) {
  Tensor tensor{io::Dtype::kF32, {static_cast<int64_t>(values.size())}, {}};
  tensor.bytes.resize(values.size() * sizeof(float));
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

// bfloat16 is the upper half of a float.
inline Tensor halved(const Tensor& tensor) {
  Tensor half{io::Dtype::kBF16, tensor.shape, {}};
  for (size_t i = 0; i < tensor.bytes.size(); i += 4) {
    half.bytes.insert(half.bytes.end(), {tensor.bytes[i + 2], tensor.bytes[i + 3]});
  }
  return half;
}

class OtherFolder : public ::testing::Test {
 protected:
  fs::path folder_ = fs::temp_directory_path() / ("gyre_folders_" + std::to_string(getpid()));

  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  Checkpoint open(const FolderOptions& given = {}) const {
    return Checkpoint::open(folder_, given);
  }
  std::string refusal(const FolderOptions& given = {}) const {
    return message_of([&] { open(given); });
  }
  void put(const std::string& file, const nlohmann::json& json) const {
    fs::create_directories((folder_ / file).parent_path());
    io::write_atomically(folder_ / file, json.dump());
  }
  void put_weights(const Tensors& tensors) const { write(folder_ / "model.safetensors", tensors); }
};

}  // namespace gyre::folder_testing
