#include "gyre/data/protobuf_schema.h"

#include <algorithm>
#include <cctype>

namespace gyre::data::protobuf {
namespace {

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
