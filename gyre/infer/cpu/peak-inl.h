// How fast this processor multiplies when nothing is read from memory. Included once a target.
#if defined(GYRE_INFER_CPU_PEAK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GYRE_INFER_CPU_PEAK_INL_H_
#undef GYRE_INFER_CPU_PEAK_INL_H_
#else
#define GYRE_INFER_CPU_PEAK_INL_H_
#endif

#include "gyre/infer/cpu/simd-inl.h"
#include "gyre/infer/cpu/tile-inl.h"

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

// Additions and multiplications of `rounds` rounds, of 2 kStrip independent sums each.
template <Arithmetic A>
HWY_NOINLINE double peak_as(int64_t rounds) {
  using P = Product<A>;
  VU x = hn::Set(DU(), 0x01010101), w = hn::Set(DU(), 0x01010101);
  using V = typename P::V;
  decltype(V().raw) sums[2 * kStrip];
#pragma GCC unroll 32
  for (int i = 0; i < 2 * kStrip; ++i) sums[i] = P::zero().raw;
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 32
    for (int i = 0; i < 2 * kStrip; ++i) {
      forget(x.raw);
#if HWY_TARGET == HWY_NEON
      sums[i] = add_lane<A, 0>(V{sums[i]}, x, w).raw;
#else
      sums[i] = P::add(V{sums[i]}, x, w).raw;
#endif
    }
  }
  using T = hn::TFromV<V>;
  HWY_ALIGN T kept[2 * kStrip * kLanes];
#pragma GCC unroll 32
  for (int i = 0; i < 2 * kStrip; ++i) {
    hn::Store(V{sums[i]}, hn::ScalableTag<T>(), kept + i * kLanes);
  }
  asm volatile("" : : "r"(kept) : "memory");
  return 2.0 * rounds * 2 * kStrip * kLanes * values_per_group(A);
}

double peak(Arithmetic arithmetic, int64_t rounds) {
  double work = 0;
  with_arithmetic(arithmetic, [&]<Arithmetic A>() {
#if HWY_TARGET == HWY_AVX3_DL
    if constexpr (is_tiled(A)) {
      work = peak_of_tiles<A>(rounds);
      return;
    }
#endif
    if constexpr (!is_tiled(A)) work = peak_as<A>(rounds);
  });
  return work;
}

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
