#include "gyre/robot/feetech/packet.h"

#include <fmt/format.h>

#include <algorithm>

namespace gyre::feetech {
namespace {

constexpr uint8_t kMark = 0xFF;
constexpr size_t kMostLength = 250;  // of LEN
constexpr uint8_t kMostErrorByte = 0x7F;
constexpr size_t kHeaderBytes = 5;  // FF FF ID LEN INST

uint8_t packet_checksum(std::span<const uint8_t> summed) noexcept {
  unsigned sum = 0;
  for (const uint8_t byte : summed) sum += byte;
  return static_cast<uint8_t>(~sum);
}

bool checksum_holds(std::span<const uint8_t> packet) noexcept {
  return packet_checksum(packet.subspan(2, packet.size() - 3)) == packet.back();
}

}  // namespace

std::string servo_error_names(uint8_t bits) {
  std::string names;
  for (int bit = 0; bit < 8; ++bit) {
    if ((bits >> bit & 1) == 0) continue;
    if (!names.empty()) names += ", ";
    switch (1 << bit) {
      case servo_error::kVoltage:
        names += "voltage";
        break;
      case servo_error::kEncoder:
        names += "encoder";
        break;
      case servo_error::kTemperature:
        names += "temperature";
        break;
      case servo_error::kCurrent:
        names += "current";
        break;
      case servo_error::kOverload:
        names += "overload";
        break;
      default:
        names += fmt::format("bit {}", bit);
    }
  }
  return names;
}

size_t encode_packet(std::span<uint8_t> out, uint8_t id, uint8_t instruction,
                     std::span<const uint8_t> parameters) noexcept {
  const size_t size = parameters.size() + kOverhead;
  if (size > out.size() || size > kMostPacket) return 0;
  out[0] = out[1] = kMark;
  out[2] = id;
  out[3] = static_cast<uint8_t>(parameters.size() + 2);
  out[4] = instruction;
  std::ranges::copy(parameters, out.begin() + kHeaderBytes);
  out[size - 1] = packet_checksum(out.subspan(2, size - 3));
  return size;
}

Fault read_status(std::span<const uint8_t> bytes, uint8_t id, size_t count,
                  PacketView& status) noexcept {
  const size_t size = count + kOverhead;
  if (bytes.size() < size) return Fault::kShort;
  const std::span<const uint8_t> packet = bytes.first(size);
  if (packet[0] != kMark || packet[1] != kMark) return Fault::kHeader;
  if (packet[2] != id) return Fault::kId;
  if (packet[3] != count + 2) return Fault::kLength;
  if (packet[4] > kMostErrorByte) return Fault::kErrorByte;
  if (!checksum_holds(packet)) return Fault::kChecksum;
  status = {.id = id, .code = packet[4], .parameters = packet.subspan(kHeaderBytes, count)};
  return Fault::kNone;
}

Search find_packet(std::span<const uint8_t> bytes, PacketKind kind) noexcept {
  Search search;
  for (size_t at = 0; at < bytes.size(); ++at, ++search.skipped) {
    search.used = at;
    const std::span<const uint8_t> rest = bytes.subspan(at);
    if (rest[0] != kMark) continue;
    if (rest.size() < kOverhead) return search;  // more may come
    const bool status = kind == PacketKind::kStatus;
    if (rest[1] != kMark || rest[2] > (status ? kMostId : kBroadcast) || rest[3] < 2 ||
        rest[3] > kMostLength || (status && rest[4] > kMostErrorByte)) {
      continue;
    }
    const size_t size = rest[3] + size_t{4};
    if (rest.size() < size) return search;
    if (!checksum_holds(rest.first(size))) continue;
    search.found = true;
    search.used = at + size;
    search.packet = {
        .id = rest[2], .code = rest[4], .parameters = rest.subspan(kHeaderBytes, size - kOverhead)};
    return search;
  }
  search.used = bytes.size();
  return search;
}

}  // namespace gyre::feetech
