#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/io/msgpack.h"

// Python's pickle, as LeRobot's gRPC service carries it. A pickle is a program; this reads it as
// data: the opcodes build values, and a class or function may only be named if it is in a fixed
// list. Nothing is ever imported or called.
namespace gyre::io::pickle {

using Bytes = std::span<const uint8_t>;

// The classes and functions that a message may name.
enum class Class : uint8_t {
  kRemotePolicyConfig,  // lerobot.async_inference.helpers
  kTimedObservation,
  kTimedAction,
  kPolicyFeature,  // lerobot.configs.types
  kFeatureType,
  kReconstruct,  // numpy, all of these
  kNdarray,
  kDtype,
  kScalar,
  kFromBuffer,
  kOrderedDict,  // collections
};

// One value. Others are named by their index in Document::values, so that a value that is used
// twice is there once; a list may even contain itself.
struct Value {
  enum class Kind : uint8_t {
    kNone,
    kBool,
    kInteger,
    kFloat,
    kText,
    kBytes,
    kTuple,
    kList,
    kDict,
    kClass,
    kObject,
  };
  Kind kind = Kind::kNone;
  Class type{};         // of kClass and kObject
  int64_t integer = 0;  // of kInteger and kBool
  double number = 0;    // of kFloat
  Bytes bytes;          // of kText and kBytes, into the message
  // The items of kTuple and kList; keys and values of kDict in turn; the arguments of kObject, a
  // tuple, and then, if there is one, the state.
  std::vector<uint32_t> items;

  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

struct Limits {
  size_t values = 65'536;  // all together, and entries of the memo
  size_t stack = 16'384;   // values that wait for an opcode, and items of one container
};

// A decoded message, which must outlive it.
class Document {
 public:
  const Value& root() const { return values_.at(root_); }
  const Value& at(uint32_t index) const { return values_.at(index); }

  // The value under a text key of a dict, or of an object's state; null where there is none.
  const Value* find(const Value& map, std::string_view key) const;
  // A NumPy array or scalar, in C order. Throws Error for anything else, for other dtypes than
  // io/msgpack.h has, and where bytes and shape do not fit.
  msgpack::Array array(const Value& value) const;
  bool is_array(const Value& value) const;
  // A number: Python's int, float or bool, or a NumPy scalar. Throws Error naming `what`.
  double number(const Value& value, std::string_view what) const;

 private:
  friend class Reader;
  msgpack::Dtype dtype(const Value& value) const;
  std::vector<Value> values_;
  uint32_t root_ = 0;
};

// Reads protocols 2 to 5. Throws Error for an opcode or a class that is not in the lists, and for a
// message that is cut, goes on behind its end, or passes a limit.
Document decode(Bytes message, const Limits& limits = {});

// Writes what a Python receiver loads with its own classes, as protocol 4 without a memo.
class Writer {
 public:
  Writer();
  void none() { put('N'); }
  void boolean(bool value) { put(value ? '\x88' : '\x89'); }
  void integer(int32_t value);
  void number(double value);
  void text(std::string_view value);
  void begin_list();  // items follow
  void end_list() { put('e'); }
  void begin_dict();  // keys and values follow in turn
  void end_dict() { put('u'); }
  void global(std::string_view module, std::string_view name);
  void new_object();  // of the global before: its state follows
  void end_object() { put('b'); }
  void call() { out_ += "\x85R"; }  // the global before the value before, with it as the argument
  std::string take();

 private:
  void put(char opcode) { out_ += opcode; }
  std::string out_;
};

}  // namespace gyre::io::pickle
