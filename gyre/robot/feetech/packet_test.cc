#include "gyre/robot/feetech/packet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace gyre::feetech {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes packet_of(uint8_t id, Instruction instruction, const Bytes& parameters) {
  Bytes out(kMostPacket);
  out.resize(encode_packet(out, id, instruction, parameters));
  return out;
}

Bytes goals(uint8_t count, uint8_t bytes) {
  Bytes parameters = {42, bytes};
  for (uint8_t id = 1; id <= count; ++id) {
    const Bytes goal = {id, 0x00, 0x08, 0x00, 0x00, 0xE8, 0x03};
    parameters.insert(parameters.end(), goal.begin(), goal.begin() + 1 + bytes);
  }
  return parameters;
}

// The hexadecimal packets are the vendor's and recomputed by hand.
TEST(FeetechPacket, InstructionsAreTheGoldenBytes) {
  EXPECT_EQ(packet_of(1, Instruction::kPing, {}), (Bytes{0xFF, 0xFF, 1, 2, 1, 0xFB}));
  EXPECT_EQ(packet_of(kBroadcast, Instruction::kPing, {}), (Bytes{0xFF, 0xFF, 0xFE, 2, 1, 0xFE}));
  EXPECT_EQ(packet_of(1, Instruction::kRead, {0x38, 2}),
            (Bytes{0xFF, 0xFF, 1, 4, 2, 0x38, 2, 0xBE}));
  EXPECT_EQ(packet_of(1, Instruction::kWrite, {0x2A, 0, 8, 0, 0, 0xE8, 3}),
            (Bytes{0xFF, 0xFF, 1, 9, 3, 0x2A, 0, 8, 0, 0, 0xE8, 3, 0xD5}));
  EXPECT_EQ(packet_of(3, Instruction::kWrite, {0x28, 1}),
            (Bytes{0xFF, 0xFF, 3, 4, 3, 0x28, 1, 0xCC}));
  EXPECT_EQ(packet_of(3, Instruction::kWrite, {0x37, 0}),
            (Bytes{0xFF, 0xFF, 3, 4, 3, 0x37, 0, 0xBE}));
  EXPECT_EQ(packet_of(1, Instruction::kWrite, {0x1F, 0x23, 9}),
            (Bytes{0xFF, 0xFF, 1, 5, 3, 0x1F, 0x23, 9, 0xAB}));
  EXPECT_EQ(packet_of(kBroadcast, Instruction::kSyncRead, {0x38, 2, 1, 2, 3, 4, 5, 6}),
            (Bytes{0xFF, 0xFF, 0xFE, 0x0A, 0x82, 0x38, 2, 1, 2, 3, 4, 5, 6, 0x26}));
  EXPECT_EQ(packet_of(kBroadcast, Instruction::kSyncWrite, goals(6, 2)),
            (Bytes{0xFF, 0xFF, 0xFE, 0x16, 0x83, 0x2A, 2, 1, 0, 8, 2, 0, 8,
                   3,    0,    8,    4,    0,    8,    5, 0, 8, 6, 0, 8, 0xF7}));
  EXPECT_EQ(packet_of(kBroadcast, Instruction::kSyncWrite, goals(4, 6)).back(), 0x58);
  EXPECT_EQ(packet_of(kBroadcast, Instruction::kAction, {}), (Bytes{0xFF, 0xFF, 0xFE, 2, 5, 0xFA}));
}

TEST(FeetechPacket, StatusIsReadAtItsExactPlaceAndLength) {
  const Bytes ping = {0xFF, 0xFF, 1, 2, 0, 0xFC};
  const Bytes position = {0xFF, 0xFF, 1, 4, 0, 0x18, 5, 0xDD};
  PacketView status;
  EXPECT_EQ(read_status(ping, 1, 0, status), Fault::kNone);
  EXPECT_EQ(read_status(position, 1, 2, status), Fault::kNone);
  EXPECT_EQ(status.parameters[0] | status.parameters[1] << 8, 1304);
  EXPECT_EQ(read_status(position, 2, 2, status), Fault::kId);
  EXPECT_EQ(read_status(position, 1, 1, status), Fault::kLength);
  EXPECT_EQ(read_status(position, 1, 3, status), Fault::kShort);
  EXPECT_EQ(read_status(std::span(position).subspan(1), 1, 1, status), Fault::kHeader);
}

TEST(FeetechPacket, NoSingleWrongBytePasses) {
  const Bytes right = {0xFF, 0xFF, 1, 4, 0, 0x18, 5, 0xDD};
  PacketView status;
  for (size_t at = 0; at < right.size(); ++at) {
    for (int change = 1; change < 256; ++change) {
      Bytes wrong = right;
      wrong[at] = static_cast<uint8_t>(wrong[at] ^ change);
      EXPECT_NE(read_status(wrong, 1, 2, status), Fault::kNone) << at << " ^ " << change;
    }
  }
}

TEST(FeetechPacket, SearchFindsPacketsBetweenOtherBytes) {
  Bytes stream = {0xFF, 7, 0xFF, 0xFF, 0xFF, 1, 2, 0, 0xFC, 9};
  const Search search = find_packet(stream, PacketKind::kStatus);
  ASSERT_TRUE(search.found);
  EXPECT_EQ(search.packet.id, 1);
  EXPECT_EQ(search.skipped, 3U);
  EXPECT_EQ(search.used, 9U);
  stream = {0xFF, 0xFF, 1, 4, 0};  // the rest may still come
  const Search half = find_packet(stream, PacketKind::kStatus);
  EXPECT_FALSE(half.found);
  EXPECT_EQ(half.used, 0U);
}

TEST(FeetechPacket, ErrorBitsHaveNames) {
  EXPECT_EQ(servo_error_names(0), "");
  EXPECT_EQ(servo_error_names(servo_error::kOverload | servo_error::kTemperature),
            "temperature, overload");
  EXPECT_EQ(servo_error_names(16), "bit 4");
}

TEST(FeetechPacket, WhatDoesNotFitIsNotEncoded) {
  Bytes small(7);
  EXPECT_EQ(encode_packet(small, 1, Instruction::kRead, Bytes{0x38, 2}), 0U);
  Bytes large(512);
  EXPECT_EQ(encode_packet(large, 1, Instruction::kWrite, Bytes(249)), 0U);
}

}  // namespace
}  // namespace gyre::feetech
