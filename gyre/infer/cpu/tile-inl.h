// Products in the tile registers of AMX, and rows in the layout that they take. Included once a
// target.
#if defined(GYRE_INFER_CPU_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GYRE_INFER_CPU_TILE_INL_H_
#undef GYRE_INFER_CPU_TILE_INL_H_
#else
#define GYRE_INFER_CPU_TILE_INL_H_
#endif

#include "gyre/infer/cpu/quantise-inl.h"
#include "gyre/infer/cpu/simd-inl.h"

#if HWY_TARGET == HWY_AVX3_DL

#include <immintrin.h>

#include <array>
#include <utility>

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

inline constexpr int kTileRows = kTileStrip / 2;
static_assert(kPanel == 32 && kLanes == 16);  // columns of two tiles

// What ldtilecfg reads, for strips of `height` rows: tiles 0 and 1 are sums of the upper rows, 2
// and 3 of the lower; 4 and 5 are rows, 6 and 7 weights.
struct alignas(64) TileShapes {
  uint8_t palette = 1, start = 0, reserved[14] = {};
  uint16_t row_bytes[16] = {};
  uint8_t rows[16] = {};

  constexpr explicit TileShapes(int height) {
    const int upper = height < kTileRows ? height : kTileRows, lower = height - upper;
    const int of_tile[8] = {upper, upper, lower, lower, upper, lower, kTileRows, kTileRows};
    for (int i = 0; i < 8; ++i) {
      rows[i] = static_cast<uint8_t>(of_tile[i]);
      row_bytes[i] = of_tile[i] > 0 ? 4 * kTileGroups : 0;
    }
  }
};

template <int... H>
constexpr std::array<TileShapes, kTileStrip> tile_shapes(std::integer_sequence<int, H...>) {
  return {TileShapes(H + 1)...};
}
// kTileShapes[h - 1] is for strips of h rows.
inline constexpr std::array<TileShapes, kTileStrip> kTileShapes =
    tile_shapes(std::make_integer_sequence<int, kTileStrip>());

// A macro: the instructions name their registers.
#define GYRE_TILE_ADD(sum, x, w)            \
  if constexpr (A == Arithmetic::kTileS8) { \
    _tile_dpbssd(sum, x, w);                \
  } else {                                  \
    _tile_dpbf16ps(sum, x, w);              \
  }

// sums [height, kPanel], `stride` apart, (+)= rows [groups / 16, height, 16] times weights [groups,
// kPanel]. Not inlined: the loads do not tell the compiler what they read.
template <Arithmetic A, bool kLower>
HWY_NOINLINE void add_tiles(const uint32_t* rows, const uint32_t* weights, int groups, int height,
                            typename Product<A>::T* sums, int64_t stride, bool fresh) {
  const int64_t bytes = stride * 4;
  typename Product<A>::T* lower = sums + kTileRows * stride;
  if (fresh) {
    _tile_zero(0);
    _tile_zero(1);
    if constexpr (kLower) {
      _tile_zero(2);
      _tile_zero(3);
    }
  } else {
    _tile_loadd(0, sums, bytes);
    _tile_loadd(1, sums + kLanes, bytes);
    if constexpr (kLower) {
      _tile_loadd(2, lower, bytes);
      _tile_loadd(3, lower + kLanes, bytes);
    }
  }
  for (int g = 0; g < groups; g += kTileGroups) {
    _tile_loadd(6, weights, 4 * kPanel);
    _tile_loadd(4, rows, 4 * kTileGroups);
    GYRE_TILE_ADD(0, 4, 6);
    _tile_loadd(7, weights + kLanes, 4 * kPanel);
    GYRE_TILE_ADD(1, 4, 7);
    if constexpr (kLower) {
      _tile_loadd(5, rows + kTileRows * kTileGroups, 4 * kTileGroups);
      GYRE_TILE_ADD(2, 5, 6);
      GYRE_TILE_ADD(3, 5, 7);
    }
    // Two blocks ahead: 51 rows by cold weights [4096, 1024] in bf16 take 1.02 ms, not 1.11.
    for (int i = 0; i < kTileGroups * kPanel; i += kLanes) {
      __builtin_prefetch(weights + 2 * kTileGroups * kPanel + i);
    }
    rows += height * kTileGroups;
    weights += kTileGroups * kPanel;
  }
  _tile_stored(0, sums, bytes);
  _tile_stored(1, sums + kLanes, bytes);
  if constexpr (kLower) {
    _tile_stored(2, lower, bytes);
    _tile_stored(3, lower + kLanes, bytes);
  }
  asm volatile("" ::: "memory");
}

// Holds this thread's tiles, and lets them go: a thread that has none is switched faster.
template <Arithmetic A>
  requires(is_tiled(A))
class StripProduct<A> {
 public:
  StripProduct() = default;
  ~StripProduct() {
    if (height_ > 0) _tile_release();
  }
  StripProduct(const StripProduct&) = delete;
  StripProduct& operator=(const StripProduct&) = delete;

  void add(const uint32_t* rows, const uint32_t* weights, int groups, int height,
           typename Product<A>::T* sums, int64_t stride, bool fresh, Ahead = {}) {
    if (height != height_) _tile_loadconfig(&kTileShapes[height - 1]);  // 145 ns: 20 products
    height_ = height;
    const auto add = height > kTileRows ? add_tiles<A, true> : add_tiles<A, false>;
    add(rows, weights, groups, height, sums, stride, fresh);
  }

 private:
  int height_ = 0;
};

// As pack_strip, by blocks.
HWY_INLINE void pack_tile_strip(Arithmetic arithmetic, float* x, int64_t stride, int height,
                                int groups, uint32_t* strip, float* scale) {
  const DF df;
  const int values = groups * values_per_group(arithmetic);
  for (int r = 0; r < height; ++r) {
    const float* row = x + r * stride;
    if (arithmetic == Arithmetic::kTileBf16) {
      uint32_t* to = strip + r * kTileGroups;
      for (int k = 0; k < values; k += 2 * kLanes, to += height * kTileGroups) {
        const __m512bh both =
            _mm512_cvtne2ps_pbh(hn::Load(df, row + k + kLanes).raw, hn::Load(df, row + k).raw);
        _mm512_store_si512(to, (__m512i)both);
      }
      continue;
    }
    const Quantiser quantiser(row, values, largest_integer(arithmetic));
    scale[r] = quantiser.scale();
    auto* to = reinterpret_cast<__m128i*>(strip + r * kTileGroups);
    for (int k = 0; k < values; k += 4 * kLanes, to += height * 4) {
      for (int i = 0; i < 4; ++i) {
        const VI q = quantiser(hn::Load(df, row + k + i * kLanes));
        _mm_store_si128(to + i, _mm512_cvtsepi32_epi8(q.raw));
      }
    }
  }
}

// As peak_as, of `rounds` rounds of four products.
template <Arithmetic A>
HWY_NOINLINE double peak_of_tiles(int64_t rounds) {
  _tile_loadconfig(&kTileShapes[kTileStrip - 1]);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_zero(4);
  _tile_zero(5);
  _tile_zero(6);
  _tile_zero(7);
  for (int64_t round = 0; round < rounds; ++round) {
    GYRE_TILE_ADD(0, 4, 6);
    GYRE_TILE_ADD(1, 4, 7);
    GYRE_TILE_ADD(2, 5, 6);
    GYRE_TILE_ADD(3, 5, 7);
  }
  _tile_release();
  return 2.0 * rounds * kTileStrip * kPanel * kTileGroups * values_per_group(A);
}

#undef GYRE_TILE_ADD

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET == HWY_AVX3_DL

#endif
