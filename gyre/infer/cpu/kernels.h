#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Compute kernels, one table of functions for each instruction set ("target"). They work on plain
// memory; the files that call them own it and know its shapes.
//
// Matrix products multiply rows [M, K] by weights [N, K] that were packed beforehand. The kernels
// see both as groups of 32 bits: one float, two bfloat16, two int16 or four int8 of neighbouring k.
// Weights lie in panels of `panel_width` columns, [groups][panel_width]; rows lie in strips of at
// most `strip_height` rows, [groups][height]; for tiles, in blocks of 16 groups, [height][16]. Each
// element of a product is summed over k in the same order whatever M, the strip or the thread: the
// same bits alone and in a batch.
namespace gyre::infer::cpu {

enum class Target { kPortable, kAvx2, kAvxVnni, kAvx512, kAmx, kNeon };
inline constexpr Target kTargets[] = {Target::kPortable, Target::kAvx2, Target::kAvxVnni,
                                      Target::kAvx512,   Target::kAmx,  Target::kNeon};

// Storage format of weights.
enum class Precision {
  kF32,
  kBf16,
  kInt12,  // 12 bits of 16, a scale for each column
  kInt8,   // a scale for each column
  kInt4,   // a scale for each 32 k of a column
};
inline constexpr Precision kPrecisions[] = {Precision::kF32, Precision::kBf16, Precision::kInt12,
                                            Precision::kInt8, Precision::kInt4};

// Multiplication of one group of 32 bits.
enum class Arithmetic {
  kF32,       // one float
  kBf16,      // two bfloat16, summed in float
  kS16,       // two int16 that hold int8 values, summed in int32
  kS12,       // two int16 that hold 12 bits, summed in int32 over kS12Groups, those in float
  kS8,        // four int8 of rows times four of weights (on x86 uint8, + 128), summed in int32
  kTileBf16,  // as kBf16, by blocks of 16 groups
  kTileS8,    // four int8 of both, summed in int32, by blocks of 16 groups
};

constexpr int values_per_group(Arithmetic arithmetic) {
  switch (arithmetic) {
    case Arithmetic::kF32:
      return 1;
    case Arithmetic::kS8:
    case Arithmetic::kTileS8:
      return 4;
    case Arithmetic::kBf16:
    case Arithmetic::kS16:
    case Arithmetic::kS12:
    case Arithmetic::kTileBf16:
      break;
  }
  return 2;
}
constexpr bool is_integer(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::kS16 || arithmetic == Arithmetic::kS12 ||
         arithmetic == Arithmetic::kS8 || arithmetic == Arithmetic::kTileS8;
}
// The largest whole number of rows and weights.
constexpr int largest_integer(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::kS12 ? 2047 : 127;
}
inline constexpr int kS12Groups = 256;
static_assert(int64_t{2047} * 2047 * 2 * kS12Groups < (int64_t{1} << 31));
constexpr bool is_tiled(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::kTileBf16 || arithmetic == Arithmetic::kTileS8;
}

inline constexpr int kTileGroups = 16;  // of a row of a tile
inline constexpr int kTileStrip = 32;   // rows of two tiles

// Groups of `k` values, with the zeros that whole tiles need.
constexpr int groups_of(Arithmetic arithmetic, int k) {
  const int per_group = values_per_group(arithmetic), groups = (k + per_group - 1) / per_group;
  return is_tiled(arithmetic) ? (groups + kTileGroups - 1) / kTileGroups * kTileGroups : groups;
}

// Panels and strips that multiply() and attend() keep in the caches; calls with fewer are slower.
inline constexpr int kPanelsTogether = 8;
inline constexpr int kStripsTogether = 4;

inline constexpr int kInt4Group = 32;  // neighbouring k that share one scale

// Zeroed memory that starts at a cache line. Large pieces lie in huge pages where Linux gives them,
// and their pages are made by the first thread that writes to them. Throws std::bad_alloc.
void* allocate_aligned(size_t bytes);
void free_aligned(void* memory, size_t bytes);

// An array of its own in such memory.
template <class T>
class Aligned {
 public:
  Aligned() = default;
  explicit Aligned(size_t count)
      : data_(static_cast<T*>(allocate_aligned(count * sizeof(T))), Free{count * sizeof(T)}),
        count_(count) {}

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  size_t size() const { return count_; }
  T& operator[](size_t i) { return data_.get()[i]; }
  const T& operator[](size_t i) const { return data_.get()[i]; }

  // Room for `count`, the old content lost where it grows.
  void reserve(size_t count) {
    if (count > count_) *this = Aligned(count);
  }

 private:
  struct Free {
    size_t bytes = 0;
    void operator()(void* p) const { free_aligned(p, bytes); }
  };
  std::unique_ptr<T, Free> data_;
  size_t count_ = 0;
};

// Rows as they are computed: row m at data + m * stride.
struct Source {
  const float* data = nullptr;
  int64_t stride = 0;
};

// Weights [N, K], packed for one target.
struct Packed {
  Precision precision = Precision::kF32;
  Arithmetic arithmetic = Arithmetic::kF32;
  int n = 0, k = 0;  // as given
  int groups = 0;    // of 32 bits along k, in the arithmetic
  int panels = 0;
  size_t panel_bytes = 0;  // as kept
  std::byte* data = nullptr;
  float* scale = nullptr;  // [panels * panel_width]: of each column (int12, int8), else null
  size_t bytes() const { return panels * panel_bytes; }
};

// Rows [M, K] in strips. `scale` and `sum` (of the integers in a row) belong to integer arithmetic.
struct Rows {
  Arithmetic arithmetic = Arithmetic::kF32;
  int m = 0, k = 0, groups = 0;
  uint32_t* data = nullptr;
  float* scale = nullptr;  // [M]
  int32_t* sum = nullptr;  // [M]
};

enum class Norm { kNone, kRms, kLayer };

// Applied to a row before the product: y = (norm(x) (1 + scale) + shift) by.
struct RowTransform {
  Norm norm = Norm::kNone;
  float epsilon = 1e-6f;
  const float* scale = nullptr;  // [K] or null; of row m at scale + m * stride
  const float* shift = nullptr;
  int64_t stride = 0;         // 0: one for all rows
  const float* by = nullptr;  // [K] or null
};

// Applied to a product c [M, N] before it is stored.
struct Finish {
  enum Kind {
    kStore,     // y = c + bias
    kAdd,       // y += (c + bias) gate
    kGelu,      // y = gelu(c + bias)
    kGeluGate,  // columns alternate by vectors between gate and up: y = gelu(gate) up, [M, N / 2]
    kSilu,      // y = silu(c + bias)
  } kind = kStore;
  float* y = nullptr;
  int64_t stride = 0;
  const float* bias = nullptr;  // [N] or null
  const float* gate = nullptr;  // [N] or null; of row m at gate + m * gate_stride
  int64_t gate_stride = 0;
};

// Keys and values of a run of S tokens for one key head, packed as weights: keys [S, D], values
// [D, S].
struct KeyValues {
  Packed keys, values;
};

// softmax(q k^T) v over the tokens of up to two runs; `scale` is that of the scores.
struct Attention {
  const float* q = nullptr;  // query (i, head) at q + i * q_stride + head * D
  int64_t q_stride = 0;
  int tokens = 0, heads = 0, dim = 0;
  float scale = 1;
  const KeyValues* runs[2] = {nullptr, nullptr};
  int first_sees = -1;  // of the last run, how many tokens query 0 sees; -1: all
  float* y = nullptr;   // as q
  int64_t y_stride = 0;
};

// Scratch memory of one thread; grows to what it needs, then stays.
struct Scratch {
  Aligned<float> sums, panel, strip, scores, row;
};

struct Kernels {
  Target target = Target::kPortable;
  int panel_width = 0;   // columns
  int vector_width = 0;  // columns of a vector; the halves of a panel
  int strip_height = 0;  // rows, of what is not tiled
  // Fastest format for weights that are stored in bfloat16.
  Precision half = Precision::kBf16;

  Arithmetic (*arithmetic)(Precision precision) = nullptr;
  Arithmetic (*attention_arithmetic)(Precision precision) = nullptr;

  // Sizes of a packed matrix, its data not yet there.
  Packed (*plan)(Precision precision, Arithmetic arithmetic, int n, int k) = nullptr;
  // Packs a panel of `packed`, whose data is there. Column j of the panel is columns[j][k *
  // k_stride], zeros where null.
  void (*pack)(const Packed& packed, int panel, const float* const* columns, int64_t k_stride,
               Scratch& scratch) = nullptr;

  // Packs strips [first, last) of rows, transformed.
  void (*pack_rows)(const Rows& rows, const Source& source, const RowTransform& transform,
                    int first, int last, Scratch& scratch) = nullptr;
  // Multiplies rows by columns of panels [first, last).
  void (*multiply)(const Rows& rows, const Packed& weights, const Finish& finish, int first,
                   int last, Scratch& scratch) = nullptr;
  // Strips [first, last) of the heads * tokens queries.
  void (*attend)(const Attention& attention, Arithmetic arithmetic, int first, int last,
                 Scratch& scratch) = nullptr;

  // x [rows, 2 half] halves turned by angles, in place (rotary positions, half-split): cosine and
  // sine [half].
  void (*rotate)(float* x, const float* cosine, const float* sine, int half) = nullptr;
  // relu(x (1 + scale) + shift) over `pixels` rows of `channels`, in place.
  void (*film_relu)(float* x, const float* scale, const float* shift, int64_t pixels,
                    int channels) = nullptr;
  // The mean place and height under softmax of each of `maps` maps over a grid: x [rows * columns,
  // maps] -> y [maps, 3].
  void (*soft_argmax)(const float* x, int rows, int columns, int maps, float* y) = nullptr;
  float (*dot_bf16)(const float* x, const uint16_t* w, int count) = nullptr;
  float (*dot_f32)(const float* x, const float* w, int count) = nullptr;
  // Multiplies in registers alone, `rounds` times, and returns how many operations that was (a
  // multiplication and an addition are two): time it to know what the processor can do.
  double (*peak)(Arithmetic arithmetic, int64_t rounds) = nullptr;
};

// The best that this processor runs, or the one named. Throws Error when it cannot.
const Kernels& kernels(Target target);
Target best_target();
bool supported(Target target);
// Names as in flags and reports; the inverse throws Error for an unknown name.
std::string_view target_name(Target target);
std::string_view precision_name(Precision precision);
std::vector<std::string> target_names();
std::vector<std::string> precision_names();
Target target_named(const std::string& name);
Precision precision_named(const std::string& name);

inline int strips(const Kernels& kernels, Arithmetic arithmetic, int m) {
  const int height = is_tiled(arithmetic) ? kTileStrip : kernels.strip_height;
  return (m + height - 1) / height;
}

// Row where strip s begins: heights differ by one at most, so that few rows make no thin strip.
inline int strip_begin(int m, int count, int s) {
  return s * (m / count) + (s < m % count ? s : m % count);
}

}  // namespace gyre::infer::cpu
