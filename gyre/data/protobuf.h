#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "gyre/core/event.h"

// Protocol Buffers (https://protobuf.dev/programming-guides/encoding). One list of fields for each
// C++ type gives the encoder, the decoder and the schema that a file carries:
//
//   template <>
//   struct Message<Point> {
//     static constexpr std::string_view kName = "gyre.Point";
//     static void fields(auto& visit, auto& point) {
//       visit(1, "x", point.x);
//       visit(2, "y", point.y);
//     }
//   };
//
// Numbers are never used again for something else. Every number is written, zeros too, so a missing
// one was written by an older program and keeps the default of the C++ type.
namespace gyre::data::protobuf {

using Bytes = std::vector<uint8_t>;
using View = std::span<const uint8_t>;

template <class T>
struct Message;  // of a struct: kName and fields()
template <class T>
struct Enum;  // of an enum: kName and kValues, the names of 0, 1, 2, ...

// In a list of fields: exactly one alternative of a variant, as field `first` + its index.
template <class V>
struct Oneof {
  explicit Oneof(V& variant) : value(variant) {}
  V& value;
};

template <class T>
concept IsMessage = requires { Message<std::remove_const_t<T>>::kName; };
template <class T>
concept IsEnum = std::is_enum_v<T>;
template <class T>
concept IsNumber = std::is_arithmetic_v<T> || IsEnum<T>;

// Values of FieldDescriptorProto.Type.
enum class Type {
  kDouble = 1,
  kFloat = 2,
  kInt64 = 3,
  kInt32 = 5,
  kFixed64 = 6,
  kBool = 8,
  kString = 9,
  kMessage = 11,
  kBytes = 12,
  kUint32 = 13,
  kEnum = 14
};

template <class T>
constexpr Type type_of() {
  if constexpr (IsEnum<T>) return Type::kEnum;
  if constexpr (std::same_as<T, double>) return Type::kDouble;
  if constexpr (std::same_as<T, float>) return Type::kFloat;
  if constexpr (std::same_as<T, int64_t>) return Type::kInt64;
  if constexpr (std::same_as<T, int>) return Type::kInt32;
  if constexpr (std::same_as<T, uint64_t>) return Type::kFixed64;  // seeds and hashes
  if constexpr (std::same_as<T, uint32_t>) return Type::kUint32;
  if constexpr (std::same_as<T, bool>) return Type::kBool;
}

enum Wire : uint32_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

template <class T>
constexpr Wire wire_of() {
  constexpr bool fixed = std::floating_point<T> || std::same_as<T, uint64_t>;
  return !fixed ? kVarint : sizeof(T) == 8 ? kFixed64 : kFixed32;
}

void put_varint(Bytes& out, uint64_t value);
void put_text(Bytes& out, std::string_view text);  // bytes that are no UTF-8 become '?'
// Puts the length of what was appended since `begun` before it.
void put_length_before(Bytes& out, size_t begun);

template <IsNumber T>
void put_number(Bytes& out, T value) {
  if constexpr (wire_of<T>() == kVarint) {
    put_varint(out, static_cast<uint64_t>(static_cast<int64_t>(value)));
  } else {
    const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
    out.insert(out.end(), bytes, bytes + sizeof(T));
  }
}
static_assert(std::endian::native == std::endian::little);

template <class T>
void encode(const T& message, Bytes& out);

// The visitor that writes.
class Writer {
 public:
  explicit Writer(Bytes& out) : out_(out) {}

  template <IsNumber T>
  void operator()(int number, const char*, const T& value) {
    tag(number, wire_of<T>());
    put_number(out_, value);
  }
  template <IsNumber T>
  void operator()(int number, const char* name, const std::optional<T>& value) {
    if (value) (*this)(number, name, *value);
  }
  void operator()(int number, const char* name, const Reasons& reasons) {
    (*this)(number, name, reasons.bits());
  }
  void operator()(int number, const char*, const std::string& text) { string(number, text); }
  template <size_t N>
  void operator()(int number, const char*, const FixedText<N>& text) {
    // A cut text stays longer than it can be, so that reading cuts it again.
    string(number, std::string(text.view()) + (text.cut() ? "…" : ""));
  }
  void operator()(int number, const char*, const Bytes& bytes) {
    tag(number, kLength);
    put_varint(out_, bytes.size());
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  template <IsNumber T>
  void operator()(int number, const char*, const std::vector<T>& values) {
    packed<T>(number, values);
  }
  template <IsNumber T, size_t N>
  void operator()(int number, const char*, const T (&values)[N]) {
    packed<T>(number, values);
  }
  template <IsMessage T>
  void operator()(int number, const char*, const T& message) {
    tag(number, kLength);
    const size_t begun = out_.size();
    encode(message, out_);
    put_length_before(out_, begun);
  }
  template <IsMessage T>
  void operator()(int number, const char* name, const std::vector<T>& messages) {
    for (const T& message : messages) (*this)(number, name, message);
  }
  template <class V>
  void operator()(int first, const char* name, const Oneof<V>& oneof) {
    const int number = first + static_cast<int>(oneof.value.index());
    std::visit([&](const auto& message) { (*this)(number, name, message); }, oneof.value);
  }

 private:
  Bytes& out_;

  void tag(int number, Wire wire) { put_varint(out_, static_cast<uint64_t>(number) << 3 | wire); }
  void string(int number, std::string_view text) {
    if (text.empty()) return;
    tag(number, kLength);
    put_text(out_, text);
  }
  template <class T>
  void packed(int number, std::span<const T> values) {
    if (values.empty()) return;
    tag(number, kLength);
    const size_t begun = out_.size();
    for (const T& value : values) put_number(out_, value);
    put_length_before(out_, begun);
  }
};

// Appends the message.
template <class T>
void encode(const T& message, Bytes& out) {
  Writer writer(out);
  Message<T>::fields(writer, message);
}

// One field as it stands in the bytes.
struct Field {
  int number = 0;
  uint32_t wire = kVarint;
  uint64_t value = 0;  // of a varint or fixed field
  View bytes;          // of a field with a length
};
// Takes a field or a varint from the front of `bytes`; false where none stands.
bool take_field(View& bytes, Field& field);
bool take_varint(View& bytes, uint64_t& value);

template <class T>
bool decode(View bytes, T& message);

// More of one field in one message is damage: a few bytes must not become gigabytes.
inline constexpr size_t kMaxRepeated = size_t{1} << 16;

// The visitor that takes one field to where it belongs. Fields with other numbers, or written as
// another kind of value, are passed over.
class FieldReader {
 public:
  explicit FieldReader(const Field& field) : field_(field) {}
  bool ok() const { return ok_; }

  template <IsNumber T>
  void operator()(int number, const char*, T& value) {
    if (is(number, wire_of<T>())) set(field_.value, value);
  }
  template <IsNumber T>
  void operator()(int number, const char*, std::optional<T>& value) {
    if (is(number, wire_of<T>())) set(field_.value, value.emplace());
  }
  void operator()(int number, const char*, Reasons& reasons) {
    if (is(number, kVarint)) reasons = Reasons(static_cast<uint32_t>(field_.value));
  }
  void operator()(int number, const char*, std::string& text) {
    if (is(number, kLength)) text = view();
  }
  template <size_t N>
  void operator()(int number, const char*, FixedText<N>& text) {
    if (is(number, kLength)) text = FixedText<N>(view());
  }
  void operator()(int number, const char*, Bytes& bytes) {
    if (is(number, kLength)) bytes.assign(field_.bytes.begin(), field_.bytes.end());
  }
  template <IsNumber T>
  void operator()(int number, const char*, std::vector<T>& values) {
    if (is(number, wire_of<T>())) set(field_.value, values.emplace_back());
    if (is(number, kLength)) packed<T>([&](const T& value) { values.push_back(value); });
  }
  template <IsNumber T, size_t N>
  void operator()(int number, const char*, T (&values)[N]) {
    size_t i = 0;
    const auto take = [&](const T& value) {
      if (i < N) values[i++] = value;
    };
    if (is(number, kLength)) packed<T>(take);
  }
  template <IsMessage T>
  void operator()(int number, const char*, T& message) {
    if (is(number, kLength)) ok_ = decode(field_.bytes, message);
  }
  template <IsMessage T>
  void operator()(int number, const char*, std::vector<T>& messages) {
    if (!is(number, kLength)) return;
    ok_ = messages.size() < kMaxRepeated && decode(field_.bytes, messages.emplace_back());
  }
  template <class V>
  void operator()(int first, const char* name, Oneof<V>& oneof) {
    const int index = field_.number - first;
    if (index >= 0 && index < static_cast<int>(std::variant_size_v<V>)) {
      alternative(static_cast<size_t>(index), name, oneof,
                  std::make_index_sequence<std::variant_size_v<V>>());
    }
  }

 private:
  const Field& field_;
  bool ok_ = true;

  bool is(int number, Wire wire) const { return field_.number == number && field_.wire == wire; }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(field_.bytes.data()), field_.bytes.size()};
  }
  template <IsNumber T>
  static void set(uint64_t bits, T& value) {
    if constexpr (IsEnum<T>) {
      if (bits < Enum<T>::kValues.size()) value = static_cast<T>(bits);
    } else if constexpr (std::same_as<T, bool>) {
      value = bits != 0;
    } else if constexpr (wire_of<T>() == kVarint) {
      value = static_cast<T>(bits);
    } else {
      std::memcpy(&value, &bits, sizeof(T));
    }
  }
  template <IsNumber T>
  void packed(auto&& take) {
    View rest = field_.bytes;
    while (!rest.empty() && ok_) {
      uint64_t bits = 0;
      if constexpr (wire_of<T>() == kVarint) {
        ok_ = take_varint(rest, bits);
      } else {
        ok_ = rest.size() >= sizeof(T);
        if (ok_) {
          std::memcpy(&bits, rest.data(), sizeof(T));
          rest = rest.subspan(sizeof(T));
        }
      }
      T value{};
      set(bits, value);
      if (ok_) take(value);
    }
  }
  template <class V, size_t... I>
  void alternative(size_t index, const char* name, Oneof<V>& oneof, std::index_sequence<I...>) {
    const auto take = [&](auto chosen) {
      constexpr size_t kIndex = decltype(chosen)::value;
      std::variant_alternative_t<kIndex, V> message{};
      (*this)(field_.number, name, message);
      oneof.value.template emplace<kIndex>(message);
    };
    ((I == index ? take(std::integral_constant<size_t, I>()) : void()), ...);
  }
};

// Reads the fields of `bytes` into the message, whose other members stay. False when the bytes are
// malformed.
template <class T>
bool decode(View bytes, T& message) {
  for (Field field; !bytes.empty();) {
    if (!take_field(bytes, field)) return false;
    FieldReader reader(field);
    Message<T>::fields(reader, message);
    if (!reader.ok()) return false;
  }
  return true;
}

}  // namespace gyre::data::protobuf
