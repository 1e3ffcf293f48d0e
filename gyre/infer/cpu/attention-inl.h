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
    const VF y = hn::IfThenElseZero(some, hn::Exp(df, hn::Sub(hn::LoadU(df, x + vectors), top)));
    sum = hn::Add(sum, y);
    hn::StoreU(y, df, x + vectors);
  }
  return horizontal_sum(sum);
}

// Strips that meet a panel of keys or values before the next panel comes: with one alone, keys and
// values would be read from the second cache as fast as they are multiplied.
template <Arithmetic A>
inline constexpr int kTogether = is_tiled(A) ? kStripsTogether / 2 : kStripsTogether;

// Where the parts of a pass over kTogether strips lie in the scratch memory, in floats.
template <Arithmetic A>
struct AttentionRoom {
  int64_t query, words, row, out_row, weights;

  explicit AttentionRoom(const Attention& attention) {
    int keys = 0, value_groups = 0;
    for (const KeyValues* run : attention.runs) {
      if (run == nullptr) continue;
      keys += run->keys.panels * kPanel;
      value_groups = std::max(value_groups, run->values.groups);
    }
    const int groups = groups_of(A, attention.dim);
    query = row_room(A, groups);
    words = kStripOf<A> * std::max<int64_t>(groups, value_groups);
    row = keys + kPanel;
    out_row = int64_t{(attention.dim + kPanel - 1) / kPanel} * kPanel;
    weights = row_room(A, std::max(value_groups, 1));
  }
};

// A strip of queries on its way: (token, head) pairs from row `from` on.
template <Arithmetic A>
struct Strip {
  int from = 0, height = 0;
  uint32_t* words = nullptr;   // the queries, then the weights of the values, packed
  float* scores = nullptr;     // [height, room.row], runs side by side from whole panels on
  float* out = nullptr;        // [height, room.out_row]
  float inverse[kStripOf<A>];  // one over the sum of the weights of a row
};

// All scores of the strips fit into the second cache: one softmax, no running maximum.
template <Arithmetic A>
void attend_as(const Attention& attention, int first, int last, Scratch& scratch) {
  static_assert(!is_integer(A));
  const int dim = attention.dim, total = attention.tokens * attention.heads;
  constexpr int kMost = kStripOf<A>;
  const int count = (total + kMost - 1) / kMost;
  const int dim_groups = groups_of(A, dim);
  const AttentionRoom<A> room(attention);
  scratch.strip.reserve(kMost * std::max(room.query, room.weights));
  scratch.scores.reserve(kTogether<A> * kMost * room.row);
  scratch.row.reserve(kTogether<A> * (room.words + 16 + kMost * room.out_row));
  float* x = scratch.strip.data();
  StripProduct<A> product;
  const int last_run = attention.runs[1] != nullptr ? 1 : 0;

  for (int s = first; s < last; s += kTogether<A>) {
    const int strips = std::min(last - s, kTogether<A>);
    Strip<A> strip[kTogether<A>];
    float* free = scratch.row.data();
    for (int i = 0; i < strips; ++i) {
      Strip<A>& own = strip[i];
      own.from = strip_begin(total, count, s + i);
      own.height = strip_begin(total, count, s + i + 1) - own.from;
      own.words = reinterpret_cast<uint32_t*>(free);
      own.out = free + (room.words + 15) / 16 * 16;
      own.scores = scratch.scores.data() + i * kMost * room.row;
      free = own.out + kMost * room.out_row;
      for (int r = 0; r < own.height; ++r) {
        const int token = (own.from + r) / attention.heads, head = (own.from + r) % attention.heads;
        const float* q = attention.q + token * attention.q_stride + int64_t{head} * dim;
        for (int k = 0; k < dim; ++k) x[r * room.query + k] = q[k] * attention.scale;
        std::fill(x + r * room.query + dim, x + (r + 1) * room.query, 0.0f);
      }
      pack_strip(A, x, room.query, own.height, dim_groups, own.words, nullptr, nullptr);
    }

    int begin = 0, seen = 0;
    for (int run = 0; run <= last_run; ++run) {
      const Packed& keys = attention.runs[run]->keys;
      for (int p = 0; p < keys.panels; ++p) {
        const auto* at = reinterpret_cast<const uint32_t*>(keys.data + p * keys.panel_bytes);
        for (int i = 0; i < strips; ++i) {
          product.add(strip[i].words, at, dim_groups, strip[i].height,
                      strip[i].scores + begin + p * kPanel, room.row, true);
        }
      }
      for (int i = 0; i < strips; ++i) {
        for (int r = 0; r < strip[i].height; ++r) {
          float* row = strip[i].scores + r * room.row;
          if (run == last_run && attention.first_sees >= 0 &&
              (strip[i].from + r) / attention.heads == 0) {
            std::fill(row + begin + attention.first_sees, row + begin + keys.n, -3e38f);
          }
          // The second run follows the first without a gap.
          if (run == 1) std::move(row + begin, row + begin + keys.n, row + seen);
        }
      }
      begin += keys.panels * kPanel;
      seen += keys.n;
    }
    for (int i = 0; i < strips; ++i) {
      for (int r = 0; r < strip[i].height; ++r) {
        strip[i].inverse[r] = 1 / exponentials(strip[i].scores + r * room.row, seen);
      }
    }

    seen = 0;
    for (int run = 0; run <= last_run; ++run) {
      const Packed& values = attention.runs[run]->values;
      const int tokens = attention.runs[run]->keys.n;
      const int64_t stride = row_room(A, values.groups);
      for (int i = 0; i < strips; ++i) {
        for (int r = 0; r < strip[i].height; ++r) {
          std::copy_n(strip[i].scores + r * room.row + seen, tokens, x + r * stride);
          std::fill(x + r * stride + tokens, x + (r + 1) * stride, 0.0f);
        }
        pack_strip(A, x, stride, strip[i].height, values.groups, strip[i].words, nullptr, nullptr);
      }
      for (int p = 0; p < values.panels; ++p) {
        const auto* at = reinterpret_cast<const uint32_t*>(values.data + p * values.panel_bytes);
        for (int i = 0; i < strips; ++i) {
          product.add(strip[i].words, at, values.groups, strip[i].height, strip[i].out + p * kPanel,
                      room.out_row, run == 0);
        }
      }
      seen += tokens;
    }
    for (int i = 0; i < strips; ++i) {
      for (int r = 0; r < strip[i].height; ++r) {
        const int row = strip[i].from + r;
        float* y = attention.y + row / attention.heads * attention.y_stride +
                   int64_t{row % attention.heads} * dim;
        for (int k = 0; k < dim; ++k) {
          y[k] = strip[i].out[r * room.out_row + k] * strip[i].inverse[r];
        }
      }
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
