#pragma once

#include <nlohmann/json_fwd.hpp>

#include "gyre/infer/cpu/kernels.h"

// Time of the kernels of an inference and their share of the processor's peak.
namespace gyre::verify {

struct KernelCase {
  enum class Op { kProduct, kAttention } op = Op::kProduct;
  infer::cpu::Target target = infer::cpu::Target::kPortable;
  infer::cpu::Precision precision = infer::cpu::Precision::kF32;
  // A product of rows [m, k] by weights [n, k]; attention of m tokens, eight heads each, over n
  // keys of k numbers.
  int m = 51, k = 1024, n = 4096;
  double seconds = 0.3;  // to measure for, at least
};

// A product with norm, quantisation and epilogue, or attention, operands cold (copies that take
// turns, 128 MiB in all): the largest error against doubles over the largest result, its speed, and
// the share of the arithmetic's own peak.
nlohmann::json measure_kernel(const KernelCase& wanted);

}  // namespace gyre::verify
