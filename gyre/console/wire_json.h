#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/error.h"

// JSON of the structs of wire.h.
namespace gyre::console {

struct JsonWriter {
  nlohmann::json& json;
  void operator()(const char* name, const auto& value) { json[name] = value; }
  template <class T>
  void operator()(const char* name, const std::vector<T>& values)
    requires requires(JsonWriter& writer, const T& value) { T::fields(writer, value); }
  {
    json[name] = nlohmann::json::array();
    for (const T& value : values) {
      JsonWriter writer{json[name].emplace_back(nlohmann::json::object())};
      T::fields(writer, value);
    }
  }
};

// An object without a type. Text that is no UTF-8 is mended.
template <class Message>
std::string json_of(const Message& message, nlohmann::json json = nlohmann::json::object()) {
  JsonWriter writer{json};
  Message::fields(writer, message);
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// A text frame.
template <class Message>
std::string frame_of(const Message& message) {
  return json_of(message, {{"type", Message::kType}});
}

class JsonReader {
 public:
  explicit JsonReader(const nlohmann::json& object) : json_(object) {}
  template <class T>
  void operator()(const char* name, T& value) {
    read(name, value);
  }
  template <class T>
  void operator()(const char* name, std::vector<T>& values)
    requires requires(JsonReader& reader, T& value) { T::fields(reader, value); }
  {
    const auto found = json_.find(name);
    if (found == json_.end()) return;
    if (!found->is_array()) throw Error(name, "has another type than expected");
    values.clear();
    for (const nlohmann::json& one : *found) {
      if (!one.is_object()) throw Error(name, "has another type than expected");
      JsonReader reader{one};
      T::fields(reader, values.emplace_back());
    }
  }

 private:
  void read(const char* name, auto& value) {
    const auto found = json_.find(name);
    if (found == json_.end()) return;
    try {
      found->get_to(value);
    } catch (const nlohmann::json::exception&) {
      throw Error(name, "has another type than expected");
    }
  }

  const nlohmann::json& json_;
};

template <class Message>
void read_fields(const nlohmann::json& json, Message& message) {
  if (!json.is_object()) throw Error("message", "is no JSON object");
  JsonReader reader{json};
  Message::fields(reader, message);
}

// Keys that are not there keep their defaults, others are passed over. Throws Error for text that
// is no JSON object and for a value of another type.
template <class Message>
Message read_frame(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  Message message;
  read_fields(json, message);
  return message;
}

}  // namespace gyre::console
