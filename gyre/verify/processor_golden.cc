#include "gyre/verify/processor_golden.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>
#include <sstream>
#include <string_view>

#include "gyre/core/error.h"
#include "gyre/core/stats.h"
#include "gyre/io/safetensors.h"
#include "gyre/policy/action_transform.h"
#include "gyre/policy/fast_prompt.h"
#include "gyre/policy/fast_tokens.h"
#include "gyre/policy/image_transform.h"
#include "gyre/policy/json_file.h"
#include "gyre/policy/normalizer.h"
#include "gyre/policy/pi_prompt.h"
#include "gyre/policy/tokenizer.h"
#include "gyre/train/schedule.h"
#include "gyre/verify/golden_project.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr double kSame = 1e-6;  // float32 sums of a few terms
constexpr double kLeRobotNorm = 2e-6, kOpenpiNorm = 5e-6;
constexpr double kPicture = 2e-5;
constexpr double kDecoded = 1e-9;
constexpr int kStretched = 2;  // running statistics: how often a new batch reached further

template <class Range>
Values widened(const Range& range) {
  return Values(range.begin(), range.end());
}

int count_differing(const Json& list, const std::function<bool(const Json&)>& same) {
  return static_cast<int>(std::count_if(list.begin(), list.end(), std::not_fn(same)));
}

void compare_normalizer(GoldenProject& golden, const Normalizer& normalizer, const std::string& x,
                        const std::string& start, double bound) {
  const std::vector<float> raw = golden.floats(x);
  std::vector<float> there(raw.size()), back(raw.size());
  normalizer.normalize(raw, there);
  normalizer.unnormalize(raw, back);
  golden.input(x);
  if (golden.has(start + ".normalized")) {
    golden.compare(start + ".normalized", widened(there), bound, true);
  }
  if (golden.has(start + ".unnormalized_of_x")) {
    golden.compare(start + ".unnormalized_of_x", widened(back), bound, true);
  }
}

Stats take_stats(GoldenProject& golden, const std::string& start) {
  Stats stats;
  for (const auto& [name, member] : {std::pair{"mean", &Stats::mean},
                                     {"std", &Stats::std},
                                     {"min", &Stats::min},
                                     {"max", &Stats::max},
                                     {"q01", &Stats::q01},
                                     {"q10", &Stats::q10},
                                     {"q90", &Stats::q90},
                                     {"q99", &Stats::q99}}) {
    if (!golden.has(start + name)) continue;
    stats.*member = golden.values(start + name);
    golden.input(start + name);
  }
  return stats;
}

// `batch` chunks of actions, each relative to a state of its own.
void compare_relative(GoldenProject& golden, const std::string& name, size_t batch,
                      const std::vector<bool>& mask) {
  std::vector<int> relative_to(mask.size(), -1);
  for (size_t i = 0; i < mask.size(); ++i) {
    if (mask[i]) relative_to[i] = static_cast<int>(i);
  }
  std::vector<float> chunks = golden.floats(name + ".actions");
  const std::vector<float> state = golden.floats(name + ".state");
  const size_t size = chunks.size() / batch, width = state.size() / batch;
  const auto for_each_chunk = [&](const auto& change) {
    for (size_t b = 0; b < batch; ++b) {
      change(relative_to, std::span(state).subspan(b * width, width),
             std::span(chunks).subspan(b * size, size));
    }
  };
  golden.input(name + ".actions");
  golden.input(name + ".state");
  for_each_chunk(make_relative);
  golden.compare(name + ".out", widened(chunks), kSame);
  for_each_chunk(make_absolute);
  golden.compare(name + ".back", widened(chunks), kSame);
}

Stats stats_of(std::span<const float> rows, size_t dim) {
  RunningStats running(dim);
  for (size_t at = 0; at < rows.size(); at += dim) running.add(rows.subspan(at, dim));
  return running.stats();
}

// Ours are exact; those of the projects come from histograms of 5000 bins, which were stretched
// `stretched` times while they filled: an entry moves by a bin each time.
Values quantile_bounds(std::span<const float> rows, size_t dim, int stretched) {
  constexpr double kBins = 5000;
  const Stats stats = stats_of(rows, dim);
  Values bounds;
  for (size_t c = 0; c < dim; ++c) {
    bounds.push_back((1 + stretched) * (stats.max[c] - stats.min[c]) / kBins + kSame);
  }
  return bounds;
}

void compare_stats(GoldenProject& golden, const std::string& start, const Stats& stats,
                   const Values& quantiles) {
  if (golden.has(start + "count")) {
    golden.compare(start + "count", {static_cast<double>(stats.count)}, kExact);
  }
  // The rows are float32 here and float64 there.
  for (const auto& [name, values] : {std::pair{"mean", stats.mean},
                                     {"std", stats.std},
                                     {"min", stats.min},
                                     {"max", stats.max}}) {
    if (golden.has(start + name)) golden.compare(start + name, values, kSame);
  }
  for (const auto& [name, values] : {std::pair{"q01", stats.q01},
                                     {"q10", stats.q10},
                                     {"q50", stats.q50},
                                     {"q90", stats.q90},
                                     {"q99", stats.q99}}) {
    if (golden.has(start + name)) golden.compare(start + name, values, quantiles, false);
  }
}

void compare_lerobot_stats(GoldenProject& golden) {
  const std::vector<float> rows = golden.floats("stats.data");
  const auto dim = static_cast<size_t>(golden.shape("stats.data").at(1));
  golden.input("stats.data");
  std::vector<Stats> episodes;
  Values widest(dim);
  size_t at = 0;
  for (int i = 0; golden.has("stats.lerobot_ep" + std::to_string(i) + ".count"); ++i) {
    const std::string start = "stats.lerobot_ep" + std::to_string(i) + ".";
    const auto size = static_cast<size_t>(golden.values(start + "count").at(0)) * dim;
    if (at + size > rows.size()) throw Error("stats.data", "has fewer rows than its episodes");
    const auto part = std::span(rows).subspan(at, size);
    at += size;
    episodes.push_back(stats_of(part, dim));
    const Values bounds = quantile_bounds(part, dim, 0);
    for (size_t c = 0; c < dim; ++c) widest[c] = std::max(widest[c], bounds[c]);
    compare_stats(golden, start, episodes.back(), bounds);
  }
  // A quantile of the envelope is that of one of the episodes.
  compare_stats(golden, "stats.lerobot_aggregate.", merge_stats(episodes), widest);
  compare_stats(golden, "stats.lerobot_running.", stats_of(rows, dim),
                quantile_bounds(rows, dim, kStretched));
}

// Codes and decoded chunks of [B, T, D] chunks.
void compare_fast(GoldenProject& golden) {
  for (int i = 0; golden.has("fast." + std::to_string(i) + ".chunk"); ++i) {
    const std::string name = "fast." + std::to_string(i);
    const auto& shape = golden.shape(name + ".chunk");
    const int steps = static_cast<int>(shape.at(1)), dim = static_cast<int>(shape.at(2));
    const size_t size = static_cast<size_t>(steps) * dim;
    const auto scale = golden.text(name).at("scale").get<double>();
    const auto min_token = golden.text(name).at("min_token").get<int>();
    const Values chunks = golden.values(name + ".chunk");
    Values codes, decoded;
    for (size_t at = 0; at < chunks.size(); at += size) {
      const auto ours =
          fast_codes(std::span(chunks).subspan(at, size), steps, dim, scale, min_token);
      const auto back = fast_chunk(ours, steps, dim, scale, min_token);
      codes.insert(codes.end(), ours.begin(), ours.end());
      decoded.insert(decoded.end(), back.begin(), back.end());
    }
    golden.input(name);
    golden.input(name + ".chunk");
    golden.compare(name + ".char_codes", codes, kExact);
    golden.compare(name + ".decoded", decoded, kDecoded);
  }
  if (!golden.has("fast.bad_length_decoded")) return;
  const auto& shape = golden.shape("fast.bad_length_decoded");
  const int steps = static_cast<int>(shape.at(1)), dim = static_cast<int>(shape.at(2));
  golden.compare("fast.bad_length_decoded", fast_chunk(std::vector{1, 2, 3}, steps, dim, 10, 0),
                 kExact);
}

// The sequence with actions, whose tokens are their codes themselves, and without.
void compare_openpi_fast(GoldenProject& golden, const Tokenizer& tokenizer) {
  const Json& run = golden.text("fast_openpi");
  const auto& shape = golden.shape("fast.openpi.chunk");
  const std::vector<int> codes = fast_codes(
      golden.values("fast.openpi.chunk"), static_cast<int>(shape.at(0)),
      static_cast<int>(shape.at(1)), run.at("scale").get<double>(), run.at("min_token").get<int>());
  for (const auto& name : {"fast.openpi.chunk", "fast.openpi.state", "fast_openpi"}) {
    golden.input(name);
  }
  for (const bool with_actions : {true, false}) {
    const FastSequence ours = openpi_fast_tokens(
        tokenizer, run.at("prompt").get<std::string>(), golden.floats("fast.openpi.state"),
        with_actions ? &codes : nullptr, run.at("max_len").get<int>());
    const std::string start = with_actions ? "fast.openpi.0." : "fast.openpi.1.";
    golden.compare(start + "tokens", widened(ours.tokens), kExact);
    golden.compare(start + "mask", widened(ours.mask), kExact);
    golden.compare(start + "ar_mask", widened(ours.is_causal), kExact);
    golden.compare(start + "loss_mask", widened(ours.is_target), kExact);
  }
}

bool same_mask(const std::string& words, const Json& mask) {
  std::vector<int> runs;
  std::istringstream stream(words);
  for (std::string run; std::getline(stream, run, ',');) runs.push_back(std::stoi(run));
  return mask == relative_mask(runs);
}

// The rate of LeRobot's preset for π0 at the steps of runs of several lengths: 1000 steps of
// warm-up and 30000 of decay, shortened together for a shorter run.
int count_differing_rates(const Json& runs) {
  constexpr int kWarmup = 1000, kDecay = 30000;
  int differing = 0;
  for (const auto& [run, points] : runs.items()) {
    const int steps = std::min(std::stoi(run), kDecay);
    const train::ScheduleConfig config{
        .kind = "lerobot",
        .peak = 2.5e-5,
        .final = 2.5e-6,
        .warmup_steps = static_cast<int>(static_cast<int64_t>(kWarmup) * steps / kDecay)};
    differing += count_differing(points, [&](const Json& point) {
      const double rate = train::learning_rate(config, point.at(0).get<double>(), steps);
      return std::abs(rate - point.at(1).get<double>()) < 1e-15;
    });
  }
  return differing;
}

Image image_of(const io::TensorView& view) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(view.bytes.data());
  return {static_cast<int>(view.shape.at(1)),
          static_cast<int>(view.shape.at(0)),
          {bytes, bytes + view.bytes.size()}};
}

void compare_lerobot(GoldenProject& golden, const Tokenizer& tokenizer) {
  golden.input("normalizer_config");
  const Stats stats = take_stats(golden, "norm.stats.");
  for (const auto& [kind, name] : {std::pair{NormKind::kMeanStd, "MEAN_STD"},
                                   {NormKind::kQuantile, "QUANTILES"},
                                   {NormKind::kQuantile10, "QUANTILE10"},
                                   {NormKind::kMinMax, "MIN_MAX"}}) {
    compare_normalizer(golden, Normalizer(kind, stats, stats.mean.size()), "norm.x",
                       std::string("norm.lerobot.") + name, kLeRobotNorm);
  }

  golden.input("relative_mask");
  compare_relative(golden, "relative", static_cast<size_t>(golden.shape("relative.state").at(0)),
                   golden.text("relative_mask").get<std::vector<bool>>());

  for (int i = 0; golden.has("resize_torch." + std::to_string(i) + ".in"); ++i) {
    const std::string name = "resize_torch." + std::to_string(i);
    const auto size = [&](const char* end, size_t axis) {
      return static_cast<int>(golden.shape(name + end).at(axis));
    };
    golden.input(name + ".in");
    golden.compare(name + ".out",
                   widened(resize_with_pad(golden.floats(name + ".in"), 3, size(".in", 3),
                                           size(".in", 2), size(".out", 3), size(".out", 2))),
                   kPicture);
  }

  golden.input("discretise.x");
  golden.compare("discretise.bin", widened(state_bins(golden.floats("discretise.x"))), kExact);

  golden.input("pi05_prompt_states");
  const auto states = golden.text("pi05_prompt_states").get<std::vector<std::vector<float>>>();
  golden.compare_text("pi05_prompts", count_differing(golden.text("pi05_prompts"), [&](auto& each) {
                        const auto task = each.at("task").template get<std::string>();
                        for (size_t i = 0; i < states.size(); ++i) {
                          if (each.at("prompts").at(i) != pi05_prompt(task, states[i]))
                            return false;
                        }
                        return true;
                      }));
  int prompt = 0;
  golden.compare_text(
      "pi05_prompts_memory", count_differing(golden.text("pi05_prompts_memory"), [&](auto& each) {
        return each ==
               pi05_prompt(
                   golden.text("pi05_prompts").at(prompt++).at("task").template get<std::string>());
      }));
  golden.compare_text(
      "pi0_newline", count_differing(golden.text("pi0_newline"), [&](auto& each) {
        const auto task = each.at("task").template get<std::string>();
        const PromptTokens tokens = pi0_tokens(tokenizer, Dialect::kLeRobot, task, 1000);
        return each.at("out") ==
               tokenizer.decode({tokens.ids.begin() + 1, tokens.ids.begin() + tokens.valid});
      }));
  golden.compare_text(
      "pi0_fast_prompts", count_differing(golden.text("pi0_fast_prompts"), [&](auto& each) {
        const auto task = each.at("task").template get<std::string>();
        for (size_t i = 0; i < states.size(); ++i) {
          if (each.at("prompts").at(i) != fast_prompt(Dialect::kLeRobot, task, states[i])) {
            return false;
          }
        }
        return true;
      }));
  compare_fast(golden);
  golden.compare_text("lr_schedule_lerobot",
                      count_differing_rates(golden.text("lr_schedule_lerobot")));
  compare_lerobot_stats(golden);
}

bool same_prompt(const Json& each, const PromptTokens& tokens) {
  int valid = 0;
  if (each.contains("mask")) {
    for (const bool token : each.at("mask")) valid += token ? 1 : 0;
  } else {
    valid = each.at("n_valid").get<int>();
  }
  return each.at("ids") == tokens.ids && tokens.valid == valid;
}

void compare_openpi(GoldenProject& golden, const Tokenizer& tokenizer) {
  golden.input("pillow_version");
  const Stats stats = take_stats(golden, "norm.openpi.stats.");
  for (const std::string width : {"same", "longer", "shorter"}) {
    const std::string start = "norm.openpi." + width + ".";
    const auto dim = static_cast<size_t>(golden.shape(start + "x").back());
    for (const auto& [kind, name] :
         {std::pair{NormKind::kMeanStd, "zscore"}, {NormKind::kQuantile, "quantile"}}) {
      compare_normalizer(golden, Normalizer(kind, stats, dim, Dialect::kOpenpi), start + "x",
                         start + name, kOpenpiNorm);
    }
  }

  // Two arms of equal width, each with a gripper at its end that stays absolute.
  std::vector<bool> mask(static_cast<size_t>(golden.shape("delta.state").back()), true);
  mask[mask.size() / 2 - 1] = mask.back() = false;
  compare_relative(golden, "delta", 1, mask);

  for (int i = 0; golden.has("resize_pil." + std::to_string(i) + ".in"); ++i) {
    const std::string name = "resize_pil." + std::to_string(i);
    const auto& size = golden.shape(name + ".out");
    const Image ours = resize_with_pad(image_of(golden.arrays().at(name + ".in")),
                                       static_cast<int>(size.at(1)), static_cast<int>(size.at(0)));
    golden.input(name + ".in");
    golden.compare(name + ".out", widened(ours.rgb), kExact);
  }
  golden.input("to_uint8.in");
  golden.compare("to_uint8.out", widened(to_bytes(golden.floats("to_uint8.in"))), kExact);

  golden.input("vocab_size");
  golden.compare_text("sentencepiece",
                      count_differing(golden.text("sentencepiece"), [&](auto& each) {
                        const auto text = each.at("text").template get<std::string>();
                        std::vector<int> ids = tokenizer.encode(text);
                        const std::string decoded = tokenizer.decode(ids);
                        if (each.at("ids") != ids || each.at("decoded") != decoded) return false;
                        ids.insert(ids.begin(), tokenizer.bos_id());
                        return each.at("ids_bos") == ids;
                      }));
  int id = 0;
  golden.compare_text("pieces_first_40",
                      count_differing(golden.text("pieces_first_40"),
                                      [&](auto& each) { return each == tokenizer.piece(id++); }));

  golden.input("openpi_state");
  const auto state = golden.text("openpi_state").get<std::vector<float>>();
  const auto tokens_of = [&](const Json& each) { return static_cast<int>(each.at("ids").size()); };
  const auto text_of = [](const Json& each) { return each.at("text").get<std::string>(); };
  golden.compare_text(
      "pi0_tokenize", count_differing(golden.text("pi0_tokenize"), [&](const Json& each) {
        return same_prompt(each,
                           pi0_tokens(tokenizer, Dialect::kOpenpi, text_of(each), tokens_of(each)));
      }));
  for (const std::string name : {"pi05_tokenize", "truncate16"}) {
    golden.compare_text(name, count_differing(golden.text(name), [&](const Json& each) {
                          return same_prompt(
                              each, pi05_tokens(tokenizer, text_of(each), state, tokens_of(each)));
                        }));
  }

  compare_openpi_fast(golden, tokenizer);
  int masks = 0;
  for (const auto& [words, mask] : golden.text("make_bool_mask").items()) {
    masks += same_mask(words, mask) ? 0 : 1;
  }
  golden.compare_text("make_bool_mask", masks);

  const std::vector<float> rows = golden.floats("stats.openpi.data");
  const auto dim = static_cast<size_t>(golden.shape("stats.openpi.data").at(1));
  golden.input("stats.openpi.data");
  compare_stats(golden, "stats.openpi.", stats_of(rows, dim),
                quantile_bounds(rows, dim, kStretched));
}

}  // namespace

bool holds_processor_arrays(const fs::path& folder) {
  return fs::exists(folder / "lerobot_misc.safetensors") ||
         fs::exists(folder / "openpi_misc.safetensors");
}

GoldenReport compare_processors(const fs::path& folder) {
  const auto tokenizer = Tokenizer::open(folder / "tiny_gemma_like.model");
  GoldenReport report;
  try {
    GoldenProject lerobot(folder, "lerobot", report);
    compare_lerobot(lerobot, *tokenizer);
    lerobot.finish();
    GoldenProject openpi(folder, "openpi", report);
    compare_openpi(openpi, *tokenizer);
    openpi.finish();
  } catch (const Json::exception& error) {
    throw Error(folder.string(), std::string("its texts lack an entry: ") + error.what());
  } catch (const std::out_of_range&) {
    throw Error(folder.string(), "one of its arrays has fewer axes than it should");
  }
  return report;
}

}  // namespace gyre::verify
