#include "gyre/io/msgpack.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "gyre/core/error.h"

namespace gyre::io::msgpack {
namespace {

struct DtypeRow {
  Dtype dtype;
  std::string_view name;
  size_t size;
};

constexpr std::array<DtypeRow, 12> kDtypes{{{Dtype::kBool, "|b1", 1},
                                            {Dtype::kInt8, "|i1", 1},
                                            {Dtype::kInt16, "<i2", 2},
                                            {Dtype::kInt32, "<i4", 4},
                                            {Dtype::kInt64, "<i8", 8},
                                            {Dtype::kUint8, "|u1", 1},
                                            {Dtype::kUint16, "<u2", 2},
                                            {Dtype::kUint32, "<u4", 4},
                                            {Dtype::kUint64, "<u8", 8},
                                            {Dtype::kFloat16, "<f2", 2},
                                            {Dtype::kFloat32, "<f4", 4},
                                            {Dtype::kFloat64, "<f8", 8}}};

constexpr size_t kMostDimensions = 8;
constexpr size_t kMostKeys = 256;  // of one map: they are compared in pairs

[[noreturn]] void reject_message(std::string_view problem) { throw Error("message", problem); }

Dtype dtype_named(std::string_view name) {
  for (const DtypeRow& row : kDtypes) {
    if (row.name == name) return row.dtype;
  }
  throw Error("array", fmt::format("its dtype '{}' is not taken", name.substr(0, 16)),
              "send little-endian integers or floats, or bool");
}

float half_to_float(uint16_t half) {
  const int exponent = (half >> 10) & 31, mantissa = half & 1023;
  const float sign = (half & 0x8000) != 0 ? -1.0f : 1.0f;
  if (exponent == 31) {
    return mantissa != 0 ? std::numeric_limits<float>::quiet_NaN()
                         : sign * std::numeric_limits<float>::infinity();
  }
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(mantissa), -24);
  return sign * std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
}

template <class T>
std::vector<float> converted(Bytes data) {
  std::vector<float> numbers(data.size() / sizeof(T));
  for (size_t i = 0; i < numbers.size(); ++i) {
    T value;
    std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
    numbers[i] = static_cast<float>(value);
  }
  return numbers;
}

class Decoder {
 public:
  Decoder(Bytes message, const Limits& limits) : rest_(message), limits_(limits) {}

  Value whole() {
    Value value = next(0);
    if (!rest_.empty()) reject_message("bytes follow its end");
    return value;
  }

 private:
  Bytes take(uint64_t count) {
    if (count > rest_.size()) reject_message("it ends in the middle of a value");
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  uint64_t big_endian(int bytes) {
    uint64_t value = 0;
    for (const uint8_t byte : take(static_cast<uint64_t>(bytes))) value = value << 8 | byte;
    return value;
  }

  std::string_view text(uint64_t size) {
    const Bytes bytes = take(size);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  // Each value takes one byte at least, so a count beyond the bytes left is false.
  void expect_room(uint64_t count) {
    if (count > rest_.size()) reject_message("it ends in the middle of a list or map");
    if (count > limits_.values - values_) reject_message("it has too many values");
  }

  List list(uint64_t count, int depth) {
    expect_room(count);
    List values;
    values.reserve(count);
    for (uint64_t i = 0; i < count; ++i) values.push_back(next(depth + 1));
    return values;
  }

  std::string_view key() {
    const uint8_t code = take(1)[0];
    if (code >= 0xa0 && code <= 0xbf) return text(code & 31);
    switch (code) {
      case 0xc4:
      case 0xd9:
        return text(big_endian(1));
      case 0xc5:
      case 0xda:
        return text(big_endian(2));
      case 0xc6:
      case 0xdb:
        return text(big_endian(4));
      default:
        reject_message("a map has a key that is not text");
    }
  }

  Value map(uint64_t count, int depth) {
    if (count > kMostKeys) reject_message("a map has too many keys");
    expect_room(2 * count);
    Map entries;
    entries.reserve(count);
    for (uint64_t i = 0; i < count; ++i) {
      const std::string_view name = key();
      for (const Entry& earlier : entries) {
        if (earlier.key == name) reject_message("a map has a key twice");
      }
      entries.push_back({name, next(depth + 1)});
    }
    return numpy({std::move(entries)});
  }

  // A map that stands for a NumPy array or scalar becomes that.
  static Value numpy(Value map) {
    const auto marked = [&](std::string_view key) {
      const Value* mark = map.find(key);
      const bool* flag = mark != nullptr ? mark->as<bool>() : nullptr;
      return flag != nullptr && *flag;
    };
    const bool array = marked("__ndarray__"), scalar = marked("__npgeneric__");
    if (!array && !scalar) return map;
    const Value* data = map.find("data");
    const Value* name = map.find("dtype");
    const auto* dtype = name != nullptr ? name->as<std::string_view>() : nullptr;
    if (data == nullptr || dtype == nullptr) reject_message("an array without data or dtype");
    const Dtype type = dtype_named(*dtype);
    if (scalar) {
      const bool plain =
          data->as<bool>() || data->as<int64_t>() || data->as<uint64_t>() || data->as<double>();
      if (!plain) reject_message("a scalar that is no number");
      return {data->data};
    }
    const Value* shape = map.find("shape");
    const auto* sizes = shape != nullptr ? shape->as<List>() : nullptr;
    const auto* bytes = data->as<Bytes>();
    if (sizes == nullptr || bytes == nullptr) reject_message("an array without shape or bytes");
    return {shaped(type, *sizes, *bytes)};
  }

  static Array shaped(Dtype type, const List& sizes, Bytes bytes) {
    if (sizes.size() > kMostDimensions) reject_message("an array of too many dimensions");
    Array made{type, {}, bytes};
    uint64_t count = item_size(type);
    for (const Value& size : sizes) {
      const auto* number = size.as<uint64_t>();
      if (number == nullptr) reject_message("an array's shape is not made of numbers");
      if (*number != 0 && count > std::numeric_limits<uint32_t>::max() / *number) {
        reject_message("an array is too large");
      }
      count *= *number;
      made.shape.push_back(*number);
    }
    if (count != bytes.size()) {
      throw Error("array", fmt::format("{} bytes for a shape of {}", bytes.size(), count));
    }
    return made;
  }

  static Value signed_integer(int64_t value) {
    if (value >= 0) return {static_cast<uint64_t>(value)};
    return {value};
  }

  Value next(int depth) {
    if (depth > limits_.depth) reject_message("it is nested too deep");
    if (++values_ > limits_.values) reject_message("it has too many values");
    const uint8_t code = take(1)[0];
    if (code <= 0x7f) return {uint64_t{code}};
    if (code >= 0xe0) return {static_cast<int64_t>(static_cast<int8_t>(code))};
    if (code <= 0x8f) return map(code & 15, depth);
    if (code <= 0x9f) return {list(code & 15, depth)};
    if (code <= 0xbf) return {text(code & 31)};
    switch (code) {
      case 0xc0:
        return {};
      case 0xc2:
        return {false};
      case 0xc3:
        return {true};
      case 0xc4:
        return {take(big_endian(1))};
      case 0xc5:
        return {take(big_endian(2))};
      case 0xc6:
        return {take(big_endian(4))};
      case 0xca:
        return {static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(big_endian(4))))};
      case 0xcb:
        return {std::bit_cast<double>(big_endian(8))};
      case 0xcc:
        return {big_endian(1)};
      case 0xcd:
        return {big_endian(2)};
      case 0xce:
        return {big_endian(4)};
      case 0xcf:
        return {big_endian(8)};
      case 0xd0:
        return signed_integer(static_cast<int8_t>(big_endian(1)));
      case 0xd1:
        return signed_integer(static_cast<int16_t>(big_endian(2)));
      case 0xd2:
        return signed_integer(static_cast<int32_t>(big_endian(4)));
      case 0xd3:
        return signed_integer(static_cast<int64_t>(big_endian(8)));
      case 0xd9:
        return {text(big_endian(1))};
      case 0xda:
        return {text(big_endian(2))};
      case 0xdb:
        return {text(big_endian(4))};
      case 0xdc:
        return {list(big_endian(2), depth)};
      case 0xdd:
        return {list(big_endian(4), depth)};
      case 0xde:
        return map(big_endian(2), depth);
      case 0xdf:
        return map(big_endian(4), depth);
      default:
        reject_message("it has a value of a type that is not taken");
    }
  }

  Bytes rest_;
  const Limits& limits_;
  size_t values_ = 0;
};

}  // namespace

size_t item_size(Dtype dtype) { return kDtypes[static_cast<size_t>(dtype)].size; }
std::string_view dtype_name(Dtype dtype) { return kDtypes[static_cast<size_t>(dtype)].name; }

std::vector<float> Array::numbers() const {
  switch (dtype) {
    case Dtype::kInt8:
      return converted<int8_t>(data);
    case Dtype::kInt16:
      return converted<int16_t>(data);
    case Dtype::kInt32:
      return converted<int32_t>(data);
    case Dtype::kInt64:
      return converted<int64_t>(data);
    case Dtype::kBool:
    case Dtype::kUint8:
      return converted<uint8_t>(data);
    case Dtype::kUint16:
      return converted<uint16_t>(data);
    case Dtype::kUint32:
      return converted<uint32_t>(data);
    case Dtype::kUint64:
      return converted<uint64_t>(data);
    case Dtype::kFloat32:
      return converted<float>(data);
    case Dtype::kFloat64:
      return converted<double>(data);
    case Dtype::kFloat16:
      break;
  }
  std::vector<float> numbers(data.size() / 2);
  for (size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = half_to_float(static_cast<uint16_t>(data[2 * i] | data[2 * i + 1] << 8));
  }
  return numbers;
}

const Value* Value::find(std::string_view key) const {
  const Map* map = as<Map>();
  if (map == nullptr) return nullptr;
  for (const Entry& entry : *map) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Value decode(Bytes message, const Limits& limits) { return Decoder(message, limits).whole(); }

void Writer::head(uint8_t code, uint64_t value, int bytes) {
  out_.push_back(static_cast<char>(code));
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out_.push_back(static_cast<char>(value >> shift & 255));
  }
}

// `first_code` is that of the shortest length: 8 bits where there is such a form, else 16.
void Writer::sized(size_t size, uint8_t fixed, size_t fixed_most, uint8_t first_code,
                   bool has_8_bit) {
  if (size <= fixed_most) return head(fixed | static_cast<uint8_t>(size), 0, 0);
  uint8_t code = first_code;
  if (has_8_bit) {
    if (size <= 0xff) return head(code, size, 1);
    ++code;
  }
  if (size <= 0xffff) return head(code, size, 2);
  if (size > 0xffffffff) throw Error("message", "a value is larger than 4 GiB");
  head(code + 1, size, 4);
}

void Writer::nil() { head(0xc0, 0, 0); }
void Writer::boolean(bool value) { head(value ? 0xc3 : 0xc2, 0, 0); }

void Writer::integer(uint64_t value) {
  if (value <= 0x7f) return head(static_cast<uint8_t>(value), 0, 0);
  if (value <= 0xff) return head(0xcc, value, 1);
  if (value <= 0xffff) return head(0xcd, value, 2);
  if (value <= 0xffffffff) return head(0xce, value, 4);
  head(0xcf, value, 8);
}

void Writer::integer(int64_t value) {
  if (value >= 0) return integer(static_cast<uint64_t>(value));
  if (value >= -32) return head(static_cast<uint8_t>(value), 0, 0);
  const auto bits = static_cast<uint64_t>(value);
  if (value >= -0x80) return head(0xd0, bits, 1);
  if (value >= -0x8000) return head(0xd1, bits, 2);
  if (value >= -0x80000000LL) return head(0xd2, bits, 4);
  head(0xd3, bits, 8);
}

void Writer::number(double value) { head(0xcb, std::bit_cast<uint64_t>(value), 8); }

void Writer::text(std::string_view value) {
  sized(value.size(), 0xa0, 31, 0xd9, true);
  out_ += value;
}

void Writer::bytes(Bytes value) {
  if (value.empty()) {
    head(0xc4, 0, 1);
  } else {
    sized(value.size(), 0, 0, 0xc4, true);
  }
  out_.append(reinterpret_cast<const char*>(value.data()), value.size());
}

void Writer::list(size_t count) { sized(count, 0x90, 15, 0xdc, false); }
void Writer::map(size_t count) { sized(count, 0x80, 15, 0xde, false); }

void Writer::array(Dtype dtype, std::span<const size_t> shape, Bytes data) {
  const auto key = [this](std::string_view name) {
    bytes({reinterpret_cast<const uint8_t*>(name.data()), name.size()});
  };
  map(4);
  key("__ndarray__");
  boolean(true);
  key("data");
  bytes(data);
  key("dtype");
  text(dtype_name(dtype));
  key("shape");
  list(shape.size());
  for (const size_t size : shape) integer(static_cast<uint64_t>(size));
}

}  // namespace gyre::io::msgpack
