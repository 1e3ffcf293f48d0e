#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "gyre/infer/engine.h"
#include "gyre/policy/model_config.h"

namespace gyre::serve {

// Bytes that an encoded prefix of one request takes, about: keys and values of the language model,
// pictures and their tokens.
size_t prefix_bytes(const ModelConfig& config);

// The last prefix of each session, so that a picture that has not changed is not encoded again. The
// one that was used longest ago goes when memory is short. Safe from several threads.
class PrefixCache {
 public:
  explicit PrefixCache(size_t most_bytes) : most_bytes_(most_bytes) {}

  // The session's prefix if the policy of that number made it. It leaves the cache.
  std::unique_ptr<infer::Prefix> take(uint64_t session, uint64_t policy);
  void keep(uint64_t session, uint64_t policy, std::unique_ptr<infer::Prefix> prefix, size_t bytes);
  void forget(uint64_t session);
  size_t bytes() const;

 private:
  struct Entry {
    uint64_t session = 0, policy = 0;
    std::unique_ptr<infer::Prefix> prefix;
    size_t bytes = 0;
  };
  using Place = std::list<Entry>::iterator;
  Entry remove(Place place);

  const size_t most_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the one used last is in front
  std::map<uint64_t, Place> by_session_;
  size_t bytes_ = 0;
};

}  // namespace gyre::serve
