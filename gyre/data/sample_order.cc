#include "gyre/data/sample_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "gyre/core/error.h"

namespace gyre::data {
namespace {

constexpr uint64_t kBlock = 65'536;  // samples
constexpr int kRounds = 6;

uint64_t mixed(uint64_t x) {  // splitmix64 (Steele, Lea and Flood, 2014)
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t mixed(uint64_t a, uint64_t b) { return mixed(mixed(a) ^ b); }

// count * part / whole, rounded down.
uint64_t share(uint64_t count, uint64_t part, uint64_t whole) {
  return count / whole * part + count % whole * part / whole;
}

// Whole numbers in the ratio of the weights that add up to kBlock, by largest remainder; at least
// one for each weight above 0.
std::vector<uint64_t> slots_of(const std::vector<double>& weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<uint64_t> slots(weights.size(), 0);
  std::vector<double> missing(weights.size(), 0);
  uint64_t given = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    const double share = weights[i] / total * static_cast<double>(kBlock);
    slots[i] = std::max<uint64_t>(1, static_cast<uint64_t>(share));
    missing[i] = share - static_cast<double>(slots[i]);
    given += slots[i];
  }
  const auto move = [&](const std::vector<double>::iterator at, int by) {
    const auto i = static_cast<size_t>(at - missing.begin());
    slots[i] = by > 0 ? slots[i] + 1 : slots[i] - 1;
    missing[i] -= by;
  };
  for (; given < kBlock; ++given) move(std::ranges::max_element(missing), 1);
  for (; given > kBlock; --given) move(std::ranges::min_element(missing), -1);
  return slots;
}

}  // namespace

Permutation::Permutation(uint64_t size, uint64_t key) : size_(size), key_(key) {
  while (half_bits_ < 32 && (uint64_t{1} << (2 * half_bits_)) < size) ++half_bits_;
}

uint64_t Permutation::at(uint64_t index) const {
  const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
  do {
    uint64_t left = index >> half_bits_, right = index & mask;
    for (int round = 0; round < kRounds; ++round) {
      const uint64_t turned = left ^ (mixed(key_ + static_cast<uint64_t>(round), right) & mask);
      left = right;
      right = turned;
    }
    index = left << half_bits_ | right;
  } while (index >= size_);
  return index;
}

void FrameTable::add(size_t frame, uint32_t times) {
  const bool goes_on = !runs_.empty() && runs_.back().first + runs_.back().frames == frame &&
                       runs_.back().times == times;
  if (!goes_on) runs_.push_back({.first = frame, .times = times, .end = size()});
  ++runs_.back().frames;
  runs_.back().end += times;
}

size_t FrameTable::at(uint64_t index) const {
  const auto run = std::ranges::upper_bound(runs_, index, {}, &Run::end);
  const uint64_t begin = run->end - run->frames * run->times;
  return run->first + static_cast<size_t>((index - begin) / run->times);
}

SampleOrder::SampleOrder(uint64_t seed, std::span<const Group> groups) : seed_(seed) {
  std::vector<double> weights;
  for (const Group& group : groups) {
    sizes_.push_back(group.size);
    weights.push_back(group.size > 0 && group.weight > 0 ? group.weight : 0);
  }
  if (std::ranges::none_of(weights, [](double weight) { return weight > 0; })) {
    throw Error("training data", "has nothing to draw from", "give some source a weight above 0");
  }
  slots_ = slots_of(weights);
}

// Each group in turn takes the samples at which its share of those that are left passes a whole
// number; the others count on without them.
SampleOrder::Place SampleOrder::at(uint64_t sample) const {
  uint64_t left = kBlock, drawn = 0;
  size_t group = 0;
  for (; group < slots_.size(); ++group) {
    if (slots_[group] == 0) continue;
    drawn = share(sample, slots_[group], left);
    if (share(sample + 1, slots_[group], left) > drawn) break;
    sample -= drawn;
    left -= slots_[group];
  }
  const uint64_t size = sizes_[group], epoch = drawn / size;
  const uint64_t key = mixed(mixed(seed_ + 1, group), epoch);
  return {.group = group, .index = Permutation(size, key).at(drawn % size)};
}

}  // namespace gyre::data
