#include "gyre/serve/service.h"

#include <gtest/gtest.h>

#include <future>

#include "gyre/core/testing.h"
#include "gyre/serve/testing.h"

namespace gyre::serve {
namespace {

std::shared_ptr<PolicyTable> table_of(const std::shared_ptr<const infer::Engine>& engine) {
  return std::make_shared<PolicyTable>(std::vector<std::filesystem::path>{"folder/nano"},
                                       std::vector<Canary>{}, "",
                                       [engine](const std::filesystem::path&) { return engine; });
}

std::future<Reply> ask(Service& service, Session& session, const std::string& message) {
  auto promise = std::make_shared<std::promise<Reply>>();
  auto future = promise->get_future();
  service.ask(session, read_ask(bytes_of(message)), -1,
              [promise](Reply reply) { promise->set_value(std::move(reply)); });
  return future;
}

TEST(Service, AnswersAreTheSameBitsAloneAndInABatchOfTwoRobots) {
  const auto engine = std::make_shared<FakeEngine>();
  Service service(table_of(engine), {.workers = 1, .batch = 8}, {});
  engine->shut();
  std::vector<std::shared_ptr<Session>> sessions;
  std::vector<Request> requests;
  std::vector<std::future<Reply>> replies;
  for (int i = 0; i < 9; ++i) {
    const auto& contract =
        engine->checkpoint().embodiments.at(i % 2 != 0 ? "a/joint" : "b/joint").contract;
    requests.push_back(small_request(contract, i, "open the drawer"));
    requests.back().noise_seed = 40 + static_cast<uint64_t>(i);
    sessions.push_back(service.open("nano"));
    replies.push_back(
        ask(service, *sessions.back(), write_request(requests.back(), contract, 0, true)));
  }
  engine->open();
  for (size_t i = 0; i < requests.size(); ++i) {
    const Reply reply = replies[i].get();
    ASSERT_EQ(reply.end, Exchange::End::kAnswered) << reply.message;
    const ReadAnswer answer = read_answer(bytes_of(reply.message));
    EXPECT_EQ(answer.chunk.actions, lone_chunk(*engine, requests[i]).actions) << i;
    EXPECT_EQ(answer.facts.id, static_cast<int64_t>(i));
  }
  EXPECT_GE(engine->largest_batch(), 4);
}

TEST(Service, OfSeveralDrawsTheOneNearestToThePreviousChunkIsAnswered) {
  const auto engine = std::make_shared<FakeEngine>();
  std::vector<Request> requests;
  for (int i = 0; i < 6; ++i) {
    const auto& contract =
        engine->checkpoint().embodiments.at(i % 2 != 0 ? "a/joint" : "b/joint").contract;
    Request request = small_request(contract, i, "open the drawer");
    request.draws = i < 4 ? 8 : 1;
    request.delay = 2;
    ActionChunk planned = lone_chunk(*engine, small_request(contract, 100 + i, "close it"));
    if (i < 4) request.previous = std::make_shared<const ActionChunk>(std::move(planned));
    requests.push_back(std::move(request));
  }
  Service service(table_of(engine), {.workers = 1, .batch = 8}, {});
  engine->shut();
  std::vector<std::shared_ptr<Session>> sessions;
  std::vector<std::future<Reply>> replies;
  for (const Request& request : requests) {
    const auto& contract = engine->checkpoint().embodiments.at(request.embodiment).contract;
    sessions.push_back(service.open("nano"));
    replies.push_back(ask(service, *sessions.back(), write_request(request, contract, 0, true)));
  }
  engine->open();
  int others = 0;  // another draw than the first is nearest
  for (size_t i = 0; i < requests.size(); ++i) {
    const Reply reply = replies[i].get();
    ASSERT_EQ(reply.end, Exchange::End::kAnswered) << reply.message;
    const ReadAnswer answer = read_answer(bytes_of(reply.message));
    EXPECT_EQ(answer.chunk.actions, lone_chunk(*engine, requests[i]).actions) << i;
    requests[i].draws = 1;
    others += answer.chunk.actions != lone_chunk(*engine, requests[i]).actions ? 1 : 0;
  }
  EXPECT_GT(others, 0);
}

// A robot's ids begin again with each attempt: the pictures' do not.
TEST(Service, RecordersSeePicturesThatCountTheSessionsRequests) {
  class PictureIds : public Recorder {
   public:
    void record(const Exchange& exchange) noexcept override {
      ids.push_back(exchange.request->frame.pictures.front()->id);
      requests.push_back(exchange.request->id);
      thought.push_back(exchange.thought);
      cameras.push_back(exchange.reused.size());
    }
    std::vector<int64_t> ids, requests;
    std::vector<bool> thought;
    std::vector<size_t> cameras;
  };
  const auto engine = std::make_shared<FakeEngine>();
  PictureIds recorder;
  Service service(table_of(engine), {.workers = 1, .batch = 1}, {&recorder});
  const auto session = service.open("nano");
  const Embodiment& contract = engine->checkpoint().embodiments.at("a/joint").contract;
  for (const int id : {7, 8, 7}) {
    const Request request = small_request(contract, id, "open the drawer");
    ask(service, *session, write_request(request, contract, 0, true, {.think = id == 8})).get();
  }
  EXPECT_EQ(recorder.ids, (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(recorder.requests, (std::vector<int64_t>{7, 8, 7}));
  EXPECT_EQ(recorder.thought, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(recorder.cameras, std::vector<size_t>(3, contract.cameras.size()));
}

TEST(Service, AnAnswerNamesTheNoiseOfAClientThatNamedNone) {
  const auto engine = std::make_shared<FakeEngine>();
  Service service(table_of(engine), {.workers = 1, .batch = 1, .seed = 11}, {});
  const auto session = service.open("nano");
  const Embodiment& contract = engine->checkpoint().embodiments.at("a/joint").contract;
  Request request = small_request(contract, 3, "open the drawer");
  for (int i = 0; i < 2; ++i) {
    const ReadAnswer answer = read_answer(
        bytes_of(ask(service, *session, write_request(request, contract, 0, false)).get().message));
    Request same = request;
    same.id = answer.facts.noise_id;
    same.noise_seed = answer.facts.seed;
    EXPECT_EQ(same.id, i);
    EXPECT_EQ(answer.chunk.actions, lone_chunk(*engine, same).actions);
  }
}

TEST(Service, OneBadRequestOfABatchFailsAlone) {
  const auto engine = std::make_shared<FakeEngine>();
  Service service(table_of(engine), {.workers = 1, .batch = 8}, {});
  const Embodiment& contract = engine->checkpoint().embodiments.at("a/joint").contract;
  engine->shut();
  std::vector<std::shared_ptr<Session>> sessions;
  std::vector<std::future<Reply>> replies;
  for (int i = 0; i < 4; ++i) {
    sessions.push_back(service.open("nano"));
    const Request request = small_request(contract, i, i == 2 ? "fail" : "open the drawer");
    replies.push_back(ask(service, *sessions.back(), write_request(request, contract, 0, true)));
  }
  engine->open();
  for (int i = 0; i < 4; ++i) {
    const ReadAnswer answer = read_answer(bytes_of(replies[static_cast<size_t>(i)].get().message));
    EXPECT_EQ(answer.failure.empty(), i != 2) << answer.failure;
  }
}

TEST(Service, AMismatchOfContractOrPolicyNamesBothSides) {
  const auto engine = std::make_shared<FakeEngine>();
  Service service(table_of(engine), {.workers = 1, .batch = 1}, {});
  const auto session = service.open("nano");
  const Embodiment other = small_contract("a/joint", 5);
  const auto refusal = message_of([&] {
    ask(service, *session,
        write_request(small_request(other, 0, "go"), other, 0, true,
                      {.contract_hash = other.contract_hash()}));
  });
  const std::string hash = engine->checkpoint().embodiments.at("a/joint").contract.contract_hash();
  EXPECT_NE(refusal.find(hash), std::string::npos) << refusal;
  const Embodiment unknown = small_contract("c/joint");
  EXPECT_NE(message_of([&] {
              ask(service, *session,
                  write_request(small_request(unknown, 0, "go"), unknown, 0, true));
            }),
            "");
}

TEST(Service, WhatCannotBeInTimeIsRefusedBeforeAskReturns) {
  const auto engine = std::make_shared<FakeEngine>(20);
  Service service(table_of(engine), {.workers = 1, .batch = 1}, {});
  const auto session = service.open("nano");
  const Embodiment& contract = engine->checkpoint().embodiments.at("a/joint").contract;
  engine->shut();  // an idle server would try
  auto first =
      ask(service, *session, write_request(small_request(contract, 0, "go"), contract, 0, true));
  auto reply =
      ask(service, *session, write_request(small_request(contract, 1, "go"), contract, 5, true));
  ASSERT_EQ(reply.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  const Reply refused = reply.get();
  EXPECT_EQ(refused.end, Exchange::End::kRefused);
  EXPECT_TRUE(read_answer(bytes_of(refused.message)).refused);
  engine->open();
}

TEST(Service, EndingFailsWhatWaits) {
  const auto engine = std::make_shared<FakeEngine>(30);
  std::vector<std::future<Reply>> replies;
  {
    Service service(table_of(engine), {.workers = 1, .batch = 1}, {});
    const auto session = service.open("nano");
    const Embodiment& contract = engine->checkpoint().embodiments.at("a/joint").contract;
    for (int i = 0; i < 20; ++i) {
      replies.push_back(ask(service, *session,
                            write_request(small_request(contract, i, "go"), contract, 0, true)));
    }
  }
  int failed = 0;
  for (auto& reply : replies) failed += reply.get().end == Exchange::End::kFailed;
  EXPECT_GT(failed, 0);
}

TEST(PolicyTable, ASwapReachesOpenSessionsAndACanaryKeepsIts) {
  std::map<std::string, std::shared_ptr<const infer::Engine>> engines{
      {"nano", std::make_shared<FakeEngine>(0, "old")},
      {"canary", std::make_shared<FakeEngine>(0, "canary")}};
  PolicyTable table(
      {"x/nano"}, {{"nano", "x/canary", 0.25}}, "",
      [&](const std::filesystem::path& folder) { return engines.at(folder.filename().string()); });
  const auto hash_of = [&](const PolicyTable::Lease& lease) {
    return table.current(lease)->engine->checkpoint().policy_hash;
  };
  std::vector<PolicyTable::Lease> leases;
  for (int i = 0; i < 100; ++i) leases.push_back(table.lease("nano"));
  EXPECT_EQ(std::ranges::count_if(leases, [&](auto& lease) { return hash_of(lease) == "canary"; }),
            25);
  engines["nano"] = std::make_shared<FakeEngine>(0, "new");
  EXPECT_EQ(table.swap("nano")->engine->checkpoint().policy_hash, "new");
  EXPECT_EQ(std::ranges::count_if(leases, [&](auto& lease) { return hash_of(lease) == "canary"; }),
            25);
  EXPECT_EQ(std::ranges::count_if(leases, [&](auto& lease) { return hash_of(lease) == "new"; }),
            75);
}

// Sessions that have the canary keep it; later ones get the policy.
TEST(PolicyTable, ACanaryThatIsWorseIsWithdrawn) {
  PolicyTable table({"x/nano", "x/alone"}, {{"nano", "x/canary", 0.5}}, "",
                    [](const std::filesystem::path& folder) {
                      return std::make_shared<FakeEngine>(0, folder.filename().string());
                    });
  std::vector<PolicyTable::Lease> leases;
  CanaryState state;
  for (int i = 0; !state.withdrawn; ++i) {
    ASSERT_LT(i, 100);
    leases.push_back(table.lease("nano"));
    const bool canary = leases.back().canary != nullptr;
    state = table.report("nano", {.attempt = std::to_string(i),
                                  .policy_hash = canary ? "canary" : "nano",
                                  .success = !canary});
    EXPECT_EQ(state.just_now, state.withdrawn);
  }
  EXPECT_GE(state.evidence, 20);
  EXPECT_EQ(state.canary.successes, 0);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(table.lease("nano").canary, nullptr);
  EXPECT_TRUE(std::ranges::any_of(leases, [&](auto& lease) {
    return table.current(lease)->engine->checkpoint().policy_hash == "canary";
  }));
  // A later success does not bring it back.
  for (int i = 0; i < 50; ++i) {
    state = table.report(
        "nano", {.attempt = "late " + std::to_string(i), .policy_hash = "canary", .success = true});
  }
  EXPECT_TRUE(state.withdrawn);
  EXPECT_FALSE(state.just_now);
  EXPECT_NE(message_of([&] { table.report("alone", {.attempt = "1"}); }), "");
  EXPECT_NE(message_of([&] { table.report("nano", {.attempt = "1", .policy_hash = "?"}); }), "");
}

TEST(PolicyTable, BadFoldersAndCanariesAreRefused) {
  const auto open = [](const std::filesystem::path&) { return std::make_shared<FakeEngine>(); };
  EXPECT_NE(message_of([&] { PolicyTable({"x/nano", "y/nano/"}, {}, "", open); }), "");
  EXPECT_NE(message_of([&] { PolicyTable({"x/nano"}, {}, "panda/ee", open); }), "");
  EXPECT_NE(message_of([&] { PolicyTable({"x/nano"}, {{"other", "z", 0.5}}, "", open); }), "");
  EXPECT_EQ(parse_canary("nano=a:b/c:0.5").folder, "a:b/c");
  for (const char* text : {"nano", "nano=x", "nano=x:2", "nano=x:half", "x:0.5"}) {
    EXPECT_NE(message_of([&] { parse_canary(text); }), "") << text;
  }
}

std::unique_ptr<infer::Prefix> some_prefix() {
  static const FakeEngine engine;
  const Request request =
      small_request(engine.checkpoint().embodiments.at("a/joint").contract, 0, "go");
  const Request* one = &request;
  return engine.encode({&one, 1}, infer::Ask::kActions, nullptr);
}

TEST(PrefixCache, ForgetsTheOneUsedLongestAgoWhenMemoryIsShort) {
  PrefixCache cache(100);
  for (const uint64_t session : {1, 2}) cache.keep(session, 1, some_prefix(), 40);
  cache.keep(1, 1, cache.take(1, 1), 40);
  cache.keep(3, 1, some_prefix(), 40);
  EXPECT_EQ(cache.bytes(), 80u);
  EXPECT_EQ(cache.take(2, 1), nullptr);
  EXPECT_NE(cache.take(1, 1), nullptr);
  EXPECT_EQ(cache.take(3, 2), nullptr);  // of another policy: useless
  EXPECT_EQ(cache.bytes(), 0u);
  cache.keep(4, 1, some_prefix(), 101);
  EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace gyre::serve
