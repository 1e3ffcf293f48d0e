// Matrix products of packed rows and packed weights. Included once a target.
#if defined(GYRE_INFER_CPU_GEMM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GYRE_INFER_CPU_GEMM_INL_H_
#undef GYRE_INFER_CPU_GEMM_INL_H_
#else
#define GYRE_INFER_CPU_GEMM_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "gyre/infer/cpu/elementwise-inl.h"
#include "gyre/infer/cpu/simd-inl.h"
#include "gyre/infer/cpu/tile-inl.h"

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

// Of a product, what stays in the caches while it is used again: groups of k, panels that a strip
// meets before the next strip comes, and rows that panels meet before the next panels come.
struct Blocks {
  int groups, panels, rows;
};
template <Arithmetic A>
inline constexpr Blocks kBlocks =
    is_tiled(A) ? Blocks{256, kPanelsTogether, 512} : Blocks{256, kPanelsTogether, 192};
static_assert(kBlocks<Arithmetic::kS12>.groups <= kS12Groups);
// Rows of y whose pages stay known to the processor while panels are finished.
inline constexpr int kFinishRows = 16;

// sums [H, kPanel], `stride` apart, (+)= rows [groups, H] times weights [groups, kPanel].
template <Arithmetic A, int H>
HWY_NOINLINE void tile(const uint32_t* rows, const uint32_t* weights, int groups,
                       typename Product<A>::T* sums, int64_t stride, bool fresh, Ahead ahead) {
  using P = Product<A>;
  const DU du;
  const hn::ScalableTag<typename P::T> dt;
  using V = typename P::V;
  using Raw = decltype(V().raw);  // arrays of Highway's own type would be kept in memory
  constexpr bool same = std::is_same_v<typename P::T, hn::TFromV<V>>;  // else added at the end
  Raw left[H], right[H];
#pragma GCC unroll 16
  for (int r = 0; r < H; ++r) {
    left[r] = right[r] = P::zero().raw;
    if constexpr (same) {
      if (fresh) continue;
      left[r] = hn::Load(dt, sums + r * stride).raw;
      right[r] = hn::Load(dt, sums + r * stride + kLanes).raw;
    } else {  // were they known to be zeros, g++ 12 would keep sums in memory; so below
      forget(left[r]);
      forget(right[r]);
    }
  }
  for (int g = 0; g < groups; ++g) {
    const VU w0 = hn::Load(du, weights), w1 = hn::Load(du, weights + kLanes);
    __builtin_prefetch(ahead.at, 0, 2);  // into the second cache
    ahead.at += ahead.step;
#if HWY_TARGET == HWY_NEON
    add_rows<A>(rows, w0, w1, left, right);
#else
#pragma GCC unroll 16
    for (int r = 0; r < H; ++r) {
      const VU x = hn::Set(du, rows[r]);
      left[r] = P::add(V{left[r]}, x, w0).raw;
      right[r] = P::add(V{right[r]}, x, w1).raw;
    }
#endif
    rows += H;
    weights += kPanel;
  }
  const auto keep = [&](V sum, typename P::T* to) HWY_ATTR {
    if constexpr (same) {
      hn::Store(sum, dt, to);
    } else {
      const VF more = hn::ConvertTo(dt, sum);
      hn::Store(fresh ? more : hn::Add(hn::Load(dt, to), more), dt, to);
    }
  };
#pragma GCC unroll 16
  for (int r = 0; r < H && !same; ++r) {
    forget(left[r]);
    forget(right[r]);
  }
#pragma GCC unroll 16
  for (int r = 0; r < H; ++r) {
    keep(V{left[r]}, sums + r * stride);
    keep(V{right[r]}, sums + r * stride + kLanes);
  }
}

template <Arithmetic A>
using Tile = void (*)(const uint32_t*, const uint32_t*, int, typename Product<A>::T*, int64_t, bool,
                      Ahead);

// tiles<A>()[h - 1] takes strips of h rows.
template <Arithmetic A, int... H>
constexpr std::array<Tile<A>, kStrip> tiles(std::integer_sequence<int, H...>) {
  return {&tile<A, H + 1>...};
}
template <Arithmetic A>
inline constexpr std::array<Tile<A>, kStrip> kTiles =
    tiles<A>(std::make_integer_sequence<int, kStrip>());

template <Arithmetic A>
class StripProduct {
 public:
  void add(const uint32_t* rows, const uint32_t* weights, int groups, int height,
           typename Product<A>::T* sums, int64_t stride, bool fresh, Ahead ahead = {}) {
    kTiles<A>[height - 1](rows, weights, groups, sums, stride, fresh, ahead);
  }
};

// Groups [first, last) of a panel as the arithmetic takes them: where they lie, or widened into
// `room`.
HWY_INLINE const uint32_t* widened(const Packed& weights, int panel, int first, int last,
                                   uint32_t* room) {
  const std::byte* data = weights.data + panel * weights.panel_bytes;
  const DU du;
  const DF df;
  const int count = last - first;
  if (weights.precision == Precision::kInt4) {
    const int per_group = values_per_group(weights.arithmetic);
    const int per_block = kInt4Group / per_group;
    const hn::Rebind<uint8_t, DI> du8;
    const hn::Rebind<uint16_t, DU> du16;
    const DI di;
    for (int g = 0; g < count; ++g) {
      const int block = (first + g) / per_block, inside = (first + g) % per_block;
      const std::byte* at = data + block * kInt4BlockBytes;
      const auto* scales = reinterpret_cast<const uint16_t*>(at);
      const auto* nibbles = reinterpret_cast<const uint8_t*>(at + kPanel * sizeof(uint16_t));
      for (int v = 0; v < kPanel; v += kLanes) {
        const VF scale =
            hn::BitCast(df, hn::ShiftLeft<16>(hn::PromoteTo(du, hn::LoadU(du16, scales + v))));
        const int pair = per_group == 2 ? inside : inside / 2;
        const VI both = hn::PromoteTo(di, hn::LoadU(du8, nibbles + pair * kPanel + v));
        const auto value = [&](VI four_bits) HWY_ATTR {
          return hn::Mul(hn::ConvertTo(df, hn::Sub(four_bits, hn::Set(di, 8))), scale);
        };
        const VF even = value(hn::And(both, hn::Set(di, 15)));
        const VF odd = value(hn::ShiftRight<4>(both));
        const VU out = per_group == 2
                           ? hn::Or(rounded_bf16(even), hn::ShiftLeft<16>(rounded_bf16(odd)))
                           : hn::BitCast(du, inside % 2 == 0 ? even : odd);
        hn::Store(out, du, room + g * kPanel + v);
      }
    }
    return room;
  }
  if (weights.precision == Precision::kBf16 && weights.arithmetic == Arithmetic::kF32) {
    const hn::Rebind<uint16_t, DU> du16;
    const uint16_t* from = reinterpret_cast<const uint16_t*>(data) + int64_t{first} * kPanel;
    for (int i = 0; i < count * kPanel; i += kLanes) {
      hn::Store(hn::ShiftLeft<16>(hn::PromoteTo(du, hn::LoadU(du16, from + i))), du, room + i);
    }
    return room;
  }
  if (weights.precision == Precision::kInt8 && weights.arithmetic == Arithmetic::kS16) {
    const hn::ScalableTag<int16_t> d16;
    const hn::Rebind<int8_t, decltype(d16)> d8;
    const int8_t* from = reinterpret_cast<const int8_t*>(data) + int64_t{first} * kPanel * 2;
    int16_t* to = reinterpret_cast<int16_t*>(room);
    for (int i = 0; i < count * kPanel * 2; i += HWY_LANES(int16_t)) {
      hn::Store(hn::PromoteTo(d16, hn::LoadU(d8, from + i)), d16, to + i);
    }
    return room;
  }
  return reinterpret_cast<const uint32_t*>(data) + int64_t{first} * kPanel;
}

// One panel's sums [m1 - m0, kPanel] become rows [m0, m1) of y.
template <Arithmetic A>
HWY_INLINE void finish_panel(const Rows& rows, const Packed& weights, const Finish& finish,
                             int panel, int m0, int m1, const typename Product<A>::T* sums) {
  const DF df;
  const int column = panel * kPanel;
  const bool pairs = finish.kind == Finish::kGeluGate;
  const int width = pairs ? weights.n / 2 : weights.n;
  for (int v = 0; v < kPanel; v += kLanes) {
    if (pairs && v > 0) break;
    const int to = pairs ? column / 2 : column + v;  // of y
    const int count = width - to < kLanes ? width - to : kLanes;
    if (count <= 0) break;
    const bool whole = count == kLanes;
    const auto load = [&](const float* p) HWY_ATTR {
      return whole ? hn::LoadU(df, p) : hn::MaskedLoad(hn::FirstN(df, count), df, p);
    };
    const VF bias = finish.bias == nullptr ? hn::Zero(df) : load(finish.bias + to);
    const auto column_scale = [&](int at) HWY_ATTR {
      return is_integer(A) ? hn::Load(df, weights.scale + column + at) : hn::Zero(df);
    };
    const VF scale = column_scale(v), second_scale = pairs ? column_scale(kLanes) : scale;
    for (int m = m0; m < m1; ++m) {
      const auto value = [&](int at, VF by) HWY_ATTR -> VF {
        const hn::ScalableTag<typename Product<A>::T> dt;
        const auto sum = hn::Load(dt, sums + int64_t{m - m0} * kPanel + at);
        if constexpr (A == Arithmetic::kS8) {
          const VI offset = hn::Set(DI(), kWeightOffset * rows.sum[m]);
          return hn::Mul(hn::ConvertTo(df, hn::Sub(sum, offset)),
                         hn::Mul(by, hn::Set(df, rows.scale[m])));
        } else if constexpr (A == Arithmetic::kS12) {
          return hn::Mul(sum, hn::Mul(by, hn::Set(df, rows.scale[m])));
        } else if constexpr (is_integer(A)) {
          return hn::Mul(hn::ConvertTo(df, sum), hn::Mul(by, hn::Set(df, rows.scale[m])));
        } else {
          return sum;
        }
      };
      VF x = value(v, scale);
      float* y = finish.y + m * finish.stride + to;
      switch (finish.kind) {
        case Finish::kStore:
          x = hn::Add(x, bias);
          break;
        case Finish::kAdd:
          x = hn::Add(x, bias);
          if (finish.gate != nullptr) {
            x = hn::Mul(x, load(finish.gate + m * finish.gate_stride + to));
          }
          x = hn::Add(load(y), x);
          break;
        case Finish::kGelu:
          x = gelu(hn::Add(x, bias));
          break;
        case Finish::kSilu:
          x = silu(hn::Add(x, bias));
          break;
        case Finish::kGeluGate:
          x = hn::Mul(gelu(x), value(kLanes, second_scale));
          break;
      }
      if (whole) {
        hn::StoreU(x, df, y);
      } else {
        hn::BlendedStore(x, hn::FirstN(df, count), df, y);
      }
    }
  }
}

// Blocks of `groups` with at most `most` each that are equally long, whole tiles: 288 are two of
// 144, not 256 and 32.
HWY_INLINE int even_blocks(int groups, int most) {
  const int count = (groups + most - 1) / most, each = (groups + count - 1) / count;
  return (each + kTileGroups - 1) / kTileGroups * kTileGroups;
}

template <Arithmetic A>
void multiply_as(const Rows& rows, const Packed& weights, const Finish& finish, int first, int last,
                 Scratch& scratch) {
  using T = typename Product<A>::T;
  constexpr Blocks blocks = kBlocks<A>;
  const int count = (rows.m + kStripOf<A> - 1) / kStripOf<A>;
  const int strips_at_once = blocks.rows / kStripOf<A>;
  const int groups_at_once = even_blocks(rows.groups, blocks.groups);
  const size_t of_panel = static_cast<size_t>(std::min(rows.m, blocks.rows)) * kPanel;
  const size_t of_room = static_cast<size_t>(blocks.groups) * kPanel;
  const int64_t bytes_of_group = weights.panel_bytes / weights.groups;
  scratch.sums.reserve(blocks.panels * of_panel);
  scratch.panel.reserve(blocks.panels * of_room);
  T* sums = reinterpret_cast<T*>(scratch.sums.data());
  uint32_t* room = reinterpret_cast<uint32_t*>(scratch.panel.data());
  StripProduct<A> product;
  for (int panel = first; panel < last; panel += blocks.panels) {
    const int panels = std::min(last - panel, blocks.panels);
    for (int strip = 0; strip < count; strip += strips_at_once) {
      const int strips_end = std::min(count, strip + strips_at_once);
      const int m0 = strip_begin(rows.m, count, strip);
      for (int g = 0; g < rows.groups; g += groups_at_once) {
        const int end = std::min(rows.groups, g + groups_at_once);
        const uint32_t* at[blocks.panels] = {};
        for (int p = 0; p < panels; ++p) {
          at[p] = widened(weights, panel + p, g, end, room + p * of_room);
        }
        // The strips share the fetching of the block that comes next, of the same panels or of the
        // next.
        const bool same = end < rows.groups;
        const int next_panel = same ? panel : std::min(panel + blocks.panels, last - 1);
        const int64_t next_at = same ? end * bytes_of_group : 0;
        const int64_t step = (bytes_of_group + strips_end - strip - 1) / (strips_end - strip);
        for (int s = strip; s < strips_end; ++s) {
          const int m = strip_begin(rows.m, count, s);
          const int height = strip_begin(rows.m, count, s + 1) - m;
          const uint32_t* packed =
              rows.data + static_cast<int64_t>(m) * rows.groups + static_cast<int64_t>(g) * height;
          for (int p = 0; p < panels; ++p) {
            const int to = std::min(next_panel + p, last - 1);
            const Ahead ahead{
                weights.data + to * weights.panel_bytes + next_at + (s - strip) * (end - g) * step,
                step};
            product.add(packed, at[p], end - g, height, sums + p * of_panel + (m - m0) * kPanel,
                        kPanel, g == 0, ahead);
          }
        }
      }
      const int m1 = strip_begin(rows.m, count, strips_end);
      for (int m = m0; m < m1; m += kFinishRows) {
        for (int p = 0; p < panels; ++p) {
          finish_panel<A>(rows, weights, finish, panel + p, m, std::min(m + kFinishRows, m1),
                          sums + p * of_panel + (m - m0) * kPanel);
        }
      }
    }
  }
}

void multiply(const Rows& rows, const Packed& weights, const Finish& finish, int first, int last,
              Scratch& scratch) {
  with_arithmetic(weights.arithmetic, [&]<Arithmetic A>() {
    multiply_as<A>(rows, weights, finish, first, last, scratch);
  });
}

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
