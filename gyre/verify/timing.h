#pragma once

#include <vector>

#include "gyre/infer/cpu/kernels.h"

// Clocks, and statistics of what they said.
namespace gyre::verify {

double wall_s();
double cpu_s();  // of all threads of this process

double median(std::vector<double> values);
double quantile(std::vector<double> values, double q);  // the value at rank ceil(q count)

// Peak speed of one thread in one arithmetic: the best of several short runs of Kernels::peak,
// because other work on the machine only makes them slower.
double peak_gflops(const infer::cpu::Kernels& kernels, infer::cpu::Arithmetic arithmetic);

}  // namespace gyre::verify
