#include "gyre/core/picture.h"

#include <atomic>
#include <vector>

namespace gyre {
namespace internal {

struct PictureNode {
  Picture picture;
  std::atomic<int> references{0};
  PicturePool::Core* pool = nullptr;  // null: a picture of its own
  std::atomic<int32_t> next_free{-1};
};

}  // namespace internal

using internal::PictureNode;

// Free nodes form a stack linked by index. The head carries a counter in its upper half, so that a
// node which left and came back is not taken for an unchanged head (the ABA problem).
struct PicturePool::Core {
  explicit Core(int count) : nodes(static_cast<size_t>(count)) {}

  void push(PictureNode* node) noexcept {
    const auto index = static_cast<uint32_t>(node - nodes.data());
    uint64_t head = free.load(std::memory_order_relaxed);
    uint64_t next = 0;
    do {
      node->next_free.store(static_cast<int32_t>(head & 0xffffffff), std::memory_order_relaxed);
      next = ((head >> 32) + 1) << 32 | index;
    } while (!free.compare_exchange_weak(head, next, std::memory_order_release,
                                         std::memory_order_relaxed));
  }

  PictureNode* pop() noexcept {
    uint64_t head = free.load(std::memory_order_acquire);
    while (true) {
      const auto index = static_cast<int32_t>(head & 0xffffffff);
      if (index < 0) return nullptr;
      PictureNode* node = &nodes[static_cast<size_t>(index)];
      const auto after = static_cast<uint32_t>(node->next_free.load(std::memory_order_relaxed));
      const uint64_t next = ((head >> 32) + 1) << 32 | after;
      if (free.compare_exchange_weak(head, next, std::memory_order_acquire)) return node;
    }
  }

  // The pool's owner and every picture in use hold the core.
  void release() noexcept {
    if (holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  std::vector<PictureNode> nodes;
  std::atomic<uint64_t> free{0xffffffff};  // index -1: none
  std::atomic<int> holders{1};
};

PictureRef::PictureRef(Picture picture) : node_(new PictureNode) {
  node_->picture = std::move(picture);
  node_->references.store(1, std::memory_order_relaxed);
}

PictureRef::PictureRef(const PictureRef& other) noexcept : node_(other.node_) {
  if (node_ != nullptr) node_->references.fetch_add(1, std::memory_order_relaxed);
}

PictureRef::~PictureRef() {
  if (node_ == nullptr || node_->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  PicturePool::Core* pool = node_->pool;
  if (pool == nullptr) {
    delete node_;
    return;
  }
  pool->push(node_);
  pool->release();
}

const Picture& PictureRef::operator*() const { return node_->picture; }

PicturePool::PicturePool(int width, int height, int count) : core_(new Core(count)) {
  for (PictureNode& node : core_->nodes) {
    node.picture.image = Image::black(width, height);
    node.pool = core_;
    core_->push(&node);
  }
}

PicturePool::~PicturePool() { core_->release(); }

PictureNode* PicturePool::take() noexcept {
  PictureNode* node = core_->pop();
  if (node == nullptr) return nullptr;
  core_->holders.fetch_add(1, std::memory_order_relaxed);
  node->references.store(1, std::memory_order_relaxed);
  return node;
}

Picture& PicturePool::writable(PictureNode* node) noexcept { return node->picture; }

}  // namespace gyre
