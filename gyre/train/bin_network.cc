#include "gyre/train/bin_network.h"

#include <cmath>
#include <numbers>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/model/threads.h"
#include "gyre/model/torch.h"

namespace gyre::train {

struct BinNetwork::Weights {
  std::vector<torch::Tensor> all;  // weight [in, out] and bias [out] of each layer

  torch::Tensor logits(torch::Tensor rows) const {
    for (size_t layer = 0; layer < all.size(); layer += 2) {
      rows = torch::addmm(all[layer + 1], rows, all[layer]);
      if (layer + 2 < all.size()) rows = torch::gelu(rows);
    }
    return rows;
  }
};

namespace {

// Normal of deviation 1/sqrt(in), drawn by our own generator.
torch::Tensor initial_weight(int in, int out, Rng& rng) {
  torch::Tensor weight = torch::empty({in, out});
  float* values = weight.data_ptr<float>();
  const double deviation = 1 / std::sqrt(static_cast<double>(in));
  for (int64_t i = 0; i < weight.numel(); ++i) {
    values[i] = static_cast<float>(deviation * rng.normal());
  }
  return weight;
}

// AdamW (Loshchilov and Hutter 2019) for a handful of tensors.
class Adam {
 public:
  Adam(std::vector<torch::Tensor>& values, double weight_decay)
      : values_(values), weight_decay_(weight_decay) {
    for (const torch::Tensor& value : values) {
      first_.push_back(torch::zeros_like(value));
      second_.push_back(torch::zeros_like(value));
    }
  }
  void step(const std::vector<torch::Tensor>& gradients, double rate) {
    const torch::NoGradGuard no_gradients;
    ++count_;
    for (size_t i = 0; i < values_.size(); ++i) {
      first_[i].lerp_(gradients[i], 1 - kBeta1);
      second_[i].mul_(kBeta2).addcmul_(gradients[i], gradients[i], 1 - kBeta2);
      const auto scale = (second_[i] / (1 - std::pow(kBeta2, count_))).sqrt_().add_(1e-8);
      values_[i].mul_(1 - rate * weight_decay_);
      values_[i].addcdiv_(first_[i], scale, -rate / (1 - std::pow(kBeta1, count_)));
    }
  }

 private:
  static constexpr double kBeta1 = 0.9, kBeta2 = 0.99;
  std::vector<torch::Tensor>& values_;
  std::vector<torch::Tensor> first_, second_;
  double weight_decay_;
  int count_ = 0;
};

}  // namespace

BinNetwork::BinNetwork(int inputs, const BinNetworkConfig& config, uint64_t seed)
    : inputs_(inputs), config_(config), weights_(std::make_unique<Weights>()) {
  Rng rng = Rng::stream(seed, "bin network");
  const int widths[] = {inputs, config.hidden, config.hidden, config.bins};
  for (int layer = 0; layer < 3; ++layer) {
    weights_->all.push_back(initial_weight(widths[layer], widths[layer + 1], rng));
    weights_->all.push_back(torch::zeros({widths[layer + 1]}));
  }
  for (torch::Tensor& tensor : weights_->all) tensor.requires_grad_(true);
}

BinNetwork::~BinNetwork() = default;
BinNetwork::BinNetwork(BinNetwork&&) noexcept = default;
BinNetwork& BinNetwork::operator=(BinNetwork&&) noexcept = default;

void BinNetwork::fit(const std::function<int(std::span<float> input)>& draw) {
  model::use_one_thread_each();
  Adam adam(weights_->all, config_.weight_decay);
  torch::Tensor rows = torch::empty({config_.batch, inputs_});
  torch::Tensor bins = torch::empty({config_.batch, 1}, torch::kInt64);
  for (int step = 0; step < config_.steps; ++step) {
    for (int64_t i = 0; i < config_.batch; ++i) {
      float* row = rows.data_ptr<float>() + i * inputs_;
      bins.data_ptr<int64_t>()[i] = draw({row, static_cast<size_t>(inputs_)});
    }
    const torch::Tensor loss =
        -torch::log_softmax(weights_->logits(rows), 1).gather(1, bins).mean();
    if (!std::isfinite(loss.item<float>())) {
      throw Error("critic", "learning diverged: its loss is not finite",
                  "look for numbers that are not finite in the data (gyre data verify)");
    }
    const double share = static_cast<double>(step) / config_.steps;
    adam.step(torch::autograd::grad({loss}, weights_->all),
              config_.learning_rate * (1 + std::cos(std::numbers::pi * share)) / 2);
  }
}

std::vector<float> BinNetwork::expected(std::span<const float> inputs) const {
  const torch::NoGradGuard no_gradients;
  const auto count = static_cast<int64_t>(inputs.size()) / inputs_;
  // LibTorch wants a pointer to values that could be written; nothing writes them.
  const torch::Tensor rows = torch::from_blob(const_cast<float*>(inputs.data()), {count, inputs_});
  const torch::Tensor mean =
      torch::softmax(weights_->logits(rows), 1).matmul(torch::arange(config_.bins, torch::kFloat));
  return {mean.data_ptr<float>(), mean.data_ptr<float>() + count};
}

}  // namespace gyre::train
