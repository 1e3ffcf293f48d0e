#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/infer/cpu/kernels.h"
#include "gyre/infer/cpu/thread_pool.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre::infer::cpu {

// Kernels, threads and storage precision of one weight matrix.
struct Machine {
  const Kernels& kernels;
  ThreadPool& pool;     // of inference
  ThreadPool& loading;  // packs weights
  Precision precision = Precision::kF32;
};

inline bool is_quantised(Precision precision) {
  return precision == Precision::kInt12 || precision == Precision::kInt8 ||
         precision == Precision::kInt4;
}

// Whether the weights of a norm are folded into the matrix behind it. Eight bits keep more of rows
// that the norm has just made even; bfloat16 would be rounded once more (golden pi0, ten steps:
// cosine 0.99924 folded, 0.99893 not, in int8; 0.999961 and 0.999970 in bf16).
inline bool folds_norms(Precision precision) { return is_quantised(precision); }

// Weights [N, K] of one or several tensors, packed, with the bias [N] of their products.
struct Matrix {
  Packed packed;
  std::vector<float> bias;    // empty: none
  std::vector<float> row_by;  // [K]: rows are multiplied and weights divided by it; empty: 1
  Aligned<std::byte> data;
  Aligned<float> scale;

  const float* bias_or_null() const { return bias.empty() ? nullptr : bias.data(); }
  const float* row_by_or_null() const { return row_by.empty() ? nullptr : row_by.data(); }
};

// One tensor [rows, K] of a matrix: rows [first, first + count) of what is stored.
struct MatrixPart {
  std::string weight;             // name in tensor_table()
  std::string bias;               // "" for none
  int64_t first = 0, count = -1;  // -1: all rows
};

// Packs the parts below each other (or, with `alternate`, two parts by turns of a vector), panel by
// panel from the file, whose pages are let go. A norm y = n gain + offset before the matrix is
// folded into it where `gain` and `offset` [K] are given. Throws Error.
Matrix load_matrix(const Machine& machine, const StoredTensors& tensors,
                   const std::vector<MatrixPart>& parts, Precision precision,
                   bool alternate = false, const std::vector<float>& gain = {},
                   const std::vector<float>& offset = {});

// From numbers that were computed: weights [n, k].
Matrix make_matrix(const Machine& machine, const std::vector<float>& weights, int n, int k,
                   Precision precision, std::vector<float> bias = {});

// Numbers [begin, begin + count) of a tensor of any floating type, in float32.
void widen(const io::TensorView& view, int64_t begin, int64_t count, float* to);

// A stored tensor as numbers. Throws Error when it is missing.
std::vector<float> load_floats(const StoredTensors& tensors, const std::string& name);

}  // namespace gyre::infer::cpu
