#include "gyre/run/remote_port.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/run/chunk_join.h"

namespace gyre::run {
namespace {

constexpr size_t kMostKept = 256;  // objects that others hold; beyond that the oldest goes

int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double seconds_from(int64_t begin_ns) { return static_cast<double>(steady_ns() - begin_ns) / 1e9; }

// The remote's options, with all that follows from the rest.
serve::RemoteOptions remote_options(const RemotePortOptions& options, bool foreign) {
  serve::RemoteOptions remote = options.remote;
  remote.most_in_flight = foreign ? 1 : kMostInFlight;
  if (foreign) return remote;
  remote.busy_answers_pings = true;
  remote.first_answer_s = remote.answer_s;
  if (!options.robot_name.empty()) {
    const bool plain = remote.url.find('?') == std::string::npos;
    remote.url += (plain ? "?robot=" : "&robot=") + options.robot_name;
  }
  return remote;
}

std::optional<serve::WireMap> map_of(const RemotePortOptions& options, const Embodiment& robot) {
  if (options.map.empty()) return std::nullopt;
  return serve::WireMap::read(options.map, robot);
}

}  // namespace

void Keeper::keep(std::shared_ptr<const void> object) {
  // A sole owner can get no company: nobody else has a reference to copy.
  std::erase_if(kept_, [](const auto& one) { return one.use_count() == 1; });
  if (kept_.size() == kMostKept) kept_.erase(kept_.begin());
  if (object != nullptr) kept_.push_back(std::move(object));
}

RemotePort::RemotePort(const Embodiment& robot, const RemotePortOptions& options)
    : robot_(robot),
      contract_hash_(robot.contract_hash()),
      options_(options),
      map_(map_of(options, robot)),
      places_count_(map_ ? 1 : kMostInFlight) {
  const JoinMethod& method = options.client.method;
  if (map_ && method.chunking != Chunking::kIndependent) {
    throw Error("--loop.method " + std::string(method.name),
                "needs a server of Gyre's own, and --map names another's messages",
                "choose aligned, ensemble, wait or naive");
  }
  const auto name_fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (!std::ranges::all_of(options.robot_name, name_fits)) {
    throw Error("robot name '" + options.robot_name + "'",
                "is not made of a-z, 0-9, '-', '_', '.'");
  }
  for (Place& place : places_) {
    place.frame.state.resize(robot_.state.size());
    place.frame.pictures.resize(robot_.cameras.size());
    place.planned.reserve(kMostPlanned * robot_.action.size());
  }
  remote_ = std::make_unique<serve::Remote>(remote_options(options, map_.has_value()),
                                            static_cast<serve::RemoteTalk&>(*this));
}

RemotePort::~RemotePort() = default;

// --- the control thread ---

void RemotePort::reset(uint64_t noise_seed) noexcept {
  seed_ = noise_seed;
  ++attempts_;
}

bool RemotePort::has_room() const noexcept {
  for (int i = 0; i < places_count_; ++i) {
    if (places_[i].state.load(std::memory_order_acquire) == kFree) return true;
  }
  return false;
}

// A free place holds no references, so nothing is released here.
void RemotePort::submit(const Question& question, int64_t) noexcept {
  const auto free = std::find_if(places_.begin(), places_.begin() + places_count_, [](Place& one) {
    return one.state.load(std::memory_order_acquire) == kFree;
  });
  if (free == places_.begin() + places_count_) return;
  free->frame = *question.frame;
  free->planned.assign(question.planned.begin(), question.planned.end());
  free->question = question;
  free->question.frame = &free->frame;
  free->question.planned = free->planned;
  free->noise_seed = seed_;
  free->attempt = attempts_;
  free->number = asked_++;
  free->asked_ns = steady_ns();
  free->state.store(kAsked, std::memory_order_release);
  remote_->wake();
}

bool RemotePort::poll(int64_t, Answer& answer) noexcept {
  Place* oldest = nullptr;
  for (Place& place : places_) {
    if (place.state.load(std::memory_order_acquire) != kAnswered) continue;
    if (oldest == nullptr || place.number < oldest->number) oldest = &place;
  }
  if (oldest == nullptr) return false;
  answer = oldest->answer;
  oldest->state.store(kFree, std::memory_order_release);
  return true;
}

double RemotePort::expected_delay() const noexcept {
  return delay_.load(std::memory_order_relaxed);
}

// --- other threads ---

void RemotePort::require_connected(double seconds) const {
  if (remote_->wait_connected(seconds)) return;
  const std::string why = remote_->last_error();
  throw Error("--remote " + options_.remote.url,
              why.empty() ? fmt::format("no connection within {:g} s", seconds) : why);
}

std::string RemotePort::policy_name() const {
  const std::lock_guard lock(mutex_);
  return policy_name_;
}

std::optional<std::vector<float>> RemotePort::reset_pose() const {
  const std::lock_guard lock(mutex_);
  return reset_pose_;
}

// --- the remote's thread ---

void RemotePort::greet(std::span<const uint8_t> metadata) {
  serve::ReadMetadata server = serve::read_metadata(metadata);
  const JoinMethod& method = options_.client.method;
  if (!map_) {
    serve::require_same_contract(server, robot_);
    if (server.horizon < 1 || server.horizon > 10'000) {
      throw Error("metadata.action_horizon", "is not 1 to 10000");
    }
    if (method.chunking == Chunking::kContinued && server.max_delay == 0) {
      throw Error("the server's policy",
                  "was not trained to continue a chunk, which method '" + std::string(method.name) +
                      "' needs",
                  "choose another method of joining chunks");
    }
  }
  horizon_ = map_ ? map_->horizon() : server.horizon;
  max_delay_ = server.max_delay;
  policy_hash_ = server.policy_hash;
  cold_ = true;
  const std::lock_guard lock(mutex_);
  reset_pose_ = std::move(server.reset_pose);
  policy_name_ = std::move(server.policy);
}

int RemotePort::take() {
  int next = -1;
  for (int i = 0; i < places_count_; ++i) {
    if (places_[i].state.load(std::memory_order_acquire) != kAsked) continue;
    if (next < 0 || places_[i].number < places_[next].number) next = i;
  }
  if (next >= 0) places_[next].state.store(kTaken, std::memory_order_relaxed);
  return next;
}

std::string RemotePort::message(int question) {
  Place& place = places_[question];
  place.request.id = place.question.id;
  place.request.embodiment = robot_.name;
  place.request.frame = place.frame;
  place.request.goal = place.question.goal;
  place.request.noise_seed = place.noise_seed;
  place.request.flow_steps = options_.client.flow_steps;
  place.thinks = false;
  std::string message =
      map_ ? map_->write_request(place.frame, place.request.goal->prompt()) : own_message(place);
  place.state.store(kSent, std::memory_order_relaxed);
  return message;
}

std::string RemotePort::own_message(Place& place) {
  const double left_s = options_.deadline_s - seconds_from(place.asked_ns);
  if (options_.deadline_s > 0 && left_s <= 0) throw Error("", "it waited too long to be sent");
  if (place.attempt != attempt_) {
    attempt_ = place.attempt;
    asked_goal_ = thought_goal_ = nullptr;
  }
  if (options_.client.think) choose_subtask(place);
  previous_.find(options_.client.method, place.question);
  place.previous = previous_.actions();
  place.previous_chunk = previous_.chunk_id();
  previous_.agree(options_.client.method,
                  {.draws = options_.client.draws,
                   .dim = static_cast<int>(robot_.action.size()),
                   .horizon = static_cast<int>(horizon_),
                   .trained_delay = static_cast<int>(max_delay_)},
                  place.question, place.request);
  place.request.delay = std::clamp(place.request.delay, 0, static_cast<int>(horizon_) - 1);
  return serve::write_request(place.request, robot_, options_.deadline_s > 0 ? 1000 * left_s : 0,
                              true,
                              {.generation = place.question.generation,
                               .think = place.thinks,
                               .contract_hash = contract_hash_});
}

// The policy names the subtask when that is due; meanwhile the words of the last one hold.
void RemotePort::choose_subtask(Place& place) {
  const auto interval_ns = std::llround(options_.client.think_interval_s * 1e9);
  const bool same = thought_goal_ && asked_goal_ == place.question.goal;
  if (same && place.frame.time_ns - thought_ns_ < interval_ns) {
    place.request.goal = thought_goal_;
  } else {
    place.thinks = true;
  }
}

// A foreign server answers the only question that is under way.
int RemotePort::find_sent(const serve::AnswerFacts& facts) const {
  for (int i = 0; i < places_count_; ++i) {
    if (places_[i].state.load(std::memory_order_relaxed) != kSent) continue;
    const Question& question = places_[i].question;
    if (map_ || (question.id == facts.id && question.generation == facts.generation)) return i;
  }
  throw Error("answer", "nobody asked for it");
}

int RemotePort::answer(std::span<const uint8_t> message) {
  serve::ReadAnswer received = map_ ? map_->read_answer(message) : serve::read_answer(message);
  if (!received.failure.empty()) {  // it says the id alone
    int found = -1;
    for (int i = 0; i < places_count_; ++i) {
      const bool sent = places_[i].state.load(std::memory_order_relaxed) == kSent;
      if (sent && places_[i].question.id == received.facts.id) found = i;
    }
    if (found < 0) throw Error("answer", "nobody asked for it");
    fail(found, fmt::format("the server {}: {}", received.refused ? "refuses" : "failed",
                            received.failure));
    return found;
  }
  const int found = find_sent(received.facts);
  Place& place = places_[found];
  try {
    serve::require_chunk(received.chunk, horizon_, std::ssize(robot_.action));
  } catch (const Error& error) {
    fail(found, error.what());
    return found;
  }
  finish(place, std::move(received));
  return found;
}

void RemotePort::finish(Place& place, serve::ReadAnswer received) {
  const double took_s = seconds_from(place.asked_ns);
  if (!std::exchange(cold_, false)) latency_.add(took_s / robot_.action_period_s);
  delay_.store(latency_.expected(), std::memory_order_relaxed);
  Answer answer{.request_id = place.question.id, .generation = place.question.generation};
  answer.goal = place.request.goal = answered_goal(place, received.facts.subtask);
  answer.request = record(place, received);
  auto chunk = std::make_shared<ActionChunk>(std::move(received.chunk));
  chunk->id = place.question.id;
  chunk->observation_time_ns = place.frame.time_ns;
  chunk->period_s = robot_.action_period_s;
  if (options_.client.timed) {
    const double server_ms = std::max(received.facts.total_ms, received.facts.infer_ms);
    chunk->times.sampling_ms = static_cast<float>(received.facts.infer_ms);
    chunk->times.network_ms = static_cast<float>(std::max(0.0, 1e3 * took_s - server_ms));
  } else {
    chunk->times = {};
  }
  previous_.remember(place.question, *chunk);
  answer.chunk = std::move(chunk);
  give(place, std::move(answer));
}

GoalPtr RemotePort::answered_goal(const Place& place, const std::string& subtask) {
  if (!place.thinks) return place.request.goal;
  const bool same_goal = thought_goal_ && asked_goal_ == place.question.goal;
  thought_ns_ = place.frame.time_ns;
  if (same_goal && thought_goal_->subtask == subtask) return thought_goal_;
  auto goal = std::make_shared<Goal>(*place.question.goal);
  goal->id = (thought_goal_ ? thought_goal_->id : goal->id) + 1;
  goal->subtask = subtask;
  goal->author = "policy";
  goal->time_ns = place.frame.time_ns;
  asked_goal_ = place.question.goal;
  thought_goal_ = std::move(goal);
  return thought_goal_;
}

RequestPtr RemotePort::record(const Place& place, const serve::ReadAnswer& received) const {
  const Request& request = place.request;
  auto record = std::make_shared<RequestRecord>();
  record->id = request.id;
  record->goal_id = request.goal->id;
  record->frame_time_ns = place.frame.time_ns;
  record->state = place.frame.state;
  for (const PictureRef& picture : place.frame.pictures) {
    RequestPicture& used = record->pictures.emplace_back();
    if (!picture) continue;
    used.id = picture->id;
    used.pixel_hash = pixel_hash(picture->image);
  }
  record->prompt = request.goal->prompt();
  record->noise_seed = map_ ? 0 : received.facts.seed;
  record->chunking = request.chunking;
  record->delay = request.delay;
  record->draws = request.draws;
  record->previous_chunk_id = place.previous_chunk;
  record->previous = place.previous;
  record->flow_steps = request.flow_steps;
  record->engine = "remote";
  record->target = options_.remote.url;
  record->policy_hash = received.chunk.policy_hash;
  record->shadow = place.question.shadow;
  record->thought = place.thinks;
  record->previous_horizon = request.previous ? request.previous->horizon : 0;
  return record;
}

void RemotePort::fail(int question, const std::string& why) {
  Place& place = places_[question];
  Answer answer{.request_id = place.question.id, .generation = place.question.generation};
  answer.failure = std::string_view(why);
  give(place, std::move(answer));
}

// Lets go of the question's references here, so that the control thread overwrites none.
void RemotePort::give(Place& place, Answer answer) {
  for (PictureRef& picture : place.frame.pictures) picture = {};
  place.request.frame.pictures.clear();
  place.request.goal = place.question.goal = nullptr;
  keeper_.keep(answer.chunk);
  keeper_.keep(answer.request);
  keeper_.keep(answer.goal);
  place.answer = std::move(answer);
  place.state.store(kAnswered, std::memory_order_release);
}

}  // namespace gyre::run
