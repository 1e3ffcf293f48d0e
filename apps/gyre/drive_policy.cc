#include "drive_policy.h"

#include <fmt/format.h>

#include <chrono>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/policy/tokenizer.h"
#include "gyre/run/join_method.h"
#include "options.h"

namespace gyre::apps {
namespace {

constexpr double kConnectSeconds = 10;
constexpr int kClosedVocabulary = 4096;  // pieces

run::ClientOptions client_options(const run::LoopConfig& loop) {
  return {.think = loop.think,
          .flow_steps = loop.flow_steps,
          .method = run::join_method(loop.method),
          .draws = loop.draws,
          .speed = loop.speed};
}

// The first word of a file. It does not come from the command line, which others can read.
std::string token_in(const std::string& file) {
  if (file.empty()) return "";
  const std::string text = io::read_text(file);
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) throw Error(file, "holds no token", "write it on the first line");
  return text.substr(begin, text.find_first_of(" \t\r\n", begin) - begin);
}

}  // namespace

void add_remote_flags(CLI::App& verb, RemoteFlags& flags) {
  const std::string group = "Policy server";
  verb.add_option("--remote", flags.url, "ws[s]://HOST:PORT of `gyre serve` or any openpi server")
      ->type_name("URL")
      ->group(group);
  verb.add_option(
          "--map", flags.map,
          "the messages of a server that is not Gyre's: a file, or a name in assets/remotes")
      ->type_name("NAME|FILE")
      ->group(group);
  verb.add_option("--token-file", flags.token_file, "the server's token")
      ->type_name("FILE")
      ->group(group);
  verb.add_option("--ca-file", flags.ca_file, "PEM, trusted for wss instead of the system's")
      ->type_name("FILE")
      ->group(group);
}

run::RemotePortOptions remote_options(const RemoteFlags& flags, const run::LoopConfig& loop,
                                      const std::string& robot_name) {
  run::RemotePortOptions options;
  options.remote.url = flags.url;
  options.remote.token = token_in(flags.token_file);
  options.remote.ca_file = flags.ca_file;
  options.map = flags.map;
  options.robot_name = robot_name;
  if (loop.speed > 1) {
    throw Error("--loop.speed", "is for a local policy", "leave it out, or give --policy alone");
  }
  options.client = client_options(loop);
  options.deadline_s = loop.max_age_s;
  return options;
}

AttemptReporter::AttemptReporter(const serve::RemoteOptions& server, const run::RemotePort& port,
                                 const std::string& robot_name)
    : session_(fmt::format("{}/{}", robot_name,
                           std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count())),
      reporter_(
          server, [&port] { return port.policy_name(); },
          [](const std::string& line) { fmt::print(stderr, "\nserver: {}\n", line); }) {}

// Answers of several policies, or none, are nobody's attempt.
void AttemptReporter::report(const run::AttemptEnd& attempt) {
  if (attempt.policy_hash.empty()) return;
  reporter_.report({.attempt = fmt::format("{}/{}", session_, attempt.number),
                    .policy_hash = attempt.policy_hash,
                    .success = attempt.success,
                    .by_person = attempt.by_person});
}

DrivePolicy::DrivePolicy(const std::string& policy, const infer::EngineOptions& options)
    : folder_(policy) {
  if (policy.empty()) return;
  require_folder("policy", policy);
  engine_ = infer::open_engine(policy, nullptr, {}, options);
}

int DrivePolicy::image_size(const Embodiment& robot, int otherwise) const {
  if (engine_ == nullptr) return otherwise;
  const auto& known = engine_->checkpoint().embodiments;
  const auto found = known.find(robot.name);
  if (found == known.end() || found->second.contract.cameras.empty()) return otherwise;
  return found->second.contract.cameras.front().width;
}

run::PolicyPort& DrivePolicy::open(const Embodiment& robot, const std::string& robot_name,
                                   const RemoteFlags& remote, const run::LoopConfig& loop) {
  url_ = remote.url;
  if (engine_ != nullptr) {
    local_ = std::make_unique<run::ThreadedPort>(
        run::EngineClient(*engine_, robot, client_options(loop)), robot);
  }
  if (url_.empty()) return *local_;
  const run::RemotePortOptions options = remote_options(remote, loop, robot_name);
  server_ = options.remote;
  own_server_ = options.map.empty();
  remote_ = std::make_unique<run::RemotePort>(robot, options);
  if (local_ == nullptr) {
    remote_->require_connected(kConnectSeconds);
    return *remote_;
  }
  ladder_ = std::make_unique<run::LadderPort>(*remote_, *local_, robot, loop.ladder);
  return *ladder_;
}

std::string DrivePolicy::name() const {
  if (engine_ == nullptr) return url_;
  const std::string folder = engine_->checkpoint().folder.string();
  return url_.empty() ? folder : url_ + " over " + folder;
}

std::string DrivePolicy::hash() const {
  return engine_ != nullptr && url_.empty() ? engine_->checkpoint().policy_hash : "";
}

std::vector<std::string> DrivePolicy::words() const {
  if (engine_ == nullptr) return {};
  const Tokenizer& vocabulary = engine_->checkpoint().vocabulary();
  if (vocabulary.vocab_size() > kClosedVocabulary) return {};
  constexpr std::string_view kWordBegin = "\xe2\x96\x81";  // sentencepiece's mark
  std::vector<std::string> words;
  for (int id = 0; id < vocabulary.vocab_size(); ++id) {
    const std::string& piece = vocabulary.piece(id);
    if (piece.size() > kWordBegin.size() && piece.starts_with(kWordBegin)) {
      words.push_back(piece.substr(kWordBegin.size()));
    }
  }
  return words;
}

std::optional<std::vector<float>> DrivePolicy::reset_pose() const {
  return remote_ != nullptr ? remote_->reset_pose() : std::nullopt;
}

std::unique_ptr<AttemptReporter> DrivePolicy::outcome_reporter(
    const std::string& robot_name) const {
  if (remote_ == nullptr || !own_server_) return nullptr;
  return std::make_unique<AttemptReporter>(server_, *remote_, robot_name);
}

std::string DrivePolicy::complaint() const {
  if (remote_ == nullptr || remote_->connected()) return "";
  const std::string error = remote_->last_error();
  return error.empty() ? "no connection" : error;
}

}  // namespace gyre::apps
