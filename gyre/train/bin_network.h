#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace gyre::train {

struct BinNetworkConfig {
  int hidden = 64;
  int bins = 32;
  int batch = 256;
  int steps = 400;
  double learning_rate = 1e-3;
  double weight_decay = 0.05;

  template <class Visitor>
  void visit(Visitor& v) {
    v("hidden", hidden, "width of both hidden layers");
    v("bins", bins, "bins of the answer");
    v("batch", batch, "samples a step");
    v("steps", steps, "optimiser steps");
    v("learning_rate", learning_rate, "highest learning rate; it falls to 0 as a cosine does");
    v("weight_decay", weight_decay, "decoupled decay of all weights");
  }
};

// A small network that sorts its input into ordered bins: two hidden layers, cross-entropy. Critics
// are made of it. Computes on the calling thread; equal seeds and samples give equal bits.
class BinNetwork {
 public:
  BinNetwork(int inputs, const BinNetworkConfig& config, uint64_t seed);
  ~BinNetwork();
  BinNetwork(BinNetwork&&) noexcept;
  BinNetwork& operator=(BinNetwork&&) noexcept;

  // Learns from config.steps batches. `draw` writes one sample's input [inputs] and answers its bin
  // (0 .. bins-1). Throws Error where the loss is not finite.
  void fit(const std::function<int(std::span<float> input)>& draw);
  // The mean of the bins' distribution for each row of `inputs` [n, inputs], in 0 .. bins-1.
  std::vector<float> expected(std::span<const float> inputs) const;

 private:
  struct Weights;
  int inputs_;
  BinNetworkConfig config_;
  std::unique_ptr<Weights> weights_;
};

}  // namespace gyre::train
