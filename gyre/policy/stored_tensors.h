#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gyre/io/safetensors.h"
#include "gyre/policy/model_config.h"

namespace gyre {

// The weights of a checkpoint by the names of tensor_table(), whoever wrote the file: with and
// without LeRobot's prefix, either name of the vision tower, one or both of the word embedding
// and the text head, wrapped by PyTorch or not, of an older LeRobot. Mapped, not copied.
class StoredTensors {
 public:
  // Throws Error naming file and tensor: no safetensors file, truncated, one tensor under two
  // names.
  static StoredTensors open(const std::filesystem::path& file);

  const std::filesystem::path& path() const { return file_.path(); }
  const io::SafeTensors& file() const { return file_; }

  // nullptr when it is not there. Word embedding and text head stand in for each other.
  const io::TensorView* find(const std::string& name) const;

  // The expert's norms follow the time: π0.5 and not π0.
  bool adaptive() const { return adaptive_; }
  // Any tensor of an action expert: π0 and π0.5, not π0-FAST.
  bool has_expert() const;
  // One tensor embeds words and scores them, or two that hold the same numbers.
  bool tied() const;

  // Throws Error naming every tensor that a policy of this configuration reads and that is missing,
  // of another shape, or of a type that weights do not come in.
  void require(const ModelConfig& config) const;
  // Stored names that such a policy does not read and that no reference implementation writes.
  std::vector<std::string> extra(const ModelConfig& config) const;

 private:
  io::SafeTensors file_;
  std::map<std::string, io::TensorView> tensors_;  // by the graph's name
  bool adaptive_ = false;
};

}  // namespace gyre
