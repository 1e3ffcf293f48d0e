#include "gyre/policy/fast_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numbers>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/io/file.h"
#include "gyre/policy/json_file.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

constexpr int kCodes = 2048;  // a tokenizer that has letters for these has them for all

// Row k of the orthonormal DCT-II of `steps` values.
std::vector<double> cosines(int k, int steps) {
  const double factor = std::sqrt((k == 0 ? 1.0 : 2.0) / steps);
  std::vector<double> row;
  row.reserve(steps);
  for (int n = 0; n < steps; ++n) {
    row.push_back(factor * std::cos(std::numbers::pi * (n + 0.5) * k / steps));
  }
  return row;
}

void require_size(std::span<const double> chunk, int steps, int dim) {
  if (steps > 0 && dim > 0 && chunk.size() == static_cast<size_t>(steps) * dim) return;
  throw Error("action chunk",
              fmt::format("holds {} numbers, not {} x {}", chunk.size(), steps, dim));
}

std::u32string letters_of(std::span<const int> codes) { return {codes.begin(), codes.end()}; }

}  // namespace

std::vector<int> fast_codes(std::span<const double> chunk, int steps, int dim, double scale,
                            int min_token) {
  require_size(chunk, steps, dim);
  std::vector<int> codes;
  for (int k = 0; k < steps; ++k) {
    const std::vector<double> row = cosines(k, steps);
    for (int d = 0; d < dim; ++d) {
      double sum = 0;
      for (int n = 0; n < steps; ++n) sum += row[n] * chunk[n * dim + d];
      if (!std::isfinite(sum)) throw Error("action chunk", fmt::format("field {} is no number", d));
      // Within the code points; only broken data gets there.
      const double code = std::nearbyint(sum * scale) - min_token;
      constexpr double kMost = 0xd7ff;
      codes.push_back(static_cast<int>(std::clamp(code, 0.0, kMost)));
    }
  }
  return codes;
}

std::vector<double> fast_chunk(std::span<const int> codes, int steps, int dim, double scale,
                               int min_token) {
  std::vector<double> chunk(static_cast<size_t>(steps) * dim);
  if (codes.size() != chunk.size()) return chunk;
  for (int k = 0; k < steps; ++k) {
    const std::vector<double> row = cosines(k, steps);
    for (int d = 0; d < dim; ++d) {
      const double value = (codes[k * dim + d] + min_token) / scale;
      for (int n = 0; n < steps; ++n) chunk[n * dim + d] += row[n] * value;
    }
  }
  return chunk;
}

FastTokenizer::FastTokenizer(ByteBpe bpe, double scale, int min_token)
    : bpe_(std::move(bpe)), scale_(scale), min_token_(min_token) {
  for (int code = 0; code < kCodes; ++code) {
    try {
      bpe_.encode(std::u32string(1, static_cast<char32_t>(code)));
      known_.push_back(code);
    } catch (const Error&) {
      // no token encodes it
    }
  }
}

int FastTokenizer::nearest_known(int code) const {
  if (std::ssize(known_) == kCodes || known_.empty()) return code;
  const auto above = std::ranges::lower_bound(known_, code);
  if (above == known_.begin()) return *above;
  const auto below = std::prev(above);
  return above == known_.end() || code - *below <= *above - code ? *below : *above;
}

FastTokenizer FastTokenizer::open(const fs::path& folder) {
  const fs::path file = folder / "processor_config.json";
  const nlohmann::json json = read_json_object(file);
  return with_file_named(file, [&] {
    FastTokenizer tokenizer(ByteBpe::read(folder / "tokenizer.json"), json.value("scale", 10.0),
                            json.value("min_token", 0));
    if (!(tokenizer.scale_ > 0)) throw Error(file.string(), "scale is not above 0");
    const auto number = [&](const char* key) -> std::optional<int> {
      if (!json.contains(key) || json[key].is_null()) return {};
      return json[key].get<int>();
    };
    tokenizer.steps_ = number("time_horizon");
    tokenizer.dim_ = number("action_dim");
    return tokenizer;
  });
}

FastTokenizer FastTokenizer::fit(std::span<const std::vector<double>> chunks, int steps, int dim,
                                 double scale, int size) {
  if (chunks.empty()) throw Error("action tokenizer", "there are no chunks to fit it on");
  // Of codes from 0 on, with the lowest possible min_token, to find the one that is needed.
  constexpr int kLowest = -20000;
  int low = 0, high = 0;
  std::vector<std::vector<int>> codes;
  for (const std::vector<double>& chunk : chunks) {
    const int own = dim > 0 ? dim : static_cast<int>(chunk.size()) / std::max(steps, 1);
    codes.push_back(fast_codes(chunk, steps, own, scale, kLowest));
    const auto [least, most] = std::ranges::minmax(codes.back());
    low = codes.size() == 1 ? least : std::min(low, least);
    high = codes.size() == 1 ? most : std::max(high, most);
  }
  if (high - low > size) {
    throw Error("action tokenizer",
                fmt::format("the codes span {} letters, the vocabulary has {}", high - low, size),
                "clip the actions, lower the scale or take a larger vocabulary");
  }
  std::vector<std::u32string> texts;
  for (std::vector<int>& each : codes) {
    for (int& code : each) code -= low;
    texts.push_back(letters_of(each));
  }
  std::u32string alphabet;
  for (int code = 0; code <= high - low; ++code) alphabet.push_back(static_cast<char32_t>(code));
  FastTokenizer tokenizer(ByteBpe::fit(texts, alphabet, size), scale, low + kLowest);
  tokenizer.steps_ = steps;
  if (dim > 0) tokenizer.dim_ = dim;
  return tokenizer;
}

std::string FastTokenizer::content_hash() const {
  return sha256_hex(fmt::format("{} {} {}", scale_, min_token_, bpe_.json()));
}

void FastTokenizer::write(const fs::path& folder) const {
  fs::create_directories(folder);
  bpe_.write(folder / "tokenizer.json");
  const auto number = [](const std::optional<int>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  const nlohmann::ordered_json json = {{"action_dim", number(dim_)},
                                       {"min_token", min_token_},
                                       {"processor_class", "UniversalActionProcessor"},
                                       {"scale", scale_},
                                       {"time_horizon", number(steps_)},
                                       {"vocab_size", size()}};
  io::write_atomically(folder / "processor_config.json", json.dump(2) + "\n");
}

std::vector<int> FastTokenizer::encode(std::span<const double> chunk, int steps, int dim) const {
  std::vector<int> codes = fast_codes(chunk, steps, dim, scale_, min_token_);
  for (int& code : codes) code = nearest_known(code);
  return bpe_.encode(letters_of(codes));
}

std::vector<double> FastTokenizer::decode(std::span<const int> ids, int steps, int dim,
                                          bool relaxed) const {
  const size_t wanted = static_cast<size_t>(steps) * dim;
  std::vector<int> known;
  std::ranges::copy_if(ids, std::back_inserter(known), [&](int id) { return id < size(); });
  std::u32string text;
  try {
    text = bpe_.decode(known);
  } catch (const Error&) {
    return std::vector<double>(wanted);
  }
  std::vector<int> codes(text.begin(), text.end());
  if (relaxed) codes.resize(wanted, -min_token_);  // a coefficient of zero
  return fast_chunk(codes, steps, dim, scale_, min_token_);
}

}  // namespace gyre
