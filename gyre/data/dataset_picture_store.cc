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
    Slot slot = slots_[place];
    if (slot.state == State::kReady) {
      ++slot.holders;
      slot.early = false;
      change(place, slot);
      const uint8_t* rgb = memory_ + place * stride_;
      return FramePixels{.rgb = {rgb, picture_bytes_},
                         .hold = {rgb, [this, place](const void*) { release(place); }}};
    }
    changed_.wait(lock);
  }
}

bool PictureStore::expect(uint64_t key) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(key);
  if (found == places_.end()) return false;
  Slot slot = slots_[found->second];
  slot.early = true;
  change(found->second, slot);
  return true;
}

PictureStore::Claim PictureStore::claim(uint64_t key, bool early) {
  const std::lock_guard lock(mutex_);
  if (places_.contains(key)) return {.present = true};
  const std::optional<size_t> place = free_slot(early);
  if (!place) return {};
  if (slots_[*place].state == State::kReady) places_.erase(slots_[*place].key);
  change(*place, {.key = key, .holders = 0, .state = State::kFilling, .early = early});
  places_.emplace(key, *place);
  return {.room = Room(*this, *place)};
}

std::optional<PictureStore::Room> PictureStore::claim_unused(uint64_t key) {
  const std::lock_guard lock(mutex_);
  if (used_ == slots_.size() || places_.contains(key)) return std::nullopt;
  const size_t place = used_++;
  change(place, {.key = key, .state = State::kFilling});
  places_.emplace(key, place);
  return Room(*this, place);
}

bool PictureStore::wait_for_room() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.wait(lock, [this] { return closed_ || has_room(spared() * 3 / 2); });
  --waiting_;
  return !closed_;
}

void PictureStore::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool PictureStore::has_room(size_t spared) const {
  return used_ < slots_.size() || busy_ + spared < slots_.size() - kept_;
}

// Slots that were never used come first, then the turning ones that nobody holds. A picture that is
// asked for now may take the slot of one that was made early, which is passed over once.
std::optional<size_t> PictureStore::free_slot(bool early) {
  if (used_ < slots_.size()) return used_++;
  if (early && !has_room(spared())) return std::nullopt;
  const size_t turning = slots_.size() - kept_;
  for (size_t tries = 0; tries < 2 * turning; ++tries) {
    const size_t place = next_;
    next_ = next_ + 1 < slots_.size() ? next_ + 1 : kept_;
    Slot slot = slots_[place];
    if (!slot.busy()) return place;
    if (early || slot.holders > 0 || slot.state == State::kFilling) continue;
    slot.early = false;
    change(place, slot);
  }
  return std::nullopt;
}

void PictureStore::change(size_t place, const Slot& slot) {
  if (place >= kept_) busy_ = busy_ + (slot.busy() ? 1 : 0) - (slots_[place].busy() ? 1 : 0);
  slots_[place] = slot;
  if (waiting_ > 0 && has_room(spared() * 3 / 2)) changed_.notify_all();
}

void PictureStore::release(size_t place) {
  const std::lock_guard lock(mutex_);
  Slot slot = slots_[place];
  --slot.holders;
  change(place, slot);
}

PictureStore::Room::Room(Room&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)), slot_(other.slot_) {}

PictureStore::Room::~Room() {
  if (store_ == nullptr) return;
  {
    const std::lock_guard lock(store_->mutex_);
    store_->places_.erase(store_->slots_[slot_].key);
    store_->change(slot_, {});
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
    Slot slot = store->slots_[slot_];
    slot.state = State::kReady;
    store->change(slot_, slot);
  }
  store->changed_.notify_all();
}

}  // namespace gyre::data
