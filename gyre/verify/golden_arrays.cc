#include "gyre/verify/golden_arrays.h"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "gyre/core/error.h"
#include "gyre/io/safetensors.h"
#include "gyre/model/chunking.h"
#include "gyre/policy/image_transform.h"
#include "gyre/policy/tensor_names.h"

namespace gyre::verify {

using namespace model;

namespace {

using torch::Tensor;

constexpr int kSteps = 10;

PrefixInput prefix_input(const Arrays& in) {
  return {in.at("images"), in.at("image_masks"), in.at("tokens"), in.at("token_mask"), {}};
}

std::vector<float> flow_times(TimeGrid grid, int steps) {
  std::vector<float> times;
  const float dt = -1.0f / static_cast<float>(steps);
  float sum = 1;
  for (int i = 0; i < steps; ++i, sum += dt) {
    times.push_back(grid == TimeGrid::kOpenpi ? sum : static_cast<float>(1 - i / double(steps)));
  }
  return times;
}

struct Trajectory {
  Tensor x, v, t;  // [steps, B, H, A], the same, [steps, B]
  Tensor actions;  // [B, H, A]
};

Trajectory integrate(const Policy& policy, const model::KvCache& cache, const Tensor& state,
                     const Tensor& noise, const std::vector<float>& times) {
  std::vector<Tensor> xs, vs, ts;
  auto x = noise;
  for (const float time : times) {
    xs.push_back(x);
    ts.push_back(torch::full({x.size(0)}, time));
    vs.push_back(policy.velocity(cache, state, x, ts.back()));
    x = x - vs.back() / static_cast<double>(times.size());
  }
  return {torch::stack(xs), torch::stack(vs), torch::stack(ts), x};
}

void add_vision(const Policy& policy, const Arrays& in, Arrays& out) {
  const auto& tower = *policy.siglip();
  auto x = tower.embed(in.at("images").select(1, 0));
  out["vision.cam0.embeddings"] = x;
  for (int i = 0; i < policy.config().vision.depth; ++i) {
    x = tower.layer(i, x);
    out["vision.cam0.layer" + std::to_string(i)] = x;
  }
  out["vision.cam0.post_layernorm"] = tower.normal(x);
  for (int64_t camera = 0; camera < in.at("images").size(1); ++camera) {
    out["image_features.cam" + std::to_string(camera)] =
        tower.tokens(in.at("images").select(1, camera));
  }
}

// The number that ends a name: "sample_actions_10" asks for ten steps.
std::optional<int> number_after(const std::string& name, const std::string& start) {
  int number = 0;
  if (!name.starts_with(start)) return {};
  const char *first = name.data() + start.size(), *end = name.data() + name.size();
  const auto parsed = std::from_chars(first, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number < 1) return {};
  return number;
}

void add_memory(const Policy& policy, const Arrays& in, const Arrays& theirs, Arrays& out) {
  if (!in.contains("mem.video")) return;
  for (const auto& [name, array] : theirs) {
    if (const auto every = number_after(name, "mem.features_every")) {
      out[name] =
          policy.siglip()->tokens_with_memory(in.at("mem.video"), in.at("mem.frame_mask"), *every);
    }
  }
}

model::KvCache add_prefix(const Policy& policy, const Arrays& in, Arrays& out) {
  const auto prefix = policy.embed_prefix(prefix_input(in));
  out["prefix_embs"] = prefix.embeddings;
  out["prefix_pad_mask"] = prefix.valid;
  out["prefix_position_ids"] = prefix.positions;
  out["prefix_att_2d"] = prefix.allowed;
  // One block: no token of the prefix starts another.
  out["prefix_att_mask"] = torch::zeros_like(prefix.valid);
  const auto encoded = policy.encode(prefix, true);
  out["prefix_hidden_final"] = encoded.hidden;
  for (size_t i = 0; i < encoded.cache.keys.size(); ++i) {
    const auto name = "kv_cache.layer" + std::to_string(i);
    out[name + ".key"] = encoded.cache.keys[i];
    out[name + ".value"] = encoded.cache.values[i];
  }
  return encoded.cache;
}

void add_suffix(const Policy& policy, const model::KvCache& cache, const Arrays& in, Arrays& out) {
  const auto& config = policy.config();
  const auto &state = in.at("state"), &x = in.at("x_t_fixed"), &t = in.at("t_fixed");
  out["posemb_f32"] = position_embedding(in.at("posemb_t"), config.expert.width,
                                         config.time_min_period, config.time_max_period);
  const auto suffix = policy.embed_suffix(state, x.unsqueeze(1), t.unsqueeze(1));
  out["suffix_embs"] = suffix.embeddings.squeeze(1);
  if (suffix.condition.defined()) out["adarms_cond"] = suffix.condition.flatten(0, 2);
  out["v_t_fixed"] = policy.velocity(cache, state, x, t);
  // The state is a block, the actions are another.
  const int64_t tokens = suffix.embeddings.size(2);
  auto starts = torch::zeros({x.size(0), tokens}, torch::kBool);
  starts.slice(1, 0, tokens - x.size(1) + 1).fill_(true);
  out["suffix_att_mask"] = starts;
}

void add_losses(const Policy& policy, const model::KvCache& cache, const Arrays& in, Arrays& out) {
  const auto &noise = in.at("noise"), &actions = in.at("actions"), &state = in.at("state");
  const int64_t real = in.at("rtc_prev_chunk").size(2);
  const auto t = in.at("time").view({-1, 1, 1});
  const auto x = t * noise + (1 - t) * actions, u = noise - actions;
  const auto v = policy.velocity(cache, state, x, in.at("time"));
  const auto loss = (v - u).square(), seen = loss.slice(2, 0, real);
  out["train_x_t"] = x;
  out["train_u_t"] = u;
  out["train_v_t"] = v;
  out["train_suffix_out"] =
      policy.action_hidden(cache, state, x.unsqueeze(1), in.at("time").unsqueeze(1)).squeeze(1);
  out["train_loss_per_element"] = loss;
  out["train_loss_mean_all_dims"] = loss.mean().view({1});
  out["train_loss_mean_real_dims"] = seen.mean().view({1});
  out["train_loss_per_sample_real_dims"] = seen.mean({1, 2});

  const auto frozen = in.find("rtc_train_prefix_mask");
  if (frozen == in.end()) return;
  const auto each = in.at("time").unsqueeze(1).masked_fill(frozen->second, 0);
  const auto mixed = each.unsqueeze(-1) * noise + (1 - each.unsqueeze(-1)) * actions;
  const auto chunked = (policy.velocity(cache, state, mixed, each) - u).square();
  const auto counts = frozen->second.logical_not().to(torch::kFloat32);
  const auto sums = (chunked.slice(2, 0, real).mean(2) * counts).sum(1);
  out["rtc_trained.train_loss_per_element"] = chunked;
  out["rtc_trained.train_loss_per_sample"] = sums / counts.sum(1);
  out["rtc_trained.train_loss_mean"] = (sums.sum() / counts.sum()).view({1});
}

void add_chunking(const Policy& policy, const model::KvCache& cache, const Arrays& in,
                  const Arrays& theirs, const nlohmann::json& run_info, Arrays& out) {
  const auto &noise = in.at("noise"), &left = in.at("rtc_prev_chunk");
  const auto guided = [&](const std::string& name, const GuidedChunking& chunking) {
    const int end = std::min<int>(chunking.execution_horizon, left.size(1));
    out[name + ".weights"] = torch::tensor(
        prefix_weights(chunking.schedule, chunking.delay, end, noise.size(1)), torch::kFloat32);
    out[name + ".actions_10"] =
        sample_guided(policy, cache, in.at("state"), noise, kSteps, left, chunking);
  };
  const auto& rtc = run_info.at("rtc");
  for (const auto& [schedule, name] : {std::pair(PrefixSchedule::kZeros, "ZEROS"),
                                       {PrefixSchedule::kOnes, "ONES"},
                                       {PrefixSchedule::kLinear, "LINEAR"},
                                       {PrefixSchedule::kExp, "EXP"}}) {
    guided(std::string("rtc_guided.") + name, {.delay = rtc.at("inference_delay"),
                                               .execution_horizon = rtc.at("execution_horizon"),
                                               .max_weight = rtc.at("max_guidance_weight"),
                                               .schedule = schedule});
  }
  // Names that say the settings: rtc_guided.LINEAR_d0_h10_w5, rtc_trained.d3.
  for (const auto& [name, array] : theirs) {
    int delay = 0, horizon = 0, weight = 0;
    if (std::sscanf(name.c_str(), "rtc_guided.LINEAR_d%d_h%d_w%d", &delay, &horizon, &weight) ==
        3) {
      guided(name.substr(0, name.rfind('.')), {.delay = delay,
                                               .execution_horizon = horizon,
                                               .max_weight = static_cast<double>(weight)});
    }
    const bool trained = policy.config().time_input == TimeInput::kAdaRms;
    if (trained && std::sscanf(name.c_str(), "rtc_trained.d%d.actions_10", &delay) == 1) {
      const auto given = torch::full({noise.size(0)}, delay, torch::kLong);
      out[name] = sample_continued(policy, cache, in.at("state"), noise, kSteps, left, given);
    }
  }
}

// As LeRobot's policy takes them: a picture of another shape, one that fits, one that is missing.
void add_whole_policy(const Policy& policy, const Arrays& in, Arrays& out) {
  const int side = policy.config().vision.image_size;
  const auto& odd = in.at("policy.base_image_rect01");
  std::vector<Tensor> resized;
  for (int64_t i = 0; i < odd.size(0); ++i) {
    const auto one = odd[i].contiguous();
    const auto planes =
        resize_with_pad(std::span(one.data_ptr<float>(), static_cast<size_t>(one.numel())), 3,
                        static_cast<int>(one.size(2)), static_cast<int>(one.size(1)), side, side);
    resized.push_back(torch::tensor(planes, torch::kFloat32).view({3, side, side}));
  }
  const auto fits = in.at("images_u8_hwc").select(1, 1).permute({0, 3, 1, 2}).to(torch::kFloat32);
  const auto first = torch::stack(resized) * 2 - 1, second = fits / 255 * 2 - 1;
  const auto images = torch::stack({first, second, torch::full_like(first, -1)}, 1);
  const auto mask = torch::tensor({true, true, false}).repeat({images.size(0), 1});
  for (int64_t i = 0; i < 3; ++i) {
    out["policy.preprocessed.cam" + std::to_string(i)] = images.select(1, i);
    out["policy.preprocessed.mask" + std::to_string(i)] = mask.select(1, i);
  }
  const auto cache =
      policy.encode(policy.embed_prefix({images, mask, in.at("tokens"), in.at("token_mask"), {}}))
          .cache;
  const auto& raw = in.at("state_raw");
  const auto state = torch::constant_pad_nd(raw, {0, in.at("state").size(1) - raw.size(1)});
  out["policy.predict_action_chunk"] =
      integrate(policy, cache, state, in.at("noise"), flow_times(TimeGrid::kLeRobot, kSteps))
          .actions.slice(2, 0, in.at("rtc_prev_chunk").size(2));
}

}  // namespace

Arrays read_arrays(const std::filesystem::path& file) {
  static const std::map<io::Dtype, torch::Dtype> types{
      {io::Dtype::kF32, torch::kFloat32}, {io::Dtype::kF64, torch::kFloat64},
      {io::Dtype::kI64, torch::kInt64},   {io::Dtype::kI32, torch::kInt32},
      {io::Dtype::kBool, torch::kBool},   {io::Dtype::kU8, torch::kUInt8}};
  Arrays arrays;
  const auto stored = io::SafeTensors::open(file);
  for (const auto& [name, view] : stored.tensors()) {
    const auto type = types.find(view.dtype);
    if (type == types.end()) throw Error(file.string(), "array '" + name + "' has another type");
    auto tensor = torch::empty(view.shape, type->second);
    std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
    arrays[name] = tensor;
  }
  return arrays;
}

double largest_difference(const Tensor& ours, const Tensor& theirs) {
  if (!ours.sizes().equals(theirs.sizes())) return std::numeric_limits<double>::infinity();
  const auto difference = ours.detach().to(torch::kFloat64) - theirs.to(torch::kFloat64);
  const double largest = difference.abs().max().item<double>();
  return std::isnan(largest) ? std::numeric_limits<double>::infinity() : largest;
}

Arrays golden_outputs(const Policy& policy, const Arrays& in, const Arrays& theirs,
                      const nlohmann::json& run_info, TimeGrid grid) {
  const torch::NoGradGuard no_gradients;
  Arrays out;
  add_vision(policy, in, out);
  add_memory(policy, in, theirs, out);
  const model::KvCache cache = add_prefix(policy, in, out);
  add_suffix(policy, cache, in, out);
  add_losses(policy, cache, in, out);
  const auto run_of = [&](int steps) {
    return integrate(policy, cache, in.at("state"), in.at("noise"), flow_times(grid, steps));
  };
  for (const auto& [name, array] : theirs) {
    if (const auto steps = number_after(name, "sample_actions_"))
      out[name] = run_of(*steps).actions;
  }
  const Trajectory run = run_of(kSteps);
  out["sample_trajectory_x_t"] = run.x;
  out["sample_trajectory_v_t"] = run.v;
  out["sample_times"] = run.t;
  add_chunking(policy, cache, in, theirs, run_info, out);
  add_whole_policy(policy, in, out);
  return out;
}

Arrays golden_bfloat16(const ModelConfig& config, const Parameters& parameters, const Arrays& in,
                       TimeGrid grid) {
  const torch::NoGradGuard no_gradients;
  const Policy policy(config,
                      parameters.in_bfloat16(grid == TimeGrid::kLeRobot ? Bfloat16Map::kLeRobot
                                                                        : Bfloat16Map::kOpenpi));
  const auto cache = policy.encode(policy.embed_prefix(prefix_input(in))).cache;
  Arrays out;
  add_suffix(policy, cache, in, out);
  add_losses(policy, cache, in, out);
  out["sample_actions_10"] =
      integrate(policy, cache, in.at("state"), in.at("noise"), flow_times(grid, kSteps)).actions;
  return out;
}

Arrays golden_gradients(const ModelConfig& config, const Parameters& weights, const Arrays& in) {
  Parameters parameters = weights.clone();
  parameters.flatten();
  const Policy policy(config, parameters);
  const auto cache = policy.encode(policy.embed_prefix(prefix_input(in))).cache;
  Arrays out;
  add_losses(policy, cache, in, out);
  Arrays gradients;
  const auto collect = [&](const std::string& which, const Tensor& loss, bool keep) {
    loss.backward({}, keep);
    for (const auto& [name, tensor] : parameters.all()) {
      // A tied tensor gets its gradient as the embedding of words: the text head has none here.
      const std::string& theirs =
          name == kTextHead && config.tied_embedding ? kWordEmbedding : name;
      gradients[which + "/model." + theirs] = tensor.grad().clone();
      tensor.grad().zero_();
    }
  };
  collect("real_dims", out.at("train_loss_mean_real_dims"), true);
  collect("all_dims", out.at("train_loss_mean_all_dims"), false);
  return gradients;
}

}  // namespace gyre::verify
