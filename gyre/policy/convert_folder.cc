#include "gyre/policy/convert_folder.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/policy/lerobot_writer.h"
#include "gyre/policy/openpi_writer.h"
#include "gyre/policy/stored_tensors.h"
#include "gyre/policy/tensor_names.h"
#include "gyre/policy/weights_file.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

void cast(const io::TensorView& from, io::Dtype type, std::span<std::byte> to) {
  if (from.dtype == type) {
    std::memcpy(to.data(), from.bytes.data(), to.size());
    return;
  }
  constexpr size_t kPiece = 1 << 20;
  const size_t old_size = io::dtype_bytes(from.dtype), size = io::dtype_bytes(type);
  const auto count = static_cast<size_t>(from.count());
  for (size_t first = 0; first < count; first += kPiece) {
    const size_t length = std::min(kPiece, count - first);
    const std::vector<float> values =
        io::TensorView{from.dtype, {}, from.bytes.subspan(first * old_size, length * old_size)}
            .to_floats();
    std::byte* at = to.data() + first * size;
    for (size_t i = 0; i < length; ++i) {
      const uint16_t half = bfloat16_of(values[i]);
      const void* number = size == sizeof(half) ? static_cast<const void*>(&half) : &values[i];
      std::memcpy(at + i * size, number, size);
    }
  }
}

std::vector<std::string> lost_words(const ModelConfig& config, const Processors& processors,
                                    FolderKind from, FolderKind layout) {
  std::vector<std::string> lost;
  if (from == layout) return lost;
  if (processors.relative_actions &&
      (layout == FolderKind::kOpenpi || !processors.can_name_relative())) {
    lost.emplace_back("the new folder does not say that actions are relative to the state");
  }
  if (layout == FolderKind::kOpenpi && config.max_delay > 0) {
    lost.emplace_back(
        "the new folder does not say that the policy was trained with leading actions given");
  }
  if (layout == FolderKind::kOpenpi) {
    lost.emplace_back("the new folder does not name cameras: openpi takes three in a fixed order");
  } else {
    lost.emplace_back("cameras have openpi's names; rename them to those of your robot");
  }
  return lost;
}

}  // namespace

std::vector<std::string> convert_folder(const Checkpoint& from, FolderKind layout, io::Dtype type,
                                        const fs::path& to,
                                        const std::function<void(uint64_t, uint64_t)>& progress) {
  if (!from.processors) {
    throw Error(from.folder.string(), "is a policy of Gyre's own",
                "folders of LeRobot and openpi are converted");
  }
  const ModelConfig& config = from.config;
  if (layout == FolderKind::kOpenpi && !config.has_expert()) {
    throw Error(from.folder.string(), "is a π0-FAST, of which openpi has no PyTorch layout",
                "keep LeRobot's layout");
  }
  if (layout == FolderKind::kOpenpi && !config.tied_embedding) {
    throw Error(from.folder.string(),
                "its word embedding and text head differ, and openpi's layout holds one of them",
                "keep LeRobot's layout");
  }
  const StoredTensors source = StoredTensors::open(from.weights_path());
  const auto copy = [&](const TensorSpec& tensor, io::Dtype dtype, std::span<std::byte> bytes) {
    const std::string& name = tensor.name;
    const io::TensorView* view = source.find(name);
    if (view == nullptr) {  // the unused head of a folder without: zeros
      std::fill(bytes.begin(), bytes.end(), std::byte{0});
      return;
    }
    if (name == kExpertTextHead &&
        bytes.size() != static_cast<size_t>(view->count()) * io::dtype_bytes(dtype)) {
      throw Error(source.path().string(), "tensor '" + name + "' has another shape");
    }
    cast(*view, dtype, bytes);
    source.file().release(*view);
  };
  write_weights(to, config, layout, type, copy, progress);
  if (layout == FolderKind::kLeRobot) write_lerobot_files(to, config, *from.processors, type);
  if (layout == FolderKind::kOpenpi) write_openpi_files(to, config, *from.processors, type);
  if (from.fast_tokenizer) from.fast_tokenizer->write(to / kFastFolder);
  if (from.tokenizer) io::write_atomically(to / "tokenizer.model", from.tokenizer->bytes());
  return lost_words(config, *from.processors, from.kind, layout);
}

}  // namespace gyre
