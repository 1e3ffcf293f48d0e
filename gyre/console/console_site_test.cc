#include "gyre/console/console_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "gyre/core/testing.h"
#include "gyre/io/image_file.h"
#include "gyre/serve/client.h"

namespace gyre::console {
namespace {

Embodiment console_arm() {
  Embodiment e;
  e.name = "small/joint";
  e.state = {{.name = "joint", .unit = "rad", .min = -2, .max = 2}};
  e.action = {{.name = "joint", .unit = "rad", .min = -1, .max = 1},
              {.name = "delta", .unit = "m", .kind = FieldKind::kDelta, .min = -1, .max = 1}};
  e.cameras.push_back({"front", 8, 6, "fixed"});
  return e;
}

// Writes down what it is asked.
class ConsoleOperator : public run::Operator {
 public:
  void order(event::Order order, std::string_view author) override {
    note("order " + std::to_string(static_cast<int>(order)) + " " + std::string(author));
  }
  void judge(event::Outcome outcome, std::string_view reason, std::string_view) override {
    note("judge " + std::to_string(static_cast<int>(outcome)) + std::string(reason));
  }
  bool coach(const std::string& words, std::string_view) override {
    note("coach " + words);
    return true;
  }
  void release(std::string_view) override { note("release"); }
  void remark(std::string_view words, std::string_view) override {
    note("remark " + std::string(words));
  }
  bool nudge(const run::Nudge& nudge, std::string_view word, std::string_view) override {
    note("nudge " + std::string(word) + " " + std::to_string(std::lround(nudge.direction[1])));
    return true;
  }
  bool discard(bool again, std::string_view) override {
    note(again ? "discard, again" : "discard");
    return true;
  }
  bool say(const std::string& words, std::string_view author) override {
    note("say " + words + " " + std::string(author));
    return true;
  }
  bool beat(std::span<const float> action) override {
    note("beat " + std::to_string(action.size()));
    return action.size() != 3;
  }
  void let_go() override { note("let go"); }
  run::LoopStatus status() const override { return {.mode = Mode::kPolicy, .goal = "tidy up"}; }

  std::vector<std::string> noted() {
    const std::lock_guard lock(mutex_);
    return noted_;
  }

 private:
  void note(std::string what) {
    const std::lock_guard lock(mutex_);
    noted_.push_back(std::move(what));
  }
  std::mutex mutex_;
  std::vector<std::string> noted_;
};

struct RunningConsole {
  explicit RunningConsole(const std::filesystem::path& tokens = {})
      : listener({.port = 0, .token_file = tokens}, metrics),
        sink(site.add_robot("left", "nano", console_arm(), operations,
                            {.camera_right = {{0, 1}}, .vocabulary = {"open", "it"}})) {
    listener.add(site);
    thread = std::thread([this] { listener.run(); });
  }
  ~RunningConsole() {
    listener.stop();
    thread.join();
  }
  std::unique_ptr<serve::Client> page(const std::string& token = "") {
    std::vector<std::pair<std::string, std::string>> headers;
    if (!token.empty()) headers = {{"Authorization", "Bearer " + token}};
    return std::make_unique<serve::Client>("127.0.0.1", listener.port(), "/live", headers);
  }
  ConsoleOperator operations;
  serve::Metrics metrics;
  ConsoleSite site;
  serve::Listener listener;
  run::TapeSink& sink;
  std::thread thread;
};

void send(serve::Client& page, const nlohmann::json& command) { page.send(command.dump(), false); }

// The next message that is no picture.
nlohmann::json next_of(serve::Client& page) { return nlohmann::json::parse(page.receive().bytes); }

// Commands are carried out in order, so that once this one is refused those before are done.
std::string settle(serve::Client& page) {
  send(page, {{"verb", "?"}});
  std::string text;
  for (nlohmann::json answer = next_of(page); answer["text"] != "no such verb";
       answer = next_of(page)) {
    text = answer["text"];
  }
  return text;
}

TEST(ConsoleSite, ServesThePageWithAPolicyOfItsContent) {
  RunningConsole console;
  const uint16_t port = console.listener.port();
  const serve::HttpReply page = serve::http_request("127.0.0.1", port, "GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("<div id=\"app\">"), std::string::npos);
  EXPECT_EQ(serve::http_request("127.0.0.1", port, "GET", "/console.js").status, 200);
  EXPECT_EQ(serve::http_request("127.0.0.1", port, "POST", "/").status, 405);
  EXPECT_EQ(serve::http_request("127.0.0.1", port, "GET", "/../etc/passwd").status, 404);
  EXPECT_EQ(serve::http_request("127.0.0.1", port, "GET", "/", {{"Origin", "http://evil.example"}})
                .status,
            403);
}

TEST(ConsoleSite, GreetsAPageWithTheRobots) {
  RunningConsole console;
  const auto page = console.page();
  const auto hello = nlohmann::json::parse(page->metadata());
  EXPECT_EQ(hello["type"], "hello");
  EXPECT_EQ(hello["role"], "admin");
  EXPECT_EQ(hello["author"], "console 1");
  EXPECT_EQ(hello["robots"][0]["name"], "left");
  EXPECT_EQ(hello["robots"][0]["action"][1]["kind"], "delta");
  EXPECT_EQ(hello["robots"][0]["cameras"][0], "front");
}

TEST(ConsoleSite, TellsWhatTheTapeHolds) {
  RunningConsole console;
  Record record;
  record.kind = RecordKind::kStep;
  record.step.time_ns = 5'000'000'000;
  record.step.state = {0.5F};
  record.step.sent = {0.25F, 0};
  record.step.source = Source::kHuman;
  console.sink.take(record);  // nobody watches
  const auto page = console.page();
  console.sink.take(record);
  const nlohmann::json samples = next_of(*page);
  EXPECT_EQ(samples["type"], "samples");
  EXPECT_EQ(samples["time_s"], nlohmann::json({5.0}));
  EXPECT_EQ(samples["sent"][0][0], 0.25);
  EXPECT_EQ(samples["source"][0], "human");
  const nlohmann::json status = next_of(*page);
  EXPECT_EQ(status["mode"], "policy");
  EXPECT_EQ(status["goal"], "tidy up");
  record.kind = RecordKind::kEvent;
  record.event = {.time_ns = 1, .author = "ann", .body = event::Said{"go left"}};
  console.sink.take(record);
  const nlohmann::json line = next_of(*page);
  EXPECT_EQ(line["author"], "ann");
  EXPECT_EQ(line["text"], "go left");
  record.kind = RecordKind::kPicture;
  Picture shown;
  shown.time_ns = 2'500'000'000;
  shown.image = Image::black(8, 6);
  record.picture = CameraPicture{0, PictureRef(std::move(shown))};
  console.sink.take(record);
  const serve::Client::Message picture = page->receive();
  ASSERT_TRUE(picture.binary);
  PictureHead head;
  std::memcpy(&head, picture.bytes.data(), sizeof head);
  EXPECT_EQ(head.time_s, 2.5);
  const std::vector<uint8_t> jpeg(picture.bytes.begin() + sizeof head, picture.bytes.end());
  EXPECT_EQ(io::decode_image(jpeg, "picture").width, 8);
}

TEST(ConsoleSite, CommandsReachTheRobotWithTheirAuthor) {
  RunningConsole console;
  const auto page = console.page();
  send(*page, {{"verb", "order"}, {"order", "stop"}});
  send(*page, {{"verb", "say"}, {"words", "open it"}});
  send(*page, {{"verb", "judge"}, {"outcome", "success"}});
  EXPECT_EQ(settle(*page), "");
  const std::string stop = "order " + std::to_string(static_cast<int>(event::Order::kStop));
  EXPECT_EQ(console.operations.noted(),
            (std::vector<std::string>{stop + " console 1", "say open it console 1", "judge 1"}));
}

TEST(ConsoleSite, CoachingIsWordsForASubtaskOrANudgeInThePicture) {
  RunningConsole console;
  const auto page = console.page();
  send(*page, {{"verb", "coach"}, {"words", "grasp it"}});
  send(*page, {{"verb", "release"}});
  send(*page, {{"verb", "coach"}, {"words", "left"}, {"camera", 0}});
  send(*page, {{"verb", "say"}, {"words", "left"}});
  send(*page, {{"verb", "judge"}, {"outcome", "partial"}, {"words", " half"}});
  send(*page, {{"verb", "discard"}, {"again", true}});
  EXPECT_EQ(settle(*page), "");
  send(*page, {{"verb", "judge"}, {"outcome", "partial"}});
  EXPECT_EQ(settle(*page), "a partial success needs a reason");
  EXPECT_EQ(console.operations.noted(),
            (std::vector<std::string>{"coach grasp it", "release", "nudge left -1", "nudge left 1",
                                      "judge 3 half", "discard, again"}));
}

TEST(ConsoleSite, WordsAboutTheWorkAreNoInstruction) {
  RunningConsole console;
  const auto page = console.page();
  send(*page, {{"verb", "say"}, {"words", "No, the other one!"}});
  send(*page, {{"verb", "coach"}, {"words", "well done"}});
  send(*page, {{"verb", "coach"}, {"words", "open the drawer"}});
  EXPECT_EQ(settle(*page), "");
  EXPECT_EQ(console.operations.noted(),
            (std::vector<std::string>{"remark No, the other one!", "remark well done",
                                      "coach open the drawer"}));
}

TEST(ConsoleSite, ControlPassesFromHandToHandOnRequest) {
  RunningConsole console;
  const auto first = console.page(), second = console.page();
  send(*second, {{"verb", "ask"}});
  EXPECT_EQ(settle(*second), "nobody else has control");
  send(*first, {{"verb", "take"}});
  send(*first, {{"verb", "pass"}});
  EXPECT_EQ(settle(*first), "nobody asks for control");
  send(*second, {{"verb", "ask"}});
  settle(*second);
  send(*first, {{"verb", "pass"}});
  settle(*first);
  send(*first, {{"verb", "beat"}, {"sequence", 1}});
  EXPECT_EQ(settle(*first), "take control first");
  send(*second, {{"verb", "beat"}, {"sequence", 1}});
  EXPECT_EQ(settle(*second), "");
  EXPECT_EQ(console.operations.noted(),
            (std::vector<std::string>{"order 2 console 1", "order 0 console 1", "let go",
                                      "order 2 console 2", "beat 0"}));
}

TEST(ConsoleSite, OnePageAtATimeDrivesByHand) {
  RunningConsole console;
  const auto first = console.page(), second = console.page();
  send(*first, {{"verb", "beat"}, {"sequence", 1}});
  EXPECT_EQ(settle(*first), "take control first");
  send(*first, {{"verb", "take"}});
  send(*first, {{"verb", "beat"}, {"sequence", 2}, {"action", {0.1, 0}}});
  send(*first, {{"verb", "beat"}, {"sequence", 1}, {"action", {0.9, 0}}});  // overtaken
  send(*first, {{"verb", "beat"}, {"sequence", 3}, {"action", {0.1, 0, 0}}});
  EXPECT_NE(settle(*first), "");
  send(*second, {{"verb", "take"}});
  EXPECT_NE(settle(*second).find("page 1"), std::string::npos);
  send(*first, {{"verb", "give"}});
  settle(*first);
  send(*second, {{"verb", "take"}});
  EXPECT_EQ(settle(*second), "");
  EXPECT_EQ(console.operations.noted(),
            (std::vector<std::string>{"order 2 console 1", "beat 2", "beat 3", "order 3 console 1",
                                      "let go", "order 2 console 2"}));
}

TEST(ConsoleSite, AWatcherMayNotCommand) {
  const auto file = std::filesystem::path(testing::TempDir()) / "console_tokens.txt";
  std::ofstream(file) << "watch fedcba9876543210\n";
  RunningConsole console(file);
  const auto page = console.page("fedcba9876543210");
  EXPECT_EQ(nlohmann::json::parse(page->metadata())["role"], "watch");
  for (const char* verb :
       {"order", "take", "beat", "say", "coach", "judge", "discard", "release"}) {
    send(*page, {{"verb", verb}, {"order", "resume"}, {"words", "go"}, {"outcome", "success"}});
    EXPECT_THAT(next_of(*page)["text"].get<std::string>(), ::testing::HasSubstr("watch only"));
  }
  EXPECT_TRUE(console.operations.noted().empty());
}

TEST(ConsoleSite, ARobotsTokenWatchesAndDoesNotCommand) {
  const auto file = std::filesystem::path(testing::TempDir()) / "console_robot_tokens.txt";
  std::ofstream(file) << "drive fedcba9876543210\n";
  RunningConsole console(file);
  const auto page = console.page("fedcba9876543210");
  send(*page, {{"verb", "order"}, {"order", "resume"}});
  EXPECT_EQ(next_of(*page)["type"], "refused");
  EXPECT_TRUE(console.operations.noted().empty());
}

TEST(ConsoleSite, TheTokensNameIsTheAuthor) {
  const auto file = std::filesystem::path(testing::TempDir()) / "console_named_tokens.txt";
  std::ofstream(file) << "help fedcba9876543210 ann\nadmin 0123456789abcdef\n";
  RunningConsole console(file);
  const auto ann = console.page("fedcba9876543210");
  EXPECT_EQ(nlohmann::json::parse(ann->metadata())["author"], "ann");
  send(*ann, {{"verb", "say"}, {"words", "open it"}});
  settle(*ann);
  const auto admin = console.page("0123456789abcdef");
  send(*admin, {{"verb", "order"}, {"order", "pause"}});
  settle(*admin);
  EXPECT_EQ(console.operations.noted(),
            (std::vector<std::string>{"say open it ann", "order 0 admin 2"}));
}

TEST(ConsoleSite, APageGetsWhatItWatches) {
  RunningConsole console;
  const auto page = console.page();
  Record record;
  record.kind = RecordKind::kStep;
  record.step.time_ns = 5'000'000'000;
  record.step.state = {0.5F};
  record.step.sent = {0.25F, 0};
  send(*page, {{"verb", "watch"}, {"robot", 1}});
  EXPECT_EQ(settle(*page), "there is no such robot");
  send(*page, {{"verb", "watch"}, {"robot", -1}});
  settle(*page);
  console.sink.take(record);
  EXPECT_EQ(next_of(*page)["type"], "status") << "the wall gets no samples";

  Record scene;
  scene.kind = RecordKind::kScene;
  scene.time_ns = 5'000'000'000;
  scene.shared = std::make_shared<const Scene>(
      Scene{.shapes = {{.link = "hand", .kind = Scene::Shape::Kind::kSphere, .size = {0.1}}},
            .poses = {{.link = "base"}, {.link = "hand", .position = {1, 2, 3}}}});
  console.sink.take(scene);  // before the page opens its 3-D view
  send(*page, {{"verb", "watch"}, {"robot", 0}, {"scene", true}});
  const nlohmann::json shapes = next_of(*page);
  EXPECT_EQ(shapes["type"], "sceneshapes");
  EXPECT_EQ(shapes["shapes"][0]["link"], 1);
  EXPECT_EQ(shapes["shapes"][0]["kind"], "sphere");
  scene.time_ns += 1'000'000'000;
  scene.shared =
      std::make_shared<const Scene>(Scene{.poses = {{.link = "base"}, {.link = "hand"}}});
  console.sink.take(scene);
  const nlohmann::json poses = next_of(*page);
  EXPECT_EQ(poses["type"], "sceneposes");
  EXPECT_EQ(poses["poses"].size(), 14);
}

TEST(ConsoleSite, AMalformedCommandGetsOneLineAndTheEnd) {
  RunningConsole console;
  for (const std::string& bad :
       std::vector<std::string>{"{", "[]", R"({"robot":"x"})", R"({"action":["a"]})"}) {
    const auto page = console.page();
    page->send(bad, false);
    const serve::Client::Message line = page->receive();
    EXPECT_EQ(line.bytes.find('\n'), std::string::npos);
    EXPECT_NE(message_of([&] { page->receive(); }), "");
  }
}

}  // namespace
}  // namespace gyre::console
