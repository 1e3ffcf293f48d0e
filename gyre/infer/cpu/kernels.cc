#include "gyre/infer/cpu/kernels.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif
#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#endif

#include "gyre/core/error.h"

// Compiled once for each of these targets; the first is what any processor of this kind runs, and
// on Arm the only one.
#define HWY_WANT_AVX3_DL
// Portable is one number at a time with every compiler; g++ 12 miscompiles the emulated vectors.
#define HWY_BROKEN_EMU128 1
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gyre/infer/cpu/kernels.cc"
#include <hwy/foreach_target.h>

#include "gyre/infer/cpu/attention-inl.h"
#include "gyre/infer/cpu/elementwise-inl.h"
#include "gyre/infer/cpu/gemm-inl.h"
#include "gyre/infer/cpu/pack-inl.h"
#include "gyre/infer/cpu/peak-inl.h"
#include "gyre/infer/cpu/tile-inl.h"

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

Arithmetic arithmetic_of(Precision precision) {
  switch (precision) {
    case Precision::kF32:
      return Arithmetic::kF32;
    case Precision::kInt12:
      return Arithmetic::kS12;
    case Precision::kInt8:
      return integer_arithmetic();
    case Precision::kBf16:
    case Precision::kInt4:
      break;
  }
  return half_arithmetic();
}

Arithmetic attention_arithmetic_of(Precision precision) {
  return precision == Precision::kF32 ? Arithmetic::kF32 : half_arithmetic();
}

Kernels table() {
  return {.panel_width = kPanel,
          .vector_width = kLanes,
          .strip_height = kStrip,
          .half = half_precision(),
          .arithmetic = arithmetic_of,
          .attention_arithmetic = attention_arithmetic_of,
          .plan = plan,
          .pack = pack,
          .pack_rows = pack_rows,
          .multiply = multiply,
          .attend = attend,
          .rotate = rotate,
          .film_relu = film_relu,
          .soft_argmax = soft_argmax,
          .dot_bf16 = dot_bf16,
          .dot_f32 = dot_f32,
          .peak = peak};
}

#if HWY_TARGET == HWY_AVX2
Arithmetic vnni_arithmetic_of(Precision precision) {
  return precision == Precision::kInt8 ? Arithmetic::kS8 : arithmetic_of(precision);
}

Kernels vnni_table() {
  Kernels kernels = table();
  kernels.arithmetic = vnni_arithmetic_of;
  return kernels;
}
#endif

#if HWY_TARGET == HWY_AVX3_DL
Arithmetic tiled_arithmetic_of(Precision precision) {
  switch (precision) {
    case Precision::kInt8:
      return Arithmetic::kTileS8;
    case Precision::kBf16:
    case Precision::kInt4:
      return Arithmetic::kTileBf16;
    default:
      return arithmetic_of(precision);
  }
}

Arithmetic tiled_attention_arithmetic_of(Precision precision) {
  return precision == Precision::kF32 ? Arithmetic::kF32 : Arithmetic::kTileBf16;
}

Kernels tiled_table() {
  Kernels kernels = table();
  kernels.half = Precision::kBf16;
  kernels.arithmetic = tiled_arithmetic_of;
  kernels.attention_arithmetic = tiled_attention_arithmetic_of;
  return kernels;
}
#endif

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace gyre::infer::cpu {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += ", " + name;
  return text;
}

Kernels named(Kernels kernels, Target target) {
  kernels.target = target;
  return kernels;
}

#if HWY_ARCH_X86
// Linux keeps room for a thread's tiles (8 KiB) only where the process asked for it, once.
bool has_tiles() {
#if defined(__x86_64__) && defined(__linux__)
  constexpr int kRequestPermission = 0x1023, kTileData = 18;
  static const bool granted = syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kBf16 = 1u << 22, kTile = 1u << 24, kInt8 = 1u << 25;
  constexpr unsigned kAll = kBf16 | kTile | kInt8;
  return granted && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & kAll) == kAll;
#else
  return false;
#endif
}
#endif

}  // namespace

const Kernels& kernels(Target target) {
  if (!supported(target)) {
    throw Error("--target " + std::string(target_name(target)), "this processor does not run it",
                "it runs portable and " + std::string(target_name(best_target())));
  }
  // A target's table is made by its own instructions: only when it is asked for.
#if HWY_ARCH_X86
  if (target == Target::kAvx2) {
    static const Kernels avx2 = named(N_AVX2::table(), target);
    return avx2;
  }
  if (target == Target::kAvxVnni) {
    static const Kernels avx_vnni = named(N_AVX2::vnni_table(), target);
    return avx_vnni;
  }
  if (target == Target::kAvx512) {
    static const Kernels avx512 = named(N_AVX3_DL::table(), target);
    return avx512;
  }
  if (target == Target::kAmx) {
    static const Kernels amx = named(N_AVX3_DL::tiled_table(), target);
    return amx;
  }
#elif HWY_ARCH_ARM
  if (target == Target::kNeon) {
    static const Kernels neon = named(HWY_STATIC_DISPATCH(table)(), target);
    return neon;
  }
#endif
  static const Kernels portable = named(HWY_STATIC_DISPATCH(table)(), Target::kPortable);
  return portable;
}

bool supported(Target target) {
  switch (target) {
    case Target::kPortable:
      return true;
#if HWY_ARCH_X86
    case Target::kAvx2:
      return (hwy::SupportedTargets() & HWY_AVX2) != 0;
    case Target::kAvxVnni:  // Alder Lake and Zen 5 on
      return supported(Target::kAvx2) && __builtin_cpu_supports("avxvnni");
    case Target::kAvx512:  // Zen 4 and Sapphire Rapids on
      return (hwy::SupportedTargets() & HWY_AVX3_DL) != 0 && __builtin_cpu_supports("avx512vnni") &&
             __builtin_cpu_supports("avx512bf16");
    case Target::kAmx:
      return supported(Target::kAvx512) && has_tiles();
#endif
#if HWY_ARCH_ARM
    case Target::kNeon:  // the portable one by its name
      return true;
#endif
    default:
      return false;
  }
}

Target best_target() {
  for (const Target target :
       {Target::kAmx, Target::kAvx512, Target::kAvxVnni, Target::kAvx2, Target::kNeon}) {
    if (supported(target)) return target;
  }
  return Target::kPortable;
}

std::string_view target_name(Target target) {
  switch (target) {
    case Target::kAvx2:
      return "avx2";
    case Target::kAvxVnni:
      return "avxvnni";
    case Target::kAvx512:
      return "avx512";
    case Target::kAmx:
      return "amx";
    case Target::kNeon:
      return "neon";
    case Target::kPortable:
      break;
  }
  return "portable";
}

std::string_view precision_name(Precision precision) {
  switch (precision) {
    case Precision::kBf16:
      return "bf16";
    case Precision::kInt12:
      return "int12";
    case Precision::kInt8:
      return "int8";
    case Precision::kInt4:
      return "int4";
    case Precision::kF32:
      break;
  }
  return "f32";
}

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const Target target : kTargets) names.emplace_back(target_name(target));
  return names;
}

std::vector<std::string> precision_names() {
  std::vector<std::string> names;
  for (const Precision precision : kPrecisions) names.emplace_back(precision_name(precision));
  return names;
}

Target target_named(const std::string& name) {
  for (const Target target : kTargets) {
    if (target_name(target) == name) return target;
  }
  throw Error("--target " + name, "is none", "auto" + listed(target_names()));
}

Precision precision_named(const std::string& name) {
  for (const Precision precision : kPrecisions) {
    if (precision_name(precision) == name) return precision;
  }
  throw Error("--precision " + name, "is none", "auto" + listed(precision_names()));
}

#ifdef __linux__
// Pieces from kLarge on are mappings of their own.
const auto kPage = static_cast<size_t>(sysconf(_SC_PAGESIZE));
constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kLarge = 2 * kHugePage;
#endif

void* allocate_aligned(size_t bytes) {
#ifdef __linux__
  if (bytes >= kLarge) {
    // The mapping begins where a huge page does: what lies before and behind is given back.
    const size_t room = bytes + kHugePage;
    void* all = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) throw std::bad_alloc();
    auto* begin = static_cast<std::byte*>(all);
    const size_t before = (kHugePage - reinterpret_cast<uintptr_t>(begin) % kHugePage) % kHugePage;
    const size_t pages = (bytes + kPage - 1) / kPage * kPage;
    if (before > 0) munmap(begin, before);
    if (before + pages < room) munmap(begin + before + pages, room - before - pages);
    // Whole huge pages alone, so that no matrix holds more memory than it needs.
    madvise(begin + before, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
    return begin + before;
  }
#endif
  constexpr size_t kLine = 64;
  const size_t rounded = std::max((bytes + kLine - 1) / kLine * kLine, kLine);
  void* p = nullptr;
  if (posix_memalign(&p, kLine, rounded) != 0) throw std::bad_alloc();
  std::fill_n(static_cast<std::byte*>(p), rounded, std::byte{0});
  return p;
}

void free_aligned(void* memory, size_t bytes) {
#ifdef __linux__
  if (bytes >= kLarge) {
    munmap(memory, (bytes + kPage - 1) / kPage * kPage);
    return;
  }
#endif
  std::free(memory);
}

}  // namespace gyre::infer::cpu

#endif  // HWY_ONCE
