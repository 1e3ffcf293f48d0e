#include "gyre/run/remote_port.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include "gyre/core/allocation_counts.h"
#include "gyre/core/testing.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/run/testing.h"
#include "gyre/serve/foreign_testing.h"
#include "gyre/serve/server_testing.h"
#include "tests/source_dir.h"

namespace gyre::run {
namespace {

using How = serve::ForeignServer::How;

GoalPtr goal_named(const std::string& task, int64_t id = 1) {
  auto goal = std::make_shared<Goal>();
  goal->id = id;
  goal->task = task;
  return goal;
}

// A frame of random numbers, the same for equal seeds.
Frame frame_of(const Embodiment& contract, int seed) {
  Frame frame = serve::small_request(contract, seed, "").frame;
  frame.time_ns = 1'000'000'000 * int64_t{seed};
  return frame;
}

RemotePortOptions options_for(const std::string& url, const char* method = "naive") {
  RemotePortOptions options;
  options.remote.url = url;
  options.remote.retry_least_s = 0.005;
  options.remote.retry_most_s = 0.02;
  options.client.method = join_method(method);
  options.client.draws = 8;
  options.client.timed = false;
  return options;
}

std::string url_of(const serve::Running& running) {
  return "ws://127.0.0.1:" + std::to_string(running.server.port());
}

Answer answer_of(PolicyPort& port) {
  Answer answer;
  for (int i = 0; i < 20'000 && !port.poll(0, answer); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return answer;
}

Answer ask(PolicyPort& port, const Question& question) {
  EXPECT_TRUE(port.has_room());
  port.submit(question, 0);
  return answer_of(port);
}

// Asks in process and over the wire, and expects the same.
void expect_same_bits(const char* method, bool think = false) {
  serve::Running running;
  const Embodiment& robot = running.contract();
  RemotePortOptions options = options_for(url_of(running), method);
  options.client.think = think;
  options.client.think_interval_s = 2;  // so of every second frame
  RemotePort port(robot, options);
  port.require_connected(10);
  EngineClient client(*running.engine, robot, options.client);
  const GoalPtr goal = goal_named("open the drawer");
  int64_t id = 0;
  for (int attempt = 0; attempt < 2; ++attempt) {
    port.reset(7 + static_cast<uint64_t>(attempt));
    client.reset(7 + static_cast<uint64_t>(attempt));
    std::vector<float> planned;
    for (id = 0; id < 5; ++id) {
      const Frame frame = frame_of(robot, static_cast<int>(10 * attempt + id));
      const Question question{.id = id,
                              .generation = attempt,
                              .frame = &frame,
                              .goal = goal,
                              .sent = 2 * id,
                              .delay = 2,
                              .planned = planned,
                              .planned_chunk = planned.empty() ? -1 : id - 1};
      const Answer here = client.ask(question), there = ask(port, question);
      ASSERT_TRUE(there.chunk) << there.failure.view();
      EXPECT_EQ(here.chunk->actions, there.chunk->actions) << method << " " << id;
      EXPECT_EQ(there.chunk->id, id);
      EXPECT_EQ(there.chunk->observation_time_ns, frame.time_ns);
      EXPECT_EQ(there.request_id, id);
      EXPECT_EQ(there.generation, attempt);
      EXPECT_EQ(*here.goal, *there.goal);
      RequestRecord record = *there.request;
      EXPECT_EQ(record.engine, "remote");
      EXPECT_EQ(record.policy_hash, "hash");
      EXPECT_EQ(record.noise_seed, here.request->noise_seed);
      EXPECT_EQ(record.draws, here.request->draws);
      EXPECT_EQ(record.chunking, here.request->chunking);
      EXPECT_EQ(record.previous, here.request->previous);
      EXPECT_EQ(record.previous_chunk_id, here.request->previous_chunk_id);
      EXPECT_EQ(record.prompt, here.request->prompt);
      EXPECT_EQ(record.pictures.at(0).pixel_hash, here.request->pictures.at(0).pixel_hash);
      // The rest of the chunk, and every second time nothing: the last chunk counts then.
      planned.clear();
      const auto dim = static_cast<ptrdiff_t>(robot.action.size());
      if (id % 2 == 0) planned.assign(here.chunk->actions.begin() + dim, here.chunk->actions.end());
    }
  }
}

TEST(RemotePort, AnswersAreTheBitsOfTheSameQuestionInProcess) { expect_same_bits("naive"); }
TEST(RemotePort, SeveralDrawsToo) { expect_same_bits("draws"); }
TEST(RemotePort, GuidedChunksToo) { expect_same_bits("guided"); }
TEST(RemotePort, ThoughtSubtasksToo) { expect_same_bits("draws", true); }

TEST(RemotePort, SeveralQuestionsAreUnderWayAtOnce) {
  serve::Running running;
  const Embodiment& robot = running.contract();
  RemotePort port(robot, options_for(url_of(running)));
  port.require_connected(10);
  running.engine->shut();
  const GoalPtr goal = goal_named("open the drawer");
  const Frame frame = frame_of(robot, 1);
  for (int id = 0; id < kMostInFlight; ++id) {
    ASSERT_TRUE(port.has_room());
    port.submit({.id = id, .frame = &frame, .goal = goal}, 0);
  }
  EXPECT_FALSE(port.has_room());
  running.engine->open();
  std::vector<bool> seen(kMostInFlight);
  for (int n = 0; n < kMostInFlight; ++n) {
    const Answer answer = answer_of(port);
    ASSERT_TRUE(answer.chunk) << answer.failure.view();
    seen.at(static_cast<size_t>(answer.request_id)) = true;
  }
  EXPECT_EQ(std::ranges::count(seen, true), kMostInFlight);
  EXPECT_TRUE(port.has_room());
}

TEST(RemotePort, LatencyIsMeasuredWithoutTheFirstAnswer) {
  serve::Running running(20);
  const Embodiment& robot = running.contract();
  RemotePort port(robot, options_for(url_of(running)));
  port.require_connected(10);
  const Frame frame = frame_of(robot, 1);
  const GoalPtr goal = goal_named("open the drawer");
  EXPECT_TRUE(ask(port, {.id = 0, .frame = &frame, .goal = goal}).chunk);
  EXPECT_EQ(port.expected_delay(), 0);
  EXPECT_TRUE(ask(port, {.id = 1, .frame = &frame, .goal = goal}).chunk);
  EXPECT_GE(port.expected_delay(), 0.2);  // 20 ms of action periods of 100 ms
}

TEST(RemotePort, AFailureOfOneQuestionIsItsAnswer) {
  serve::Running running;
  const Embodiment& robot = running.contract();
  RemotePort port(robot, options_for(url_of(running)));
  port.require_connected(10);
  Frame frame = frame_of(robot, 1);
  const Answer failed =
      ask(port, {.id = 3, .generation = 5, .frame = &frame, .goal = goal_named("fail")});
  EXPECT_FALSE(failed.chunk);
  EXPECT_EQ(failed.request_id, 3);
  EXPECT_EQ(failed.generation, 5);
  EXPECT_EQ(failed.failure.view(), "the server failed: prompt: cannot be followed");
  EXPECT_TRUE(ask(port, {.id = 4, .frame = &frame, .goal = goal_named("go")}).chunk);
  frame.pictures[0] = {};  // nothing to show yet
  EXPECT_EQ(ask(port, {.id = 5, .frame = &frame, .goal = goal_named("go")}).failure.view(),
            "camera front: has shown nothing yet");
  EXPECT_EQ(port.connections(), 1);
}

TEST(RemotePort, AnotherContractIsRefusedNamingBothSides) {
  serve::Running running;
  const Embodiment robot = serve::small_contract("a/joint", 5);
  RemotePort port(robot, options_for(url_of(running)));
  const std::string why = message_of([&] { port.require_connected(10); });
  EXPECT_NE(why.find(robot.contract_hash()), std::string::npos) << why;
  EXPECT_NE(why.find(running.contract().contract_hash()), std::string::npos) << why;
  EXPECT_EQ(why.find('\n'), std::string::npos);
  // A server that is not Gyre's, and no map.
  serve::ForeignServer foreign({},
                               [](const std::string&) { return serve::ForeignServer::Reply{}; });
  RemotePort other(robot, options_for(foreign.url()));
  const std::string unknown = message_of([&] { other.require_connected(10); });
  EXPECT_NE(unknown.find("--map"), std::string::npos) << unknown;
  EXPECT_NE(message_of([&] { RemotePort(robot, options_for("nowhere")); }), "");
}

TEST(RemotePort, ASecondDriverOfOneRobotIsRefused) {
  serve::Running running;
  RemotePortOptions options = options_for(url_of(running));
  options.robot_name = "left";
  RemotePort first(running.contract(), options);
  first.require_connected(10);
  RemotePort second(running.contract(), options);
  EXPECT_NE(message_of([&] { second.require_connected(10); }).find("409"), std::string::npos);
}

TEST(RemotePort, AServerThatRestartsIsUsedAgain) {
  auto running = std::make_unique<serve::Running>();
  const Embodiment robot = running->contract();
  const uint16_t port_number = running->server.port();
  RemotePort port(robot, options_for(url_of(*running)));
  port.require_connected(10);
  const Frame frame = frame_of(robot, 1);
  const GoalPtr goal = goal_named("open the drawer");
  EXPECT_TRUE(ask(port, {.id = 0, .frame = &frame, .goal = goal}).chunk);
  running->engine->shut();
  port.submit({.id = 1, .frame = &frame, .goal = goal}, 0);
  running.reset();  // what is under way fails, or is answered at the end
  answer_of(port);
  const Answer gone = ask(port, {.id = 2, .frame = &frame, .goal = goal});
  EXPECT_FALSE(gone.failure.view().empty());
  running = std::make_unique<serve::Running>(0, serve::ServerOptions{.port = port_number});
  port.require_connected(10);
  EXPECT_TRUE(ask(port, {.id = 3, .frame = &frame, .goal = goal}).chunk);
}

// Two joints and a camera, with their map.
std::string foreign_map() {
  const auto file = std::filesystem::path(testing::TempDir()) / "foreign.toml";
  std::ofstream(file) << R"(
action_period_s = 0.1
horizon = 2
[image.front]
key = ["image"]
camera = ["front"]
[state.joints]
key = ["state"]
count = 2
[action.joints]
count = 2
kind = "position"
scale = 2.0
)";
  return file.string();
}

TEST(RemotePort, AForeignServerIsAskedOneAtATimeByItsMap) {
  const Embodiment robot = serve::small_contract("a/joint");
  std::atomic<int> asked{0};
  serve::ForeignServer server(
      {.metadata = std::string("\x81\xaareset_pose\x92\x00\x01", 15)}, [&](const std::string&) {
        const std::vector<std::vector<float>> answers = {
            {1, 2, 3, 4}, {1, 2, 3, NAN}, {1, 2}, {1, 2, 3, 4, 5, 6}, {1e30F, 0, 0, 0}};
        const size_t n = static_cast<size_t>(asked++) % answers.size();
        return serve::ForeignServer::Reply{How::kAnswer,
                                           serve::foreign_answer(answers[n], n == 2 ? 1 : 2)};
      });
  RemotePortOptions options = options_for(server.url(), "draws");
  options.map = foreign_map();
  RemotePort port(robot, options);
  port.require_connected(10);
  EXPECT_EQ(port.reset_pose(), (std::vector<float>{0, 1}));
  const Frame frame = frame_of(robot, 1);
  const GoalPtr goal = goal_named("open the drawer");
  const Question question{.id = 9, .generation = 4, .frame = &frame, .goal = goal};
  const Answer good = ask(port, question);
  ASSERT_TRUE(good.chunk) << good.failure.view();
  EXPECT_EQ(good.chunk->actions, (std::vector<float>{2, 4, 6, 8}));
  EXPECT_EQ(good.chunk->id, 9);
  EXPECT_EQ(good.generation, 4);
  for (const char* words : {"not finite", "1 actions instead of 2", "3 numbers instead of 2"}) {
    const Answer bad = ask(port, question);
    EXPECT_NE(bad.failure.view().find(words), std::string_view::npos) << bad.failure.view();
    port.require_connected(10);  // again: the order of its answers can no longer be trusted
  }
  const Answer huge = ask(port, question);
  ASSERT_TRUE(huge.chunk) << huge.failure.view();  // the safety filter's affair
  port.submit(question, 0);
  EXPECT_FALSE(port.has_room());
  EXPECT_NE(message_of([&] {
              RemotePortOptions guided = options_for(server.url(), "guided");
              guided.map = foreign_map();
              RemotePort refused(robot, guided);
            }).find("--map"),
            std::string::npos);
}

TEST(RemotePort, AStalledServerFailsTheQuestion) {
  const Embodiment robot = serve::small_contract("a/joint");
  std::atomic<int> asked{0};
  serve::ForeignServer server({}, [&](const std::string&) {
    const bool stalls = asked++ == 0;
    return serve::ForeignServer::Reply{stalls ? How::kStall : How::kAnswer,
                                       serve::foreign_answer({1, 2, 3, 4}, 2)};
  });
  RemotePortOptions options = options_for(server.url());
  options.map = foreign_map();
  options.remote.first_answer_s = 0.1;
  RemotePort port(robot, options);
  port.require_connected(10);
  const Frame frame = frame_of(robot, 1);
  const Question question{.frame = &frame, .goal = goal_named("go")};
  EXPECT_NE(ask(port, question).failure.view().find("no answer within"), std::string_view::npos);
  bool answered = false;  // at last: the limit is short, and the machine may be busy
  for (int i = 0; i < 50 && !answered; ++i) {
    port.require_connected(10);
    answered = ask(port, question).chunk != nullptr;
  }
  EXPECT_TRUE(answered);
}

// The control thread's calls, with everything that it hands over and gets.
TEST(RemotePort, TheControlThreadAllocatesAndFreesNothing) {
  serve::Running running;
  const Embodiment& robot = running.contract();
  RemotePort port(robot, options_for(url_of(running), "draws"));
  port.require_connected(10);
  PicturePool pool(8, 8, 4);
  Frame frame = frame_of(robot, 1);
  frame.pictures[0] = {};
  std::vector<float> planned(2 * robot.action.size());
  GoalPtr goal = goal_named("open the drawer");
  Answer answer;
  int64_t allocations = 0, frees = 0, answered = 0;
  for (int id = 0; id < 150; ++id) {
    if (id % 20 == 0) goal = goal_named("open drawer " + std::to_string(id), id);
    const int64_t allocations_before = thread_allocations, frees_before = thread_frees;
    frame.pictures[0] = pool.make([](Picture&) {});
    if (id % 40 == 0) port.reset(static_cast<uint64_t>(id));
    const Question question{
        .id = id, .frame = &frame, .goal = goal, .delay = 1, .planned = planned};
    if (port.has_room()) port.submit(question, id);
    frame.pictures[0] = {};
    bool came = port.poll(id, answer);
    allocations += thread_allocations - allocations_before;
    frees += thread_frees - frees_before;
    for (int i = 0; i < 20'000 && !came; ++i) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      const int64_t allocations_waiting = thread_allocations, frees_waiting = thread_frees;
      came = port.poll(id, answer);
      static_cast<void>(port.expected_delay());
      allocations += thread_allocations - allocations_waiting;
      frees += thread_frees - frees_waiting;
    }
    answered += answer.chunk ? 1 : 0;
  }
  EXPECT_GT(answered, 140);
#ifdef GYRE_COUNTS_ALLOCATIONS
  EXPECT_EQ(allocations, 0);
  EXPECT_EQ(frees, 0);
#endif
}

TEST(RemotePort, TheShippedMapFitsTheShippedRobot) {
  const std::string map = source_dir() / "assets/remotes/gyre.toml";
  serve::WireMap::read(map, find_embodiment(source_dir() / "assets/robots/so101/ee"));
}

TEST(Keeper, LetsGoOnlyOfWhatNobodyElseHas) {
  Keeper keeper;
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watched = held;
  keeper.keep(held);
  std::weak_ptr<int> other;
  {
    auto lost = std::make_shared<int>(2);
    other = lost;
    keeper.keep(lost);
  }
  EXPECT_FALSE(other.expired());
  keeper.keep(nullptr);
  EXPECT_TRUE(other.expired());
  held = nullptr;
  EXPECT_FALSE(watched.expired());
  keeper.keep(nullptr);
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace gyre::run
