#include "gyre/serve/prefix_cache.h"

#include <utility>

namespace gyre::serve {

size_t prefix_bytes(const ModelConfig& config) {
  const auto side = static_cast<size_t>(config.vision.image_size);
  const auto cameras = static_cast<size_t>(config.cameras);
  const auto picture_tokens = cameras * static_cast<size_t>(config.vision.token_count());
  const size_t tokens = picture_tokens + static_cast<size_t>(config.max_prompt_tokens);
  const size_t keys = tokens * static_cast<size_t>(config.language.depth) * 2 *
                      static_cast<size_t>(config.language.kv_heads) *
                      static_cast<size_t>(config.language.head_dim);
  const size_t pictures = 2 * cameras * 3 * side * side;
  return sizeof(float) *
         (keys + pictures + picture_tokens * static_cast<size_t>(config.language.width));
}

PrefixCache::Entry PrefixCache::remove(Place place) {
  Entry entry = std::move(*place);
  by_session_.erase(entry.session);
  entries_.erase(place);
  bytes_ -= entry.bytes;
  return entry;
}

std::unique_ptr<infer::Prefix> PrefixCache::take(uint64_t session, uint64_t policy) {
  const std::lock_guard lock(mutex_);
  const auto found = by_session_.find(session);
  if (found == by_session_.end()) return nullptr;
  Entry entry = remove(found->second);
  return entry.policy == policy ? std::move(entry.prefix) : nullptr;
}

void PrefixCache::keep(uint64_t session, uint64_t policy, std::unique_ptr<infer::Prefix> prefix,
                       size_t bytes) {
  if (prefix == nullptr || bytes > most_bytes_) return;
  const std::lock_guard lock(mutex_);
  if (const auto found = by_session_.find(session); found != by_session_.end()) {
    remove(found->second);
  }
  while (bytes_ + bytes > most_bytes_) remove(std::prev(entries_.end()));
  entries_.push_front({session, policy, std::move(prefix), bytes});
  by_session_[session] = entries_.begin();
  bytes_ += bytes;
}

void PrefixCache::forget(uint64_t session) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_session_.find(session); found != by_session_.end()) {
    remove(found->second);
  }
}

size_t PrefixCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace gyre::serve
