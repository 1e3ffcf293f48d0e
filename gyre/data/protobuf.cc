#include "gyre/data/protobuf.h"

#include <cctype>

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

// Fields of descriptor.proto.
void put(Bytes& out, int number, std::string_view text) {
  put_varint(out, static_cast<uint64_t>(number) << 3 | kLength);
  put_text(out, text);
}
void put(Bytes& out, int number, const Bytes& message) {
  put_varint(out, static_cast<uint64_t>(number) << 3 | kLength);
  put_varint(out, message.size());
  out.insert(out.end(), message.begin(), message.end());
}
void put(Bytes& out, int number, int value) {
  put_varint(out, static_cast<uint64_t>(number) << 3 | kVarint);
  put_varint(out, static_cast<uint64_t>(value));
}

std::string package_of(const std::string& name) { return name.substr(0, name.rfind('.')); }
std::string own_name(std::string_view name) {
  return std::string(name.substr(name.rfind('.') + 1));
}
std::string file_name(std::string name) {
  if (name == "google.protobuf.Timestamp") return "google/protobuf/timestamp.proto";
  std::replace(name.begin(), name.end(), '.', '/');
  return name + ".proto";
}

// A FileDescriptorProto; `kind`: 4 for a message, 5 for an enum.
Bytes file_descriptor(const std::string& name, const std::vector<std::string>& uses, int kind,
                      const Bytes& body) {
  Bytes file;
  put(file, 1, file_name(name));
  put(file, 2, package_of(name));
  for (const std::string& other : uses) put(file, 3, file_name(other));
  put(file, kind, body);
  put(file, 12, std::string_view("proto3"));
  return file;
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

std::string Schema::snake_case(std::string_view full_name) {
  std::string snake;
  for (const char c : own_name(full_name)) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !snake.empty()) snake += '_';
    snake += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return snake;
}

Bytes Schema::file_of_message(const std::string& name, const Description& fields) {
  std::vector<std::string> oneofs, uses;
  const auto index_in = [](std::vector<std::string>& list, const std::string& item) {
    const auto found = std::find(list.begin(), list.end(), item);
    if (found != list.end()) return static_cast<int>(found - list.begin());
    list.push_back(item);
    return static_cast<int>(list.size()) - 1;
  };
  Bytes message;
  put(message, 1, own_name(name));
  for (const FieldDescription& f : fields) {
    Bytes field;
    put(field, 1, f.name);
    put(field, 3, f.number);
    put(field, 4, f.repeated ? 3 : 1);
    put(field, 5, static_cast<int>(f.type));
    if (!f.type_name.empty()) {
      put(field, 6, "." + f.type_name);
      index_in(uses, f.type_name);
    }
    // An optional field is the only one of a oneof of its own.
    const std::string oneof = f.optional ? "_" + f.name : f.oneof;
    if (!oneof.empty()) put(field, 9, index_in(oneofs, oneof));
    if (f.optional) put(field, 17, 1);
    put(message, 2, field);
  }
  for (const std::string& oneof : oneofs) {
    Bytes declaration;
    put(declaration, 1, oneof);
    put(message, 8, declaration);
  }
  return file_descriptor(name, uses, 4, message);
}

Bytes Schema::file_of_enum(const std::string& name, std::span<const std::string_view> values) {
  Bytes enumeration;
  put(enumeration, 1, own_name(name));
  for (size_t i = 0; i < values.size(); ++i) {
    Bytes value;
    put(value, 1, values[i]);
    put(value, 2, static_cast<int>(i));
    put(enumeration, 2, value);
  }
  return file_descriptor(name, {}, 5, enumeration);
}

Bytes Schema::file_descriptor_set() const {
  Bytes set;
  for (const std::string& name : order_) put(set, 1, files_.at(name));
  return set;
}

}  // namespace gyre::data::protobuf
