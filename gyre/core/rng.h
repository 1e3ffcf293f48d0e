#pragma once

#include <cstdint>
#include <string_view>

namespace gyre {

// Seeded random numbers, the same on every machine (the standard library's distributions are not).
// xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64.
class Rng {
 public:
  explicit Rng(uint64_t seed = 0);

  // An independent stream named by (seed, name): adding a draw in one place moves no other stream.
  static Rng stream(uint64_t seed, std::string_view name);

  uint64_t bits();
  double uniform();                         // [0, 1)
  double uniform(double low, double high);  // [low, high)
  int64_t below(int64_t n);                 // 0 .. n-1; n > 0
  double normal();                          // N(0, 1), Box-Muller
  bool chance(double probability) { return uniform() < probability; }

 private:
  uint64_t state_[4];
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace gyre
