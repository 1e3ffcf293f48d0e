#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "gyre/data/frame_source.h"

namespace gyre::data {

// Decoded pictures of one size in a bounded part of memory. Most slots keep the first pictures that
// come, for good: in training each picture is as likely as any other to be asked for next. The
// other pictures take turns in a quarter of the slots, 1,024 at least. Thread-safe.
class PictureStore {
 public:
  // Memory is taken as pictures come. At least 4 slots.
  PictureStore(size_t picture_bytes, size_t slots);
  ~PictureStore();
  PictureStore(const PictureStore&) = delete;
  PictureStore& operator=(const PictureStore&) = delete;

  // Memory of one slot with what it takes to find it.
  static size_t slot_bytes(size_t picture_bytes);

  // Room for a picture that its owner makes; given back unless it is filled.
  class Room {
   public:
    Room(Room&& other) noexcept;
    Room& operator=(Room&&) = delete;
    ~Room();
    std::span<uint8_t> rgb() const;
    void filled();

   private:
    friend class PictureStore;
    Room(PictureStore& store, size_t slot) : store_(&store), slot_(slot) {}
    PictureStore* store_;
    size_t slot_;
  };

  // The picture, which stays while it is held; nothing when it is not there. Waits while another
  // thread makes it.
  std::optional<FramePixels> find(uint64_t key);
  // Nothing when the picture is there or being made, or no room is free. `early`: it will be asked
  // for later; at most half of the turning slots are being filled early at any time.
  std::optional<Room> claim(uint64_t key, bool early);

 private:
  enum class State : uint8_t { kEmpty, kFilling, kReady };
  struct Slot {
    uint64_t key = 0;
    int holders = 0;
    State state = State::kEmpty;
    bool early = false;  // not asked for yet
  };
  std::optional<size_t> free_slot();
  void release(size_t slot);

  size_t picture_bytes_, stride_;
  uint8_t* memory_ = nullptr;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::unordered_map<uint64_t, size_t> places_;  // of pictures that are there or being made
  size_t used_ = 0;                              // slots from the first that were given out
  size_t kept_, next_;                           // slots that stay; the turning one that is next
  size_t filling_early_ = 0;
};

}  // namespace gyre::data
