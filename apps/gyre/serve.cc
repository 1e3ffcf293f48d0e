// gyre serve: policies for robots over websockets.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "console_flags.h"
#include "engine_flags.h"
#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/ledger.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/serve/lerobot_server.h"
#include "gyre/serve/server.h"
#include "options.h"
#include "serve_journal.h"
#include "serve_options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct ServeVerb {
  std::vector<std::string> folders, canaries;
  std::string embodiment, journal, ledger;
  FolderOptions given;
  infer::EngineOptions engine;
  serve::ServiceOptions service;
  serve::ServerOptions server{.listen = ""};
  int workers = 0;
  int cache_mib = 256;
  int64_t seed = -1;
  int lerobot_port = -1;
  bool lossless = false, lan = false, console = false;
};

// The number of workers, and where they are reached.
std::string serving_line(const ServeVerb& verb, const serve::ServerOptions& where,
                         serve::Service& service, uint16_t port) {
  const std::string names = fmt::format("{}", fmt::join(service.policies().names(), ", "));
  std::string line = fmt::format(
      "serving {} on {}://{}:{} with {} worker{}, batches of {}; Ctrl-C ends it\n", names,
      where.tls_cert.empty() ? "ws" : "wss", where.listen, port, service.options().workers,
      service.options().workers == 1 ? "" : "s", service.options().batch);
  if (verb.console) line += fmt::format("console at {}\n", address_of(where, port));
  return line;
}

// A canary that was withdrawn beside the same policy stays away. Throws Error.
void refuse_withdrawn(const std::string& file, const std::vector<serve::HostedPtr>& hosted) {
  const auto served = [&](const std::string& hash) {
    return std::ranges::any_of(hosted, [&](const serve::HostedPtr& one) {
      return one->engine->checkpoint().policy_hash == hash;
    });
  };
  for (const flywheel::WithdrawalEntry& entry : flywheel::Ledger(file).withdrawals()) {
    if (!served(entry.canary) || !served(entry.policy)) continue;
    throw Error("--canary " + entry.name,
                fmt::format("{} was withdrawn beside {} on {} with evidence {:.3g}", entry.canary,
                            entry.policy, entry.created.substr(0, 10), entry.evidence),
                "give another canary");
  }
}

void enter_withdrawal(const std::string& file, const std::string& name,
                      const serve::CanaryState& state, const std::string& attempt) {
  flywheel::Ledger(file).add_withdrawal({.name = name,
                                         .canary = state.canary_hash,
                                         .policy = state.policy_hash,
                                         .canary_attempts = state.canary.attempts,
                                         .canary_successes = state.canary.successes,
                                         .policy_attempts = state.policy.attempts,
                                         .policy_successes = state.policy.successes,
                                         .evidence = state.evidence,
                                         .attempt = attempt});
}

void run_server(const ServeVerb& verb) {
  serve::ServiceOptions service_options = verb.service;
  service_options.workers = verb.workers > 0 ? verb.workers : serve_workers();
  service_options.cache_bytes = static_cast<size_t>(verb.cache_mib) << 20;
  service_options.seed = verb.seed >= 0 ? static_cast<uint64_t>(verb.seed) : std::random_device()();
  std::vector<serve::Canary> canaries;
  for (const std::string& text : verb.canaries) canaries.push_back(serve::parse_canary(text));
  const std::string embodiment =
      verb.embodiment.empty() ? "" : full_embodiment_name(verb.embodiment);
  const auto policies = std::make_shared<serve::PolicyTable>(
      std::vector<std::filesystem::path>(verb.folders.begin(), verb.folders.end()), canaries,
      embodiment.empty() ? "" : find_embodiment(embodiment).name,
      engine_opener(embodiment, verb.given, verb.engine));

  serve::PolicySite::Withdrawn withdrawn;
  if (!verb.ledger.empty()) {
    if (!canaries.empty()) refuse_withdrawn(verb.ledger, policies->all());
    withdrawn = [file = verb.ledger](const std::string& name, const serve::CanaryState& state,
                                     const std::string& attempt) {
      enter_withdrawal(file, name, state, attempt);
    };
  }
  serve::Metrics metrics;
  std::vector<serve::Recorder*> recorders{&metrics};
  std::unique_ptr<ServeJournal> journal;
  if (!verb.journal.empty()) {
    journal = std::make_unique<ServeJournal>(verb.journal, verb.lossless);
    recorders.push_back(journal.get());
  }
  serve::Service service(policies, service_options, recorders);
  serve::ServerOptions where = verb.server;
  const std::optional<serve::LanIdentity> lan = take_lan(where, verb.lan);
  console::ConsoleSite console;
  std::vector<serve::Site*> before;
  if (verb.console) before.push_back(&console);
  serve::Server server(service, metrics, where, before, withdrawn);
  std::unique_ptr<serve::LerobotServer> lerobot;
  if (verb.lerobot_port >= 0) {
    lerobot = std::make_unique<serve::LerobotServer>(
        service, serve::LerobotOptions{.port = static_cast<uint16_t>(verb.lerobot_port),
                                       .policy = policies->names().front()});
    fmt::print("LeRobot's robots on 127.0.0.1:{}\n", lerobot->port());
  }
  fmt::print("{}", serving_line(verb, where, service, server.port()));
  std::fflush(stdout);
  if (lan) {
    fmt::print(stderr, "{}", invitation(*lan, server.port(), isatty(STDERR_FILENO) != 0));
  }
  std::thread watch([&server] {
    while (!stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    server.stop();
  });
  server.run();
  watch.join();
}

}  // namespace

int serve_workers() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

serve::PolicyTable::Open engine_opener(std::string embodiment, FolderOptions given,
                                       infer::EngineOptions options) {
  return [embodiment = std::move(embodiment), given = std::move(given),
          options](const std::filesystem::path& folder) {
    require_folder("policy", folder.string());
    Checkpoint checkpoint = Checkpoint::open(folder, given);
    std::shared_ptr<const infer::Engine> engine;
    if (checkpoint.processors && !embodiment.empty()) {
      const Embodiment robot = find_embodiment(embodiment, checkpoint.config.vision.image_size);
      engine = infer::open_engine(std::move(checkpoint), &robot, options);
    } else {
      engine = infer::open_engine(std::move(checkpoint), nullptr, options);
    }
    print_warnings(engine->checkpoint().warnings);
    return engine;
  };
}

void add_serve(CLI::App& app) {
  const auto verb = std::make_shared<ServeVerb>();
  CLI::App* sub = app.add_subcommand(
      "serve", "answer robots over websockets (openpi's protocol); see docs/serving.md");
  sub->add_option("DIR", verb->folders, "policy folders; the first is the default")
      ->required()
      ->type_name("");
  add_embodiment_options(*sub, verb->embodiment);
  sub->add_option("--port", verb->server.port, "0: a free one")->type_name("N");
  add_access_flags(*sub, verb->server, verb->lan, "");
  sub->add_flag("--console", verb->console,
                "also the console's pages, at the same address; robots may join it");
  sub->add_option("--workers", verb->workers, "inferences at once; 0: one for each processor")
      ->check(at_least(0))
      ->type_name("N");
  sub->add_option("--batch", verb->service.batch,
                  "most requests computed together; 0: what helps by a measurement at the start")
      ->check(CLI::Range(0, 64))
      ->type_name("N");
  sub->add_option("--long-ms", verb->service.long_ms,
                  "requests expected to take longer never take the last worker")
      ->type_name("MS");
  sub->add_option("--cache-mib", verb->cache_mib, "memory for sessions' encoded pictures and words")
      ->check(at_least(0))
      ->type_name("MIB");
  sub->add_option("--canary", verb->canaries,
                  "NAME=DIR:SHARE, another policy for a share of the sessions")
      ->type_name("");
  sub->add_option("--ledger", verb->ledger,
                  "enter the end of a canary in this ledger; one that was withdrawn is refused")
      ->type_name("FILE");
  sub->add_option("--max-sessions", verb->server.max_sessions, "open websockets")->type_name("N");
  sub->add_option("--max-rate", verb->server.max_rate, "requests a second of one connection")
      ->type_name("N");
  sub->add_option("--max-message-bytes", verb->server.max_message_bytes, "of one request")
      ->type_name("N");
  sub->add_option("--idle-s", verb->server.idle_s, "a connection without a sign of life ends")
      ->type_name("S");
  sub->add_option("--seed", verb->seed,
                  "of the noise of clients that name none; -1: another each time")
      ->type_name("N");
  sub->add_option("--lerobot-port", verb->lerobot_port,
                  "also LeRobot's gRPC service (up to 0.6) on this machine; 0: a free port")
      ->check(CLI::Range(0, 65535))
      ->type_name("N");
  sub->add_option("--journal", verb->journal, "records requests and answers in this folder")
      ->type_name("DIR");
  add_lossless_flag(*sub, verb->lossless);
  add_engine_flags(*sub, verb->engine);
  add_folder_flags(*sub, verb->given);
  sub->callback([verb] { run_server(*verb); });
}

}  // namespace gyre::apps
