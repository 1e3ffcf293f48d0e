#pragma once

#include <vector>

#include "gyre/infer/cpu/kernels.h"

// Clocks, and statistics of what they said.
namespace gyre::verify {

double wall_s();
double cpu_s();  // of all threads of this process

double median(std::vector<double> values);
double quantile(std::vector<double> values, double q);  // the value at rank ceil(q count)

// What this processor can do in one arithmetic, on one thread: the best of several short runs of
// Kernels::peak, as what disturbs makes them slower only.
double peak_gflops(const infer::cpu::Kernels& kernels, infer::cpu::Arithmetic arithmetic);

}  // namespace gyre::verify
