#include "gyre/serve/service.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/policy/agreed_draw.h"

namespace gyre::serve {
namespace {

// The deadline of a request that names none: it sets its place in the queue and refuses nothing.
constexpr int64_t kPatienceNs = 1'000'000'000;
// A batch helps when it takes less than this share of the time of its requests one by one.
constexpr double kWorthwhile = 0.9;

int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double ms_between(int64_t begin_ns, int64_t end_ns) {
  return static_cast<double>(end_ns - begin_ns) / 1e6;
}

// Puts the calling thread behind those of normal priority: when all processors compute, requests
// must still be read, refused and answered in time. Where it is not allowed, nothing changes.
void give_way() {
  constexpr int kNicer = 5;
  const auto thread = static_cast<id_t>(gettid());
  setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + kNicer);
}

// Requests of one kind take alike long: the same policy, draws, flow steps, chunking and question.
uint64_t kind_of(const Hosted& policy, const Ask& ask) {
  return policy.number << 24 | static_cast<uint64_t>(ask.draws) << 12 |
         static_cast<uint64_t>(ask.flow_steps) << 4 | static_cast<uint64_t>(ask.chunking) << 1 |
         (ask.think ? 1 : 0);
}

// A request as a robot in the middle of its ranges would send it.
Request plain_request(const Embodiment& contract, int side) {
  Request request;
  request.embodiment = contract.name;
  for (const Field& field : contract.state) {
    const double middle = (field.min + field.max) / 2;
    request.frame.state.push_back(std::isfinite(middle) ? static_cast<float>(middle) : 0.0f);
  }
  for (size_t c = 0; c < contract.cameras.size(); ++c) {
    request.frame.pictures.emplace_back(Picture{.image = Image::black(side, side)});
  }
  Goal goal;
  goal.task = "open the drawer";
  request.goal = std::make_shared<const Goal>(goal);
  return request;
}

// Nanoseconds of one batch of `count` chunks.
int64_t time_batch(const infer::Engine& engine, const Request& request, int count) {
  const std::vector<const Request*> requests(static_cast<size_t>(count), &request);
  const int64_t begin = now_ns();
  const auto prefix = engine.encode(requests, infer::Ask::kActions);
  std::vector<Rng> rngs(static_cast<size_t>(count), Rng(0));
  engine.sample(*prefix, rngs, {});
  return now_ns() - begin;
}

}  // namespace

struct Service::Work {
  Job job;
  uint64_t session = 0;
  HostedPtr policy;
  std::unique_ptr<Ask> ask;
  std::string embodiment;
  int64_t picture_id = 0;  // counts the session's requests: a robot's own ids begin again
  int64_t arrival_ns = 0, start_ns = 0;
  double previous_total_ms = -1;
  Answer answer;
  Request request;
  bool done = false;
};

Service::Service(std::shared_ptr<PolicyTable> policies, const ServiceOptions& options,
                 std::vector<Recorder*> recorders)
    : policies_(std::move(policies)),
      options_(options),
      recorders_(std::move(recorders)),
      cache_(options.cache_bytes),
      scheduler_({}) {
  const bool measured = options_.batch == 0;
  if (measured) options_.batch = 1;
  const std::vector<HostedPtr> all = policies_->all();
  if (measured) {
    constexpr int kTried = 4;
    for (const HostedPtr& policy : all) {
      const Checkpoint& checkpoint = policy->engine->checkpoint();
      const Request request = plain_request(checkpoint.embodiments.at(policy->embodiment).contract,
                                            checkpoint.config.vision.image_size);
      time_batch(*policy->engine, request, 1);  // the first one is cold
      const int64_t one = time_batch(*policy->engine, request, 1);
      if (one > 1e6 * options_.long_ms) continue;
      time_batch(*policy->engine, request, kTried);
      int64_t alone = one, together = time_batch(*policy->engine, request, kTried);
      for (int i = 0; i < 8; ++i) {
        alone = std::min(alone, time_batch(*policy->engine, request, 1));
        together = std::min(together, time_batch(*policy->engine, request, kTried));
      }
      if (static_cast<double>(together) < kWorthwhile * kTried * static_cast<double>(alone)) {
        options_.batch = kTried;
      }
    }
  }
  scheduler_ = Scheduler({.workers = options_.workers,
                          .batch = options_.batch,
                          .long_ns = std::llround(1e6 * options_.long_ms)});
  for (const HostedPtr& policy : all) measure(*policy);
  for (int i = 0; i < options_.workers; ++i) threads_.emplace_back([this] { work(); });
}

Service::~Service() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  for (auto& [id, work] : waiting_) fail(*work, Exchange::End::kFailed, "the server is ending");
}

void Service::measure(const Hosted& policy) {
  const Checkpoint& checkpoint = policy.engine->checkpoint();
  const Request request = plain_request(checkpoint.embodiments.at(policy.embodiment).contract,
                                        checkpoint.config.vision.image_size);
  time_batch(*policy.engine, request, 1);  // the first one is cold
  const int64_t took = time_batch(*policy.engine, request, 1);
  const std::lock_guard lock(mutex_);
  scheduler_.expect(kind_of(policy, Ask{}), took);
}

std::shared_ptr<Session> Service::open(const std::string& policy) {
  auto session = std::make_shared<Session>();
  session->id = ++sessions_;
  session->lease = policies_->lease(policy);
  session->seed = Rng::stream(options_.seed, "session " + std::to_string(session->id)).bits();
  return session;
}

void Service::close(const Session& session) {
  cache_.forget(session.id);
  std::vector<std::unique_ptr<Work>> dropped;
  const std::lock_guard lock(mutex_);
  for (const uint64_t id : scheduler_.forget(session.id)) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) continue;
    dropped.push_back(std::move(found->second));
    waiting_.erase(found);
  }
}

HostedPtr Service::swap(const std::string& policy) {
  HostedPtr made = policies_->swap(policy);
  measure(*made);
  return made;
}

void Service::ask(Session& session, std::unique_ptr<Ask> ask, double previous_total_ms,
                  Answer answer) {
  auto work = std::make_unique<Work>();
  work->arrival_ns = now_ns();
  work->session = session.id;
  work->policy = policies_->current(session.lease);
  const Hosted& policy = *work->policy;
  const Checkpoint& checkpoint = policy.engine->checkpoint();
  if (!ask->policy_hash.empty() && ask->policy_hash != checkpoint.policy_hash) {
    throw Error("policy_hash", "another policy answers here", "read the hash of the last answer");
  }
  work->embodiment = ask->embodiment.empty() ? policy.embodiment : ask->embodiment;
  require_contract(policy, work->embodiment, ask->contract_hash);
  if (ask->delay >= checkpoint.config.horizon) {
    throw Error("delay", fmt::format("a chunk has {} actions", checkpoint.config.horizon));
  }
  Request& request = work->request;
  work->picture_id = session.asked++;
  request.id = ask->id >= 0 ? ask->id : work->picture_id;
  request.embodiment = work->embodiment;
  request.noise_seed = ask->seed.value_or(session.seed);
  request.chunking = ask->chunking;
  request.delay = ask->delay;
  request.flow_steps = ask->flow_steps;
  request.draws = ask->draws;

  Job& job = work->job;
  job.session = session.id;
  job.kind = kind_of(policy, *ask);
  const auto* previous = ask->previous;
  const size_t given = previous == nullptr || previous->shape.empty() ? 0 : previous->shape[0];
  job.group = static_cast<uint64_t>(given) << 16 | static_cast<uint64_t>(ask->delay);
  job.firm = ask->deadline_ms > 0;
  job.deadline_ns =
      work->arrival_ns + (job.firm ? std::llround(1e6 * ask->deadline_ms) : kPatienceNs);
  work->previous_total_ms = previous_total_ms;
  work->ask = std::move(ask);
  work->answer = std::move(answer);
  std::optional<std::string> refusal;
  {
    const std::lock_guard lock(mutex_);
    job.id = ++jobs_;
    if (scheduler_.expected_ns(job.kind) == 0) {  // a new kind: about as long as a plain request
      scheduler_.expect(job.kind, scheduler_.expected_ns(kind_of(policy, Ask{})));
    }
    refusal = scheduler_.admit(job, work->arrival_ns);
    if (!refusal) {
      waiting_.emplace(job.id, std::move(work));
      changed_.notify_one();
      return;
    }
  }
  fail(*work, Exchange::End::kRefused, *refusal);
}

void Service::work() {
  give_way();
  std::unique_lock lock(mutex_);
  while (!ending_) {
    const int64_t now = now_ns();
    const Scheduler::Taken taken = scheduler_.take(now);
    const auto works_of = [&](const std::vector<Job>& jobs) {
      Works works;
      for (const Job& job : jobs) {
        works.push_back(std::move(waiting_.extract(job.id).mapped()));
      }
      return works;
    };
    const Works missed = works_of(taken.missed);
    Works works = works_of(taken.jobs);
    if (missed.empty() && works.empty()) {
      changed_.wait(lock);
      continue;
    }
    lock.unlock();
    for (const auto& work : missed) {
      fail(*work, Exchange::End::kMissed, "its deadline passed before its turn came");
    }
    int64_t took = 0;
    if (!works.empty()) {
      for (const auto& work : works) work->start_ns = now;
      compute(works);
      const bool all = std::all_of(works.begin(), works.end(),
                                   [](const auto& work) { return work->request.goal != nullptr; });
      took = all ? now_ns() - now : 0;
    }
    lock.lock();
    if (!works.empty()) scheduler_.finished(taken.jobs, took);
    changed_.notify_one();  // a long job may wait for the worker that is free now
  }
}

void Service::compute(Works& works) {
  Works sound;
  std::vector<size_t> places;
  for (size_t i = 0; i < works.size(); ++i) {
    Work& work = *works[i];
    try {
      const Checkpoint& checkpoint = work.policy->engine->checkpoint();
      const Embodiment& contract = checkpoint.embodiments.at(work.embodiment).contract;
      work.request.frame = frame_of(*work.ask, contract, checkpoint, work.picture_id);
      work.request.previous = previous_of(*work.ask, contract);
      Goal goal;
      goal.id = work.ask->goal_id;
      goal.task = work.ask->task;
      goal.subtask = work.ask->subtask;
      work.request.goal = std::make_shared<const Goal>(std::move(goal));
      places.push_back(i);
    } catch (const Error& error) {
      fail(work, Exchange::End::kFailed, error.what());
    }
  }
  if (places.empty()) return;
  for (const size_t i : places) sound.push_back(std::move(works[i]));
  // A request that the engine refuses must not fail those beside it.
  const auto attempt = [this](Works& batch) -> std::string {
    try {
      compute_together(batch);
      return "";
    } catch (const Error& error) {
      return error.what();
    } catch (const std::exception&) {
      return "the policy failed";
    }
  };
  std::string failure = attempt(sound);
  if (!failure.empty() && sound.size() == 1) {
    fail(*sound.front(), Exchange::End::kFailed, failure);
  } else if (!failure.empty()) {
    for (auto& work : sound) {
      Works one;
      one.push_back(std::move(work));
      failure = attempt(one);
      if (!failure.empty()) fail(*one.front(), Exchange::End::kFailed, failure);
      work = std::move(one.front());
    }
  }
  for (size_t i = 0; i < places.size(); ++i) works[places[i]] = std::move(sound[i]);
}

void Service::compute_together(Works& works) {
  const Hosted& policy = *works.front()->policy;
  const infer::Engine& engine = *policy.engine;
  const Ask& ask = *works.front()->ask;
  std::vector<const Request*> requests;
  for (const auto& work : works) requests.push_back(&work->request);
  // The engine matches an earlier prefix by robot and place, so only a lone request has one.
  const bool lone = works.size() == 1;
  const uint64_t session = works.front()->session;
  std::unique_ptr<infer::Prefix> prefix;
  if (lone) prefix = cache_.take(session, policy.number);
  if (ask.think) {
    prefix = engine.encode(requests, infer::Ask::kSubtask, prefix.get());
    std::vector<std::string> subtasks = engine.think(*prefix);
    for (size_t i = 0; i < works.size(); ++i) {
      auto goal = std::make_shared<Goal>(*works[i]->request.goal);
      goal->subtask = std::move(subtasks[i]);
      goal->author = "policy";
      works[i]->request.goal = std::move(goal);
    }
  }
  prefix = engine.encode(requests, infer::Ask::kActions, prefix.get());
  std::vector<ActionChunk> chunks = sample(engine, *prefix, works);
  const int64_t end = now_ns();
  for (size_t i = 0; i < works.size(); ++i) {
    const auto reused = prefix->reused(static_cast<int>(i));
    answer(*works[i], std::move(chunks.at(i)), end,
           {.prompt = prefix->prompt(static_cast<int>(i)),
            .reused = {reused.begin(), reused.end()},
            .thought = ask.think,
            .batch = works.size()});
  }
  if (lone) {
    cache_.keep(session, policy.number, std::move(prefix),
                prefix_bytes(engine.checkpoint().config));
  }
}

// One chunk for each: of its draws the one that is nearest to its previous chunk.
std::vector<ActionChunk> Service::sample(const infer::Engine& engine, const infer::Prefix& prefix,
                                         const Works& works) {
  const Ask& ask = *works.front()->ask;
  std::vector<Rng> noise;
  std::vector<ActionChunk> previous;
  for (const auto& work : works) {
    for (int draw = 0; draw < ask.draws; ++draw) noise.push_back(work->request.noise(draw));
    const bool continues = ask.chunking != Chunking::kIndependent;
    if (continues) previous.push_back(*work->request.previous);
  }
  infer::SampleOptions options{
      .flow_steps = ask.flow_steps, .chunking = ask.chunking, .previous = previous};
  options.guided = robot_guidance(ask.delay, previous.empty() ? 0 : previous.front().horizon);
  std::vector<ActionChunk> drawn = engine.sample(prefix, noise, options);
  if (ask.draws == 1) return drawn;
  std::vector<ActionChunk> chunks;
  const auto draws = static_cast<size_t>(ask.draws);
  for (size_t i = 0; i < works.size(); ++i) {
    const std::span<ActionChunk> own = std::span(drawn).subspan(i * draws, draws);
    const Embodiment& contract = engine.checkpoint().embodiments.at(works[i]->embodiment).contract;
    chunks.push_back(agreed_draw(own, works[i]->request.previous->actions, contract));
  }
  return chunks;
}

void Service::answer(Work& work, ActionChunk chunk, int64_t end_ns, Exchange exchange) {
  chunk.times.queue_ms = static_cast<float>(ms_between(work.arrival_ns, work.start_ns));
  const AnswerFacts facts{.id = work.ask->id,
                          .goal_id = work.ask->goal_id,
                          .generation = work.ask->generation,
                          .noise_id = work.request.id,
                          .seed = work.request.noise_seed,
                          .subtask = work.request.goal->subtask,
                          .embodiment = work.embodiment,
                          .infer_ms = ms_between(work.start_ns, end_ns),
                          .total_ms = ms_between(work.arrival_ns, end_ns),
                          .previous_total_ms = work.previous_total_ms};
  work.done = true;
  exchange.end = Exchange::End::kAnswered;
  exchange.chunk = &chunk;
  exchange.end_ns = end_ns;
  record(work, std::move(exchange));
  work.answer({.end = Exchange::End::kAnswered,
               .message = write_answer(chunk, facts),
               .binary = true,
               .total_ms = facts.total_ms});
}

void Service::fail(Work& work, Exchange::End end, const std::string& why) {
  if (std::exchange(work.done, true)) return;
  Reply reply{.end = end, .message = why};
  if (work.ask->ours) {
    reply.message = write_failure(work.ask->id, why, end != Exchange::End::kFailed);
    reply.binary = true;
  }
  const int64_t now = now_ns();
  reply.total_ms = ms_between(work.arrival_ns, now);
  record(work, {.end = end, .failure = why, .end_ns = now});
  work.answer(std::move(reply));
}

void Service::record(const Work& work, Exchange exchange) {
  exchange.session = work.session;
  exchange.policy = work.policy->name;
  exchange.engine = work.policy->engine.get();
  if (work.request.goal) exchange.request = &work.request;
  exchange.arrival_ns = work.arrival_ns;
  exchange.start_ns = work.start_ns;
  exchange.deadline_ns = work.job.firm ? work.job.deadline_ns : 0;
  for (Recorder* recorder : recorders_) recorder->record(exchange);
}

}  // namespace gyre::serve
