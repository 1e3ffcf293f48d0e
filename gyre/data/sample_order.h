#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// The order in which training draws its samples: a function of (seed, sample number) that keeps no
// list and no state, so that a run goes on at any sample exactly.
namespace gyre::data {

// A permutation of 0 .. size - 1 that is computed and never stored: a Feistel network over the next
// power of four, walked along its cycles until it is back in range (Black and Rogaway, 2002).
class Permutation {
 public:
  Permutation(uint64_t size, uint64_t key);
  uint64_t at(uint64_t index) const;  // index < size

 private:
  uint64_t size_, key_;
  int half_bits_ = 1;
};

// Frames with the number of times that each is drawn in an epoch, as runs of neighbours.
class FrameTable {
 public:
  // Frames in ascending order; `times` at least 1.
  void add(size_t frame, uint32_t times = 1);
  uint64_t size() const { return runs_.empty() ? 0 : runs_.back().end; }  // draws of an epoch
  bool empty() const { return runs_.empty(); }
  size_t at(uint64_t index) const;  // index < size()

 private:
  struct Run {
    size_t first = 0, frames = 0;
    uint32_t times = 1;
    uint64_t end = 0;  // draws of all runs up to this one
  };
  std::vector<Run> runs_;
};

// Draws from groups by weight. Weights are rounded to 65,536ths of their sum, at least one each;
// groups alternate so that every stretch of samples holds these shares, to within a few samples.
// Within a group each member comes once before any comes again.
class SampleOrder {
 public:
  struct Group {
    double weight = 1;  // 0: never drawn
    uint64_t size = 0;
  };
  // Throws Error when no group has both a weight and a member.
  SampleOrder(uint64_t seed, std::span<const Group> groups);

  struct Place {
    size_t group = 0;
    uint64_t index = 0;  // within the group
  };
  Place at(uint64_t sample) const;

 private:
  uint64_t seed_;
  std::vector<uint64_t> sizes_;  // of each group
  std::vector<uint64_t> slots_;  // of each group, of 65,536
};

}  // namespace gyre::data
