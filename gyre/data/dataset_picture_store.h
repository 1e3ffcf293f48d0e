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
// other pictures take turns in a quarter of the slots, 1,024 at least. A picture that was made
// ahead keeps its slot until it is asked for. Thread-safe.
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

  size_t slots() const { return slots_.size(); }

  // The picture, which stays while it is held; nothing when it is not there. Waits while another
  // thread makes it.
  std::optional<FramePixels> find(uint64_t key);
  // True if the picture is there or being made; then, it stays until it is asked for.
  bool expect(uint64_t key);

  struct Claim {
    bool present = false;           // the picture is there or being made
    std::optional<Room> room = {};  // none also where no slot is free
  };
  // Room for a picture that is asked for now, or with `early` for one that will be: that takes no
  // slot of another one that was made early, and leaves an eighth of the turning slots alone.
  Claim claim(uint64_t key, bool early);
  // The same for a picture that is there by the way: only a slot that was never used.
  std::optional<Room> claim_unused(uint64_t key);
  // Returns once claim() can find room for several early pictures, or, with false, after close().
  bool wait_for_room();
  void close();

 private:
  enum class State : uint8_t { kEmpty, kFilling, kReady };
  struct Slot {
    uint64_t key = 0;
    int holders = 0;
    State state = State::kEmpty;
    bool early = false;  // not asked for yet

    bool busy() const { return holders > 0 || early || state == State::kFilling; }
  };
  size_t spared() const { return (slots_.size() - kept_) / 8; }
  bool has_room(size_t spared) const;  // beside so many turning slots
  std::optional<size_t> free_slot(bool early);
  void change(size_t place, const Slot& slot);  // and the number of busy ones with it
  void release(size_t place);

  size_t picture_bytes_, stride_;
  uint8_t* memory_ = nullptr;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::unordered_map<uint64_t, size_t> places_;  // of pictures that are there or being made
  size_t used_ = 0;                              // slots from the first that were given out
  size_t kept_, next_;                           // slots that stay; the turning one that is next
  size_t busy_ = 0;                              // of the turning slots
  size_t waiting_ = 0;                           // threads in wait_for_room()
  bool closed_ = false;
};

}  // namespace gyre::data
