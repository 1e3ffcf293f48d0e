#include "gyre/policy/stored_tensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>

#include "gyre/core/error.h"
#include "gyre/policy/tensor_names.h"
#include "gyre/policy/tensor_table.h"

namespace gyre {
namespace {

bool is_weight_type(io::Dtype dtype) {
  return dtype == io::Dtype::kF64 || dtype == io::Dtype::kF32 || dtype == io::Dtype::kF16 ||
         dtype == io::Dtype::kBF16;
}

// In pieces, for the embedding of a large policy is gigabytes.
bool same_numbers(const io::TensorView& a, const io::TensorView& b) {
  if (a.shape != b.shape) return false;
  if (a.dtype == b.dtype) {
    return std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
  }
  constexpr size_t kPiece = 1 << 20;
  const size_t count = static_cast<size_t>(a.count());
  const auto piece = [](const io::TensorView& view, size_t first, size_t size) {
    const size_t bytes = io::dtype_bytes(view.dtype);
    return io::TensorView{view.dtype, {}, view.bytes.subspan(first * bytes, size * bytes)}
        .to_floats();
  };
  for (size_t first = 0; first < count; first += kPiece) {
    const size_t size = std::min(kPiece, count - first);
    if (piece(a, first, size) != piece(b, first, size)) return false;
  }
  return true;
}

}  // namespace

StoredTensors StoredTensors::open(const std::filesystem::path& path) {
  StoredTensors stored;
  stored.file_ = io::SafeTensors::open(path);
  const auto& file = stored.file_.tensors();
  stored.adaptive_ = std::ranges::any_of(file, [](const auto& each) {
    return without_wrappers(each.first).find("gemma_expert.model.norm.dense.") != std::string::npos;
  });
  std::map<std::string, std::string> first_names;
  for (const auto& [name, view] : file) {
    const std::string graph = graph_name(name, stored.adaptive_);
    if (!stored.tensors_.emplace(graph, view).second) {
      throw Error(
          path.string(),
          fmt::format("holds '{}' and '{}', two names of one tensor", first_names[graph], name),
          "remove the one that is not meant");
    }
    first_names[graph] = name;
  }
  return stored;
}

const io::TensorView* StoredTensors::find(const std::string& name) const {
  const auto at = [&](const std::string& each) {
    const auto found = tensors_.find(each);
    return found == tensors_.end() ? nullptr : &found->second;
  };
  if (const auto* found = at(name)) return found;
  if (name == kTextHead) return at(kWordEmbedding);
  if (name == kWordEmbedding) return at(kTextHead);
  return nullptr;
}

bool StoredTensors::has_expert() const {
  return std::ranges::any_of(tensors_, [](const auto& each) {
    return each.first.starts_with("paligemma_with_expert.gemma_expert.") ||
           each.first.starts_with("action_");
  });
}

bool StoredTensors::tied() const {
  const io::TensorView *head = find(kTextHead), *words = find(kWordEmbedding);
  return head == words || same_numbers(*head, *words);
}

void StoredTensors::require(const ModelConfig& config) const {
  std::vector<std::string> wrong;
  for (const auto& [name, shape] : tensor_table(config)) {
    const io::TensorView* view = find(name);
    if (!view) {
      wrong.push_back(name + " (missing)");
    } else if (view->shape != shape) {
      wrong.push_back(fmt::format("{} (shape [{}], wanted [{}])", name,
                                  fmt::join(view->shape, ", "), fmt::join(shape, ", ")));
    } else if (!is_weight_type(view->dtype)) {
      wrong.push_back(fmt::format("{} (type {})", name, io::dtype_name(view->dtype)));
    }
  }
  if (wrong.empty()) return;
  throw Error(path().string(),
              fmt::format("tensors that do not fit the configuration: {}", fmt::join(wrong, ", ")),
              "is config.json of another policy?");
}

std::vector<std::string> StoredTensors::extra(const ModelConfig& config) const {
  std::set<std::string> read{kTextHead, kWordEmbedding};
  for (const auto& spec : tensor_table(config)) read.insert(spec.name);
  std::vector<std::string> names;
  for (const auto& [name, view] : file_.tensors()) {
    const std::string graph = graph_name(name, adaptive_);
    if (!read.contains(graph) && !is_unused_name(graph, adaptive_)) names.push_back(name);
  }
  return names;
}

}  // namespace gyre
