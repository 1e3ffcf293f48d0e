#pragma once

#include <string>
#include <vector>

namespace gyre::model {

// LibTorch's version and devices, for `gyre doctor`. Needs no LibTorch header.
struct Backend {
  std::string libtorch;              // version
  std::string processor;             // instruction set that LibTorch uses, "AVX512"
  std::vector<std::string> devices;  // "cpu", "cuda:0", ...
};

Backend backend();

// Measured speed of float32 products of 512 x 512 matrices on one thread, GFLOP/s (10^9 additions
// and multiplications a second). Takes a third of a second.
double product_gflops();

}  // namespace gyre::model
