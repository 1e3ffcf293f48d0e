#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// MessagePack, with NumPy's arrays and scalars as openpi's websocket protocol carries them: a map
// with the keys __ndarray__, data, dtype and shape. The keys may be text or bytes.
namespace gyre::io::msgpack {

enum class Dtype : uint8_t {
  kBool,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kFloat16,
  kFloat32,
  kFloat64
};

size_t item_size(Dtype dtype);             // bytes of one number
std::string_view dtype_name(Dtype dtype);  // as NumPy spells it: "<f4", "|u1"

using Bytes = std::span<const uint8_t>;

// An array in row-major order. `data` points into the message and may be unaligned; its length is
// the product of `shape` times item_size().
struct Array {
  Dtype dtype = Dtype::kFloat32;
  std::vector<size_t> shape;  // empty: one number
  Bytes data;

  size_t count() const { return data.size() / item_size(dtype); }
  std::vector<float> numbers() const;  // [count()]
};

struct Value;
struct Entry;
using List = std::vector<Value>;
using Map = std::vector<Entry>;

// One decoded value. Texts, bytes and arrays point into the message, which must outlive it.
struct Value {
  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string_view, Bytes, List, Map,
               Array>
      data;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&data);
  }
  // The value under `key`; null where this is no map or has no such key.
  const Value* find(std::string_view key) const;
};

struct Entry {
  std::string_view key;
  Value value;
};

// Bounds of one message, so that a small message cannot take much memory or stack.
struct Limits {
  int depth = 16;
  size_t values = 10'000;  // all together, keys not counted
};

// Decodes one whole message. Lengths are compared with the bytes that are left before anything is
// allocated. A NumPy scalar becomes its plain value. Throws Error for bytes that are no MessagePack
// or follow the message, a key that is neither text nor bytes or that appears twice in a map, an
// extension type, an array whose bytes do not fit its shape, and dtypes of text, objects,
// structures and complex numbers.
Value decode(Bytes message, const Limits& limits = {});

// Appends values in the shortest form, as Python's msgpack writes them.
class Writer {
 public:
  void nil();
  void boolean(bool value);
  void integer(int64_t value);
  void integer(uint64_t value);
  void integer(int value) { integer(int64_t{value}); }
  void number(double value);
  void text(std::string_view value);
  void bytes(Bytes value);
  void list(size_t count);  // `count` values follow
  void map(size_t count);   // `count` pairs of key and value follow
  // `data`: the numbers in row-major order.
  void array(Dtype dtype, std::span<const size_t> shape, Bytes data);

  const std::string& message() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void head(uint8_t code, uint64_t value, int bytes);
  void sized(size_t size, uint8_t fixed, size_t fixed_most, uint8_t first_code, bool has_8_bit);

  std::string out_;
};

}  // namespace gyre::io::msgpack
