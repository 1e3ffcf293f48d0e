#include "gyre/data/dataset_picture_store.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::data {
namespace {

constexpr size_t kLine = 64;  // bytes: no two pictures share a cache line
constexpr size_t kLeastSlots = 4, kLeastTurning = 1024;

}  // namespace

size_t PictureStore::slot_bytes(size_t picture_bytes) {
  constexpr size_t kOfPlace = 48;  // an entry of `places_`
  return (picture_bytes + kLine - 1) / kLine * kLine + sizeof(Slot) + kOfPlace;
}

PictureStore::PictureStore(size_t picture_bytes, size_t slots)
    : picture_bytes_(picture_bytes), stride_((picture_bytes + kLine - 1) / kLine * kLine) {
  slots_.resize(std::max(slots, kLeastSlots));
  kept_ = slots_.size() - std::min(slots_.size(), std::max(slots_.size() / 4, kLeastTurning));
  next_ = kept_;
  void* memory = ::mmap(nullptr, slots_.size() * stride_, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    throw Error("pictures in memory",
                fmt::format("{} MiB are not to be had", slots_.size() * stride_ >> 20),
                "lower --memory-mib");
  }
  memory_ = static_cast<uint8_t*>(memory);
}

PictureStore::~PictureStore() { ::munmap(memory_, slots_.size() * stride_); }

std::optional<FramePixels> PictureStore::find(uint64_t key) {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    const size_t place = found->second;
    Slot& slot = slots_[place];
    if (slot.state == State::kReady) {
      ++slot.holders;
      slot.early = false;
      const uint8_t* rgb = memory_ + place * stride_;
      return FramePixels{.rgb = {rgb, picture_bytes_},
                         .hold = {rgb, [this, place](const void*) { release(place); }}};
    }
    changed_.wait(lock);
  }
}

std::optional<PictureStore::Room> PictureStore::claim(uint64_t key, bool early) {
  const std::lock_guard lock(mutex_);
  if (places_.contains(key)) return std::nullopt;
  if (early && filling_early_ >= std::max<size_t>(1, (slots_.size() - kept_) / 2)) {
    return std::nullopt;
  }
  const std::optional<size_t> place = free_slot();
  if (!place) return std::nullopt;
  Slot& slot = slots_[*place];
  if (slot.state == State::kReady) places_.erase(slot.key);
  slot = {.key = key, .holders = 0, .state = State::kFilling, .early = early};
  places_.emplace(key, *place);
  filling_early_ += early ? 1 : 0;
  return Room(*this, *place);
}

// Slots that were never used come first, then the turning ones that nobody holds. One that was
// filled early and not asked for since is passed over once.
std::optional<size_t> PictureStore::free_slot() {
  if (used_ < slots_.size()) return used_++;
  const size_t turning = slots_.size() - kept_;
  for (size_t tries = 0; tries < 2 * turning; ++tries) {
    const size_t place = next_;
    next_ = next_ + 1 < slots_.size() ? next_ + 1 : kept_;
    Slot& slot = slots_[place];
    if (slot.holders > 0 || slot.state == State::kFilling) continue;
    if (!std::exchange(slot.early, false)) return place;
  }
  return std::nullopt;
}

void PictureStore::release(size_t slot) {
  const std::lock_guard lock(mutex_);
  --slots_[slot].holders;
}

PictureStore::Room::Room(Room&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)), slot_(other.slot_) {}

PictureStore::Room::~Room() {
  if (store_ == nullptr) return;
  {
    const std::lock_guard lock(store_->mutex_);
    Slot& slot = store_->slots_[slot_];
    store_->filling_early_ -= slot.early ? 1 : 0;
    store_->places_.erase(slot.key);
    slot = {};
  }
  store_->changed_.notify_all();
}

std::span<uint8_t> PictureStore::Room::rgb() const {
  return {store_->memory_ + slot_ * store_->stride_, store_->picture_bytes_};
}

void PictureStore::Room::filled() {
  PictureStore* store = std::exchange(store_, nullptr);
  {
    const std::lock_guard lock(store->mutex_);
    Slot& slot = store->slots_[slot_];
    store->filling_early_ -= slot.early ? 1 : 0;
    slot.state = State::kReady;
  }
  store->changed_.notify_all();
}

}  // namespace gyre::data
