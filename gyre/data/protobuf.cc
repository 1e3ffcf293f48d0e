#include "gyre/data/protobuf.h"

namespace gyre::data::protobuf {
namespace {

// Bytes of the UTF-8 sequence at the front of `text`; 0 when there is no whole and valid one.
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool no_code_point =
      (first == 0xED && byte(1) >= 0xA0) || (first == 0xF4 && byte(1) >= 0x90);
  return overlong || no_code_point ? 0 : length;
}

}  // namespace

void put_varint(Bytes& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<uint8_t>(value | 0x80));
  out.push_back(static_cast<uint8_t>(value));
}

void put_text(Bytes& out, std::string_view text) {
  put_varint(out, text.size());
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) out.push_back('?');
    out.insert(out.end(), text.begin(), text.begin() + static_cast<ptrdiff_t>(length));
    text.remove_prefix(std::max<size_t>(length, 1));
  }
}

void put_length_before(Bytes& out, size_t begun) {
  Bytes length;
  put_varint(length, out.size() - begun);
  out.insert(out.begin() + static_cast<ptrdiff_t>(begun), length.begin(), length.end());
}

bool take_varint(View& bytes, uint64_t& value) {
  value = 0;
  for (size_t i = 0; i < bytes.size() && i < 10; ++i) {
    value |= static_cast<uint64_t>(bytes[i] & 0x7F) << (7 * i);
    if (bytes[i] < 0x80) {
      bytes = bytes.subspan(i + 1);
      return true;
    }
  }
  return false;
}

bool take_field(View& bytes, Field& field) {
  uint64_t tag = 0;
  if (!take_varint(bytes, tag) || tag >> 3 == 0 || tag >> 3 >= uint64_t{1} << 29) return false;
  field = {.number = static_cast<int>(tag >> 3), .wire = static_cast<uint32_t>(tag & 7)};
  const auto take = [&](size_t count) {
    if (bytes.size() < count) return false;
    field.bytes = bytes.first(count);
    bytes = bytes.subspan(count);
    return true;
  };
  switch (field.wire) {
    case kVarint:
      return take_varint(bytes, field.value);
    case kFixed32:
    case kFixed64:
      if (!take(field.wire == kFixed32 ? 4 : 8)) return false;
      std::memcpy(&field.value, field.bytes.data(), field.bytes.size());
      return true;
    case kLength: {
      uint64_t length = 0;
      return take_varint(bytes, length) && length <= bytes.size() && take(length);
    }
    default:
      return false;
  }
}

}  // namespace gyre::data::protobuf
