#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/frame.h"
#include "gyre/serve/protocol.h"

namespace gyre::serve {

// A map's file as it is written (docs/driving.md, "A policy on a server"). Keys are paths through the
// message's nested maps. Tables have names of their own choice.
struct WireMapFile {
  struct Image {
    std::vector<std::string> key, camera;
    int width = 0, height = 0;
    std::string layout = "hwc";
    bool optional = false;
    template <class Visitor>
    void visit(Visitor& v) {
      v("key", key, "path of the picture in the request");
      v("camera", camera, "the robot's camera: the first of these names that it has");
      v("width", width, "pixels, black bands where the shape differs (0: as the camera has it)");
      v("height", height, "pixels, likewise");
      v("layout", layout, "hwc, or chw: planes of colour");
      v("optional", optional, "left out for a robot without such a camera");
    }
  };
  // Neighbouring numbers of one array, all of one kind and unit.
  struct Fields {
    std::vector<std::string> key, fields;
    int first = -1, count = 0;
    std::string unit, kind;
    bool gripper = false;
    double scale = 1, offset = 0;
    template <class Visitor>
    void visit(Visitor& v) {
      v("key", key, "path of the array in the request (of state alone)");
      v("fields", fields, "the robot's fields in the array's order");
      v("count", count, "instead of names: so many, in the contract's order");
      v("first", first, "column of the first (-1: after the table before)");
      v("unit", unit, "the robot's, which must be this (empty: any)");
      v("kind", kind, "of actions: position, velocity or delta, as the robot has it");
      v("gripper", gripper, "the robot's fields are a gripper's");
      v("scale", scale, "state: sent = scale * robot's + offset;");
      v("offset", offset, "action: robot's = scale * received + offset");
    }
  };
  template <class T>
  struct Tables {
    std::vector<std::pair<std::string, T>> tables;
    template <class Visitor>
    void visit(Visitor& v) {
      for (auto& [name, table] : tables) v(name, table, "");
    }
  };

  double action_period_s = 0;
  int horizon = 0, width = 0;
  std::vector<std::string> prompt = {"prompt"}, answer = {"actions"}, unused;
  Tables<Image> image;
  Tables<Fields> state, action;
  template <class Visitor>
  void visit(Visitor& v) {
    v("action_period_s", action_period_s, "time of one action, which must be the robot's");
    v("horizon", horizon, "actions of an answer");
    v("width", width, "numbers of each of them (0: as many as there are columns)");
    v("prompt", prompt, "path of the words in the request");
    v("answer", answer, "path of the actions in the answer");
    v("unused", unused, "cameras and state fields of the robot that the server does not get");
    v("image", image, "pictures");
    v("state", state, "parts of the robot's state");
    v("action", action, "parts of the answer's actions");
  }
};

// The way between a robot's frames and the messages of a server that is not Gyre's own: which
// pictures and numbers go under which keys, and which columns of the answer are the robot's action.
// Constant.
class WireMap {
 public:
  // A file, or the name of one of assets/remotes. Throws Error naming file and key where it does
  // not serve the whole robot: a camera or a field without a place, an action field without a
  // column, or another action period, kind or unit than the robot's.
  static WireMap read(const std::string& name_or_file, const Embodiment& robot);

  // The request for a frame. Throws Error naming a camera that has shown nothing yet.
  std::string write_request(const Frame& frame, const std::string& prompt) const;
  // The answer's chunk in the robot's order and units. Throws Error for a message that is none, or
  // whose actions have another horizon or width, or are not finite.
  ReadAnswer read_answer(std::span<const uint8_t> message) const;
  int horizon() const { return horizon_; }

 private:
  using Path = std::vector<std::string>;
  struct Number {  // one number of an array
    int field = -1;
    double scale = 1, offset = 0;
  };
  struct ImagePlace {
    int camera = 0, width = 0, height = 0;
    bool planes = false;
  };
  // A tree of maps; a leaf holds one value.
  struct Node {
    enum class Kind : uint8_t { kMap, kPrompt, kImage, kNumbers } kind = Kind::kMap;
    std::string name;
    std::vector<Node> children;
    ImagePlace image;
    std::vector<Number> numbers;
  };
  friend class WireMapReader;
  void write(io::msgpack::Writer& writer, const Node& node, const Frame& frame,
             const std::string& prompt) const;

  std::vector<std::string> cameras_;  // the contract's, for errors
  Node request_;
  Path answer_;
  int horizon_ = 0, width_ = 0;
  std::vector<std::pair<int, Number>> actions_;  // [D] column and its scale, by action field
};

// Throws Error unless the chunk is [horizon, dim] of finite numbers. `horizon` 0: any.
void require_chunk(const ActionChunk& chunk, int64_t horizon, int64_t dim);

}  // namespace gyre::serve
