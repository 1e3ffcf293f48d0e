#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gyre {

// Reads sentencepiece's `.model` files and encodes as libsentencepiece does: BPE with byte fallback
// and unigram, identity normalisation; any other normaliser is refused by name.
class Tokenizer {
 public:
  static std::shared_ptr<const Tokenizer> open(const std::filesystem::path& model_file);
  ~Tokenizer();

  std::vector<int> encode(std::string_view text) const;  // without BOS or EOS
  std::string decode(const std::vector<int>& ids) const;
  const std::string& piece(int id) const;  // as in the model file; throws Error beyond it
  int vocab_size() const;
  int pad_id() const;
  int bos_id() const;
  int eos_id() const;
  const std::string& bytes() const;  // the file's content, to be written beside a new checkpoint

 private:
  Tokenizer();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre
