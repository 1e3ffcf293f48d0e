#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "gyre/core/embodiment.h"

// The protocol between Gyre and a driver that is a process of its own (docs/drivers.md): JSON, one
// object a line, over a Unix socket at which the driver listens. A line that announces a picture is
// followed by its bytes.
namespace gyre::process {

inline constexpr int kVersion = 1;
inline constexpr size_t kMostLine = size_t{64} * 1024;            // bytes
inline constexpr size_t kMostPicture = size_t{64} * 1024 * 1024;  // bytes
inline constexpr size_t kMostJoints = 64, kMostCameras = 16;
inline constexpr int kMostSide = 4096;  // pixels

// The driver's first line.
struct Hello {
  struct Camera {
    std::string name;
    int width = 0, height = 0;
  };
  int version = 0;
  std::string robot;
  std::vector<std::string> joints;  // the contract's fields, in order: "gripper" is the last
  std::vector<Camera> cameras;
};

// The joints' positions, in the contract's order and units.
struct State {
  int64_t time_ns = 0;  // when they were measured, CLOCK_MONOTONIC
  std::vector<float> values;
};

// The driver's own trouble in words; "": it is over.
struct Fault {
  std::string words;
};

struct PictureBytes {
  std::string camera;
  int64_t time_ns = 0;
  int width = 0, height = 0;
  bool jpeg = false;  // else RGB, width x height x 3 bytes
  std::vector<uint8_t> bytes;
};

using Message = std::variant<Hello, State, Fault, PictureBytes>;

// Messages of a driver from the bytes that come, in pieces of any size.
class Reader {
 public:
  // Calls `take` for each message that is whole. Throws Error in words for a driver's maker: a line
  // that is no message, too long, or a picture whose size contradicts itself. The stream is then
  // lost.
  void feed(std::span<const uint8_t> bytes, const std::function<void(Message&)>& take);

 private:
  void take_line(const std::function<void(Message&)>& take);

  std::string line_;
  PictureBytes picture_;
  size_t missing_ = 0;  // bytes of picture_
};

// Lines of Gyre's, each with its end of line.
struct Terms {
  double silence_s = 0.2;  // without a command: the driver holds still
  bool hold_at_exit = false;
};
std::string hello_line(const Embodiment& contract, const Terms& terms);
std::string command_line(std::span<const float> values);
std::string stop_line();
std::string clear_line();

}  // namespace gyre::process
