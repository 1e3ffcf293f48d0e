#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gyre/console/robot_feed.h"
#include "gyre/console/wire.h"

// The messages between a console and a robot of another program that has joined it. Text frames are
// JSON objects with a `type`, as in wire.h. Binary frames go from the robot to pages: one byte for
// the Audience, then a text frame ('t') or a picture ('p') of wire.h. Robots number themselves 0;
// the console puts its own number in.
namespace gyre::console {

// A name for all messages of this page and of wire.h: 8 digits that change with them.
std::string wire_version();

// --- from the robot ---

// The first message of a connection.
struct Join {
  static constexpr const char* kType = "join";
  std::string wire;   // wire_version()
  std::string key;    // random, the same in all connections of one program
  std::string facts;  // JSON of a RobotInfo
  static void fields(auto& visit, auto& m) {
    visit("wire", m.wire);
    visit("key", m.key);
    visit("facts", m.facts);
  }
};

// A command of this viewer was not carried out.
struct NotDone {
  static constexpr const char* kType = "notdone";
  int viewer = 0;
  std::string text;
  static void fields(auto& visit, auto& m) {
    visit("viewer", m.viewer);
    visit("text", m.text);
  }
};

// --- from the console ---

// The robot is shown, under this name.
struct Welcome {
  static constexpr const char* kType = "welcome";
  std::string name;
  static void fields(auto& visit, auto& m) { visit("name", m.name); }
};

// The audiences that there are.
struct Demand {
  static constexpr const char* kType = "demand";
  bool all = false, wall = false, close = false, scene = false;
  bool operator==(const Demand&) const = default;
  static void fields(auto& visit, auto& m) {
    visit("all", m.all);
    visit("wall", m.wall);
    visit("close", m.close);
    visit("scene", m.scene);
  }
};

struct Asked {
  static constexpr const char* kType = "asked";
  int viewer = 0;
  std::string author;
  std::string command;  // JSON of a Command
  static void fields(auto& visit, auto& m) {
    visit("viewer", m.viewer);
    visit("author", m.author);
    visit("command", m.command);
  }
};

struct ViewerLeft {
  static constexpr const char* kType = "viewerleft";
  int viewer = 0;
  static void fields(auto& visit, auto& m) { visit("viewer", m.viewer); }
};

// --- a robot's messages for pages ---

std::string frame_for(Audience audience, bool picture, std::string_view message);

struct Relayed {
  Audience audience = Audience::kAll;
  bool picture = false;
  bool may_drop = false;
  bool shapes = false;  // a SceneShapes
  std::string message;
};
// Reads a binary frame of a robot, and makes of it what pages of the console get: messages of the
// types that robots tell, with known fields alone and the console's number. Throws Error for
// anything else.
Relayed relayed(int robot, std::span<const uint8_t> frame);

// Reads Join::facts. Throws Error for what no robot can be: too many of something, texts too long.
RobotInfo read_facts(std::string_view facts);

}  // namespace gyre::console
