// The driver's protocol: messages in any pieces, and lines that are none.
#include "gyre/robot/process/protocol.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/robot/robot_folder.h"

namespace gyre::process {
namespace {

std::vector<Message> read_in_pieces(const std::string& text, size_t piece) {
  Reader reader;
  std::vector<Message> messages;
  for (size_t at = 0; at < text.size(); at += piece) {
    const std::string part = text.substr(at, piece);
    reader.feed({reinterpret_cast<const uint8_t*>(part.data()), part.size()},
                [&](Message& message) { messages.push_back(std::move(message)); });
  }
  return messages;
}

std::string complaint(const std::string& text) {
  return message_of([&] { read_in_pieces(text, text.size()); });
}

TEST(DriverProtocol, MessagesComeWholeFromPiecesOfAnySize) {
  const std::string text =
      R"({"hello":1,"robot":"so101","joints":["a","gripper"],"cameras":{"front":[2,1]}})"
      "\n"
      R"({"picture":"front","time_ns":3,"width":2,"height":1,"format":"rgb","bytes":6})"
      "\nab\ndef"
      R"({"state":[0.5,-1],"time_ns":12})"
      "\n"
      R"({"fault":"hot"})"
      "\n";
  for (const size_t piece : {size_t{1}, size_t{5}, text.size()}) {
    const std::vector<Message> messages = read_in_pieces(text, piece);
    ASSERT_EQ(messages.size(), 4u) << piece;
    const auto& hello = std::get<Hello>(messages[0]);
    EXPECT_EQ(hello.robot, "so101");
    EXPECT_EQ(hello.joints, std::vector<std::string>({"a", "gripper"}));
    EXPECT_EQ(hello.cameras.at(0).width, 2);
    const auto& picture = std::get<PictureBytes>(messages[1]);
    EXPECT_EQ(std::string(picture.bytes.begin(), picture.bytes.end()), "ab\ndef");
    const auto& state = std::get<State>(messages[2]);
    EXPECT_EQ(state.time_ns, 12);
    EXPECT_EQ(state.values, std::vector<float>({0.5F, -1.F}));
    EXPECT_EQ(std::get<Fault>(messages[3]).words, "hot");
  }
}

TEST(DriverProtocol, LinesThatAreNoMessageAreRefused) {
  for (
      const auto& [line, words] : std::vector<std::pair<std::string, std::string>>{
          {"hello\n", "not one JSON object"},
          {"[1]\n", "not one JSON object"},
          {"{}\n", "neither 'state'"},
          {R"({"state":[1]})"
           "\n",
           "no 'time_ns'"},
          {R"({"state":[null],"time_ns":1})"
           "\n",
           "no list of numbers"},
          {R"({"state":[1],"time_ns":-1})"
           "\n",
           "'time_ns'"},
          {R"({"state":[1],"time_ns":18446744073709551615})"
           "\n",
           "'time_ns'"},
          {R"({"hello":1,"robot":"a","joints":["a"],"cameras":{"front":[0,4]}})"
           "\n",
           "camera 'front'"},
          {R"({"picture":"f","time_ns":1,"width":4,"height":4,"format":"rgb","bytes":47})"
           "\n",
           "47 bytes, not 48"},
          {R"({"picture":"f","time_ns":1,"width":4,"height":4,"format":"jpeg","bytes":99999999999})"
           "\n",
           "'bytes'"},
          {std::string(kMostLine + 1, ' '), "longer than"}}) {
    EXPECT_NE(complaint(line).find(words), std::string::npos) << line << ": " << complaint(line);
  }
}

TEST(DriverProtocol, GyreTellsNamesLimitsAndCommands) {
  const Embodiment contract = RobotFolder::load("so101")->contract("joint", 64);
  const auto hello =
      nlohmann::json::parse(hello_line(contract, {.silence_s = 0.3, .hold_at_exit = true}));
  EXPECT_EQ(hello["fields"].size(), contract.action.size());
  EXPECT_EQ(hello["fields"][0]["name"], "shoulder_pan");
  EXPECT_EQ(hello["fields"][0]["min"], -1.92);
  EXPECT_EQ(hello["at_exit"], "hold");
  EXPECT_EQ(hello["silence_s"], 0.3);
  const std::vector<float> command = {0.25F, -1.5e-7F};
  const auto line = nlohmann::json::parse(command_line(command));
  EXPECT_EQ(line["command"].get<std::vector<float>>(), command);
}

}  // namespace
}  // namespace gyre::process
