// Attention over packed keys and values. Included once a target.
#if defined(GYRE_INFER_CPU_ATTENTION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GYRE_INFER_CPU_ATTENTION_INL_H_
#undef GYRE_INFER_CPU_ATTENTION_INL_H_
#else
#define GYRE_INFER_CPU_ATTENTION_INL_H_
#endif

#include "gyre/infer/cpu/gemm-inl.h"
#include "gyre/infer/cpu/pack-inl.h"

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

// weights = exp(scores - their largest) over `count` of them, in place; returns their sum.
HWY_INLINE float exponentials(float* x, int count) {
  const DF df;
  const int vectors = count / kLanes * kLanes, rest = count - vectors;
  const auto some = hn::FirstN(df, rest);
  const VF lowest = hn::Set(df, -3e38f);
  VF highest = lowest;
  for (int i = 0; i < vectors; i += kLanes) highest = hn::Max(highest, hn::LoadU(df, x + i));
  if (rest > 0) {
    highest = hn::Max(highest, hn::IfThenElse(some, hn::LoadU(df, x + vectors), lowest));
  }
  const VF top = hn::Set(df, horizontal_max(highest));
  VF sum = hn::Zero(df);
  for (int i = 0; i < vectors; i += kLanes) {
    const VF y = hn::Exp(df, hn::Sub(hn::LoadU(df, x + i), top));
    sum = hn::Add(sum, y);
    hn::StoreU(y, df, x + i);
  }
  if (rest > 0) {
    const VF y =
        hn::IfThenElseZero(some, hn::Exp(df, hn::Sub(hn::LoadU(df, x + vectors), top)));
    sum = hn::Add(sum, y);
    hn::StoreU(y, df, x + vectors);
  }
  return horizontal_sum(sum);
}

// All scores of a strip of queries fit into the second cache: one softmax, no running maximum.
template <Arithmetic A>
void attend_as(const Attention& attention, int first, int last, Scratch& scratch) {
  static_assert(!is_integer(A));
  const int dim = attention.dim, total = attention.tokens * attention.heads;
  constexpr int kMost = kStripOf<A>;
  const int count = (total + kMost - 1) / kMost;
  const int dim_groups = groups_of(A, dim);
  const int64_t query_room = row_room(A, dim_groups);

  // Scores of the runs side by side in rows, each run from a whole panel on.
  int begin[3] = {0, 0, 0}, seen[2] = {0, 0};
  int64_t value_words = 0;
  for (int i = 0; i < 2; ++i) {
    const KeyValues* run = attention.runs[i];
    seen[i] = run == nullptr ? 0 : run->keys.n;
    begin[i + 1] = begin[i] + (run == nullptr ? 0 : run->keys.panels * kPanel);
    if (run != nullptr) value_words = std::max<int64_t>(value_words, run->values.groups);
  }
  const int last_run = attention.runs[1] != nullptr ? 1 : 0;
  const int64_t row = begin[2] + kPanel;
  const int out_panels = (dim + kPanel - 1) / kPanel;
  const int64_t out_row = int64_t{out_panels} * kPanel;
  scratch.strip.reserve(kMost * query_room);
  scratch.scores.reserve(kMost * row);
  // The strip packed, then a strip of results, then one of weights.
  const int64_t words = std::max<int64_t>(dim_groups, value_words) * kMost;
  scratch.row.reserve(words + 16 + kMost * (out_row + row));
  auto* strip = reinterpret_cast<uint32_t*>(scratch.row.data());
  float* out = scratch.row.data() + (words + 15) / 16 * 16;
  float* weights = out + kMost * out_row;
  float* scores = scratch.scores.data();
  StripProduct<A> product;

  for (int s = first; s < last; ++s) {
    const int from = strip_begin(total, count, s);
    const int height = strip_begin(total, count, s + 1) - from;
    float* x = scratch.strip.data();
    for (int r = 0; r < height; ++r) {
      const int token = (from + r) / attention.heads, head = (from + r) % attention.heads;
      const float* q = attention.q + token * attention.q_stride + int64_t{head} * dim;
      for (int k = 0; k < dim; ++k) x[r * query_room + k] = q[k] * attention.scale;
      std::fill(x + r * query_room + dim, x + (r + 1) * query_room, 0.0f);
    }
    pack_strip(A, x, query_room, height, dim_groups, strip, nullptr, nullptr);
    for (int i = 0; i < 2; ++i) {
      if (attention.runs[i] == nullptr) continue;
      const Packed& keys = attention.runs[i]->keys;
      for (int p = 0; p < keys.panels; ++p) {
        const auto* at = reinterpret_cast<const uint32_t*>(keys.data + p * keys.panel_bytes);
        product.add(strip, at, dim_groups, height, scores + begin[i] + p * kPanel, row, true);
      }
    }
    float inverse[kMost];
    for (int r = 0; r < height; ++r) {
      float* of_row = scores + r * row;
      if (attention.first_sees >= 0 && (from + r) / attention.heads == 0) {
        std::fill(of_row + begin[last_run] + attention.first_sees,
                  of_row + begin[last_run] + seen[last_run], -3e38f);
      }
      if (last_run == 1) {  // the second run follows the first without a gap
        std::move(of_row + begin[1], of_row + begin[1] + seen[1], of_row + seen[0]);
      }
      inverse[r] = 1 / exponentials(of_row, seen[0] + seen[1]);
    }
    bool fresh = true;
    for (int i = 0; i < 2; ++i) {
      if (attention.runs[i] == nullptr) continue;
      const Packed& values = attention.runs[i]->values;
      const int64_t room = row_room(A, values.groups);
      for (int r = 0; r < height; ++r) {
        const float* of_row = scores + r * row + (i == 1 ? seen[0] : 0);
        float* to = weights + r * room;
        std::copy(of_row, of_row + seen[i], to);
        std::fill(to + seen[i], to + room, 0.0f);
      }
      pack_strip(A, weights, room, height, values.groups, strip, nullptr, nullptr);
      for (int p = 0; p < values.panels; ++p) {
        const auto* at = reinterpret_cast<const uint32_t*>(values.data + p * values.panel_bytes);
        product.add(strip, at, values.groups, height, out + p * kPanel, out_row, fresh);
      }
      fresh = false;
    }
    for (int r = 0; r < height; ++r) {
      const int token = (from + r) / attention.heads, head = (from + r) % attention.heads;
      float* y = attention.y + token * attention.y_stride + int64_t{head} * dim;
      for (int k = 0; k < dim; ++k) y[k] = out[r * out_row + k] * inverse[r];
    }
  }
}

void attend(const Attention& attention, Arithmetic arithmetic, int first, int last,
            Scratch& scratch) {
#if HWY_TARGET == HWY_AVX3_DL
  if (arithmetic == Arithmetic::kBf16) {
    return attend_as<Arithmetic::kBf16>(attention, first, last, scratch);
  }
  if (arithmetic == Arithmetic::kTileBf16) {
    return attend_as<Arithmetic::kTileBf16>(attention, first, last, scratch);
  }
#endif
  (void)arithmetic;
  attend_as<Arithmetic::kF32>(attention, first, last, scratch);
}

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
