#include "gyre/robot/fake/bus.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "gyre/core/error.h"

namespace gyre::fake {
namespace {

using feetech::Instruction;
using feetech::kBroadcast;

constexpr int64_t kLeastLateNs = 2'000'000, kMostLateNs = 30'000'000;

}  // namespace

std::string_view name_of(ReplyFault fault) {
  switch (fault) {
    case ReplyFault::kNone:
      return "none";
    case ReplyFault::kCorrupt:
      return "corrupt_byte";
    case ReplyFault::kLost:
      return "lost_bytes";
    case ReplyFault::kDoubled:
      return "doubled_byte";
    case ReplyFault::kForeign:
      return "foreign_id";
    case ReplyFault::kDropped:
      return "no_answer";
    case ReplyFault::kLate:
      return "late";
    case ReplyFault::kRepeated:
      return "repeated";
    case ReplyFault::kNoise:
      return "noise";
    case ReplyFault::kCompensating:
      return "compensating";
  }
  return "";
}

std::vector<Servo> so101_servos() {
  std::vector<Servo> servos;
  for (uint8_t id = 1; id <= 6; ++id) servos.emplace_back(id, 1500 + 150.0 * id);
  return servos;
}

Servo& Bus::servo(uint8_t id) {
  for (Servo& servo : servos) {
    if (servo.id() == id) return servo;
  }
  throw Error("fake bus", fmt::format("has no servo {}", id));
}

void Bus::advance(int64_t now_ns) noexcept {
  now_ns_ = now_ns;
  for (Servo& servo : servos) servo.advance(now_ns);
}

void Bus::receive(std::span<const uint8_t> bytes, int64_t now_ns) {
  advance(now_ns);
  line_free_ns_ = std::max(line_free_ns_, now_ns + options_.timing.usb_ns) +
                  static_cast<int64_t>(bytes.size()) * options_.timing.byte_ns;
  heard_.insert(heard_.end(), bytes.begin(), bytes.end());
  size_t used = 0;
  for (;;) {
    const feetech::Search search =
        feetech::find_packet(std::span(heard_).subspan(used), feetech::PacketKind::kInstruction);
    used += search.used;
    if (!search.found) break;
    obey(search.packet);
  }
  heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(used));
}

bool Bus::hears(const Servo& servo, uint8_t id) const {
  return !servo.dead && (baud == 0 || servo.baud() == baud) &&
         (id == kBroadcast || servo.id() == id);
}

void Bus::write(Servo& servo, uint8_t address, std::span<const uint8_t> bytes) {
  if (on_write) on_write(servo, address, bytes);
  servo.write(address, bytes);
}

void Bus::obey(const feetech::PacketView& packet) {
  const std::span<const uint8_t> p = packet.parameters;
  switch (static_cast<Instruction>(packet.code)) {
    case Instruction::kPing: {
      std::vector<uint8_t> ids;
      for (const Servo& servo : servos) {
        if (hears(servo, packet.id)) ids.push_back(servo.id());
      }
      std::ranges::sort(ids);
      ids.erase(std::ranges::unique(ids).begin(), ids.end());
      for (const uint8_t id : ids) reply(id, {}, packet.id != kBroadcast);
      return;
    }
    case Instruction::kRead:
      if (p.size() == 2 && packet.id != kBroadcast) reply(packet.id, p);
      return;
    case Instruction::kSyncRead:
      for (const uint8_t id : p.size() > 2 ? p.subspan(2) : p.first(0)) reply(id, p.first(2));
      return;
    case Instruction::kWrite: {
      if (p.size() < 2) return;
      // The answer first: it comes from the id that was asked, even where the write changes it.
      std::vector<Servo*> writing;
      for (Servo& servo : servos) {
        if (hears(servo, packet.id)) writing.push_back(&servo);
      }
      if (writing.empty()) return;
      const bool answers = writing.front()->value(feetech::Reg::kResponseLevel) != 0;
      if (answers && packet.id != kBroadcast) reply(packet.id, {});
      for (Servo* servo : writing) write(*servo, p[0], p.subspan(1));
      return;
    }
    case Instruction::kSyncWrite:
      return obey_sync_write(p);
    case Instruction::kReboot:
      for (Servo& servo : servos) {
        if (hears(servo, packet.id)) servo.restart();
      }
      return;
    default:
      return;
  }
}

void Bus::obey_sync_write(std::span<const uint8_t> p) {
  if (p.size() < 2 || p[1] == 0) return;
  const size_t count = p[1];
  for (size_t at = 2; at + 1 + count <= p.size(); at += 1 + count) {
    for (Servo& servo : servos) {
      if (hears(servo, p[at])) write(servo, p[0], p.subspan(at + 1, count));
    }
  }
}

// Two servos that answer at once: the wire shows the bits of both.
std::vector<uint8_t> Bus::collide(const std::vector<std::vector<uint8_t>>& packets) {
  std::vector<uint8_t> bytes = packets.front();
  for (size_t i = 1; i < packets.size(); ++i) {
    const auto shift = static_cast<size_t>(1 + rng_.below(3));
    for (size_t at = shift; at < bytes.size(); ++at) bytes[at] &= packets[i][at - shift];
  }
  return bytes;
}

ReplyFault Bus::draw_fault() {
  if (options_.fault_rate == 0 || !rng_.chance(options_.fault_rate)) return ReplyFault::kNone;
  if (options_.faults.empty()) {
    return static_cast<ReplyFault>(1 + rng_.below(static_cast<int64_t>(kReplyFaults) - 1));
  }
  return options_.faults[static_cast<size_t>(rng_.below(std::ssize(options_.faults)))];
}

// `range`: address and count of a read; empty: a bare status.
void Bus::reply(uint8_t id, std::span<const uint8_t> range, bool may_fail) {
  std::vector<std::vector<uint8_t>> packets;
  const Servo* first = nullptr;
  for (const Servo& servo : servos) {
    if (!hears(servo, id)) continue;
    std::vector<uint8_t> bytes(feetech::kMostPacket);
    const std::span<const uint8_t> content =
        range.empty() ? range : servo.bytes(range[0], range[1]);
    bytes.resize(feetech::encode_packet(bytes, id, servo.error(), content));
    packets.push_back(std::move(bytes));
    if (first == nullptr) first = &servo;
  }
  if (packets.empty()) return;
  const size_t parameters = packets.front().size() - feetech::kOverhead;
  const ReplyFault fault = may_fail ? draw_fault() : ReplyFault::kNone;
  if (on_answer) on_answer(*first, std::span(packets.front()).subspan(5, parameters), fault);
  std::vector<uint8_t> bytes = packets.size() == 1 ? packets.front() : collide(packets);
  spoil(bytes, fault, parameters);
  const Timing& timing = options_.timing;
  line_free_ns_ += timing.servo_ns + static_cast<int64_t>(bytes.size()) * timing.byte_ns;
  int64_t due = line_free_ns_ + timing.usb_ns;
  if (fault == ReplyFault::kLate) {
    due += kLeastLateNs + rng_.below(kMostLateNs - kLeastLateNs);
  }
  const auto place = std::ranges::upper_bound(replies_, due, {}, &OnTheWay::due_ns);
  if (!bytes.empty()) replies_.insert(place, {due, std::move(bytes)});
}

void Bus::spoil(std::vector<uint8_t>& bytes, ReplyFault fault, size_t parameters) {
  ++fault_counts_[static_cast<size_t>(fault)];
  const auto any = [&](size_t begin, size_t end) {
    return begin + static_cast<size_t>(rng_.below(static_cast<int64_t>(end - begin)));
  };
  const auto iterator = [&](size_t at) { return bytes.begin() + static_cast<std::ptrdiff_t>(at); };
  switch (fault) {
    case ReplyFault::kCorrupt:
      bytes[any(0, bytes.size())] ^= static_cast<uint8_t>(1 + rng_.below(255));
      return;
    case ReplyFault::kLost: {
      const size_t at = any(0, bytes.size());
      const size_t count = std::min(bytes.size() - at, any(1, 4));
      bytes.erase(iterator(at), iterator(at + count));
      return;
    }
    case ReplyFault::kDoubled: {
      const size_t at = any(0, bytes.size());
      const uint8_t again = bytes[at];
      bytes.insert(iterator(at), again);
      return;
    }
    case ReplyFault::kForeign: {
      const auto other = static_cast<uint8_t>(bytes[2] % 6 + 1);  // another one of six
      bytes.back() = static_cast<uint8_t>(bytes.back() + bytes[2] - other);
      bytes[2] = other;
      return;
    }
    case ReplyFault::kDropped:
      bytes.clear();
      return;
    case ReplyFault::kRepeated: {
      const std::vector<uint8_t> again = bytes;
      bytes.insert(bytes.end(), again.begin(), again.end());
      return;
    }
    case ReplyFault::kNoise: {
      std::vector<uint8_t> noise(any(1, 5));
      for (uint8_t& byte : noise) byte = static_cast<uint8_t>(rng_.bits());
      bytes.insert(bytes.begin(), noise.begin(), noise.end());
      return;
    }
    case ReplyFault::kCompensating: {
      if (parameters < 2) return;
      const size_t a = any(5, 5 + parameters - 1), b = any(a + 1, 5 + parameters);
      const auto change = static_cast<uint8_t>(1 + rng_.below(255));
      bytes[a] = static_cast<uint8_t>(bytes[a] + change);
      bytes[b] = static_cast<uint8_t>(bytes[b] - change);
      return;
    }
    case ReplyFault::kNone:
    case ReplyFault::kLate:
      return;
  }
}

int64_t Bus::next_due_ns() const noexcept {
  return replies_.empty() ? std::numeric_limits<int64_t>::max() : replies_.front().due_ns;
}

std::vector<uint8_t> Bus::take(int64_t now_ns) {
  std::vector<uint8_t> bytes;
  size_t count = 0;
  for (; count < replies_.size() && replies_[count].due_ns <= now_ns; ++count) {
    bytes.insert(bytes.end(), replies_[count].bytes.begin(), replies_[count].bytes.end());
  }
  replies_.erase(replies_.begin(), replies_.begin() + static_cast<std::ptrdiff_t>(count));
  return bytes;
}

void Bus::forget() noexcept {
  replies_.clear();
  heard_.clear();
}

bool SimulatedWire::write(std::span<const uint8_t> bytes) noexcept {
  if (plugged) bus_.receive(bytes, now_ns_);
  return plugged;
}

ssize_t SimulatedWire::read(std::span<uint8_t> bytes, int64_t deadline_ns) noexcept {
  if (!plugged) return -1;
  if (here_.empty() && bus_.next_due_ns() <= std::max(deadline_ns, now_ns_)) {
    now_ns_ = std::max(now_ns_, bus_.next_due_ns());
    here_ = bus_.take(now_ns_);
  }
  if (here_.empty()) {
    now_ns_ = std::max(now_ns_, deadline_ns);
    return 0;
  }
  const size_t count = std::min(bytes.size(), here_.size());
  std::copy_n(here_.begin(), count, bytes.begin());
  here_.erase(here_.begin(), here_.begin() + static_cast<std::ptrdiff_t>(count));
  return static_cast<ssize_t>(count);
}

void SimulatedWire::sleep_until(int64_t time_ns) noexcept { now_ns_ = std::max(now_ns_, time_ns); }

}  // namespace gyre::fake
