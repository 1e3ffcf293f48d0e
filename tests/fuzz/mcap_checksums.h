#pragma once

#include <cstring>
#include <string>

#include "gyre/io/mcap_chunk.h"

namespace gyre::fuzz {

// The bytes of an MCAP file so changed that the CRCs of its chunks hold, where the lengths still
// do: what a search must do to get past them.
inline std::string with_checksums(const uint8_t* data, size_t size, size_t max_chunk_bytes) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  io::mcap::ChunkDecoder decoder(max_chunk_bytes);
  size_t at = io::mcap::kMagic.size();
  while (at + io::mcap::kPrefixBytes < size) {
    io::mcap::Cursor cursor(io::mcap::View(data, size).subspan(at));
    const auto record = io::mcap::next_record(cursor);
    if (!record) break;
    const auto chunk = io::mcap::parse_chunk(record->body);
    if (record->opcode == io::mcap::Opcode::kChunk && chunk) {
      io::mcap::ChunkHeader unchecked = *chunk;
      unchecked.uncompressed_crc = 0;
      if (const auto records = decoder.open(unchecked, false)) {
        const uint32_t crc = io::mcap::crc32_of(*records);
        std::memcpy(bytes.data() + at + io::mcap::kPrefixBytes + 24, &crc, sizeof(crc));
      }
    }
    at += io::mcap::kPrefixBytes + record->body.size();
  }
  return bytes;
}

}  // namespace gyre::fuzz
