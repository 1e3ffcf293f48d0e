// Weights and rows in the layouts that gemm-inl.h multiplies. Included once a target.
#if defined(GYRE_INFER_CPU_PACK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GYRE_INFER_CPU_PACK_INL_H_
#undef GYRE_INFER_CPU_PACK_INL_H_
#else
#define GYRE_INFER_CPU_PACK_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "gyre/infer/cpu/elementwise-inl.h"
#include "gyre/infer/cpu/quantise-inl.h"
#include "gyre/infer/cpu/simd-inl.h"
#include "gyre/infer/cpu/tile-inl.h"

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

Packed plan(Precision precision, Arithmetic arithmetic, int n, int k) {
  const int per_group = values_per_group(arithmetic);
  Packed packed{.precision = precision, .arithmetic = arithmetic, .n = n, .k = k};
  packed.groups = groups_of(arithmetic, k);
  packed.panels = (n + kPanel - 1) / kPanel;
  const size_t groups = packed.groups;
  switch (precision) {
    case Precision::kF32:
      packed.panel_bytes = groups * kPanel * sizeof(float);
      break;
    case Precision::kBf16:
    case Precision::kInt12:
      packed.panel_bytes = groups * per_group * kPanel * sizeof(uint16_t);
      break;
    case Precision::kInt8:
      packed.panel_bytes = groups * per_group * kPanel;
      break;
    case Precision::kInt4:
      packed.panel_bytes = size_t((k + kInt4Group - 1) / kInt4Group) * kInt4BlockBytes;
      break;
  }
  return packed;
}

void pack_int4(const Packed& packed, std::byte* data, const float* const* columns,
               int64_t k_stride) {
  for (int k0 = 0; k0 < packed.k; k0 += kInt4Group, data += kInt4BlockBytes) {
    auto* scales = reinterpret_cast<uint16_t*>(data);
    auto* nibbles = reinterpret_cast<uint8_t*>(data + kPanel * sizeof(uint16_t));
    for (int j = 0; j < kPanel; ++j) {
      float value[kInt4Group] = {}, largest = 0;
      for (int i = 0; i < kInt4Group && k0 + i < packed.k && columns[j] != nullptr; ++i) {
        value[i] = columns[j][(k0 + i) * k_stride];
        largest = std::max(largest, std::abs(value[i]));
      }
      // Rounded up, so that the largest stays within seven steps.
      uint32_t bits = 0;
      const float exact = largest / 7;
      std::memcpy(&bits, &exact, sizeof bits);
      scales[j] = static_cast<uint16_t>((bits + 0xffff) >> 16);
      bits = uint32_t{scales[j]} << 16;
      float scale = 0;
      std::memcpy(&scale, &bits, sizeof bits);
      const float inverse = scale > 0 ? 1 / scale : 0;
      const auto nibble = [&](int i) {
        return static_cast<uint8_t>(std::lrintf(value[i] * inverse) + 8);
      };
      for (int i = 0; i < kInt4Group; i += 2) {
        nibbles[i / 2 * kPanel + j] = nibble(i) | nibble(i + 1) << 4;
      }
    }
  }
}

// y = (norm(x) (1 + scale) + shift) by, over one row of `width`.
HWY_INLINE void transform_row(const float* x, int width, const RowTransform& t, int64_t m,
                              float* y) {
  const DF df;
  float mean = 0, inverse = 1;
  if (t.norm != Norm::kNone) {
    VF sum = hn::Zero(df), squares = hn::Zero(df);
    float rest = 0, rest_squares = 0;
    int k = 0;
    if (t.norm == Norm::kLayer) {
      for (; k + kLanes <= width; k += kLanes) sum = hn::Add(sum, hn::LoadU(df, x + k));
      for (; k < width; ++k) rest += x[k];
      mean = (horizontal_sum(sum) + rest) / width;
    }
    const VF center = hn::Set(df, mean);
    for (k = 0; k + kLanes <= width; k += kLanes) {
      const VF v = hn::Sub(hn::LoadU(df, x + k), center);
      squares = hn::MulAdd(v, v, squares);
    }
    for (; k < width; ++k) rest_squares += (x[k] - mean) * (x[k] - mean);
    inverse = 1 / std::sqrt((horizontal_sum(squares) + rest_squares) / width + t.epsilon);
  }
  const float* scale = t.scale == nullptr ? nullptr : t.scale + m * t.stride;
  const float* shift = t.shift == nullptr ? nullptr : t.shift + m * t.stride;
  const VF center = hn::Set(df, mean), by = hn::Set(df, inverse);
  int k = 0;
  for (; k + kLanes <= width; k += kLanes) {
    VF v = hn::Mul(hn::Sub(hn::LoadU(df, x + k), center), by);
    if (scale != nullptr) v = hn::MulAdd(v, hn::LoadU(df, scale + k), v);
    if (shift != nullptr) v = hn::Add(v, hn::LoadU(df, shift + k));
    if (t.by != nullptr) v = hn::Mul(v, hn::LoadU(df, t.by + k));
    hn::StoreU(v, df, y + k);
  }
  for (; k < width; ++k) {
    float v = (x[k] - mean) * inverse;
    if (scale != nullptr) v = v * scale[k] + v;
    if (shift != nullptr) v += shift[k];
    if (t.by != nullptr) v *= t.by[k];
    y[k] = v;
  }
}

// `count` numbers of a column, `k_stride` apart, to x, then zeros up to `room`.
HWY_INLINE void gather_column(const float* column, int count, int64_t k_stride, float* x,
                              int64_t room) {
  if (column == nullptr) count = 0;
  if (k_stride == 1) {
    std::copy_n(column, count, x);
  } else {
    for (int k = 0; k < count; ++k) x[k] = column[k * k_stride];
  }
  std::fill(x + count, x + room, 0.0f);
}

// Columns that were converted one by one, `stride` units apart, become a panel [units][kPanel].
template <class Unit>
HWY_INLINE void interleave(const Unit* columns, int64_t stride, int units, Unit* panel) {
  for (int u = 0; u < units; ++u) {
    for (int j = 0; j < kPanel; ++j) panel[u * kPanel + j] = columns[j * stride + u];
  }
}

void pack(const Packed& packed, int panel, const float* const* columns, int64_t k_stride,
          Scratch& scratch) {
  std::byte* data = packed.data + panel * packed.panel_bytes;
  if (packed.precision == Precision::kInt4) return pack_int4(packed, data, columns, k_stride);
  const int per_group = values_per_group(packed.arithmetic);
  const int64_t values = static_cast<int64_t>(packed.groups) * per_group;
  const int64_t room = (values + kLanes - 1) / kLanes * kLanes + kLanes;
  scratch.strip.reserve(kPanel * room);
  const int offset = packed.arithmetic == Arithmetic::kS8 ? kWeightOffset : 0;
  const DF df;
  for (int j = 0; j < kPanel; ++j) {  // each converted in its own place
    float* x = scratch.strip.data() + j * room;
    gather_column(columns[j], packed.k, k_stride, x, room);
    if (packed.precision == Precision::kBf16) {
      const hn::Rebind<uint16_t, DU> du16;
      auto* to = reinterpret_cast<uint16_t*>(x);
      for (int64_t k = 0; k < values; k += kLanes) {
        hn::StoreU(hn::DemoteTo(du16, hn::BitCast(DI(), rounded_bf16(hn::Load(df, x + k)))), du16,
                   to + k);
      }
    } else if (packed.precision != Precision::kF32) {
      const int64_t padded = room - kLanes;
      const Quantiser quantiser(x, static_cast<int>(padded), largest_integer(packed.arithmetic));
      packed.scale[static_cast<int64_t>(panel) * kPanel + j] = quantiser.scale();
      if (packed.precision == Precision::kInt12) {
        const hn::Rebind<int16_t, DI> d16;
        auto* to = reinterpret_cast<int16_t*>(x);
        for (int64_t k = 0; k < padded; k += kLanes) {
          hn::StoreU(hn::DemoteTo(d16, quantiser(hn::Load(df, x + k))), d16, to + k);
        }
        continue;
      }
      const hn::Rebind<int8_t, DI> d8;
      const auto sign = hn::Set(d8, static_cast<int8_t>(offset));
      auto* to = reinterpret_cast<int8_t*>(x);
      for (int64_t k = 0; k < padded; k += kLanes) {
        const auto q = hn::DemoteTo(d8, quantiser(hn::Load(df, x + k)));
        hn::StoreU(hn::Xor(q, sign), d8, to + k);  // + 128, where it is added
      }
    }
  }
  const float* x = scratch.strip.data();
  const auto units = [&]<class Unit>(Unit* to) {
    interleave(reinterpret_cast<const Unit*>(x),
               room * int64_t{sizeof(float)} / int64_t{sizeof(Unit)}, packed.groups, to);
  };
  const size_t unit = packed.panel_bytes / kPanel / packed.groups;
  if (unit == sizeof(uint32_t)) {
    units(reinterpret_cast<uint32_t*>(data));
  } else {
    units(reinterpret_cast<uint16_t*>(data));
  }
}

// Packs rows [height, K] of f32 at `x`, `stride` apart and each a whole number of vectors of groups
// long, into a strip; the integers' scale and sum to `scale` and `sum`. Changes x.
HWY_INLINE void pack_strip(Arithmetic arithmetic, float* x, int64_t stride, int height, int groups,
                           uint32_t* strip, float* scale, int32_t* sum) {
#if HWY_TARGET == HWY_AVX3_DL
  if (is_tiled(arithmetic)) {
    return pack_tile_strip(arithmetic, x, stride, height, groups, strip, scale);
  }
#endif
  const DI di;
  const DF df;
  const hn::Rebind<uint16_t, DI> du16;
  const hn::Rebind<int16_t, DI> d16;
  const hn::Rebind<int8_t, DI> d8;
  const int per_group = values_per_group(arithmetic);
  const int padded = (groups * per_group + kLanes - 1) / kLanes * kLanes;
  for (int r = 0; r < height; ++r) {  // each row becomes groups in its own place
    float* row = x + r * stride;
    if (arithmetic == Arithmetic::kF32) continue;
    if (arithmetic == Arithmetic::kBf16) {
      auto* to = reinterpret_cast<uint16_t*>(row);
      for (int k = 0; k < padded; k += kLanes) {
        const VI bits = hn::BitCast(di, rounded_bf16(hn::Load(df, row + k)));
        hn::StoreU(hn::DemoteTo(du16, bits), du16, to + k);
      }
      continue;
    }
    const Quantiser quantiser(row, padded, largest_integer(arithmetic));
    scale[r] = quantiser.scale();
    if (std::isnan(scale[r])) {  // whatever it is multiplied by: the scale makes it NaN
      std::fill_n(row, padded, 0.0f);
      sum[r] = 0;
      continue;
    }
    VI total = hn::Zero(di);
    for (int k = 0; k < padded; k += kLanes) {
      const VI q = quantiser(hn::Load(df, row + k));
      total = hn::Add(total, q);
      if (per_group == 2) {
        hn::StoreU(hn::DemoteTo(d16, q), d16, reinterpret_cast<int16_t*>(row) + k);
      } else {
        hn::StoreU(hn::DemoteTo(d8, q), d8, reinterpret_cast<int8_t*>(row) + k);
      }
    }
    sum[r] = hn::GetLane(hn::SumOfLanes(di, total));
  }
  for (int g = 0; g < groups; ++g) {
    for (int r = 0; r < height; ++r) {
      strip[g * height + r] = reinterpret_cast<const uint32_t*>(x + r * stride)[g];
    }
  }
}

// Room for a row of `groups`, in floats: whole vectors, and not a power of two apart.
HWY_INLINE int64_t row_room(Arithmetic arithmetic, int groups) {
  const int64_t values = static_cast<int64_t>(groups) * values_per_group(arithmetic);
  return (values + kLanes - 1) / kLanes * kLanes + kLanes;
}

void pack_rows(const Rows& rows, const Source& source, const RowTransform& transform, int first,
               int last, Scratch& scratch) {
  const int most = is_tiled(rows.arithmetic) ? kTileStrip : kStrip;
  const int count = (rows.m + most - 1) / most;
  const int64_t room = row_room(rows.arithmetic, rows.groups);
  scratch.strip.reserve(most * room);
  float* x = scratch.strip.data();
  for (int s = first; s < last; ++s) {
    const int m = strip_begin(rows.m, count, s);
    const int height = strip_begin(rows.m, count, s + 1) - m;
    for (int r = 0; r < height; ++r) {
      transform_row(source.data + (m + r) * source.stride, rows.k, transform, m + r, x + r * room);
      std::fill(x + r * room + rows.k, x + (r + 1) * room, 0.0f);
    }
    const bool integers = is_integer(rows.arithmetic);
    pack_strip(rows.arithmetic, x, room, height, rows.groups,
               rows.data + static_cast<int64_t>(m) * rows.groups,
               integers ? rows.scale + m : nullptr, integers ? rows.sum + m : nullptr);
  }
}

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
