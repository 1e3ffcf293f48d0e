#include "gyre/serve/lerobot_desk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numbers>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::serve::lerobot {
namespace {

std::chrono::nanoseconds nanoseconds_of(double seconds) {
  return std::chrono::nanoseconds(static_cast<int64_t>(1e9 * seconds));
}

// "shoulder_pan.pos" -> "shoulder_pan".
std::string joint_name(const std::string& key) {
  constexpr std::string_view kEnd = ".pos";
  return key.ends_with(kEnd) ? key.substr(0, key.size() - kEnd.size()) : key;
}

}  // namespace

// Calls `done` once, with nothing where the service drops the request, and counts the request as
// under way until then.
class Desk::Computation {
 public:
  Computation(Desk& desk, Done done) : desk_(desk), done_(std::move(done)) {
    const std::lock_guard lock(desk_.counting_);
    ++desk_.computing_;
  }
  ~Computation() {
    if (done_) done_("");
    const std::lock_guard lock(desk_.counting_);
    --desk_.computing_;
    desk_.counted_.notify_all();
  }
  Computation(const Computation&) = delete;
  Computation& operator=(const Computation&) = delete;
  void tell(std::string actions) { std::exchange(done_, nullptr)(std::move(actions)); }

 private:
  Desk& desk_;
  Done done_;
};

std::optional<std::vector<Fit::Joint>> Fit::joints_of(const Embodiment& contract,
                                                      const PolicySetup& setup, bool converts) {
  if (contract.state.size() != setup.state.size() ||
      contract.action.size() != contract.state.size()) {
    return std::nullopt;
  }
  std::vector<Joint> joints;
  for (const std::string& key : setup.state) {
    const auto found = std::ranges::find_if(contract.state, [&](const Field& field) {
      return joint_name(field.name) == joint_name(key);
    });
    if (found == contract.state.end()) return std::nullopt;
    const auto index = static_cast<int>(found - contract.state.begin());
    const Field& action = contract.action[static_cast<size_t>(index)];
    if (action.name != found->name || action.kind != FieldKind::kPosition) return std::nullopt;
    const double scale = !converts              ? 1
                         : found->unit == "rad" ? std::numbers::pi / 180
                         : found->gripper       ? 0.01
                                                : 1;
    joints.push_back({index, scale});
  }
  return joints;
}

Fit::Fit(const Checkpoint& checkpoint, const PolicySetup& setup) : names_(setup.state) {
  std::vector<std::string> known;
  for (const auto& [name, trained] : checkpoint.embodiments) {
    const Embodiment& contract = trained.contract;
    std::vector<std::string> fields, cameras;
    for (const Field& field : contract.state) fields.push_back(field.name);
    for (const CameraSpec& camera : contract.cameras) cameras.push_back(camera.name);
    known.push_back(fmt::format("{} ({}; cameras {})", name, fmt::join(fields, ", "),
                                fmt::join(cameras, ", ")));
    const bool sees = std::ranges::all_of(cameras, [&](const std::string& camera) {
      return std::ranges::find(setup.cameras, camera) != setup.cameras.end();
    });
    auto joints = joints_of(contract, setup, !checkpoint.processors);
    if (!sees || !joints) continue;
    contract_ = contract;
    joints_ = std::move(*joints);
    return;
  }
  throw Error(
      "lerobot_features",
      fmt::format("the robot has {}; cameras {}, the policy knows {}", fmt::join(setup.state, ", "),
                  fmt::join(setup.cameras, ", "), fmt::join(known, ", ")),
      "use a policy and a robot of one contract");
}

Request Fit::request(const Observation& observation) const {
  Request request;
  request.embodiment = contract_.name;
  request.frame.state.resize(contract_.state.size());
  for (size_t i = 0; i < names_.size(); ++i) {
    const auto found = observation.numbers.find(names_[i]);
    if (found == observation.numbers.end()) throw Error("observation", names_[i] + " is missing");
    request.frame.state[static_cast<size_t>(joints_[i].field)] =
        static_cast<float>(joints_[i].scale * found->second);
  }
  for (const CameraSpec& camera : contract_.cameras) {
    const auto found = observation.images.find(camera.name);
    if (found == observation.images.end()) {
      throw Error("observation", "camera " + camera.name + " is missing");
    }
    request.frame.pictures.emplace_back(Picture{.image = found->second});
  }
  auto goal = std::make_shared<Goal>();
  goal->task = observation.task;
  request.goal = std::move(goal);
  return request;
}

ActionChunk Fit::actions(const ActionChunk& chunk) const {
  ActionChunk made = chunk;
  for (int k = 0; k < chunk.horizon; ++k) {
    const std::span<const float> from = chunk.at(k);
    float* to = made.actions.data() + static_cast<size_t>(k) * static_cast<size_t>(chunk.dim);
    for (size_t i = 0; i < joints_.size(); ++i) {
      to[i] = static_cast<float>(from[static_cast<size_t>(joints_[i].field)] / joints_[i].scale);
    }
  }
  return made;
}

Desk::Desk(Service& service, const DeskOptions& options) : service_(service), options_(options) {
  sweeper_ = std::thread([this] { sweep(); });
}

Desk::~Desk() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  sweeper_.join();
  {
    std::unique_lock lock(counting_);
    counted_.wait(lock, [this] { return computing_ == 0; });
  }
  const std::lock_guard lock(mutex_);
  while (!clients_.empty()) forget(clients_.begin());
}

// With the lock.
Desk::Client& Desk::client_of(const std::string& name) {
  const auto found = clients_.find(name);
  if (found == clients_.end()) throw Error("client", "is unknown", "call Ready first");
  found->second.heard = std::chrono::steady_clock::now();
  return found->second;
}

void Desk::forget(std::map<std::string, Client>::iterator found) {
  if (found->second.waits) found->second.waits("");
  service_.close(*found->second.session);
  clients_.erase(found);
}

void Desk::ready(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(name);
  if (found != clients_.end()) forget(found);
  if (clients_.size() >= options_.most_clients) throw Error("client", "there are too many");
  Client& client = clients_[name];
  client.session = service_.open(options_.policy);
  client.heard = std::chrono::steady_clock::now();
}

void Desk::set_up(const std::string& name, std::span<const uint8_t> message) {
  PolicySetup setup = read_policy_setup(message);
  const std::lock_guard lock(mutex_);
  Client& client = client_of(name);
  const HostedPtr policy = service_.policies().current(client.session->lease);
  client.fit = std::make_shared<const Fit>(policy->engine->checkpoint(), setup);
  client.setup = std::move(setup);
}

void Desk::observe(const std::string& name, std::span<const uint8_t> message) {
  Observation observation = read_observation(message);
  Done done;
  const std::lock_guard lock(mutex_);
  Client& client = client_of(name);
  if (!client.fit)
    throw Error("client", "has named no policy", "call SendPolicyInstructions first");
  const bool seen = observation.timestep <= client.answered_step;
  if (seen && !observation.must_go) return;
  client.newest = std::move(observation);
  if (client.waits) compute(client, std::exchange(client.waits, nullptr));
}

void Desk::act(const std::string& name, Done done) {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(name);
  if (found == clients_.end() || !found->second.fit || ending_) return done("");
  Client& client = found->second;
  client.heard = std::chrono::steady_clock::now();
  if (client.waits) std::exchange(client.waits, nullptr)("");
  if (client.newest) return compute(client, std::move(done));
  client.waits = std::move(done);
  client.waits_until = client.heard + nanoseconds_of(options_.wait_s);
}

// With the lock. The newest observation is used up; a failure is an empty answer, as LeRobot's.
void Desk::compute(Client& client, Done done) {
  const auto observation = std::make_shared<const Observation>(*std::exchange(client.newest, {}));
  client.answered_step = observation->timestep;
  const auto computation = std::make_shared<Computation>(*this, std::move(done));
  try {
    const Request request = client.fit->request(*observation);
    const std::string message = write_request(request, client.fit->contract(), 0, false);
    auto ask = read_ask({message.begin(), message.end()});
    ask->embodiment = client.fit->contract().name;
    service_.ask(*client.session, std::move(ask), -1,
                 [computation, observation, fit = client.fit,
                  most = client.setup->actions_per_chunk](const Reply& reply) {
                   if (!reply.binary) return;
                   const std::vector<uint8_t> bytes(reply.message.begin(), reply.message.end());
                   const ActionChunk chunk = fit->actions(read_answer(bytes).chunk);
                   computation->tell(write_actions(chunk, *observation, most));
                 });
  } catch (const Error&) {  // the answer is empty
  }
}

void Desk::sweep() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    changed_.wait_for(lock, std::chrono::milliseconds(50));
    const Time now = std::chrono::steady_clock::now();
    for (auto it = clients_.begin(); it != clients_.end();) {
      Client& client = it->second;
      if (client.waits && (now > client.waits_until || ending_)) {
        std::exchange(client.waits, nullptr)("");
      }
      const auto next = std::next(it);
      if (now - client.heard > nanoseconds_of(options_.forget_s)) forget(it);
      it = next;
    }
  }
}

}  // namespace gyre::serve::lerobot
