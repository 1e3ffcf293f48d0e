#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "gyre/core/image.h"

namespace gyre {

// A picture as a file holds it.
struct EncodedPicture {
  enum class Format : uint8_t { kPng, kJpeg, kH264 } format{};
  std::vector<uint8_t> bytes;  // of H.264 one packet (Annex B)
  // Of H.264: the picture that the packet refers to, and how many come before it up to the one that
  // refers to none; null and 0 for that.
  std::shared_ptr<const EncodedPicture> reference = {};
  int depth = 0;
};

// Pixels of one camera with their own capture time. Immutable once shared.
struct Picture {
  Image image;
  int64_t time_ns = 0;                                 // capture time, robot clock
  int64_t id = 0;                                      // counts the camera's pictures from 0
  std::shared_ptr<const EncodedPicture> encoded = {};  // where it was read so from a file
};

namespace internal {
struct PictureNode;
}  // namespace internal

// A counted reference to a picture: copying it never copies pixels, and any thread may drop it. The
// last drop returns a pool's picture to its pool without a lock, an allocation or a free.
class PictureRef {
 public:
  PictureRef() = default;
  // A picture of its own, outside any pool: for files and tests.
  explicit PictureRef(Picture picture);
  PictureRef(const PictureRef& other) noexcept;
  PictureRef(PictureRef&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  PictureRef& operator=(PictureRef other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~PictureRef();

  explicit operator bool() const { return node_ != nullptr; }
  const Picture& operator*() const;
  const Picture* operator->() const { return &**this; }
  // The same pixels, not only equal ones.
  bool operator==(const PictureRef&) const = default;

 private:
  friend class PicturePool;
  explicit PictureRef(internal::PictureNode* node) noexcept : node_(node) {}
  internal::PictureNode* node_ = nullptr;
};

// A fixed number of pictures of one size, made beforehand. One thread fills pictures; any thread
// may drop references. The pool may go away before its pictures do.
class PicturePool {
 public:
  // `count` pictures of width x height pixels.
  PicturePool(int width, int height, int count);
  ~PicturePool();
  PicturePool(const PicturePool&) = delete;
  PicturePool& operator=(const PicturePool&) = delete;

  // Lets `fill(Picture&)` write a free picture and shares it. Empty when all are in use: the caller
  // counts a lost frame. Allocates nothing.
  template <class Fill>
  PictureRef make(const Fill& fill) noexcept {
    internal::PictureNode* node = take();
    if (node == nullptr) return {};
    fill(writable(node));
    return PictureRef(node);
  }

 private:
  internal::PictureNode* take() noexcept;
  static Picture& writable(internal::PictureNode* node) noexcept;
  struct Core;
  friend class PictureRef;
  friend struct internal::PictureNode;
  Core* core_;
};

}  // namespace gyre
