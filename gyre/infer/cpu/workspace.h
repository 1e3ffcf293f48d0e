#pragma once

#include <vector>

#include "gyre/infer/cpu/kv_cache.h"
#include "gyre/infer/cpu/matrix.h"
#include "gyre/infer/cpu/stopwatch.h"

namespace gyre::infer::cpu {

// Memory of one call; grows to what the largest call needs, then stays.
struct Workspace {
  explicit Workspace(const Machine& machine)
      : scratch(machine.pool.threads()), scratch_cache(machine.pool.threads()) {}

  std::vector<Scratch> scratch;        // one a thread
  std::vector<KvCache> scratch_cache;  // of a vision head, one a thread
  Aligned<uint32_t> words;             // packed rows
  Aligned<float> row_scale;
  Aligned<int32_t> row_sum;
  Aligned<float> x, qkv, mixed, inner;  // of a layer
  Aligned<float> modulation;            // of rows with their own flow times
  StageTimes times;
};

// Rows [m, k] for products with `weights`, in the workspace.
inline Rows rows_for(const Packed& weights, int m, Workspace& work) {
  Rows rows{.arithmetic = weights.arithmetic, .m = m, .k = weights.k, .groups = weights.groups};
  work.words.reserve(static_cast<size_t>(m) * rows.groups);
  work.row_scale.reserve(m);
  work.row_sum.reserve(m);
  rows.data = work.words.data();
  rows.scale = work.row_scale.data();
  rows.sum = work.row_sum.data();
  return rows;
}

inline Rows pack_rows(const Machine& machine, const Matrix& matrix, int m, const Source& source,
                      RowTransform transform, Workspace& work) {
  const Stopwatch stopwatch(work.times.pack);
  const Rows rows = rows_for(matrix.packed, m, work);
  transform.by = matrix.row_by_or_null();
  const int count = strips(machine.kernels, rows.arithmetic, m);
  machine.pool.run(count, [&](int first, int last, int thread) {
    machine.kernels.pack_rows(rows, source, transform, first, last, work.scratch[thread]);
  });
  return rows;
}

// Products with the columns of the first `panels` panels; -1: all.
inline void multiply(const Machine& machine, const Rows& rows, const Matrix& matrix,
                     const Finish& finish, Workspace& work, int panels = -1) {
  const Stopwatch stopwatch(work.times.multiply);
  machine.pool.run(
      panels < 0 ? matrix.packed.panels : panels,
      [&](int first, int last, int thread) {
        machine.kernels.multiply(rows, matrix.packed, finish, first, last, work.scratch[thread]);
      },
      kPanelsTogether);
}

}  // namespace gyre::infer::cpu
