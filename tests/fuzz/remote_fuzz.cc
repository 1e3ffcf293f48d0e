#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "gyre/serve/protocol.h"
#include "gyre/serve/wire_map.h"
#include "tests/fuzz/fuzz.h"
#include "tests/source_dir.h"

// What a robot reads of a server: metadata, and answers with and without a map.
using namespace gyre;

namespace {

// A robot as assets/remotes/ur5.toml expects it.
Embodiment some_robot() {
  Embodiment robot{.name = "ur5/joint", .action_period_s = 0.05};
  for (int i = 0; i < 7; ++i) {
    robot.state.push_back({.name = "joint" + std::to_string(i), .unit = i < 6 ? "rad" : "1"});
    robot.state.back().gripper = i == 6;
  }
  robot.action = robot.state;
  robot.cameras = {{"base_rgb", 4, 4, "fixed"}, {"wrist_rgb", 4, 4, "tool"}};
  return robot;
}

std::string seed_answer(size_t horizon, size_t width) {
  ActionChunk chunk;
  chunk.horizon = static_cast<int>(horizon);
  chunk.dim = static_cast<int>(width);
  chunk.actions.assign(horizon * width, 0.5F);
  return serve::write_answer(chunk, {.id = 3, .infer_ms = 2, .total_ms = 4});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Embodiment robot = some_robot();
  static const serve::WireMap map =
      serve::WireMap::read((source_dir() / "assets/remotes/ur5.toml").string(), robot);
  const std::span<const uint8_t> message(data, size);
  fuzz::reject([&] {
    const serve::ReadAnswer answer = map.read_answer(message);
    for (const float number : answer.chunk.actions) {
      if (!std::isfinite(number) || answer.chunk.dim != 7) std::abort();
    }
  });
  fuzz::reject([&] {
    const serve::ReadAnswer answer = serve::read_answer(message);
    if (answer.failure.empty()) serve::require_chunk(answer.chunk, 50, 7);
  });
  fuzz::reject([&] { serve::require_same_contract(serve::read_metadata(message), robot); });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const std::string answer = seed_answer(50, 7);
  Checkpoint checkpoint;
  checkpoint.embodiments["ur5/joint"].contract = some_robot();
  const std::string pose("\x81\xaareset_pose\x92\x00\x01", 15);
  return {answer, serve::write_failure(3, "busy", true),
          serve::write_metadata("nano", checkpoint, "ur5/joint"), pose};
}
