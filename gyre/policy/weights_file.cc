#include "gyre/policy/weights_file.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <map>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/policy/tensor_names.h"
#include "gyre/policy/tensor_table.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kHeaderRoom = 1 << 20;

// Every tensor of the layout by the graph's name.
std::vector<TensorSpec> whole_table(const ModelConfig& config, FolderKind layout) {
  std::vector<TensorSpec> table = tensor_table(config);
  const int64_t vocab = config.vocab_size;
  if (layout == FolderKind::kLeRobot && config.tied_embedding) {
    table.push_back({kWordEmbedding, {vocab, config.language.width}});
  }
  if (layout != FolderKind::kGyre && config.has_expert()) {
    table.push_back({kExpertTextHead, {vocab, config.expert.width}});
  }
  return table;
}

uint64_t bytes_of(const io::TensorHeader& tensor) {
  uint64_t bytes = io::dtype_bytes(tensor.dtype);
  for (const int64_t n : tensor.shape) bytes *= static_cast<uint64_t>(n);
  return bytes;
}

void require_room(const fs::path& folder, uint64_t bytes) {
  const uint64_t room = fs::space(folder).available;
  if (room >= bytes + kHeaderRoom) return;
  throw Error(folder.string(),
              fmt::format("needs {:.1f} GB, the disk has {:.1f} GB left",
                          static_cast<double>(bytes) / 1e9, static_cast<double>(room) / 1e9),
              "free some, or give another disk");
}

}  // namespace

uint16_t bfloat16_of(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if (std::isnan(value)) return static_cast<uint16_t>((bits >> 16) | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

void write_weights(const fs::path& folder, const ModelConfig& config, FolderKind layout,
                   io::Dtype type, const FillTensor& fill,
                   const std::function<void(uint64_t, uint64_t)>& progress) {
  if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) {
    throw Error(folder.string(), "is not an empty folder", "give another");
  }
  fs::create_directories(folder);
  const std::vector<TensorSpec> table = whole_table(config, layout);
  const std::string prefix = layout == FolderKind::kLeRobot ? "model." : "";
  std::vector<io::TensorHeader> headers;
  uint64_t total = 0;
  for (const auto& [name, shape] : table) {
    headers.push_back({prefix + name, type, shape});
    total += bytes_of(headers.back());
  }
  require_room(folder, total);
  std::map<std::string, std::string> metadata{{"format", "pt"}};
  if (layout == FolderKind::kOpenpi && config.tied_embedding) metadata[kWordEmbedding] = kTextHead;
  std::vector<std::byte> bytes;
  uint64_t done = 0;
  io::write_safetensors(folder / "model.safetensors", headers, metadata, [&](size_t i) {
    bytes.resize(bytes_of(headers[i]));
    fill(table[i], type, bytes);
    done += bytes.size();
    if (progress) progress(done, total);
    return std::span<const std::byte>(bytes);
  });
}

}  // namespace gyre
