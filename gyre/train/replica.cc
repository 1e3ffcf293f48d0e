#include "gyre/train/replica.h"

#include <algorithm>
#include <cmath>

#include "gyre/model/chunking.h"

namespace gyre::train {
namespace {

// A tensor over the caller's array, which outlives it here.
template <class T>
torch::Tensor view(const std::vector<T>& values, torch::IntArrayRef shape, torch::Dtype dtype) {
  return torch::from_blob(const_cast<T*>(values.data()), shape, dtype);
}

}  // namespace

Losses& Losses::operator+=(const Losses& other) {
  flow += other.flow;
  grounding += other.grounding;
  text += other.text;
  text_rows += other.text_rows;
  words += other.words;
  return *this;
}

bool Losses::finite() const {
  return std::isfinite(flow) && std::isfinite(grounding) && std::isfinite(text) &&
         std::isfinite(words);
}

Replica::Replica(const ModelConfig& config, const model::Parameters& weights, torch::Device device,
                 torch::Dtype dtype, const model::TensorFilter& trained, bool recompute)
    : config_(config),
      device_(device),
      dtype_(dtype),
      parameters_(weights.to(device, dtype, trained)),
      flat_(parameters_.flatten(trained)),
      policy_(config, parameters_) {
  policy_.recompute_in_backward(recompute);
}

torch::Tensor Replica::floats(const std::vector<float>& values, torch::IntArrayRef shape) const {
  return view(values, shape, torch::kFloat32).to(device_, dtype_);
}

torch::Tensor Replica::given(const Batch& batch) const {
  return view(batch.given, {batch.prefix.rows}, torch::kInt64).to(device_);
}

model::PrefixInput Replica::input(const PrefixRows& rows) const {
  const int64_t n = rows.rows, cameras = config_.cameras, side = config_.vision.image_size;
  const int64_t length = rows.length;
  const auto flags = [&](const std::vector<uint8_t>& values, int64_t width) {
    return view(values, {n, width}, torch::kUInt8).to(device_, torch::kBool);
  };
  model::PrefixInput input;
  input.images = floats(rows.images, {n, cameras, 3, side, side});
  input.image_mask = flags(rows.image_mask, cameras);
  input.tokens = view(rows.tokens, {n, length}, torch::kInt64).to(device_);
  input.token_mask = flags(rows.token_mask, length);
  if (!rows.answer.empty()) input.answer = flags(rows.answer, length);
  return input;
}

// The place of what is in the picture (squared error), and whether it is (a tenth of the binary
// cross-entropy), each row's mean.
torch::Tensor Replica::grounding_loss(const torch::Tensor& output, const PrefixRows& rows) const {
  const auto target = view(rows.grounding, output.sizes(), torch::kFloat32).to(device_);
  const auto known = view(rows.grounded, {rows.rows}, torch::kFloat32).to(device_);
  const auto there = target.select(-1, 2);
  const auto x = output.to(torch::kFloat32);
  const auto distance = (x.slice(-1, 0, 2) - target.slice(-1, 0, 2)).square().sum(-1) * there;
  const auto places = distance.flatten(1).sum(1) / there.flatten(1).sum(1).clamp_min(1);
  const auto presence =
      torch::binary_cross_entropy_with_logits(x.select(-1, 2), there, {}, {}, at::Reduction::None)
          .flatten(1)
          .mean(1);
  return ((places + 0.1 * presence) * known).sum();
}

// Cross-entropy of each answer's tokens times their shares. A token is predicted from the one
// before.
torch::Tensor Replica::text_loss(const torch::Tensor& hidden, const model::PrefixInput& input,
                                 const PrefixRows& rows) const {
  const auto before = policy_.prompt_hidden(hidden).slice(1, 0, -1);
  const auto share =
      view(rows.share, {rows.rows, rows.length}, torch::kFloat32).to(device_).slice(1, 1);
  const auto asked = share > 0;
  // Of these places alone: a vocabulary of 257,152 words is a megabyte a place.
  const auto scores =
      policy_.text_logits(before.index({asked})).to(torch::kFloat32).log_softmax(-1);
  const auto right = scores.gather(-1, input.tokens.slice(1, 1).index({asked}).unsqueeze(-1));
  return -(right.squeeze(-1) * share.index({asked})).sum();
}

Losses Replica::learn(const Batch& batch, const TrainConfig& config, int rows, int text_rows,
                      double words) {
  flat_.gradient.zero_();
  const int64_t n = batch.prefix.rows, samples = config.flow_samples;
  const int64_t horizon = config_.horizon, width = config_.max_action_dim;
  Losses losses;

  if (n > 0) {
    const auto rows_input = input(batch.prefix);
    const bool says = rows_input.answer.defined();
    const auto prefix = policy_.embed_prefix(rows_input);
    const auto encoded = policy_.encode(prefix, /*want_hidden=*/says);
    torch::Tensor loss = torch::zeros({}, torch::device(device_));
    if (config_.has_expert()) {
      const auto state = floats(batch.state, {n, config_.max_state_dim});
      const auto actions = floats(batch.actions, {n, 1, horizon, width});
      const auto weight = view(batch.weight, {n, 1, horizon, width}, torch::kFloat32).to(device_);
      const auto noise = floats(batch.noise, {n, samples, horizon, width});
      auto time = floats(batch.time, {n, samples});
      if (std::ranges::any_of(batch.given, [](int64_t actions) { return actions > 0; })) {
        const auto clean = model::leading(given(batch), horizon).unsqueeze(1);
        time = time.unsqueeze(2).masked_fill(clean, 0);  // [n, N, H]
      }
      const auto t = time.view({n, samples, -1, 1});
      const auto velocity =
          policy_.velocity(config.insulate ? encoded.cache.detached() : encoded.cache, state,
                           t * noise + (1 - t) * actions, time);
      const auto error = (velocity - (noise - actions)).to(torch::kFloat32);
      const auto flow = (error.square() * weight).sum() / samples;
      losses.flow = flow.item<double>();
      loss = flow / rows;
    }
    if (says) {
      const auto said = text_loss(encoded.hidden, rows_input, batch.prefix);
      losses.words = said.item<double>();
      loss = loss +
             (config_.has_expert() ? config.fast_weight : 1) / (words > 0 ? words : rows) * said;
    }
    if (config.grounding_weight > 0 && prefix.grounding.defined()) {
      const auto grounding = grounding_loss(prefix.grounding, batch.prefix);
      losses.grounding = grounding.item<double>();
      loss = loss + config.grounding_weight / rows * grounding;
    }
    if (loss.requires_grad()) loss.backward();
  }

  if (batch.text.rows > 0) {
    const auto rows_input = input(batch.text);
    const auto encoded = policy_.encode(policy_.embed_prefix(rows_input), /*want_hidden=*/true);
    const auto text = text_loss(encoded.hidden, rows_input, batch.text);
    losses.text = text.item<double>();
    losses.text_rows = batch.text.rows;
    if (text.requires_grad()) (config.text_weight / text_rows * text).backward();
  }
  return losses;
}

// [n, H, A]; zeros where the words are no chunk.
torch::Tensor Replica::said_chunks(const Batch& batch, const ActionTokens& words) const {
  const int horizon = config_.horizon;
  auto chunks = torch::zeros({batch.prefix.rows, horizon, config_.max_action_dim}, torch::kFloat64);
  const auto said = policy_.continue_text(input(batch.prefix),
                                          {.max_tokens = words.options().max_decode_tokens,
                                           .stop = words.stop(),
                                           .skipped_positions = words.options().skipped_positions});
  for (size_t row = 0; row < said.size(); ++row) {
    const int dim = batch.action_dim[row];
    const auto chunk = words.detokenise(said[row], horizon, dim);
    if (!chunk) continue;
    chunks[static_cast<int64_t>(row)].slice(1, 0, dim).copy_(
        view(*chunk, {horizon, dim}, torch::kFloat64));
  }
  return chunks.to(device_);
}

double Replica::chunk_error(const Batch& batch, const ActionTokens* words) const {
  const torch::NoGradGuard no_gradients;
  const int64_t n = batch.prefix.rows, horizon = config_.horizon, width = config_.max_action_dim;
  const auto target = view(batch.actions, {n, horizon, width}, torch::kFloat32).to(device_);
  const auto weight = view(batch.weight, {n, horizon, width}, torch::kFloat32).to(device_);
  const auto error = [&](const torch::Tensor& chunk) {
    return ((chunk.to(torch::kFloat32) - target).abs() * weight).sum().item<double>();
  };
  if (!config_.has_expert()) return error(said_chunks(batch, *words));
  const int64_t samples = static_cast<int64_t>(batch.noise.size()) / (n * horizon * width);
  const auto encoded = policy_.encode(policy_.embed_prefix(input(batch.prefix)));
  const auto noise = floats(batch.noise, {n, samples, horizon, width}).select(1, 0);
  const auto state = floats(batch.state, {n, config_.max_state_dim});
  return error(model::sample_continued(policy_, encoded.cache, state, noise, config_.flow_steps,
                                       target.to(dtype_), given(batch)));
}

int Replica::answers_right(const PrefixRows& rows) const {
  const torch::NoGradGuard no_gradients;
  const auto rows_input = input(rows);
  const auto encoded = policy_.encode(policy_.embed_prefix(rows_input), /*want_hidden=*/true);
  const auto likeliest =
      policy_.text_logits(policy_.prompt_hidden(encoded.hidden).slice(1, 0, -1)).argmax(-1);
  const auto right =
      (likeliest == rows_input.tokens.slice(1, 1)) | rows_input.answer.slice(1, 1).logical_not();
  return static_cast<int>(right.all(1).sum().item<int64_t>());
}

}  // namespace gyre::train
