#include "gyre/io/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/utf8.h"

namespace gyre::io::pickle {
namespace {

struct KnownClass {
  std::string_view module, name;
  Class type;
};

// NumPy 2 moved its core.
constexpr std::array<KnownClass, 14> kKnown = {{
    {"lerobot.async_inference.helpers", "RemotePolicyConfig", Class::kRemotePolicyConfig},
    {"lerobot.async_inference.helpers", "TimedObservation", Class::kTimedObservation},
    {"lerobot.async_inference.helpers", "TimedAction", Class::kTimedAction},
    {"lerobot.configs.types", "PolicyFeature", Class::kPolicyFeature},
    {"lerobot.configs.types", "FeatureType", Class::kFeatureType},
    {"numpy.core.multiarray", "_reconstruct", Class::kReconstruct},
    {"numpy._core.multiarray", "_reconstruct", Class::kReconstruct},
    {"numpy", "ndarray", Class::kNdarray},
    {"numpy", "dtype", Class::kDtype},
    {"numpy.core.multiarray", "scalar", Class::kScalar},
    {"numpy._core.multiarray", "scalar", Class::kScalar},
    {"numpy.core.numeric", "_frombuffer", Class::kFromBuffer},
    {"numpy._core.numeric", "_frombuffer", Class::kFromBuffer},
    {"collections", "OrderedDict", Class::kOrderedDict},
}};

constexpr uint32_t kMark = std::numeric_limits<uint32_t>::max();  // on the stack

[[noreturn]] void reject_pickle(std::string_view problem) { throw Error("pickle", problem); }

uint64_t little_endian(Bytes bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size(); ++i) value |= uint64_t{bytes[i]} << (8 * i);
  return value;
}

}  // namespace

class Reader {
 public:
  Reader(Bytes message, const Limits& limits) : rest_(message), limits_(limits) {}

  Document whole() {
    while (step()) {
    }
    if (!rest_.empty()) reject_pickle("bytes follow its end");
    if (stack_.size() != 1 || stack_[0] == kMark) reject_pickle("it leaves more than one value");
    document_.root_ = stack_[0];
    return std::move(document_);
  }

 private:
  using Kind = Value::Kind;

  Bytes take(uint64_t count) {
    if (count > rest_.size()) reject_pickle("it ends in the middle of a value");
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  uint64_t sized(int bytes) { return little_endian(take(static_cast<uint64_t>(bytes))); }

  Bytes line() {
    const auto end = std::find(rest_.begin(), rest_.end(), '\n');
    if (end == rest_.end()) reject_pickle("it ends in the middle of a name");
    const Bytes taken = rest_.first(static_cast<size_t>(end - rest_.begin()));
    rest_ = rest_.subspan(taken.size() + 1);
    return taken;
  }

  void push(uint32_t index) {
    if (stack_.size() >= limits_.stack) reject_pickle("too many values wait on its stack");
    stack_.push_back(index);
  }
  Value& add(Kind kind) {
    if (document_.values_.size() >= limits_.values) reject_pickle("it has too many values");
    push(static_cast<uint32_t>(document_.values_.size()));
    Value& value = document_.values_.emplace_back();
    value.kind = kind;
    return value;
  }
  void add_integer(int64_t integer) { add(Kind::kInteger).integer = integer; }
  void add_bytes(Kind kind, uint64_t size) {
    const Bytes bytes = take(size);
    if (kind == Kind::kText) from_utf8({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    add(kind).bytes = bytes;
  }

  uint32_t pop() {
    if (stack_.empty() || stack_.back() == kMark) reject_pickle("its stack is empty");
    const uint32_t top = stack_.back();
    stack_.pop_back();
    return top;
  }
  Value& top() {
    if (stack_.empty() || stack_.back() == kMark) reject_pickle("its stack is empty");
    return document_.values_[stack_.back()];
  }
  std::vector<uint32_t> pop_to_mark() {
    const auto mark = std::find(stack_.rbegin(), stack_.rend(), kMark);
    if (mark == stack_.rend()) reject_pickle("it has no mark");
    std::vector<uint32_t> items(mark.base(), stack_.end());
    stack_.erase(mark.base() - 1, stack_.end());
    return items;
  }
  std::vector<uint32_t> pop_many(size_t count) {
    std::vector<uint32_t> items(count);
    for (size_t i = count; i > 0; --i) items[i - 1] = pop();
    return items;
  }

  void extend(Kind kind, const std::vector<uint32_t>& items) {
    Value& container = top();
    if (container.kind != kind) reject_pickle("items are put into what is no container of them");
    if (kind == Kind::kDict && items.size() % 2 != 0) reject_pickle("a key has no value");
    if (container.items.size() + items.size() > 2 * limits_.stack) {
      reject_pickle("a container has too many items");
    }
    container.items.insert(container.items.end(), items.begin(), items.end());
  }

  void add_class(std::string_view module, std::string_view name) {
    const auto known = std::ranges::find_if(
        kKnown, [&](const KnownClass& one) { return one.module == module && one.name == name; });
    if (known == kKnown.end()) reject_pickle("it names a class or function that is not taken");
    add(Kind::kClass).type = known->type;
  }

  // A call is kept as a value: its class with the arguments.
  void make_object() {
    const uint32_t arguments = pop(), type = pop();
    const Value& called = document_.values_[type];
    if (called.kind != Kind::kClass || document_.values_[arguments].kind != Kind::kTuple) {
      reject_pickle("it calls what is no class");
    }
    const Class name = called.type;
    if (name == Class::kOrderedDict) {
      if (!document_.values_[arguments].items.empty()) reject_pickle("an OrderedDict is not empty");
      add(Kind::kDict);
      return;
    }
    Value& object = add(Kind::kObject);
    object.type = name;
    object.items = {arguments};
  }

  void build() {
    const uint32_t state = pop();
    Value& object = top();
    if (object.kind != Kind::kObject || object.items.size() != 1) {
      reject_pickle("it gives a state to what takes none");
    }
    object.items.push_back(state);
  }

  void remember(uint64_t key) {
    if (key != memo_.size() || key >= limits_.values) reject_pickle("its memo is out of order");
    top();
    memo_.push_back(stack_.back());
  }
  void recall(uint64_t key) {
    if (key >= memo_.size()) reject_pickle("its memo has no such entry");
    push(memo_[key]);
  }

  void add_long() {
    const Bytes bytes = take(sized(1));
    if (bytes.size() > 8) reject_pickle("an integer has more than 64 bits");
    uint64_t value = little_endian(bytes);
    const bool negative = !bytes.empty() && (bytes.back() & 0x80) != 0;
    if (negative && bytes.size() < 8) value |= ~uint64_t{0} << (8 * bytes.size());
    add_integer(static_cast<int64_t>(value));
  }

  // False at its end.
  bool step() {
    const uint8_t opcode = take(1)[0];
    switch (opcode) {
      case 0x80: {  // PROTO
        const uint64_t protocol = sized(1);
        if (protocol < 2 || protocol > 5) reject_pickle("its protocol is not 2 to 5");
        return true;
      }
      case 0x95:  // FRAME
        sized(8);
        return true;
      case '.':  // STOP
        return false;
      case '(':
        push(kMark);
        return true;
      case '0':  // POP
        pop();
        return true;
      case 0x94:  // MEMOIZE
        remember(memo_.size());
        return true;
      case 'q':  // BINPUT
        remember(sized(1));
        return true;
      case 'r':  // LONG_BINPUT
        remember(sized(4));
        return true;
      case 'h':  // BINGET
        recall(sized(1));
        return true;
      case 'j':  // LONG_BINGET
        recall(sized(4));
        return true;
      default:
        return literal(opcode) || container(opcode) || object(opcode) || unknown(opcode);
    }
  }

  [[noreturn]] static bool unknown(uint8_t opcode) {
    reject_pickle(fmt::format("its opcode 0x{:02x} is not taken", opcode));
  }

  bool literal(uint8_t opcode) {
    switch (opcode) {
      case 'N':
        add(Kind::kNone);
        break;
      case 0x88:  // NEWTRUE
        add(Kind::kBool).integer = 1;
        break;
      case 0x89:  // NEWFALSE
        add(Kind::kBool);
        break;
      case 'J':  // BININT
        add_integer(static_cast<int32_t>(sized(4)));
        break;
      case 'K':  // BININT1
        add_integer(static_cast<int64_t>(sized(1)));
        break;
      case 'M':  // BININT2
        add_integer(static_cast<int64_t>(sized(2)));
        break;
      case 0x8a:  // LONG1
        add_long();
        break;
      case 'G': {  // BINFLOAT, big-endian
        uint64_t bits = 0;
        for (const uint8_t byte : take(8)) bits = bits << 8 | byte;
        add(Kind::kFloat).number = std::bit_cast<double>(bits);
        break;
      }
      case 0x8c:  // SHORT_BINUNICODE
        add_bytes(Kind::kText, sized(1));
        break;
      case 'X':  // BINUNICODE
        add_bytes(Kind::kText, sized(4));
        break;
      case 0x8d:  // BINUNICODE8
        add_bytes(Kind::kText, sized(8));
        break;
      case 'C':  // SHORT_BINBYTES
        add_bytes(Kind::kBytes, sized(1));
        break;
      case 'B':  // BINBYTES
        add_bytes(Kind::kBytes, sized(4));
        break;
      case 0x8e:  // BINBYTES8
      case 0x96:  // BYTEARRAY8
        add_bytes(Kind::kBytes, sized(8));
        break;
      default:
        return false;
    }
    return true;
  }

  bool container(uint8_t opcode) {
    switch (opcode) {
      case '}':
        add(Kind::kDict);
        break;
      case ']':
        add(Kind::kList);
        break;
      case ')':
        add(Kind::kTuple);
        break;
      case 't': {
        std::vector<uint32_t> items = pop_to_mark();
        add(Kind::kTuple).items = std::move(items);
        break;
      }
      case 0x85:  // TUPLE1
      case 0x86:
      case 0x87: {
        std::vector<uint32_t> items = pop_many(opcode - size_t{0x84});
        add(Kind::kTuple).items = std::move(items);
        break;
      }
      case 'a':  // APPEND
        extend(Kind::kList, pop_many(1));
        break;
      case 'e':  // APPENDS
        extend(Kind::kList, pop_to_mark());
        break;
      case 's':  // SETITEM
        extend(Kind::kDict, pop_many(2));
        break;
      case 'u':  // SETITEMS
        extend(Kind::kDict, pop_to_mark());
        break;
      default:
        return false;
    }
    return true;
  }

  bool object(uint8_t opcode) {
    const auto text = [](Bytes bytes) {
      return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    switch (opcode) {
      case 'c': {  // GLOBAL
        const Bytes module = line(), name = line();
        add_class(text(module), text(name));
        break;
      }
      case 0x93: {  // STACK_GLOBAL
        const Value& name = document_.values_[pop()];
        const Value& module = document_.values_[pop()];
        if (name.kind != Kind::kText || module.kind != Kind::kText) {
          reject_pickle("it names a class by what is no text");
        }
        add_class(std::string_view(module.text()), std::string_view(name.text()));
        break;
      }
      case 0x81:  // NEWOBJ
      case 'R':   // REDUCE
        make_object();
        break;
      case 'b':
        build();
        break;
      default:
        return false;
    }
    return true;
  }

  Bytes rest_;
  const Limits& limits_;
  Document document_;
  std::vector<uint32_t> stack_, memo_;
};

Document decode(Bytes message, const Limits& limits) { return Reader(message, limits).whole(); }

const Value* Document::find(const Value& map, std::string_view key) const {
  if (map.kind == Value::Kind::kObject) {
    return map.items.size() == 2 && at(map.items[1]).kind == Value::Kind::kDict
               ? find(at(map.items[1]), key)
               : nullptr;
  }
  if (map.kind != Value::Kind::kDict) return nullptr;
  const Value* found = nullptr;  // a later entry replaces an earlier one
  for (size_t i = 0; i + 1 < map.items.size(); i += 2) {
    const Value& name = at(map.items[i]);
    if (name.kind == Value::Kind::kText && name.text() == key) found = &at(map.items[i + 1]);
  }
  return found;
}

bool Document::is_array(const Value& value) const {
  return value.kind == Value::Kind::kObject &&
         (value.type == Class::kReconstruct || value.type == Class::kFromBuffer ||
          value.type == Class::kScalar);
}

// dtype("u1", False, True) with the state (3, "|", None, None, None, -1, -1, 0).
msgpack::Dtype Document::dtype(const Value& value) const {
  const auto fail = [] { throw Error("array", "its dtype is not taken"); };
  if (value.kind != Value::Kind::kObject || value.type != Class::kDtype) fail();
  const Value& arguments = at(value.items[0]);
  if (arguments.items.empty() || at(arguments.items[0]).kind != Value::Kind::kText) fail();
  const std::string_view name = at(arguments.items[0]).text();
  std::string order = "|";
  if (value.items.size() == 2) {
    const Value& state = at(value.items[1]);
    const bool sound = state.kind == Value::Kind::kTuple && state.items.size() > 1 &&
                       at(state.items[1]).kind == Value::Kind::kText;
    if (!sound) fail();
    order = at(state.items[1]).text();
  }
  for (int i = 0; i <= static_cast<int>(msgpack::Dtype::kFloat64); ++i) {
    const auto dtype = static_cast<msgpack::Dtype>(i);
    if (msgpack::dtype_name(dtype) == order + std::string(name)) return dtype;
  }
  fail();
  return {};
}

msgpack::Array Document::array(const Value& value) const {
  if (!is_array(value)) throw Error("array", "is missing, or is no array of NumPy's");
  const Value& arguments = at(value.items[0]);
  const auto part = [&](const Value& tuple, size_t index, Value::Kind kind) -> const Value& {
    if (tuple.kind != Value::Kind::kTuple || index >= tuple.items.size() ||
        at(tuple.items[index]).kind != kind) {
      throw Error("array", "is not as NumPy writes one");
    }
    return at(tuple.items[index]);
  };
  using Kind = Value::Kind;
  const Value* shape = nullptr;
  msgpack::Array made;
  if (value.type == Class::kScalar) {  // scalar(dtype, bytes)
    made.dtype = dtype(part(arguments, 0, Kind::kObject));
    made.data = part(arguments, 1, Kind::kBytes).bytes;
  } else if (value.type == Class::kFromBuffer) {  // _frombuffer(bytes, dtype, shape, "C")
    made.data = part(arguments, 0, Kind::kBytes).bytes;
    made.dtype = dtype(part(arguments, 1, Kind::kObject));
    shape = &part(arguments, 2, Kind::kTuple);
    if (part(arguments, 3, Kind::kText).text() != "C") throw Error("array", "is not in C order");
  } else {  // the state (1, shape, dtype, is_fortran, bytes)
    if (value.items.size() != 2) throw Error("array", "has no state");
    const Value& state = at(value.items[1]);
    shape = &part(state, 1, Kind::kTuple);
    made.dtype = dtype(part(state, 2, Kind::kObject));
    if (part(state, 3, Kind::kBool).integer != 0) throw Error("array", "is not in C order");
    made.data = part(state, 4, Kind::kBytes).bytes;
  }
  uint64_t count = msgpack::item_size(made.dtype);
  const size_t dimensions = shape != nullptr ? shape->items.size() : 0;
  if (dimensions > 8) throw Error("array", "has too many dimensions");
  for (size_t i = 0; i < dimensions; ++i) {
    const int64_t size = part(*shape, i, Kind::kInteger).integer;
    if (size < 0 ||
        (size > 0 && count > std::numeric_limits<uint32_t>::max() / static_cast<uint64_t>(size))) {
      throw Error("array", "has a size that is not taken");
    }
    count *= static_cast<uint64_t>(size);
    made.shape.push_back(static_cast<size_t>(size));
  }
  if (count != made.data.size()) {
    throw Error("array", fmt::format("{} bytes for a shape of {}", made.data.size(), count));
  }
  return made;
}

double Document::number(const Value& value, std::string_view what) const {
  if (value.kind == Value::Kind::kFloat) return value.number;
  if (value.kind == Value::Kind::kInteger || value.kind == Value::Kind::kBool) {
    return static_cast<double>(value.integer);
  }
  if (!is_array(value)) throw Error(what, "is not a number");
  const std::vector<float> numbers = array(value).numbers();
  if (numbers.size() != 1) throw Error(what, "is not one number");
  return numbers[0];
}

Writer::Writer() : out_("\x80\x04") {}

void Writer::integer(int32_t value) {
  put('J');
  for (int shift = 0; shift < 32; shift += 8) {
    out_ += static_cast<char>(static_cast<uint32_t>(value) >> shift & 255);
  }
}

void Writer::number(double value) {
  put('G');
  const auto bits = std::bit_cast<uint64_t>(value);
  for (int shift = 56; shift >= 0; shift -= 8) out_ += static_cast<char>(bits >> shift & 255);
}

void Writer::text(std::string_view value) {
  if (value.size() > 255) throw Error("pickle", "a text is longer than 255 bytes");
  put('\x8c');
  out_ += static_cast<char>(value.size());
  out_ += value;
}

void Writer::begin_list() { out_ += "]("; }
void Writer::begin_dict() { out_ += "}("; }

void Writer::global(std::string_view module, std::string_view name) {
  text(module);
  text(name);
  put('\x93');
}

void Writer::new_object() { out_ += ")\x81"; }

std::string Writer::take() {
  put('.');
  return std::move(out_);
}

}  // namespace gyre::io::pickle
