#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gyre/data/protobuf.h"

// The schema of a message, as a file carries it for other programs, from its list of fields.
namespace gyre::data::protobuf {

// Collects what a message's type and the types it uses look like, one .proto file a type.
class Schema {
 public:
  template <class T>
  void add_message() {
    const std::string name(Message<T>::kName);
    if (files_.contains(name)) return;
    files_[name];
    Description description;
    Visitor visitor{*this, description};
    T message{};
    Message<T>::fields(visitor, message);
    files_[name] = file_of_message(name, description);
    order_.push_back(name);
  }
  template <class T>
  void add_enum() {
    const std::string name(Enum<T>::kName);
    if (files_.contains(name)) return;
    files_[name] = file_of_enum(name, Enum<T>::kValues);
    order_.push_back(name);
  }
  Bytes file_descriptor_set() const;

 private:
  struct FieldDescription {
    int number = 0;
    std::string name;
    Type type{};
    std::string type_name;  // of a message or enum
    bool repeated = false, optional = false;
    std::string oneof;
  };
  using Description = std::vector<FieldDescription>;

  struct Visitor {
    Schema& schema;
    Description& fields;

    void operator()(int number, const char* name, auto& value) {
      fields.push_back(describe(number, name, &value));
    }
    template <class V>
    void operator()(int first, const char* name, Oneof<V>&) {
      alternatives<V>(first, name, std::make_index_sequence<std::variant_size_v<V>>());
    }
    template <class V, size_t... I>
    void alternatives(int first, const char* oneof, std::index_sequence<I...>) {
      const auto add = [&]<class T>(int number, const T* type) {
        FieldDescription field = describe(number, snake_case(Message<T>::kName), type);
        field.oneof = oneof;
        fields.push_back(field);
      };
      (add(first + static_cast<int>(I), static_cast<std::variant_alternative_t<I, V>*>(nullptr)),
       ...);
    }

    template <IsNumber T>
    FieldDescription describe(int number, const std::string& name, const T*) {
      if constexpr (IsEnum<T>) {
        schema.add_enum<T>();
        return {number, name, Type::kEnum, std::string(Enum<T>::kName)};
      }
      return {number, name, type_of<T>()};
    }
    template <IsMessage T>
    FieldDescription describe(int number, const std::string& name, const T*) {
      schema.add_message<T>();
      return {number, name, Type::kMessage, std::string(Message<T>::kName)};
    }
    FieldDescription describe(int number, const std::string& name, const Reasons*) {
      return {number, name, Type::kUint32};
    }
    FieldDescription describe(int number, const std::string& name, const std::string*) {
      return {number, name, Type::kString};
    }
    template <size_t N>
    FieldDescription describe(int number, const std::string& name, const FixedText<N>*) {
      return {number, name, Type::kString};
    }
    FieldDescription describe(int number, const std::string& name, const Bytes*) {
      return {number, name, Type::kBytes};
    }
    template <class T>
    FieldDescription describe(int number, const std::string& name, const std::optional<T>*) {
      FieldDescription field = describe(number, name, static_cast<const T*>(nullptr));
      field.optional = true;
      return field;
    }
    template <class T>
    FieldDescription describe(int number, const std::string& name, const std::vector<T>*) {
      FieldDescription field = describe(number, name, static_cast<const T*>(nullptr));
      field.repeated = true;
      return field;
    }
    template <class T, size_t N>
    FieldDescription describe(int number, const std::string& name, const T (*)[N]) {
      return describe(number, name, static_cast<const std::vector<T>*>(nullptr));
    }
  };

  std::map<std::string, Bytes> files_;  // FileDescriptorProto by the type's full name
  std::vector<std::string> order_;      // each type after those that it uses

  static std::string snake_case(std::string_view full_name);  // "gyre.GoalSet": "goal_set"
  static Bytes file_of_message(const std::string& name, const Description& fields);
  static Bytes file_of_enum(const std::string& name, std::span<const std::string_view> values);
};

// The FileDescriptorSet that describes T, as MCAP's protobuf profile wants it.
template <class T>
Bytes schema_of() {
  Schema schema;
  schema.add_message<T>();
  return schema.file_descriptor_set();
}

}  // namespace gyre::data::protobuf
