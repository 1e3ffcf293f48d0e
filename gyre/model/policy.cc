#include "gyre/model/policy.h"

#include <algorithm>
#include <cmath>

#include "gyre/policy/tensor_names.h"

namespace gyre::model {
namespace {

const std::string kLanguage = "paligemma_with_expert.paligemma.model.language_model";
const std::string kExpert = "paligemma_with_expert.gemma_expert.model";

// Query i sees key j where j's block is not after i's: [B, T] blocks -> [B, T, T] bool.
torch::Tensor block_mask(const torch::Tensor& blocks, const torch::Tensor& valid) {
  return (blocks.unsqueeze(1) <= blocks.unsqueeze(2)) & valid.unsqueeze(1) & valid.unsqueeze(2);
}

// [B, 1, vocab] -> [B, 1]
torch::Tensor next_tokens(const torch::Tensor& scores, const Decoding& decoding) {
  if (decoding.temperature <= 0 || decoding.rng == nullptr) return scores.argmax(-1);
  const auto chances =
      torch::softmax(scores.to(torch::kFloat64) / decoding.temperature, -1).cumsum(-1).cpu();
  auto tokens = torch::zeros({scores.size(0), 1}, torch::kLong);
  for (int64_t i = 0; i < scores.size(0); ++i) {
    const auto row = chances[i][0].contiguous();
    const auto* begin = row.data_ptr<double>();
    const auto* end = begin + row.numel();
    const auto* found = std::upper_bound(begin, end, decoding.rng->uniform() * end[-1]);
    tokens[i][0] = std::min<int64_t>(found - begin, row.numel() - 1);
  }
  return tokens.to(scores.device());
}

}  // namespace

Policy::Policy(const ModelConfig& config, const Parameters& parameters)
    : config_(config),
      words_(parameters.at(config.tied_embedding ? kTextHead : kWordEmbedding)),
      head_(parameters.at(kTextHead)),
      language_(config.language, parameters, kLanguage, false) {
  if (config.vision.kind == VisionKind::kSiglip) siglip_.emplace(config, parameters);
  if (config.vision.kind == VisionKind::kKeypoints) keypoints_.emplace(config, parameters);
  if (!config.has_expert()) return;
  expert_.emplace(config.expert, parameters, kExpert, config.time_input == TimeInput::kAdaRms);
  action_in_ = Linear(parameters, "action_in_proj", true);
  action_out_ = Linear(parameters, "action_out_proj", true);
  if (config.state_input == StateInput::kSuffixToken) {
    state_ = Linear(parameters, "state_proj", true);
  }
  const std::string time = config.time_input == TimeInput::kAdaRms ? "time_mlp" : "action_time_mlp";
  time_in_ = Linear(parameters, time + "_in", true);
  time_out_ = Linear(parameters, time + "_out", true);
}

torch::Tensor Policy::embed_words(const torch::Tensor& tokens) const {
  return torch::embedding(words_, tokens) * std::sqrt(static_cast<double>(config_.language.width));
}

Prefix Policy::embed_prefix(const PrefixInput& input) const {
  const int64_t batch = input.images.size(0), cameras = input.images.size(1);
  const auto words = embed_words(input.tokens);
  const auto answer = input.answer.defined() ? input.answer : torch::zeros_like(input.token_mask);

  VisionOutput vision;
  if (siglip_) {
    const auto tokens = siglip_->tokens(input.images.flatten(0, 1));
    vision.tokens = tokens.view({batch, cameras, tokens.size(1), tokens.size(2)});
  } else {
    vision = (*keypoints_)(input.images, words, input.token_mask & answer.logical_not());
  }

  const int64_t per_camera = vision.tokens.size(2);
  const auto camera_mask = input.image_mask.repeat_interleave(per_camera, 1);
  const auto asks = torch::cat({torch::zeros_like(camera_mask), answer}, 1);
  Prefix prefix;
  prefix.embeddings = torch::cat({vision.tokens.flatten(1, 2), words}, 1);
  prefix.valid = torch::cat({camera_mask, input.token_mask}, 1);
  prefix.positions = prefix.valid.cumsum(1) - 1;
  prefix.allowed = block_mask(asks.cumsum(1), prefix.valid);
  prefix.seen_later = prefix.valid & asks.logical_not();
  prefix.grounding = vision.grounding;
  return prefix;
}

Policy::Encoded Policy::encode(const Prefix& prefix, bool want_hidden) const {
  auto output = language_({.x = prefix.embeddings,
                           .positions = prefix.positions,
                           .allowed = prefix.allowed,
                           .condition = {}},
                          want_hidden);
  return {{std::move(output.keys), std::move(output.values), prefix.seen_later}, output.hidden};
}

Policy::Suffix Policy::embed_suffix(const torch::Tensor& state, const torch::Tensor& x_t,
                                    const torch::Tensor& t) const {
  const int64_t batch = x_t.size(0), samples = x_t.size(1);
  const bool per_action = t.dim() == 3;
  const auto embed = [&](const torch::Tensor& times) {
    return position_embedding(times, config_.expert.width, config_.time_min_period,
                              config_.time_max_period);  // [.., W]
  };
  const auto condition = [&](const torch::Tensor& times) {
    return torch::silu(time_out_(torch::silu(time_in_(embed(times)))));
  };
  const auto actions = action_in_(x_t);
  Suffix suffix;
  if (config_.time_input == TimeInput::kConcatMlp) {
    const auto each = embed(per_action ? t : t.unsqueeze(2)).expand_as(actions);
    suffix.embeddings = time_out_(torch::silu(time_in_(torch::cat({actions, each}, -1))));
  } else if (per_action) {
    suffix.embeddings = actions;
    // Most actions have the time of others, and a condition costs as much as a layer's products.
    auto [times, which, counts] = at::_unique2(t.to(torch::kFloat64), true, true, false);
    suffix.condition = condition(times.to(t.scalar_type()));
    suffix.which = which;
  } else {
    suffix.embeddings = actions;
    suffix.condition = condition(t).unsqueeze(2);
  }
  if (config_.state_input == StateInput::kSuffixToken) {
    const auto token = state_(state).view({batch, 1, 1, -1}).expand({batch, samples, 1, -1});
    suffix.embeddings = torch::cat({token, suffix.embeddings}, 2);
    // With a time per action, the state goes with the last one: the leading ones may be frozen.
    if (suffix.which.defined()) {
      suffix.which = torch::cat({suffix.which.slice(2, -1), suffix.which}, 2);
    }
  }
  return suffix;
}

torch::Tensor Policy::velocity(const KvCache& cache, const torch::Tensor& state,
                               const torch::Tensor& x_t, const torch::Tensor& t) const {
  if (x_t.dim() == 3) return velocity(cache, state, x_t.unsqueeze(1), t.unsqueeze(1)).squeeze(1);
  return action_out_(action_hidden(cache, state, x_t, t).to(action_out_.weight.scalar_type()));
}

torch::Tensor Policy::action_hidden(const KvCache& cache, const torch::Tensor& state,
                                    const torch::Tensor& x_t, const torch::Tensor& t) const {
  const int64_t batch = x_t.size(0), samples = x_t.size(1), horizon = x_t.size(2);
  const auto suffix = embed_suffix(state, x_t, t);
  const int64_t tokens = suffix.embeddings.size(2), all = samples * tokens;

  // The state is a block before the actions; samples do not see each other.
  const auto index = torch::arange(tokens, t.options().dtype(torch::kLong));
  const auto blocks = tokens > horizon ? index.clamp_max(1) : torch::zeros_like(index);
  const auto within = blocks.unsqueeze(0) <= blocks.unsqueeze(1);
  const auto own = torch::kron(torch::eye(samples, index.options()), within.to(torch::kLong));
  const auto allowed = torch::cat({cache.valid.unsqueeze(1).expand({batch, all, -1}),
                                   own.to(torch::kBool).expand({batch, all, all})},
                                  2);
  const auto positions = cache.lengths().unsqueeze(1) + index.repeat({samples});
  const auto flat = [](const torch::Tensor& x) { return x.defined() ? x.flatten(1, 2) : x; };
  const auto output =
      (*expert_)({.x = suffix.embeddings.flatten(1, 2),
                  .positions = positions,
                  .allowed = allowed,
                  .condition = suffix.which.defined() ? suffix.condition : flat(suffix.condition),
                  .which = flat(suffix.which),
                  .past = &cache},
                 true);
  return output.hidden.view({batch, samples, tokens, -1}).slice(2, tokens - horizon);
}

torch::Tensor Policy::sample(const KvCache& cache, const torch::Tensor& state,
                             const torch::Tensor& noise, int steps) const {
  auto x = noise;
  for (int i = 0; i < steps; ++i) {
    const auto t = torch::full({x.size(0)}, 1 - i / static_cast<double>(steps), x.options());
    x = x - velocity(cache, state, x, t) / steps;
  }
  return x;
}

torch::Tensor Policy::text_logits(const torch::Tensor& hidden) const {
  return torch::matmul(hidden, head_.t());
}

torch::Tensor Policy::prompt_hidden(const torch::Tensor& hidden) const {
  return hidden.slice(1, config_.cameras * config_.vision.token_count());
}

std::vector<std::vector<int>> Policy::continue_text(const PrefixInput& input,
                                                    const Decoding& decoding) const {
  const torch::NoGradGuard no_gradients;
  auto [cache, hidden] = encode(embed_prefix(input), true);
  const int64_t batch = hidden.size(0);
  const auto places = torch::arange(input.tokens.size(1), input.tokens.options()) + 1;
  const auto last = (input.token_mask * places).argmax(1);  // [B], of the valid tokens
  auto next =
      prompt_hidden(hidden).gather(1, last.view({batch, 1, 1}).expand({batch, 1, hidden.size(2)}));

  std::vector<std::vector<int>> texts(batch);
  std::vector<bool> ended(batch, false);
  for (int n = 0; n < decoding.max_tokens; ++n) {
    const auto best = next_tokens(text_logits(next), decoding);  // [B, 1]
    for (int64_t i = 0; i < batch; ++i) {
      const int token = static_cast<int>(best[i][0].item<int64_t>());
      ended[i] = ended[i] || token == decoding.stop;
      if (!ended[i]) texts[i].push_back(token);
    }
    if (std::find(ended.begin(), ended.end(), false) == ended.end()) break;
    const auto valid = torch::cat({cache.valid, torch::ones_like(best, torch::kBool)}, 1);
    const auto output =
        language_({.x = embed_words(best),
                   .positions = cache.lengths().unsqueeze(1) + decoding.skipped_positions,
                   .allowed = valid.unsqueeze(1),
                   .condition = {},
                   .past = &cache},
                  true);
    for (size_t i = 0; i < cache.keys.size(); ++i) {
      cache.keys[i] = torch::cat({cache.keys[i], output.keys[i]}, 2);
      cache.values[i] = torch::cat({cache.values[i], output.values[i]}, 2);
    }
    cache.valid = valid;
    next = output.hidden;
  }
  return texts;
}

}  // namespace gyre::model
