#include "gyre/infer/cpu/keypoints.h"

#include <algorithm>
#include <cmath>

namespace gyre::infer::cpu {
namespace {

const std::string kStem = "keypoint_stem.";

// Rows of 3x3 neighbourhoods, zeros outside: x [side, side, channels] -> [(side / stride)^2, 9
// channels].
void neighbourhoods(const float* x, int side, int channels, int stride, float* to) {
  const int out = (side - 1) / stride + 1;
  for (int row = 0; row < out; ++row) {
    for (int column = 0; column < out; ++column) {
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx, to += channels) {
          const int y = row * stride + dy, x0 = column * stride + dx;
          if (y < 0 || y >= side || x0 < 0 || x0 >= side) {
            std::fill_n(to, channels, 0.0f);
          } else {
            std::copy_n(x + (static_cast<int64_t>(y) * side + x0) * channels, channels, to);
          }
        }
      }
    }
  }
}

float silu(float x) { return x / (1 + std::exp(-x)); }

}  // namespace

Keypoints::Keypoints(const Machine& machine, const StoredTensors& tensors,
                     const ModelConfig& config)
    : machine_(machine), config_(config.vision), width_(config.language.width) {
  const Precision kept = Precision::kF32;
  const auto load = [&](const std::string& name) {
    return load_matrix(machine, tensors,
                       {{.weight = kStem + name + ".weight", .bias = kStem + name + ".bias"}},
                       kept);
  };
  word_ = load("word");
  film_ = load("film");
  map_ = load("map");
  word_position_ = load_floats(tensors, kStem + "word_position");
  camera_ = load_floats(tensors, kStem + "camera");
  int in = 3;
  for (size_t i = 0; i < config_.channels.size(); ++i) {
    const std::string name = kStem + "convolutions." + std::to_string(i);
    const std::vector<float> stored = load_floats(tensors, name + ".weight");
    const int out = config_.channels[i];
    std::vector<float> ordered(stored.size());
    for (int o = 0; o < out; ++o) {
      for (int c = 0; c < in; ++c) {
        for (int place = 0; place < 9; ++place) {
          ordered[(static_cast<int64_t>(o) * 9 + place) * in + c] =
              stored[(static_cast<int64_t>(o) * in + c) * 9 + place];
        }
      }
    }
    convolutions_.push_back({.weights = make_matrix(machine, ordered, out, 9 * in, kept,
                                                    load_floats(tensors, name + ".bias")),
                             .in = in,
                             .out = out,
                             .stride = i < 2 ? 2 : 1});
    in = out;
  }
  const int features = 3 * config_.keypoints, columns = config_.tokens * width_;
  const std::vector<float> weights = load_floats(tensors, kStem + "tokens.weight");
  const std::vector<float> biases = load_floats(tensors, kStem + "tokens.bias");
  for (int camera = 0; camera < config.cameras; ++camera) {
    const auto slice = [&](const std::vector<float>& all, int64_t each) {
      return std::vector<float>(all.begin() + camera * each, all.begin() + (camera + 1) * each);
    };
    tokens_.push_back(make_matrix(machine, slice(weights, int64_t{columns} * features), columns,
                                  features, kept, slice(biases, columns)));
  }
}

void Keypoints::modulation(int camera, const float* prompt, int count, float* to,
                           Workspace& work) const {
  // Each word with its neighbours.
  const int64_t window = 3 * static_cast<int64_t>(width_);
  work.inner.reserve(count * window);
  float* windows = work.inner.data();
  for (int i = 0; i < count; ++i) {
    for (int d = -1; d <= 1; ++d) {
      float* at = windows + i * window + (d + 1) * width_;
      if (i + d < 0 || i + d >= count) {
        std::fill_n(at, width_, 0.0f);
      } else {
        std::copy_n(prompt + static_cast<int64_t>(i + d) * width_, width_, at);
      }
    }
  }
  work.mixed.reserve(static_cast<size_t>(count + 1) * width_);
  float* features = work.mixed.data();
  std::copy_n(word_position_.data(), static_cast<int64_t>(count) * width_, features);
  Rows rows = pack_rows(machine_, word_, count, {windows, window}, {}, work);
  multiply(machine_, rows, word_,
           {.kind = Finish::kAdd, .y = features, .stride = width_, .bias = word_.bias_or_null()},
           work);
  float* pooled = features + static_cast<int64_t>(count) * width_;
  for (int k = 0; k < width_; ++k) {
    float sum = 0;
    for (int i = 0; i < count; ++i) sum += silu(features[static_cast<int64_t>(i) * width_ + k]);
    pooled[k] = silu(sum / static_cast<float>(std::max(count, 1)) +
                     camera_[static_cast<int64_t>(camera) * width_ + k]);
  }
  rows = pack_rows(machine_, film_, 1, {pooled, width_}, {}, work);
  multiply(machine_, rows, film_, {.y = to, .stride = 0, .bias = film_.bias_or_null()}, work);
}

void Keypoints::run(const float* picture, int camera, const float* prompt, int count, float* tokens,
                    Workspace& work) const {
  int modulated = 0;
  for (const Convolution& c : convolutions_) modulated += 2 * c.out;
  work.modulation.reserve(modulated);
  float* film = work.modulation.data();
  modulation(camera, prompt, count, film, work);

  int side = config_.image_size, largest = 3 * side * side;
  int64_t around = 0;
  for (const Convolution& c : convolutions_) {
    side = (side - 1) / c.stride + 1;
    around = std::max(around, int64_t{side} * side * 9 * c.in);
    largest = std::max(largest, side * side * c.out);
  }
  work.inner.reserve(around);
  work.qkv.reserve(largest);
  work.mixed.reserve(std::max(static_cast<int64_t>(side) * side, int64_t{3}) * config_.keypoints);
  float* x = work.qkv.data();
  side = config_.image_size;
  for (int p = 0; p < side * side; ++p) {
    for (int c = 0; c < 3; ++c) x[p * 3 + c] = picture[c * side * side + p];
  }
  for (const Convolution& c : convolutions_) {
    neighbourhoods(x, side, c.in, c.stride, work.inner.data());
    side = (side - 1) / c.stride + 1;
    const Rows rows =
        pack_rows(machine_, c.weights, side * side, {work.inner.data(), 9 * c.in}, {}, work);
    multiply(machine_, rows, c.weights, {.y = x, .stride = c.out, .bias = c.weights.bias_or_null()},
             work);
    machine_.kernels.film_relu(x, film, film + c.out, int64_t{side} * side, c.out);
    film += 2 * c.out;
  }
  Rows rows = pack_rows(machine_, map_, side * side, {x, convolutions_.back().out}, {}, work);
  multiply(machine_, rows, map_,
           {.y = work.mixed.data(), .stride = config_.keypoints, .bias = map_.bias_or_null()},
           work);
  float* places = work.inner.data();
  machine_.kernels.soft_argmax(work.mixed.data(), side, side, config_.keypoints, places);
  const Matrix& out = tokens_[camera];
  rows = pack_rows(machine_, out, 1, {places, 3 * config_.keypoints}, {}, work);
  multiply(machine_, rows, out, {.y = tokens, .stride = 0, .bias = out.bias_or_null()}, work);
}

}  // namespace gyre::infer::cpu
