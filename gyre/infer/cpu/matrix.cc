#include "gyre/infer/cpu/matrix.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "gyre/core/error.h"

namespace gyre::infer::cpu {
namespace {

constexpr size_t kSlabBytes = size_t{128} << 20;  // of float32

const io::TensorView& stored(const StoredTensors& tensors, const std::string& name) {
  const io::TensorView* view = tensors.find(name);
  if (view == nullptr) throw Error(tensors.path().string(), "has no tensor '" + name + "'");
  return *view;
}

void allocate(Matrix& matrix, const Kernels& kernels) {
  matrix.data = Aligned<std::byte>(matrix.packed.bytes());
  matrix.packed.data = matrix.data.data();
  if (!is_integer(matrix.packed.arithmetic)) return;
  matrix.scale = Aligned<float>(static_cast<size_t>(matrix.packed.panels) * kernels.panel_width);
  matrix.packed.scale = matrix.scale.data();
}

// Per-channel balancing (SmoothQuant, Xiao et al. 2023, with activations assumed to be of equal
// size): activations of channel k are multiplied and its weights divided by balance[k], the square
// root of their size, so that one large channel does not use up the quantisation range. Sizes are
// measured on some of the `count` columns; column(index, to) gives one.
template <class GetColumn>
std::vector<float> balance(int64_t k, const std::vector<float>& gain, int count,
                           const GetColumn& column) {
  constexpr int kSome = 128;
  std::vector<double> squares(k);
  std::vector<float> weights(k);
  const int some = std::min(count, kSome);
  for (int i = 0; i < some; ++i) {
    column(static_cast<int>(static_cast<int64_t>(i) * count / some), weights.data());
    for (int64_t j = 0; j < k; ++j) squares[j] += static_cast<double>(weights[j]) * weights[j];
  }
  double mean = 0;
  for (int64_t j = 0; j < k; ++j) {
    if (!gain.empty()) squares[j] *= static_cast<double>(gain[j]) * gain[j];
    mean += std::sqrt(squares[j]) / static_cast<double>(k);
  }
  std::vector<float> by(k, 1);
  for (int64_t j = 0; j < k; ++j) {
    const double ratio = std::sqrt(squares[j]) / mean;
    if (std::isfinite(ratio) && ratio > 0) by[j] = static_cast<float>(std::sqrt(ratio));
  }
  return by;
}

}  // namespace

void widen(const io::TensorView& view, int64_t begin, int64_t count, float* to) {
  const size_t each = io::dtype_bytes(view.dtype);
  const std::span<const std::byte> bytes = view.bytes.subspan(begin * each, count * each);
  if (view.dtype == io::Dtype::kF32) {
    std::memcpy(to, bytes.data(), bytes.size());
  } else if (view.dtype == io::Dtype::kBF16) {
    const auto* from = reinterpret_cast<const uint16_t*>(bytes.data());
    for (int64_t i = 0; i < count; ++i) {
      const uint32_t bits = static_cast<uint32_t>(from[i]) << 16;
      std::memcpy(to + i, &bits, sizeof bits);
    }
  } else {
    const std::vector<float> floats = io::TensorView{view.dtype, {count}, bytes}.to_floats();
    std::copy(floats.begin(), floats.end(), to);
  }
}

std::vector<float> load_floats(const StoredTensors& tensors, const std::string& name) {
  return stored(tensors, name).to_floats();
}

Matrix load_matrix(const Machine& machine, const StoredTensors& tensors,
                   const std::vector<MatrixPart>& parts, Precision precision, bool alternate,
                   const std::vector<float>& gain, const std::vector<float>& offset) {
  struct Column {
    const io::TensorView* view;
    int64_t row;
    float bias;
  };
  const Kernels& kernels = machine.kernels;
  std::vector<Column> columns;
  int64_t k = 0;
  bool biased = !offset.empty();
  std::vector<std::vector<Column>> by_part;
  for (const MatrixPart& part : parts) {
    const io::TensorView& view = stored(tensors, part.weight);
    const int64_t count = part.count < 0 ? view.shape.at(0) : part.count;
    k = view.count() / view.shape.at(0);
    std::vector<float> bias;
    if (!part.bias.empty()) bias = load_floats(tensors, part.bias);
    biased = biased || !bias.empty();
    auto& own = by_part.emplace_back();
    for (int64_t row = part.first; row < part.first + count; ++row) {
      own.push_back({&view, row, bias.empty() ? 0 : bias[row]});
    }
  }
  if (alternate) {  // both padded to whole vectors, so that a panel holds a vector of each
    const size_t vector = kernels.vector_width;
    for (size_t at = 0; at < by_part[0].size(); at += vector) {
      for (const auto& own : by_part) {
        for (size_t i = at; i < at + vector; ++i) {
          columns.push_back(i < own.size() ? own[i] : Column{nullptr, 0, 0});
        }
      }
    }
  } else {
    for (const auto& own : by_part) columns.insert(columns.end(), own.begin(), own.end());
  }

  Matrix matrix;
  const int n =
      alternate ? static_cast<int>(2 * by_part[0].size()) : static_cast<int>(columns.size());
  matrix.packed = kernels.plan(precision, kernels.arithmetic(precision), n, static_cast<int>(k));
  allocate(matrix, kernels);
  if (biased) matrix.bias.resize(columns.size());
  std::vector<float> factor = gain;
  if (is_quantised(precision)) {
    std::vector<const Column*> all;
    for (const Column& column : columns) {
      if (column.view != nullptr) all.push_back(&column);
    }
    matrix.row_by = balance(k, gain, static_cast<int>(all.size()), [&](int index, float* row) {
      widen(*all[index]->view, all[index]->row * k, k, row);
    });
    factor.resize(k, 1);
    for (int64_t i = 0; i < k; ++i) factor[i] /= matrix.row_by[i];
  }
  const int width = kernels.panel_width;
  std::vector<std::vector<float>> rooms(machine.loading.threads());
  std::vector<Scratch> scratch(machine.loading.threads());
  const auto pack = [&](int panel, int thread) {
    std::vector<float>& rows = rooms[thread];
    rows.resize(static_cast<size_t>(width) * k);
    std::vector<const float*> at(width, nullptr);
    for (int j = 0; j < width; ++j) {
      const size_t index = static_cast<size_t>(panel) * width + j;
      if (index >= columns.size() || columns[index].view == nullptr) continue;
      const Column& column = columns[index];
      float* row = rows.data() + j * k;
      widen(*column.view, column.row * k, k, row);
      double bias = column.bias;
      for (size_t i = 0; i < offset.size(); ++i) bias += static_cast<double>(row[i]) * offset[i];
      for (size_t i = 0; i < factor.size(); ++i) row[i] *= factor[i];
      at[j] = row;
      if (biased) matrix.bias[index] = static_cast<float>(bias);
    }
    kernels.pack(matrix.packed, panel, at.data(), 1, scratch[thread]);
  };
  // In slabs, whose pages of the file are let go before the next ones come.
  const int slab = static_cast<int>(kSlabBytes / (sizeof(float) * width * k) + 1);
  for (int from = 0; from < matrix.packed.panels; from += slab) {
    const int count = std::min(slab, matrix.packed.panels - from);
    machine.loading.run(count, [&](int first, int last, int thread) {
      for (int panel = first; panel < last; ++panel) pack(from + panel, thread);
    });
    for (const MatrixPart& part : parts) tensors.file().release(stored(tensors, part.weight));
  }
  return matrix;
}

Matrix make_matrix(const Machine& machine, const std::vector<float>& weights, int n, int k,
                   Precision precision, std::vector<float> bias) {
  const Kernels& kernels = machine.kernels;
  Matrix matrix;
  matrix.packed = kernels.plan(precision, kernels.arithmetic(precision), n, k);
  matrix.bias = std::move(bias);
  allocate(matrix, kernels);
  Scratch scratch;
  for (int panel = 0; panel < matrix.packed.panels; ++panel) {
    std::vector<const float*> at(kernels.panel_width, nullptr);
    for (int j = 0; j < kernels.panel_width; ++j) {
      const int64_t index = static_cast<int64_t>(panel) * kernels.panel_width + j;
      if (index < n) at[j] = weights.data() + index * k;
    }
    kernels.pack(matrix.packed, panel, at.data(), 1, scratch);
  }
  return matrix;
}

}  // namespace gyre::infer::cpu
