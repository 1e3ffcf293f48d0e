// Rows of f32 as whole numbers. Included once a target.
#if defined(GYRE_INFER_CPU_QUANTISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GYRE_INFER_CPU_QUANTISE_INL_H_
#undef GYRE_INFER_CPU_QUANTISE_INL_H_
#else
#define GYRE_INFER_CPU_QUANTISE_INL_H_
#endif

#include "gyre/infer/cpu/elementwise-inl.h"
#include "gyre/infer/cpu/simd-inl.h"

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

// Whole numbers of -limit .. limit for a row x [count], `count` a multiple of the vector: x is
// about scale() times them. The scale of a row that holds an infinity or a NaN is NaN.
class Quantiser {
 public:
  HWY_INLINE Quantiser(const float* x, int count, int limit) {
    const DF df;
    VF largest = hn::Zero(df), poison = hn::Zero(df);
    for (int k = 0; k < count; k += kLanes) {
      const VF v = hn::Load(df, x + k);
      largest = hn::Max(largest, hn::Abs(v));
      poison = hn::MulAdd(v, hn::Zero(df), poison);
    }
    const float top = horizontal_max(largest);
    inverse_ = top > 0 ? limit / top : 0;
    scale_ = top / limit + horizontal_sum(poison);
  }

  HWY_INLINE VI operator()(VF x) const {
    return hn::NearestInt(hn::Mul(x, hn::Set(DF(), inverse_)));
  }
  float scale() const { return scale_; }

 private:
  float inverse_ = 0, scale_ = 0;
};

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
