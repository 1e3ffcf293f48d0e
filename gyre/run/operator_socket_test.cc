#include "gyre/run/operator_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <mutex>

#include "gyre/core/testing.h"
#include "gyre/data/testing.h"
#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

using data::testing::TemporaryFolder;

// Notes what it is asked.
class NotedOperator : public Operator {
 public:
  void order(event::Order order, std::string_view author) override {
    note("order " + std::to_string(static_cast<int>(order)) + " by " + std::string(author));
  }
  void judge(event::Outcome outcome, std::string_view, std::string_view) override {
    note(outcome == event::Outcome::kSuccess ? "success" : "failure");
  }
  bool say(const std::string& words, std::string_view) override {
    note("say " + words);
    return true;
  }
  bool beat(std::span<const float> action) override {
    if (!action.empty() && action.size() != 2) return false;
    note("beat " + std::to_string(action.size()));
    return true;
  }
  void let_go() override { note("let go"); }
  LoopStatus status() const override { return {.tick = 7, .mode = Mode::kPaused, .goal = "tidy"}; }

  // Waits for a note, so that tests need no sleep of a certain length.
  bool noted(const std::string& what) {
    for (int i = 0; i < 3000; ++i) {
      {
        const std::lock_guard lock(mutex_);
        if (std::ranges::find(notes_, what) != notes_.end()) return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }

 private:
  void note(std::string what) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::move(what));
  }
  std::mutex mutex_;
  std::vector<std::string> notes_;
};

class Tool {
 public:
  explicit Tool(const std::filesystem::path& path)
      : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Tool() { ::close(descriptor_); }
  void send(const std::string& text) {
    EXPECT_EQ(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL), std::ssize(text));
  }
  std::string ask(const std::string& line) {
    send(line + "\n");
    return read_line();
  }
  // "" when the other side has closed.
  std::string read_line() {
    std::string line;
    for (char c = 0; ::recv(descriptor_, &c, 1, 0) == 1 && c != '\n';) line.push_back(c);
    return line;
  }

 private:
  int descriptor_;
};

struct Desk {
  TemporaryFolder folder;
  NotedOperator op;
  OperatorSocket socket{folder / "s.sock", op};
};

constexpr const char* kOk = R"({"ok":true})";

TEST(OperatorSocket, PassesOrdersOn) {
  Desk desk;
  Tool tool(desk.socket.path());
  EXPECT_EQ(tool.ask(R"({"do":"pause","by":"anna"})"), kOk);
  EXPECT_TRUE(desk.op.noted("order 0 by anna"));
  EXPECT_EQ(tool.ask(R"({"do":"stop"})"), kOk);
  EXPECT_TRUE(desk.op.noted("order 4 by operator"));
  EXPECT_EQ(tool.ask(R"({"do":"success"})"), kOk);
  EXPECT_TRUE(desk.op.noted("success"));
  EXPECT_EQ(tool.ask(R"({"say":"close the drawer"})"), kOk);
  EXPECT_TRUE(desk.op.noted("say close the drawer"));
}

TEST(OperatorSocket, OneToolDrivesAtATime) {
  Desk desk;
  auto first = std::make_unique<Tool>(desk.socket.path());
  Tool second(desk.socket.path());
  EXPECT_NE(second.ask(R"({"heartbeat":true})").find("take"), std::string::npos);
  EXPECT_EQ(first->ask(R"({"do":"take"})"), kOk);
  EXPECT_NE(second.ask(R"({"do":"take"})").find("another"), std::string::npos);
  first->send("{\"heartbeat\":true,\"action\":[0.5,0]}\n{\"heartbeat\":true}\n");
  EXPECT_TRUE(desk.op.noted("beat 2"));
  EXPECT_TRUE(desk.op.noted("beat 0"));
  EXPECT_NE(first->ask(R"({"heartbeat":true,"action":[1,2,3]})").find("action"), std::string::npos);
  EXPECT_NE(first->ask(R"({"heartbeat":true,"action":["a",1]})").find("action"), std::string::npos);
  EXPECT_EQ(first->ask(R"({"do":"give"})"), kOk);
  EXPECT_TRUE(desk.op.noted("let go"));
  EXPECT_EQ(first->ask(R"({"do":"take"})"), kOk);
  first.reset();  // a tool that ends has the robot no more
  std::string answer;
  for (int i = 0; i < 3000 && answer != kOk; ++i) answer = second.ask(R"({"do":"take"})");
  EXPECT_EQ(answer, kOk);
}

TEST(OperatorSocket, AnswersABadLineWithOneLine) {
  Desk desk;
  Tool tool(desk.socket.path());
  for (const char* line : {"pause", "[1]", "{", "{}", R"({"do":"paus"})", R"({"do":7})",
                           R"({"say":""})", R"({"say":"two\nlines"})", R"({"say":5})",
                           "{\"say\":\"\xff\"}", R"({"heartbeat":1e999})"}) {
    EXPECT_TRUE(tool.ask(line).starts_with(R"({"error":)")) << line;
  }
  EXPECT_NE(tool.ask(R"({"do":"paus"})").find("'pause'"), std::string::npos);
  EXPECT_EQ(tool.ask(R"({"do":"pause"})"), kOk) << "the connection is still good";
}

TEST(OperatorSocket, BoundsLinesAndTools) {
  Desk desk;
  {
    Tool tool(desk.socket.path());
    tool.send(std::string(OperatorSocket::kMostLine + 1, '['));
    EXPECT_NE(tool.read_line().find("longer"), std::string::npos);
    EXPECT_EQ(tool.read_line(), "") << "dropped";
  }
  std::list<Tool> tools;
  for (size_t i = 0; i < OperatorSocket::kMostClients; ++i) {
    tools.emplace_back(desk.socket.path());
    EXPECT_EQ(tools.back().ask(R"({"watch":false})"), kOk);
  }
  Tool late(desk.socket.path());
  EXPECT_NE(late.read_line().find("connected already"), std::string::npos);
  EXPECT_EQ(tools.front().ask(R"({"do":"pause"})"), kOk);
}

TEST(OperatorSocket, TellsWatchersTheStatus) {
  Desk desk;
  Tool tool(desk.socket.path());
  EXPECT_EQ(tool.ask(R"({"watch":true})"), kOk);
  const std::string line = tool.read_line();
  EXPECT_NE(line.find(R"("mode":"paused")"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("goal":"tidy")"), std::string::npos) << line;
}

TEST(OperatorSocket, IsForItsUserAloneAndLeavesNothing) {
  const TemporaryFolder folder;
  NotedOperator op;
  const std::filesystem::path path = folder / "s.sock";
  {
    const OperatorSocket socket(path, op);
    struct stat there {};
    ASSERT_EQ(::stat(path.c_str(), &there), 0);
    EXPECT_EQ(there.st_mode & 0777, 0600U);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  std::ofstream(path) << "no socket";
  EXPECT_NE(message_of([&] { OperatorSocket(path, op); }).find("no socket"), std::string::npos);
  EXPECT_NE(
      message_of([&] { OperatorSocket(folder / std::string(200, 'a'), op); }).find("too long"),
      std::string::npos);
}

}  // namespace
}  // namespace gyre::run
