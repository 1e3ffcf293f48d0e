#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

// Packets of Feetech's STS servos: `FF FF ID LEN INST|ERR P1..Pn CHK` with LEN = n + 2 and
// CHK = ~(ID + LEN + INST|ERR + P1 + .. + Pn). Words are little-endian.
namespace gyre::feetech {

inline constexpr uint8_t kBroadcast = 0xFE;
inline constexpr uint8_t kMostId = 0xFD;
inline constexpr size_t kOverhead = 6;      // bytes of a packet without parameters
inline constexpr size_t kMostPacket = 254;  // bytes: LEN is at most 250

enum class Instruction : uint8_t {
  kPing = 0x01,
  kRead = 0x02,
  kWrite = 0x03,
  kRegWrite = 0x04,
  kAction = 0x05,
  kRestore = 0x06,
  kReboot = 0x08,
  kReset = 0x0A,
  kSetMiddle = 0x0B,
  kSyncRead = 0x82,
  kSyncWrite = 0x83,
};

// Bits of a status packet's ERR byte and of the register `status`.
namespace servo_error {
inline constexpr uint8_t kVoltage = 1, kEncoder = 2, kTemperature = 4, kCurrent = 8, kOverload = 32;
}

// "overload, temperature"; "" for none. A bit without a name is "bit 6".
std::string servo_error_names(uint8_t bits);

// Writes an instruction packet into `out` and returns its length; 0 where it does not fit.
size_t encode_packet(std::span<uint8_t> out, uint8_t id, uint8_t instruction,
                     std::span<const uint8_t> parameters) noexcept;
inline size_t encode_packet(std::span<uint8_t> out, uint8_t id, Instruction instruction,
                            std::span<const uint8_t> parameters) noexcept {
  return encode_packet(out, id, static_cast<uint8_t>(instruction), parameters);
}

// A packet inside a buffer.
struct PacketView {
  uint8_t id = 0;
  uint8_t code = 0;  // the instruction, or a status packet's ERR
  std::span<const uint8_t> parameters;
};

enum class Fault : uint8_t { kNone, kShort, kHeader, kId, kLength, kErrorByte, kChecksum };

// The status packet of servo `id` with `count` parameters that begins at the first byte and must
// have exactly that length.
Fault read_status(std::span<const uint8_t> bytes, uint8_t id, size_t count,
                  PacketView& status) noexcept;

// Searches for packets in a stream, as a servo or a broadcast's sender does: it slides by one byte
// over everything that is no packet.
struct Search {
  bool found = false;
  size_t used = 0;     // bytes that are done with, the packet's own included
  size_t skipped = 0;  // of them that belonged to no packet
  PacketView packet;
};
enum class PacketKind { kInstruction, kStatus };
Search find_packet(std::span<const uint8_t> bytes, PacketKind kind) noexcept;

}  // namespace gyre::feetech
