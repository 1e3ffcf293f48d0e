#include <nlohmann/json.hpp>

#include "gyre/console/join_wire.h"
#include "gyre/console/wire_json.h"
#include "gyre/core/error.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;
using console::Audience;

// Messages of a robot's program that has joined a console, as the console reads them, and those of
// a console, as the robot's program does. The first byte chooses.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::span<const uint8_t> rest(data + 1, size - 1);
  const std::string_view text(reinterpret_cast<const char*>(rest.data()), rest.size());
  try {
    switch (data[0] % 4) {
      case 0: {
        const console::Relayed told = console::relayed(7, rest);
        if (told.picture) break;
        // Pages get the console's number, whatever the robot says.
        if (nlohmann::json::parse(told.message).at("robot") != 7) __builtin_trap();
        break;
      }
      case 1:
        console::read_facts(console::read_frame<console::Join>(text).facts);
        break;
      case 2:
        console::read_frame<console::NotDone>(text);
        break;
      default:
        console::read_frame<console::Command>(console::read_frame<console::Asked>(text).command);
    }
  } catch (const Error&) {
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const console::Join join{
      .wire = console::wire_version(),
      .key = "0123456789abcdef",
      .facts = console::json_of(console::RobotInfo{
          .name = "left", .action = {{.name = "joint", .max = 1}}, .cameras = {"front"}})};
  const console::Asked asked{1, "ann",
                             console::json_of(console::Command{.verb = "beat", .action = {1}})};
  const auto told = [](const auto& message) {
    return '\0' + console::frame_for(Audience::kClose, false, console::frame_of(message));
  };
  return {told(console::Status{.mode = "policy", .goal = "go"}),
          told(console::Samples{.time_s = {1}, .state = {{1, 2}}, .source = {"policy"}}),
          told(console::SceneShapes{.links = {"base"}, .shapes = {{.size = {1, 2, 3}}}}),
          told(console::EventLine{.author = "ann", .what = "said", .text = "go"}),
          '\0' + console::frame_for(Audience::kWall, true, std::string(40, 'x')),
          '\1' + console::frame_of(join),
          '\2' + console::frame_of(console::NotDone{3, "no"}),
          '\3' + console::frame_of(asked)};
}
