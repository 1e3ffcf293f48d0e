#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gyre/policy/byte_bpe.h"

namespace gyre {

// FAST (Pertsch et al. 2025): a chunk of actions as few words. Along time each action field is
// turned into its cosine series, scaled, rounded and written as a letter; byte-level BPE joins
// letters that often stand together. Chunks are [T, D], row-major, normalised to about [-1, 1].

// DCT-II along time, orthonormal, times `scale`, rounded half to even, minus `min_token`, no less
// than 0: [T * D], slow changes first.
std::vector<int> fast_codes(std::span<const double> chunk, int steps, int dim, double scale,
                            int min_token);
// The inverse: [T, D].
std::vector<double> fast_chunk(std::span<const int> codes, int steps, int dim, double scale,
                               int min_token);

class FastTokenizer {
 public:
  // Reads tokenizer.json and processor_config.json. Throws Error naming file and field.
  static FastTokenizer open(const std::filesystem::path& folder);

  // Learns letters and words from chunks of own data, each [steps, dim]; with dim 0 of any width.
  // Throws Error where their range needs more letters than `size`, or there are none.
  static FastTokenizer fit(std::span<const std::vector<double>> chunks, int steps, int dim,
                           double scale = 10, int size = 1024);

  // Both files, each atomic. Throws Error.
  void write(const std::filesystem::path& folder) const;

  // A coefficient that the tokenizer has no letter for becomes the nearest one that it has: left
  // out, as Hugging Face's encoder does, it would move all that follow.
  std::vector<int> encode(std::span<const double> chunk, int steps, int dim) const;

  // [steps, dim]. Tokens of another length give zeros (the reference tokenizer), or with `relaxed`
  // lack their last codes or have some too many (LeRobot's π0-FAST). Ids above the largest are
  // left out, as Hugging Face's decoder does. What is no text at all gives zeros.
  std::vector<double> decode(std::span<const int> ids, int steps, int dim,
                             bool relaxed = false) const;

  int size() const { return bpe_.size(); }
  std::string content_hash() const;  // SHA-256 of what encode() and decode() depend on

 private:
  int nearest_known(int code) const;
  FastTokenizer(ByteBpe bpe, double scale, int min_token);

  ByteBpe bpe_;
  double scale_;
  int min_token_;
  std::vector<int> known_;          // codes that have a letter, ascending
  std::optional<int> steps_, dim_;  // that it was fitted on; only written
};

}  // namespace gyre
