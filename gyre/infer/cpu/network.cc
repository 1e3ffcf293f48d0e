#include "gyre/infer/cpu/network.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "gyre/policy/tensor_names.h"

namespace gyre::infer::cpu {
namespace {

const std::string kLanguage = "paligemma_with_expert.paligemma.model.language_model";
const std::string kExpert = "paligemma_with_expert.gemma_expert.model";
constexpr int kMostWords = 64;  // of a text that is continued

int count_pictures(std::span<const uint8_t> mask) {
  return static_cast<int>(
      std::count_if(mask.begin(), mask.end(), [](uint8_t m) { return m != 0; }));
}

int longest_prefix(const ModelConfig& config) {
  return config.cameras * config.vision.token_count() + config.max_prompt_tokens;
}

}  // namespace

Network::Network(const Machine& machine, const ModelConfig& config, StoredTensors tensors)
    : machine_(machine),
      config_(config),
      tensors_(std::move(tensors)),
      words_(tensors_.find(config.tied_embedding ? kTextHead : kWordEmbedding)),
      head_(tensors_.find(kTextHead)),
      adaptive_(config.time_input == TimeInput::kAdaRms),
      state_token_(config.state_input == StateInput::kSuffixToken),
      language_(machine, tensors_, config.language, kLanguage, false),
      expert_(machine, tensors_, config.expert, kExpert, adaptive_),
      rotary_(config.language.head_dim,
              longest_prefix(config) + std::max(config.horizon + 1, kMostWords)) {
  // The projections of states, actions and times are small, and in float32 in both projects.
  const auto load = [&](const std::string& name) {
    return load_matrix(machine, tensors_, {{.weight = name + ".weight", .bias = name + ".bias"}},
                       Precision::kF32);
  };
  if (config.vision.kind == VisionKind::kSiglip) siglip_.emplace(machine, tensors_, config);
  if (config.vision.kind == VisionKind::kKeypoints) keypoints_.emplace(machine, tensors_, config);
  action_out_ = load("action_out_proj");
  if (state_token_) state_ = load("state_proj");
  const std::string time = adaptive_ ? "time_mlp" : "action_time_mlp";
  time_out_ = load(time + "_out");
  if (adaptive_) {
    action_in_ = load("action_in_proj");
    time_in_ = load(time + "_in");
  } else {
    // The first layer sees [action, time]: its action half and the projection before it are one
    // matrix, its time half does not depend on the actions.
    const int width = config.expert.width, dim = config.max_action_dim;
    const auto in = load_floats(tensors_, time + "_in.weight");              // [W, 2 W]
    const auto projection = load_floats(tensors_, "action_in_proj.weight");  // [W, A]
    const auto projection_bias = load_floats(tensors_, "action_in_proj.bias");
    action_bias_ = load_floats(tensors_, time + "_in.bias");
    std::vector<float> both(static_cast<size_t>(width) * dim), of_time;
    std::vector<double> sums(dim);
    for (int64_t row = 0; row < width; ++row) {
      const float* weights = in.data() + row * 2 * width;
      std::fill(sums.begin(), sums.end(), 0.0);
      double bias = action_bias_[row];
      for (int k = 0; k < width; ++k) {
        const double w = weights[k];
        bias += w * projection_bias[k];
        for (int a = 0; a < dim; ++a) sums[a] += w * projection[static_cast<int64_t>(k) * dim + a];
      }
      std::copy(sums.begin(), sums.end(), both.begin() + row * dim);
      action_bias_[row] = static_cast<float>(bias);
      of_time.insert(of_time.end(), weights + width, weights + 2 * width);
    }
    action_in_ = make_matrix(machine, both, width, dim, Precision::kF32);
    time_in_ = make_matrix(machine, of_time, width, width, Precision::kF32, action_bias_);
  }
  if (machine.precision == Precision::kInt8 || machine.precision == Precision::kInt4) {
    word_scores_ =
        load_matrix(machine, tensors_, {{.weight = kTextHead, .bias = ""}}, Precision::kInt8);
  }
  grid(config.flow_steps);
}

void Network::embed_words(std::span<const int> tokens, float* to) const {
  const int64_t width = config_.language.width;
  const auto scale = static_cast<float>(std::sqrt(static_cast<double>(width)));
  for (const int token : tokens) {
    widen(*words_, token * width, width, to);
    for (int64_t k = 0; k < width; ++k) to[k] *= scale;
    to += width;
  }
}

void Network::embed_pictures(std::span<const NetworkInput> inputs, NetworkWorkspace& work) const {
  const Stopwatch stopwatch(work.times.vision);
  const int64_t width = config_.language.width, per_picture = config_.vision.token_count();
  const int64_t size = config_.vision.image_size, numbers = 3 * size * size;
  const int64_t each = per_picture * width;
  work.picture_list.clear();
  work.picture_rows.clear();
  for (size_t i = 0; i < inputs.size(); ++i) {
    const NetworkInput& input = inputs[i];
    float* to = work.embeddings.data() + work.parts[i].first_row * width;
    const float* prompt = to + count_pictures(input.image_mask) * each;
    for (int camera = 0; camera < config_.cameras; ++camera) {
      if (input.image_mask[camera] == 0) continue;
      const float* picture = input.images + camera * numbers;
      if (!input.known.empty() && input.known[camera] != nullptr) {
        std::copy_n(input.known[camera], each, to);
      } else if (keypoints_) {
        keypoints_->run(picture, camera, prompt, static_cast<int>(input.tokens.size()), to, work);
      } else {
        work.picture_list.push_back(picture);
        work.picture_rows.push_back(to);
      }
      to += each;
    }
  }
  if (!work.picture_list.empty()) {  // all at once
    work.pictures.reserve(work.picture_list.size() * each);
    siglip_->run(work.picture_list, work.pictures.data(), work);
    for (size_t i = 0; i < work.picture_rows.size(); ++i) {
      std::copy_n(work.pictures.data() + i * each, each, work.picture_rows[i]);
    }
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].keep == nullptr) continue;
    const float* from = work.embeddings.data() + work.parts[i].first_row * width;
    for (int camera = 0; camera < config_.cameras; ++camera) {
      if (inputs[i].image_mask[camera] == 0) continue;
      std::copy_n(from, each, inputs[i].keep + camera * each);
      from += each;
    }
  }
}

void Network::encode(std::span<const NetworkInput> inputs, std::span<EncodedInput* const> encoded,
                     NetworkWorkspace& work, Reads reads) const {
  const int64_t width = config_.language.width, per_picture = config_.vision.token_count();
  const GemmaConfig& language = config_.language;
  work.parts.clear();
  int rows = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int count = count_pictures(inputs[i].image_mask) * static_cast<int>(per_picture) +
                      static_cast<int>(inputs[i].tokens.size());
    encoded[i]->cache.shape(machine_.kernels,
                            machine_.kernels.attention_arithmetic(machine_.precision),
                            {.layers = language.depth,
                             .heads = language.kv_heads,
                             .dim = language.head_dim,
                             .most_tokens = longest_prefix(config_)},
                            count);
    work.parts.push_back({.first_row = rows, .rows = count, .own = &encoded[i]->cache});
    rows += count;
  }
  work.embeddings.reserve(static_cast<size_t>(longest_prefix(config_)) * inputs.size() * width);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int64_t first_word = work.parts[i].first_row + work.parts[i].rows -
                               static_cast<int64_t>(inputs[i].tokens.size());
    embed_words(inputs[i].tokens, work.embeddings.data() + first_word * width);
  }
  embed_pictures(inputs, work);
  const Stopwatch stopwatch(work.times.language);
  language_.run(work.parts, rotary_, {}, reads == Reads::kText, false, work.embeddings.data(),
                work);
  for (size_t i = 0; i < inputs.size() && reads == Reads::kText; ++i) {
    const int last = work.parts[i].first_row + work.parts[i].rows - 1;
    const float* hidden = work.embeddings.data() + last * width;
    encoded[i]->last_hidden.assign(hidden, hidden + width);
  }
}

Network::Times Network::make_times(std::vector<float> t) const {
  const int count = static_cast<int>(t.size()), width = config_.expert.width, half = width / 2;
  std::vector<float> embedding(static_cast<size_t>(count) * width);
  for (int i = 0; i < count; ++i) {
    for (int k = 0; k < half; ++k) {
      const double fraction = half > 1 ? k / static_cast<double>(half - 1) : 0;
      const double period = config_.time_min_period *
                            std::pow(config_.time_max_period / config_.time_min_period, fraction);
      const double angle = t[i] * (2 * M_PI / period);
      embedding[static_cast<size_t>(i) * width + k] = static_cast<float>(std::sin(angle));
      embedding[static_cast<size_t>(i) * width + half + k] = static_cast<float>(std::cos(angle));
    }
  }
  Workspace work(machine_);
  const auto product = [&](const Matrix& matrix, const std::vector<float>& x, Finish::Kind kind) {
    std::vector<float> y(static_cast<size_t>(count) * width);
    const Rows rows = pack_rows(machine_, matrix, count, {x.data(), width}, {}, work);
    multiply(machine_, rows, matrix,
             {.kind = kind, .y = y.data(), .stride = width, .bias = matrix.bias_or_null()}, work);
    return y;
  };
  Times times{.t = std::move(t)};
  if (!adaptive_) {
    times.row = width;
    times.data = product(time_in_, embedding, Finish::kStore);
    return times;
  }
  times.row = int64_t{3} * expert_.norms() * width;
  times.data.resize(count * times.row);
  const auto condition =
      product(time_out_, product(time_in_, embedding, Finish::kSilu), Finish::kSilu);
  expert_.modulate(tensors_, condition.data(), count, times.data.data(), work);
  return times;
}

const Network::Times& Network::grid(int steps) const {
  const std::lock_guard lock(grids_mutex_);
  auto& times = grids_[steps];
  if (!times) {
    std::vector<float> t;
    t.reserve(steps + 1);
    for (int i = 0; i < steps; ++i) {
      t.push_back(static_cast<float>(1 - i / static_cast<double>(steps)));
    }
    t.push_back(0);
    times = std::make_unique<const Times>(make_times(std::move(t)));
  }
  return *times;
}

void Network::state_tokens(const float* states, int count, NetworkWorkspace& work) const {
  if (!state_token_) return;
  const int64_t width = config_.expert.width;
  work.state_token.reserve(count * width);
  const Rows rows = pack_rows(machine_, state_, count, {states, config_.max_state_dim}, {}, work);
  multiply(machine_, rows, state_,
           {.y = work.state_token.data(), .stride = width, .bias = state_.bias_or_null()}, work);
}

void Network::velocity_at(std::span<const EncodedInput* const> encoded, const Times& times, int row,
                          int given_row, const float* x, float* v, NetworkWorkspace& work) const {
  const int horizon = config_.horizon, dim = config_.max_action_dim;
  const int before = state_token_ ? 1 : 0, tokens = horizon + before;
  const int robots = static_cast<int>(encoded.size());
  const int64_t width = config_.expert.width;
  const GemmaConfig& expert = config_.expert;
  const auto time_of = [&](int robot, int action) {  // the state (-1) goes with the last action
    const bool given = action >= 0 && action < work.given[robot];
    return times.data.data() + (given ? given_row : row) * times.row;
  };
  work.suffix.reserve(robots * tokens * width);
  if (work.own.size() < encoded.size()) work.own.resize(encoded.size());
  work.parts.clear();
  for (int i = 0; i < robots; ++i) {
    work.own[i].shape(machine_.kernels, machine_.kernels.attention_arithmetic(machine_.precision),
                      {.layers = expert.depth, .heads = expert.kv_heads, .dim = expert.head_dim},
                      tokens);
    work.parts.push_back({.first_row = i * tokens,
                          .rows = tokens,
                          .position = encoded[i]->tokens(),
                          .past = &encoded[i]->cache,
                          .own = &work.own[i]});
    float* to = work.suffix.data() + i * tokens * width;
    if (state_token_) std::copy_n(work.state_token.data() + i * width, width, to);
    to += before * width;
    Rows rows = pack_rows(machine_, action_in_, horizon,
                          {x + static_cast<int64_t>(i) * horizon * dim, dim}, {}, work);
    if (adaptive_) {
      multiply(machine_, rows, action_in_,
               {.y = to, .stride = width, .bias = action_in_.bias_or_null()}, work);
      continue;
    }
    work.inner.reserve(horizon * width);
    float* inner = work.inner.data();
    for (int a = 0; a < horizon; ++a) std::copy_n(time_of(i, a), width, inner + a * width);
    multiply(machine_, rows, action_in_, {.kind = Finish::kAdd, .y = inner, .stride = width}, work);
    for (int64_t k = 0; k < horizon * width; ++k) inner[k] /= 1 + std::exp(-inner[k]);
    rows = pack_rows(machine_, time_out_, horizon, {inner, width}, {}, work);
    multiply(machine_, rows, time_out_,
             {.y = to, .stride = width, .bias = time_out_.bias_or_null()}, work);
  }

  Modulation modulation;
  if (adaptive_) {
    modulation.data = time_of(0, -1);
    if (std::ranges::any_of(work.given, [](int given) { return given > 0; })) {
      work.modulation.reserve(robots * tokens * times.row);
      for (int m = 0; m < robots * tokens; ++m) {
        std::copy_n(time_of(m / tokens, m % tokens - before), times.row,
                    work.modulation.data() + m * times.row);
      }
      modulation = {.data = work.modulation.data(), .row_stride = times.row};
    }
  }
  expert_.run(work.parts, rotary_, modulation, true, state_token_, work.suffix.data(), work);
  for (int i = 0; i < robots; ++i) {
    const int64_t first = static_cast<int64_t>(i) * tokens + before;
    Modulation own = modulation;
    if (own.data != nullptr) own.data += first * own.row_stride;
    const Rows rows =
        pack_rows(machine_, action_out_, horizon, {work.suffix.data() + first * width, width},
                  expert_.last_norm(own), work);
    multiply(machine_, rows, action_out_,
             {.y = v + static_cast<int64_t>(i) * horizon * dim,
              .stride = dim,
              .bias = action_out_.bias_or_null()},
             work);
  }
}

void Network::velocity(std::span<const EncodedInput* const> encoded, const float* states,
                       const float* x, float t, float* v, NetworkWorkspace& work) const {
  const Times times = make_times({t});
  work.given.assign(encoded.size(), 0);
  state_tokens(states, static_cast<int>(encoded.size()), work);
  velocity_at(encoded, times, 0, 0, x, v, work);
}

void Network::sample(std::span<const EncodedInput* const> encoded, const float* states, float* x,
                     const FlowOptions& options, NetworkWorkspace& work) const {
  const Stopwatch stopwatch(work.times.flow);
  const Times& times = grid(options.steps);
  const int robots = static_cast<int>(encoded.size()), horizon = config_.horizon;
  const int dim = config_.max_action_dim, steps = options.steps;
  const int64_t each = static_cast<int64_t>(horizon) * dim;
  work.velocity.reserve(robots * each);
  float* v = work.velocity.data();
  state_tokens(states, robots, work);
  const auto previous = [&](int robot, int action, int field) {
    const Previous& p = options.previous[robot];
    return action < p.actions && field < p.width ? p.data[action * p.width + field] : 0.0f;
  };
  work.given.assign(robots, 0);
  if (!options.guided && !options.previous.empty()) {
    for (int i = 0; i < robots; ++i) {
      work.given[i] = std::min({options.delay, horizon, options.previous[i].actions});
    }
  }
  const auto give = [&] {
    for (int i = 0; i < robots; ++i) {
      for (int a = 0; a < work.given[i]; ++a) {
        for (int d = 0; d < dim; ++d) x[i * each + a * dim + d] = previous(i, a, d);
      }
    }
  };
  for (int step = 0; step < steps; ++step) {
    give();
    velocity_at(encoded, times, step, steps, x, v, work);
    if (options.guided && !options.previous.empty()) {
      const GuidedChunking& guided = *options.guided;
      const double t = 1 - step / static_cast<double>(steps);
      const double pull = guidance_weight(t, guided.max_weight);
      for (int i = 0; i < robots; ++i) {
        const int end = std::min(guided.execution_horizon, options.previous[i].actions);
        for (int a = 0; a < horizon; ++a) {
          const double weight = prefix_weight(guided.schedule, guided.delay, end, a);
          for (int d = 0; d < dim; ++d) {
            const int64_t at = i * each + a * dim + d;
            const double error = (previous(i, a, d) - (x[at] - t * v[at])) * weight;
            v[at] = static_cast<float>(v[at] - pull * error);
          }
        }
      }
    }
    for (int64_t k = 0; k < robots * each; ++k) x[k] -= v[k] / static_cast<float>(steps);
  }
  give();
}

int Network::best_word(const float* hidden, NetworkWorkspace& work) const {
  const int64_t width = config_.language.width;
  work.logits.reserve(config_.vocab_size);
  float* logits = work.logits.data();
  if (word_scores_) {
    const Rows rows = pack_rows(machine_, *word_scores_, 1, {hidden, width}, {}, work);
    multiply(machine_, rows, *word_scores_, {.y = logits, .stride = 0}, work);
  } else {
    machine_.pool.run(config_.vocab_size, [&](int first, int last, int) {
      const std::byte* bytes = head_->bytes.data();
      std::vector<float> row(
          head_->dtype == io::Dtype::kF32 || head_->dtype == io::Dtype::kBF16 ? 0 : width);
      for (int64_t word = first; word < last; ++word) {
        if (head_->dtype == io::Dtype::kBF16) {
          logits[word] = machine_.kernels.dot_bf16(
              hidden, reinterpret_cast<const uint16_t*>(bytes) + word * width,
              static_cast<int>(width));
        } else if (head_->dtype == io::Dtype::kF32) {
          logits[word] =
              machine_.kernels.dot_f32(hidden, reinterpret_cast<const float*>(bytes) + word * width,
                                       static_cast<int>(width));
        } else {
          widen(*head_, word * width, width, row.data());
          logits[word] = machine_.kernels.dot_f32(hidden, row.data(), static_cast<int>(width));
        }
      }
    });
  }
  return static_cast<int>(std::max_element(logits, logits + config_.vocab_size) - logits);
}

std::vector<int> Network::continue_text(const EncodedInput& prompt, int max_tokens, int eos,
                                        NetworkWorkspace& work) const {
  const int64_t width = config_.language.width;
  const GemmaConfig& language = config_.language;
  const int rows = prompt.tokens();
  if (work.own.empty()) work.own.resize(1);
  work.own[0].shape(machine_.kernels, machine_.kernels.attention_arithmetic(machine_.precision),
                    {.layers = language.depth,
                     .heads = language.kv_heads,
                     .dim = language.head_dim,
                     .most_tokens = kMostWords,
                     .grows = true},
                    0);
  const Stopwatch stopwatch(work.times.words);
  work.embeddings.reserve(width);
  float* x = work.embeddings.data();
  std::copy(prompt.last_hidden.begin(), prompt.last_hidden.end(), x);
  std::vector<int> text;
  for (int n = 0; n < std::min(max_tokens, kMostWords); ++n) {
    double squares = 0;
    for (int64_t k = 0; k < width; ++k) squares += static_cast<double>(x[k]) * x[k];
    const auto inverse = static_cast<float>(1 / std::sqrt(squares / width + 1e-6));
    for (int64_t k = 0; k < width; ++k) x[k] *= inverse * (1 + language_.last_gain()[k]);
    const int word = best_word(x, work);
    if (word == eos) break;
    text.push_back(word);
    work.own[0].grow(machine_.kernels);
    embed_words({&word, 1}, x);
    const Part part{.first_row = 0,
                    .rows = 1,
                    .position = rows + n,
                    .past = &prompt.cache,
                    .own = &work.own[0]};
    language_.run({&part, 1}, rotary_, {}, true, false, x, work);
  }
  return text;
}

}  // namespace gyre::infer::cpu
