// Vectors of one target, and the products of 32-bit groups (kernels.h). Included once a target.
#if defined(GYRE_INFER_CPU_SIMD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GYRE_INFER_CPU_SIMD_INL_H_
#undef GYRE_INFER_CPU_SIMD_INL_H_
#else
#define GYRE_INFER_CPU_SIMD_INL_H_
#endif

#include <hwy/highway.h>

#if HWY_ARCH_ARM
#include <sys/auxv.h>
#endif

#include <algorithm>
#include <utility>

#include "gyre/infer/cpu/kernels.h"

// Highway 1.0.3 knows no product of bfloat16 or int8 groups, and no tiles: those instructions are
// named here. Only the table of Target::kAmx uses tiles.
#undef GYRE_TARGET_ATTRIBUTES
#if HWY_TARGET == HWY_AVX3_DL
#define GYRE_TARGET_ATTRIBUTES HWY_TARGET_STR ",avx512vnni,avx512bf16,amx-tile,amx-bf16,amx-int8"
#else
#define GYRE_TARGET_ATTRIBUTES HWY_TARGET_STR
#endif
#undef GYRE_BEFORE_NAMESPACE
#ifdef HWY_TARGET_STR
#define GYRE_BEFORE_NAMESPACE() HWY_PUSH_ATTRIBUTES(GYRE_TARGET_ATTRIBUTES)
#else
#define GYRE_BEFORE_NAMESPACE() HWY_BEFORE_NAMESPACE()
#endif

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using DF = hn::ScalableTag<float>;
using DI = hn::ScalableTag<int32_t>;
using DU = hn::ScalableTag<uint32_t>;
using VF = hn::Vec<DF>;
using VI = hn::Vec<DI>;
using VU = hn::Vec<DU>;

inline constexpr int kLanes = HWY_LANES(float);
inline constexpr int kPanel = 2 * kLanes;  // columns of a panel: two vectors

// Four-bit weights lie in blocks of 32 k: a bfloat16 scale for each column, then for each pair of k
// one byte a column.
inline constexpr size_t kInt4BlockBytes = kPanel * sizeof(uint16_t) + kInt4Group / 2 * kPanel;

#if HWY_TARGET == HWY_AVX3_DL
inline constexpr int kStrip = 14;  // 28 sums, 2 weights, 1 row value in 32 registers
#elif HWY_TARGET == HWY_NEON
inline constexpr int kStrip = 12;  // 24 sums, 2 weights, 12 row values in 3 of 32 registers
#elif HWY_TARGET == HWY_AVX2
inline constexpr int kStrip = 6;  // 12 sums, 2 weights, 1 row value in 16 registers
#else
inline constexpr int kStrip = 4;
#endif
// For weights in int8.
HWY_INLINE Arithmetic integer_arithmetic() {
#if HWY_TARGET == HWY_AVX3_DL
  return Arithmetic::kS8;
#elif HWY_TARGET == HWY_NEON
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0 ? Arithmetic::kS8 : Arithmetic::kS16;
#else
  return Arithmetic::kS16;
#endif
}
// For weights in bfloat16: its own products where they are faster than widening to float32. Intel's
// take twice as long as a float32 product of the same size, AMD's as long.
HWY_INLINE Arithmetic half_arithmetic() {
#if HWY_TARGET == HWY_AVX3_DL
  if (__builtin_cpu_is("amd")) return Arithmetic::kBf16;
#endif
  return Arithmetic::kF32;
}
// Integers of 12 bits are about as exact, and a product of pairs does twice the work of float32's.
HWY_INLINE Precision half_precision() {
  const bool pairs = HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3_DL;
  return pairs && half_arithmetic() == Arithmetic::kF32 ? Precision::kInt12 : Precision::kBf16;
}
// Added to int8 weights of kS8: x86 multiplies them as unsigned bytes, Arm as signed ones.
inline constexpr int kWeightOffset = HWY_ARCH_ARM ? 0 : 128;

struct FloatSums {
  using V = VF;
  using T = float;
  static HWY_INLINE V zero() { return hn::Zero(DF()); }
};
struct IntegerSums {
  using V = VI;
  using T = int32_t;
  static HWY_INLINE V zero() { return hn::Zero(DI()); }
};

// add(): sum + x w for each of the four-byte groups of x and w. V: sums in registers; T: of K.
template <Arithmetic A>
struct Product;

template <>
struct Product<Arithmetic::kF32> : FloatSums {
  static HWY_INLINE V add(V sum, VU x, VU w) {
    return hn::MulAdd(hn::BitCast(DF(), x), hn::BitCast(DF(), w), sum);
  }
};

template <>
struct Product<Arithmetic::kS16> : IntegerSums {
  static HWY_INLINE V add(V sum, VU x, VU w) {
#if HWY_TARGET == HWY_AVX2
    return V{_mm256_add_epi32(sum.raw, _mm256_madd_epi16(x.raw, w.raw))};
#elif HWY_TARGET == HWY_AVX3_DL
    return V{_mm512_dpwssd_epi32(sum.raw, x.raw, w.raw)};
#else
    const auto high = [](VU v) HWY_ATTR { return hn::ShiftRight<16>(hn::BitCast(DI(), v)); };
    const auto low = [](VU v) HWY_ATTR {
      return hn::ShiftRight<16>(hn::ShiftLeft<16>(hn::BitCast(DI(), v)));
    };
    return hn::Add(sum, hn::Add(hn::Mul(low(x), low(w)), hn::Mul(high(x), high(w))));
#endif
  }
};

template <>
struct Product<Arithmetic::kS12> : Product<Arithmetic::kS16> {
  using T = float;
};

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3_DL
template <>
struct Product<Arithmetic::kS8> : IntegerSums {
  static HWY_INLINE V add(V sum, VU x, VU w) {
#if HWY_TARGET == HWY_AVX2
    // AVX-VNNI's, in assembler: its intrinsic wants all code around it compiled for it, whose
    // instructions would then be anywhere, also on processors without them.
    asm("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sum.raw) : "x"(w.raw), "x"(x.raw));
    return sum;
#else
    return V{_mm512_dpbusd_epi32(sum.raw, w.raw, x.raw)};
#endif
  }
};
#endif

#if HWY_TARGET == HWY_AVX3_DL
template <>
struct Product<Arithmetic::kBf16> : FloatSums {
  static HWY_INLINE V add(V sum, VU x, VU w) {
    return V{_mm512_dpbf16_ps(sum.raw, (__m512bh)x.raw, (__m512bh)w.raw)};
  }
};

template <>
struct Product<Arithmetic::kTileBf16> : FloatSums {};

template <>
struct Product<Arithmetic::kTileS8> : IntegerSums {};
#endif

#if HWY_TARGET == HWY_NEON
template <>
struct Product<Arithmetic::kS8> : IntegerSums {};

#undef GYRE_SDOT
#ifdef __ARM_FEATURE_DOTPROD
#define GYRE_SDOT "sdot"
#else
#define GYRE_SDOT ".arch armv8.2-a+dotprod\n\tsdot"
#endif

// Product<A>::add where x is lane L of `row` for all columns. The instructions take it from there:
// copies in all lanes would be a third of the vector instructions, and more registers than there
// are. In assembler where intrinsics fall short: of vfmaq_laneq_f32 the compiler makes those
// copies, and vdotq_laneq_s32 wants all code around it compiled for Armv8.2, whose instructions
// would then be anywhere, also on processors without them.
template <Arithmetic A, int L>
HWY_INLINE auto add_lane(typename Product<A>::V sum, VU row, VU w) {
  if constexpr (A == Arithmetic::kF32) {
    asm("fmla %0.4s, %1.4s, %2.s[%3]" : "+w"(sum.raw) : "w"(w.raw), "w"(row.raw), "i"(L));
  } else if constexpr (A == Arithmetic::kS8) {
    asm(GYRE_SDOT " %0.4s, %1.16b, %2.4b[%3]" : "+w"(sum.raw) : "w"(w.raw), "w"(row.raw), "i"(L));
  } else {  // pairs of int16
    const int16x8_t pairs = vreinterpretq_s16_u32(w.raw), x = vreinterpretq_s16_u32(row.raw);
    const int16x4_t even = vget_low_s16(vuzp1q_s16(pairs, pairs));
    const int16x4_t odd = vget_low_s16(vuzp2q_s16(pairs, pairs));
    sum.raw = vmlal_laneq_s16(vmlal_laneq_s16(sum.raw, even, x, 2 * L), odd, x, 2 * L + 1);
  }
  return sum;
}

// left[r] += x[r] w0, right[r] += x[r] w1.
template <Arithmetic A, int H, class Raw>
HWY_INLINE void add_rows(const uint32_t* x, VU w0, VU w1, Raw (&left)[H], Raw (&right)[H]) {
  using V = typename Product<A>::V;
  const auto add_row = [&]<int R>() HWY_ATTR {
    // Four rows' values at a time, the last four once more where H is no multiple.
    constexpr int from = H < 4 ? R : std::min(R / 4 * 4, H - 4);
    const VU row = H < 4 ? hn::Set(DU(), x[from]) : hn::LoadU(DU(), x + from);
    left[R] = add_lane<A, R - from>(V{left[R]}, row, w0).raw;
    right[R] = add_lane<A, R - from>(V{right[R]}, row, w1).raw;
  };
  [&]<int... R>(std::integer_sequence<int, R...>)
      HWY_ATTR { (add_row.template operator()<R>(), ...); }(std::make_integer_sequence<int, H>());
}
#endif

// The compiler may neither know nor reuse x, a vector as the processor has it.
template <class Raw>
HWY_INLINE void forget(Raw& x) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR
  asm volatile("" : "+v"(x));
#elif HWY_TARGET == HWY_NEON
  asm volatile("" : "+w"(x));
#else
  asm volatile("" : "+r"(x));
#endif
}

// Calls body<A>() for an arithmetic of this target; no table of kernels names another.
template <class Body>
HWY_INLINE void with_arithmetic(Arithmetic arithmetic, const Body& body) {
  switch (arithmetic) {
    case Arithmetic::kF32:
      return body.template operator()<Arithmetic::kF32>();
    case Arithmetic::kS12:
      return body.template operator()<Arithmetic::kS12>();
#if HWY_TARGET == HWY_AVX3_DL
    case Arithmetic::kBf16:
      return body.template operator()<Arithmetic::kBf16>();
    case Arithmetic::kTileBf16:
      return body.template operator()<Arithmetic::kTileBf16>();
    case Arithmetic::kTileS8:
      return body.template operator()<Arithmetic::kTileS8>();
#else
    case Arithmetic::kS16:
      return body.template operator()<Arithmetic::kS16>();
#endif
#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_NEON
    case Arithmetic::kS8:
      return body.template operator()<Arithmetic::kS8>();
#endif
    default:
      return;
  }
}

// Where weights lie that are wanted next: each group of a product asks for `step` bytes more of
// them.
struct Ahead {
  const std::byte* at = nullptr;
  int64_t step = 0;
};

// Multiplies a strip: of vectors in gemm-inl.h, of tiles in tile-inl.h.
template <Arithmetic A>
class StripProduct;

template <Arithmetic A>
inline constexpr int kStripOf = is_tiled(A) ? kTileStrip : kStrip;

// Bits of the nearest bfloat16, ties to even, in the low half of each lane.
HWY_INLINE VU rounded_bf16(VF x) {
  const DU du;
  const VU bits = hn::BitCast(du, x);
  const VU odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
  return hn::ShiftRight<16>(hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7fff))));
}

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
