#include "gyre/serve/remote.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/serve/foreign_testing.h"
#include "gyre/serve/server_testing.h"

namespace gyre::serve {
namespace {

using How = ForeignServer::How;
using Foreign = ForeignServer::Reply;

// Asks in text, and takes any map as an answer to the oldest question.
class TestTalk : public RemoteTalk {
 public:
  void greet(std::span<const uint8_t> metadata) override { read_metadata(metadata); }
  int take() override {
    const std::lock_guard lock(mutex_);
    if (taken_ == static_cast<int>(asked_.size())) return -1;
    return taken_++;
  }
  std::string message(int question) override {
    const std::lock_guard lock(mutex_);
    if (asked_[static_cast<size_t>(question)] == "unwritable") throw Error("camera", "is dark");
    sent_.push_back(question);
    return asked_[static_cast<size_t>(question)];
  }
  int answer(std::span<const uint8_t> message) override {
    io::msgpack::decode(message);
    const std::lock_guard lock(mutex_);
    if (sent_.empty()) throw Error("answer", "nobody asked for it");
    const int question = sent_.front();
    sent_.pop_front();
    results_[question] = "answered";
    changed_.notify_all();
    return question;
  }
  void fail(int question, const std::string& why) override {
    const std::lock_guard lock(mutex_);
    std::erase(sent_, question);
    results_[question] = why;
    changed_.notify_all();
  }

  // "answered", or why not.
  std::string ask(Remote& remote, const std::string& text = "question") {
    std::unique_lock lock(mutex_);
    const int question = static_cast<int>(asked_.size());
    asked_.push_back(text);
    lock.unlock();
    remote.wake();
    lock.lock();
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return results_.contains(question); });
    return results_[question];
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> asked_;
  std::deque<int> sent_;
  std::map<int, std::string> results_;
  int taken_ = 0;
};

RemoteOptions options_for(const std::string& url) {
  RemoteOptions options;
  options.url = url;
  options.retry_least_s = 0.005;
  options.retry_most_s = 0.02;
  return options;
}

Foreign good_reply() { return {How::kAnswer, foreign_answer({1, 2}, 1)}; }

// Limits of time are short in these tests, and the machine may be busy.
bool is_answered_again(TestTalk& talk, Remote& remote) {
  for (int i = 0; i < 50; ++i) {
    if (remote.wait_connected(10) && talk.ask(remote) == "answered") return true;
  }
  return false;
}

#define EXPECT_HAS(text, words) EXPECT_NE((text).find(words), std::string::npos) << (text)

TEST(Remote, AddressesAreReadOrRefused) {
  const RemoteUrl url = parse_remote_url("wss://robots.example:9000/nano?x=1");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "robots.example");
  EXPECT_EQ(url.port, 9000);
  EXPECT_EQ(url.target, "/nano?x=1");
  EXPECT_EQ(parse_remote_url("ws://[::1]:80").host, "::1");
  EXPECT_EQ(parse_remote_url("ws://host?policy=a").target, "/?policy=a");
  EXPECT_EQ(parse_remote_url("ws://host").port, 8000);
  for (const char* bad :
       {"http://host", "ws://", "ws://host:0", "ws://host:99999", "ws://host:80x", "ws://[::1",
        "ws://user@host", "ws://ho st", "ws://host/\nx", "ws://:80", ""}) {
    EXPECT_HAS(message_of([&] { parse_remote_url(bad); }), "ws://HOST:PORT");
  }
  TestTalk talk;
  EXPECT_HAS(
      message_of([&] { Remote remote({.url = "ws://robots.example", .token = "secret"}, talk); }),
      "wss://");
  EXPECT_NE(message_of([&] {
              Remote remote({.url = "wss://127.0.0.1", .ca_file = "/no/such.pem"}, talk);
            }),
            "");
}

TEST(Remote, AsksAServer) {
  ForeignServer server({}, [](const std::string&) { return good_reply(); });
  TestTalk talk;
  Remote remote(options_for(server.url()), talk);
  ASSERT_TRUE(remote.wait_connected(10));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(talk.ask(remote), "answered");
  EXPECT_HAS(talk.ask(remote, "unwritable"), "is dark");
  EXPECT_EQ(talk.ask(remote), "answered");
  EXPECT_EQ(remote.connections(), 1);
}

TEST(Remote, WhereNobodyListensQuestionsFailUntilSomebodyDoes) {
  uint16_t port = 0;
  {
    ForeignServer server({}, [](const std::string&) { return good_reply(); });
    port = server.port();
  }
  TestTalk talk;
  Remote remote(options_for("ws://localhost:" + std::to_string(port)), talk);
  EXPECT_HAS(talk.ask(remote), "not connected");
  EXPECT_FALSE(remote.wait_connected(0.02));
  ForeignServer server({.port = port}, [](const std::string&) { return good_reply(); });
  ASSERT_TRUE(remote.wait_connected(10));
  EXPECT_EQ(talk.ask(remote), "answered");
}

TEST(Remote, AnAnswerThatGoesWrongFailsItsQuestionAndANewConnectionGoesOn) {
  struct Case {
    Foreign reply;
    std::string words;
  };
  const std::vector<Case> cases = {
      {{How::kCut, ""}, "ended"},
      {{How::kHalf, ""}, "ended"},
      {{How::kHuge, ""}, "more than"},
      {{How::kStall, ""}, "no answer within 0.1 s"},
      {{How::kAnswer, "garbage"}, "message"},
      {{How::kAnswer, std::string("\xc6\xff\xff\xff\xff", 5)}, "ends in the middle"},
      {{How::kText, "Traceback (most recent call last):\n  line 1\nRuntimeError: no memory\x01\n"},
       "the server says: RuntimeError: no memory?"},
  };
  for (const Case& one : cases) {
    std::atomic<int> asked{0};
    ForeignServer server(
        {}, [&](const std::string&) { return asked++ == 0 ? one.reply : good_reply(); });
    TestTalk talk;
    RemoteOptions options = options_for(server.url());
    options.first_answer_s = one.reply.how == How::kStall ? 0.1 : 20;
    Remote remote(options, talk);
    ASSERT_TRUE(remote.wait_connected(10));
    const std::string why = talk.ask(remote);
    EXPECT_HAS(why, one.words);
    EXPECT_EQ(why.find('\n'), std::string::npos);
    EXPECT_TRUE(is_answered_again(talk, remote)) << one.words;
  }
}

TEST(Remote, AMessageThatNobodyAskedForEndsTheConnection) {
  std::atomic<int> asked{0};
  ForeignServer server({}, [&](const std::string&) {
    Foreign reply = good_reply();
    if (asked++ == 0) reply.how = How::kTwice;
    return reply;
  });
  TestTalk talk;
  Remote remote(options_for(server.url()), talk);
  ASSERT_TRUE(remote.wait_connected(10));
  EXPECT_EQ(talk.ask(remote), "answered");
  while (remote.connections() < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_HAS(remote.last_error(), "nobody asked");
  EXPECT_EQ(talk.ask(remote), "answered");
}

TEST(Remote, ASilentServerIsLeft) {
  {  // before the metadata
    ForeignServer server({.greets = false}, [](const std::string&) { return good_reply(); });
    TestTalk talk;
    RemoteOptions options = options_for(server.url());
    options.handshake_s = 0.1;
    Remote remote(options, talk);
    while (remote.last_error().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_HAS(remote.last_error(), "no metadata within 0.1 s");
    EXPECT_FALSE(remote.connected());
  }
  {  // after an answer, without a pong
    std::atomic<int> asked{0};
    ForeignServer server({}, [&](const std::string&) {
      return asked++ == 0 ? Foreign{How::kStall, ""} : good_reply();
    });
    TestTalk talk;
    RemoteOptions options = options_for(server.url());
    options.idle_s = 0.2;
    options.busy_answers_pings = true;
    Remote remote(options, talk);
    ASSERT_TRUE(remote.wait_connected(10));
    EXPECT_HAS(talk.ask(remote), "no sign of life within 0.2 s");
    EXPECT_TRUE(is_answered_again(talk, remote));
  }
}

TEST(Remote, PingsKeepAnIdleConnection) {
  Running running;
  TestTalk talk;
  RemoteOptions options = options_for("ws://127.0.0.1:" + std::to_string(running.server.port()));
  options.idle_s = 0.2;
  Remote remote(options, talk);
  // A busy machine may miss a pong; without pongs no connection would live so long.
  bool kept = false;
  for (int i = 0; i < 20 && !kept; ++i) {
    ASSERT_TRUE(remote.wait_connected(10));
    const int64_t before = remote.connections();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    kept = remote.connections() == before && remote.connected();
  }
  EXPECT_TRUE(kept);
}

TEST(Remote, AServerThatRestartsIsFoundAgain) {
  auto server = std::make_unique<ForeignServer>(ForeignServer::Options{},
                                                [](const std::string&) { return good_reply(); });
  const uint16_t port = server->port();
  TestTalk talk;
  Remote remote(options_for(server->url()), talk);
  ASSERT_TRUE(remote.wait_connected(10));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(talk.ask(remote), "answered");
    server.reset();
    EXPECT_NE(talk.ask(remote), "answered");
    server = std::make_unique<ForeignServer>(ForeignServer::Options{.port = port},
                                             [](const std::string&) { return good_reply(); });
    ASSERT_TRUE(remote.wait_connected(10));
  }
  EXPECT_EQ(remote.connections(), 4);
}

TEST(Remote, ARefusalSaysWhy) {
  ForeignServer list({.metadata = "\x90"}, [](const std::string&) { return good_reply(); });
  TestTalk talk;
  Remote remote(options_for(list.url()), talk);
  EXPECT_FALSE(remote.wait_connected(10));  // at once
  EXPECT_HAS(remote.last_error(), "is not a map");

  const auto file = std::filesystem::path(testing::TempDir()) / "remote_tokens.txt";
  std::ofstream(file) << "drive 0123456789abcdef\n";
  Running running(0, {.token_file = file});
  RemoteOptions options = options_for("ws://127.0.0.1:" + std::to_string(running.server.port()));
  options.token = "fedcba9876543210";
  {
    TestTalk stranger;
    Remote wrong(options, stranger);
    EXPECT_FALSE(wrong.wait_connected(10));
    EXPECT_HAS(wrong.last_error(), "refuses: 401");
    EXPECT_HAS(stranger.ask(wrong), "401");
  }
  options.token = "0123456789abcdef";
  TestTalk known;
  Remote right(options, known);
  EXPECT_TRUE(right.wait_connected(10));
}

TEST(Remote, OverTlsTheServerMustBeTheOneThatIsMeant) {
  const std::filesystem::path folder(testing::TempDir());
  const auto reply = [](const std::string&) { return good_reply(); };
  const auto error_of = [&](const Certificate& shown, const std::filesystem::path& trusted) {
    ForeignServer server({.certificate = shown.certificate, .key = shown.key}, reply);
    TestTalk talk;
    RemoteOptions options = options_for(server.url("wss"));
    options.ca_file = trusted;
    Remote remote(options, talk);
    if (!remote.wait_connected(10)) return remote.last_error();
    return talk.ask(remote);
  };
  const auto good = Certificate::make(folder, "IP:127.0.0.1", -60, 600);
  const auto other = Certificate::make(folder, "IP:127.0.0.2", -60, 601);
  const auto expired = Certificate::make(folder, "IP:127.0.0.1", -600, -60);
  EXPECT_EQ(error_of(good, good.certificate), "answered");
  EXPECT_HAS(error_of(good, ""), "certificate is refused");  // the system does not know it
  EXPECT_HAS(error_of(good, other.certificate), "certificate is refused");
  EXPECT_HAS(error_of(expired, expired.certificate), "expired");
  EXPECT_HAS(error_of(other, other.certificate), "mismatch");
}

}  // namespace
}  // namespace gyre::serve
