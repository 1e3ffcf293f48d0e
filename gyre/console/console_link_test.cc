#include "gyre/console/console_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "gyre/console/console_site.h"
#include "gyre/console/wire_json.h"
#include "gyre/core/testing.h"
#include "gyre/serve/client.h"

namespace gyre::console {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

Embodiment link_arm(const std::string& name = "small/joint") {
  Embodiment e;
  e.name = name;
  e.state = {{.name = "joint", .unit = "rad", .min = -2, .max = 2}};
  e.action = {{.name = "joint", .unit = "rad", .min = -1, .max = 1}};
  e.cameras.push_back({"front", 8, 6, "fixed"});
  return e;
}

class LinkOperator : public run::Operator {
 public:
  void order(event::Order order, std::string_view author) override {
    note("order " + std::to_string(static_cast<int>(order)) + " " + std::string(author));
  }
  void judge(event::Outcome, std::string_view, std::string_view) override { note("judge"); }
  bool say(const std::string& words, std::string_view author) override {
    note("say " + words + " " + std::string(author));
    return words != "nonsense";
  }
  bool beat(std::span<const float> action) override {
    note("beat");
    return action.size() == 1;
  }
  void let_go() override { note("let go"); }
  run::LoopStatus status() const override { return {.mode = Mode::kPolicy, .goal = "tidy up"}; }

  std::vector<std::string> noted() const {
    const std::lock_guard lock(mutex_);
    return noted_;
  }

 private:
  void note(std::string what) {
    const std::lock_guard lock(mutex_);
    noted_.push_back(std::move(what));
  }
  mutable std::mutex mutex_;
  std::vector<std::string> noted_;
};

// A console of another program.
struct FarConsole {
  explicit FarConsole(const std::filesystem::path& tokens = {}, uint16_t port = 0)
      : listener({.port = port, .token_file = tokens}, metrics) {
    listener.add(site);
    thread = std::thread([this] { listener.run(); });
  }
  ~FarConsole() {
    listener.stop();
    thread.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener.port()); }
  std::unique_ptr<serve::Client> page() {
    return std::make_unique<serve::Client>("127.0.0.1", listener.port(), "/live");
  }
  serve::Metrics metrics;
  ConsoleSite site;
  serve::Listener listener;
  std::thread thread;
};

// A robot of this program that joins.
struct Joiner {
  explicit Joiner(const std::string& url, const std::string& name = "left",
                  const std::string& token = "")
      : link({.url = url, .token = token},
             [this](const std::string& line) {
               const std::lock_guard lock(mutex);
               told.push_back(line);
             }),
        sink(link.add_robot(name, "nano", link_arm(), operations)) {}
  void step(int64_t time_ns) {
    Record record;
    record.kind = RecordKind::kStep;
    record.step.time_ns = time_ns;
    record.step.state = {0.5F};
    record.step.sent = {0.25F};
    sink.take(record);
  }
  std::mutex mutex;
  std::vector<std::string> told;
  LinkOperator operations;
  ConsoleLink link;
  run::TapeSink& sink;
};

void tell(serve::Client& page, const Json& command) { page.send(command.dump(), false); }

// The next text that `wanted` likes.
template <class Wanted>
Json text_of(serve::Client& page, const Wanted& wanted) {
  while (true) {
    const serve::Client::Message message = page.receive();
    if (message.binary) continue;
    Json json = Json::parse(message.bytes);
    if (wanted(json)) return json;
  }
}
Json hello_with(serve::Client& page, size_t robots, bool gone = false) {
  return text_of(page, [&](const Json& json) {
    return json["type"] == "hello" && json["robots"].size() == robots &&
           (robots == 0 || json["robots"].back()["gone"] == gone);
  });
}

template <class Holds>
bool comes_true(const Holds& holds) {
  for (int i = 0; i < 500; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST(ConsoleLink, ARobotOfAnotherProgramIsShownAndHelped) {
  FarConsole console;
  const auto page = console.page();
  EXPECT_TRUE(Json::parse(page->metadata())["robots"].empty());
  Joiner robot(console.url());
  robot.link.begin(5);
  EXPECT_EQ(robot.link.trouble(), "");
  const Json hello = hello_with(*page, 1);
  EXPECT_EQ(hello["robots"][0]["name"], "left");
  EXPECT_EQ(hello["robots"][0]["action"][0]["max"], 1);

  tell(*page, {{"verb", "watch"}, {"robot", 0}});
  tell(*page, {{"verb", "say"}, {"words", "open it"}, {"robot", 0}});
  EXPECT_TRUE(comes_true([&] { return !robot.operations.noted().empty(); }));
  EXPECT_EQ(robot.operations.noted().at(0), "say open it console 1");
  tell(*page, {{"verb", "say"}, {"words", "nonsense"}, {"robot", 0}});
  EXPECT_THAT(text_of(*page, [](const Json& json) { return json["type"] == "refused"; })["text"],
              "the words were not taken: nobody is driving");
  tell(*page, {{"verb", "take"}, {"robot", 0}});
  tell(*page, {{"verb", "beat"}, {"robot", 0}, {"sequence", 1}, {"action", {0.5}}});
  EXPECT_TRUE(comes_true([&] { return robot.operations.noted().back() == "beat"; }));

  robot.step(5'000'000'000);
  const Json status = text_of(*page, [](const Json& json) { return json["type"] == "status"; });
  EXPECT_EQ(status["goal"], "tidy up");
  EXPECT_EQ(status["holder"], 1);
}

TEST(ConsoleLink, APageThatIsLostLetsGo) {
  FarConsole console;
  Joiner robot(console.url());
  robot.link.begin(5);
  {
    const auto page = console.page();
    tell(*page, {{"verb", "take"}, {"robot", 0}});
    EXPECT_TRUE(comes_true([&] { return !robot.operations.noted().empty(); }));
  }
  const auto other = console.page();
  EXPECT_TRUE(comes_true([&] {
    tell(*other, {{"verb", "take"}, {"robot", 0}});
    tell(*other, {{"verb", "beat"}, {"robot", 0}, {"sequence", 1}, {"action", {0.5}}});
    return robot.operations.noted().back() == "beat";
  }));
}

TEST(ConsoleLink, ARobotThatLeftIsShownAsGoneAndReturnsByItsName) {
  FarConsole console;
  const auto page = console.page();
  {
    Joiner robot(console.url());
    robot.link.begin(5);
    hello_with(*page, 1);
  }
  EXPECT_EQ(hello_with(*page, 1, true)["robots"][0]["name"], "left");
  tell(*page, {{"verb", "order"}, {"order", "stop"}, {"robot", 0}});
  EXPECT_EQ(text_of(*page, [](const Json& json) { return json["type"] == "refused"; })["text"],
            "the robot has left");
  Joiner again(console.url());
  again.link.begin(5);
  hello_with(*page, 1);
  Joiner twin(console.url());
  twin.link.begin(5);
  EXPECT_EQ(hello_with(*page, 2)["robots"][1]["name"], "left 2");
  EXPECT_EQ(twin.link.name(), "left 2");
}

TEST(ConsoleLink, AConsoleThatIsLostIsFoundAgain) {
  auto console = std::make_unique<FarConsole>();
  const uint16_t port = console->listener.port();
  Joiner robot(console->url());
  robot.link.begin(5);
  console.reset();
  EXPECT_TRUE(comes_true([&] { return !robot.link.trouble().empty(); }));
  robot.step(1'000'000'000);  // goes nowhere
  console = std::make_unique<FarConsole>(std::filesystem::path(), port);
  EXPECT_TRUE(comes_true([&] { return robot.link.trouble().empty(); }));
  EXPECT_EQ(Json::parse(console->page()->metadata())["robots"].size(), 1);
  const std::lock_guard lock(robot.mutex);
  EXPECT_EQ(robot.told.size(), 2) << "one line when it is lost, one when it is back";
}

TEST(ConsoleLink, AWrongTokenIsOneLine) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "link_tokens.txt";
  std::ofstream(file) << "watch fedcba9876543210\nhelp 00112233445566778899\n"
                      << "drive 0123456789abcdef\n";
  FarConsole console(file);
  const auto refusal = [&](const std::string& token) {
    Joiner robot(console.url(), "left", token);
    return message_of([&] { robot.link.begin(5); });
  };
  EXPECT_THAT(refusal("wrong-wrong-wrong-wrong"), HasSubstr("401"));
  EXPECT_THAT(refusal(""), HasSubstr("401"));
  EXPECT_THAT(refusal("fedcba9876543210"), HasSubstr("403"));
  EXPECT_THAT(refusal("00112233445566778899"), HasSubstr("403"));
  EXPECT_EQ(refusal("0123456789abcdef"), "");
}

TEST(ConsoleLink, AnAddressThatIsNoConsoleIsOneLine) {
  for (const char* bad : {"8080x", "ftp://a", "http://", "http://a/live", "http://a:0",
                          "http://a b", "https://u@a", "http://a:99999"}) {
    EXPECT_THAT(message_of([&] { join_address(bad); }), HasSubstr("--console")) << bad;
  }
  EXPECT_EQ(join_address("http://robots"), "ws://robots:8080/join");
  EXPECT_EQ(join_address("https://[::1]/"), "wss://[::1]:8080/join");
  EXPECT_EQ(join_address("https://[::1]:99"), "wss://[::1]:99/join");
  EXPECT_THAT(message_of([] { Joiner robot("http://192.0.2.1:1", "left", "0123456789abcdef"); }),
              HasSubstr("https://"));
}

// A peer that speaks otherwise than a robot of this build.
TEST(ConsoleLink, WhatNoRobotSaysEndsTheConnection) {
  FarConsole console;
  const std::string good =
      frame_of(Join{.wire = wire_version(),
                    .key = "0123456789abcdef",
                    .facts = json_of(robot_info("right", "nano", link_arm(), LinkOperator(), {}))});
  const auto last_line = [&](const std::vector<std::pair<std::string, bool>>& messages) {
    const auto page = console.page();  // so that something is watched
    serve::Client robot("127.0.0.1", console.listener.port(), "/join", {}, false);
    std::string last;
    for (const auto& [message, binary] : messages) robot.send(message, binary);
    try {
      while (true) last = robot.receive().bytes;
    } catch (const Error&) {
      return last;
    }
  };
  EXPECT_THAT(last_line({{"{}", false}}), HasSubstr("another version"));
  EXPECT_THAT(last_line({{R"({"wire":"00000000"})", false}}), HasSubstr("another version"));
  const std::string text = frame_for(Audience::kAll, false, R"({"type":"hello","viewer":1})");
  EXPECT_THAT(last_line({{good, false}, {text, true}}), HasSubstr("no type that a robot tells"));
  EXPECT_THAT(last_line({{good, false}, {std::string("\x09t{}"), true}}), HasSubstr("nobody"));
  EXPECT_THAT(last_line({{good, false}, {std::string(3 << 20, '\1'), true}}), HasSubstr("long"));
}

TEST(Relayed, HasKnownFieldsAndTheConsolesNumber) {
  const auto bytes = [](const std::string& text) {
    return std::vector<uint8_t>(text.begin(), text.end());
  };
  const Relayed status =
      relayed(7, bytes(frame_for(Audience::kWall, false,
                                 R"({"type":"status","robot":3,"goal":"go","extra":"<script>"})")));
  EXPECT_EQ(status.audience, Audience::kWall);
  EXPECT_FALSE(status.may_drop);
  const Json json = Json::parse(status.message);
  EXPECT_EQ(json["robot"], 7);
  EXPECT_EQ(json["goal"], "go");
  EXPECT_FALSE(json.contains("extra"));
  std::string picture(PictureHead::kBytes + 3, 'x');
  const Relayed told = relayed(7, bytes(frame_for(Audience::kClose, true, picture)));
  EXPECT_TRUE(told.picture && told.may_drop);
  EXPECT_EQ(told.message.substr(0, 5), std::string("\7\0\0\0x", 5));
  for (const char* bad : {"", "\3", "\3x", "\3p", "\3t", "\3t[]", "\3t{\"type\":3}",
                          "\3t{\"type\":\"status\",\"goal\":1}"}) {
    EXPECT_NE(message_of([&] { relayed(0, bytes(bad)); }), "") << bad;
  }
}

TEST(ReadFacts, RefusesARobotThatNoConsoleTakes) {
  RobotInfo info = robot_info("right", "nano", link_arm(), LinkOperator(), {});
  EXPECT_EQ(read_facts(json_of(info)).action.size(), 1);
  info.cameras.assign(17, "front");
  EXPECT_NE(message_of([&] { read_facts(json_of(info)); }), "");
  info.cameras.clear();
  info.name.assign(65, 'x');
  EXPECT_NE(message_of([&] { read_facts(json_of(info)); }), "");
}

}  // namespace
}  // namespace gyre::console
