// gyre bench serve: robots on one server over loopback. The server is in this process, the robots
// in another one.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "bench_facts.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/serve/load.h"
#include "gyre/serve/server.h"
#include "options.h"
#include "serve_options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct ServeBench {
  std::string policy = "assets/policies/nano";
  std::vector<int> robots = {1, 8, 64};
  double seconds = 10, fleet_seconds = 60, deadline_ms = 100;
  int blocks = 3, batch = 0;
  std::string load;  // a LoadPlan as JSON: the other process
  std::string json;
};

double own_cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// Seconds that the host gave to other machines, of all processors together.
double stolen_s() {
  std::ifstream file("/proc/stat");
  std::string word;
  double ticks = 0;
  file >> word;
  for (int i = 0; i < 8; ++i) file >> ticks;  // the eighth is "steal"
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// Times of refusals on the server's clock.
class Refusals : public serve::Recorder {
 public:
  void record(const serve::Exchange& exchange) noexcept override {
    if (exchange.end != serve::Exchange::End::kRefused) return;
    const std::lock_guard lock(mutex_);
    ms_.push_back(static_cast<double>(exchange.end_ns - exchange.arrival_ns) / 1e6);
  }
  std::vector<double> milliseconds() {
    const std::lock_guard lock(mutex_);
    return ms_;
  }

 private:
  std::mutex mutex_;
  std::vector<double> ms_;
};

// A server with `workers` for as long as it lives.
class BenchServer {
 public:
  BenchServer(const ServeBench& bench, std::shared_ptr<const infer::Engine> engine, int workers)
      : service_(std::make_shared<serve::PolicyTable>(
                     std::vector<std::filesystem::path>{bench.policy}, std::vector<serve::Canary>{},
                     "", [engine](const std::filesystem::path&) { return engine; }),
                 {.workers = workers, .batch = bench.batch}, {&metrics_, &refusals}),
        server_(service_, metrics_, {.port = 0, .max_rate = 1e9}),
        thread_([this] { server_.run(); }) {}
  ~BenchServer() {
    server_.stop();
    thread_.join();
  }
  uint16_t port() const { return server_.port(); }
  int batch() const { return service_.options().batch; }

 private:
  serve::Metrics metrics_;

 public:
  Refusals refusals;

 private:
  serve::Service service_;
  serve::Server server_;
  std::thread thread_;
};

// Runs the robots of `plan` in another process against `server`.
nlohmann::json measure(const ServeBench& bench, BenchServer& server, serve::LoadPlan plan) {
  plan.port = server.port();
  const double cpu = own_cpu_s(), stolen = stolen_s();
  const serve::LoadReport report = run_apart(
      {"bench", "serve", "--policy", bench.policy, "--load", nlohmann::json(plan).dump()});
  const double all = plan.seconds + plan.warm_up_s;
  serve::LoadReport::Robot sum;
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (const auto& robot : report.robots) {
    sum.asked += robot.asked;
    sum.answered += robot.answered;
    sum.refused += robot.refused;
    sum.missed += robot.missed;
    // Robots that ask at random times do not all ask as often.
    const auto asked = static_cast<double>(std::max<int64_t>(robot.asked, 1));
    const double service = static_cast<double>(robot.answered) / (plan.rate_hz > 0 ? asked : 1);
    least = std::min(least, service);
    most = std::max(most, service);
  }
  return {{"robots", plan.robots},
          {"rate_hz", plan.rate_hz},
          {"seconds", plan.seconds},
          {"asked", sum.asked},
          {"answered", sum.answered},
          {"refused", sum.refused},
          {"missed", sum.missed},
          {"per_second", static_cast<double>(sum.answered) / plan.seconds},
          {"p50_ms", percentile(report.latencies_ms, 0.5)},
          {"p99_ms", percentile(report.latencies_ms, 0.99)},
          {"most_over_least_service", least > 0 ? most / least : 0},
          {"server_cpu", (own_cpu_s() - cpu) / all},
          {"load_cpu", report.cpu_s / all},
          {"stolen_s", stolen_s() - stolen}};
}

void keep_row(nlohmann::json& rows, std::string& text, nlohmann::json row) {
  text += fmt::format(
      "{:<22} {:>6} {:>7} {:>9.1f} {:>8.1f} {:>8.1f} {:>8} {:>7} {:>8.2f} {:>7.2f} {:>7.2f}\n",
      row["case"].get<std::string>(), row["robots"].get<int>(), row["workers"].get<int>(),
      row["per_second"].get<double>(), row["p50_ms"].get<double>(), row["p99_ms"].get<double>(),
      row["refused"].get<int64_t>(), row["missed"].get<int64_t>(),
      row["most_over_least_service"].get<double>(), row["server_cpu"].get<double>(),
      row["load_cpu"].get<double>());
  fmt::print(stderr, "{}", text.substr(text.rfind('\n', text.size() - 2) + 1));
  rows.push_back(std::move(row));
}

double middle(const std::vector<double>& values) { return percentile(values, 0.5); }

void bench_serve(const ServeBench& bench) {
  require_folder("policy", bench.policy);
  if (!bench.load.empty()) {
    std::vector<Embodiment> contracts;
    const Checkpoint checkpoint = Checkpoint::open(bench.policy);
    for (const auto& [name, trained] : checkpoint.embodiments) {
      if (name.ends_with("/ee") || checkpoint.embodiments.size() < 3) {
        contracts.push_back(trained.contract);
      }
    }
    const serve::LoadPlan plan = nlohmann::json::parse(bench.load);
    fmt::print("{}\n", nlohmann::json(serve::run_load(plan, contracts)).dump());
    return;
  }
  const std::shared_ptr<const infer::Engine> engine =
      engine_opener("", {}, {.threads = 1})(bench.policy);
  const int workers = std::max(2, serve_workers());
  nlohmann::json rows = nlohmann::json::array();
  std::string text = fmt::format(
      "{:<22} {:>6} {:>7} {:>9} {:>8} {:>8} {:>8} {:>7} {:>8} {:>7} {:>7}\n", "", "robots",
      "workers", "answers/s", "p50 ms", "p99 ms", "refused", "missed", "most/min", "cpu", "load");
  fmt::print(stderr, "{}", text);
  double capacity = 0;
  nlohmann::json speed_up = nlohmann::json::object();
  for (const int robots : bench.robots) {
    std::vector<double> one, all;
    for (int block = 0; block < bench.blocks; ++block) {
      for (const int count : {1, workers}) {
        BenchServer server(bench, engine, count);
        nlohmann::json row =
            measure(bench, server, {.robots = robots, .seconds = bench.seconds, .seed = 1});
        row["case"] = "as fast as it goes";
        row["workers"] = count;
        row["batch"] = server.batch();
        (count == 1 ? one : all).push_back(row["per_second"]);
        keep_row(rows, text, std::move(row));
      }
    }
    speed_up[std::to_string(robots)] = middle(all) / middle(one);
    capacity = middle(all);
  }
  const int fleet = bench.robots.back();
  for (const double load : {0.8, 1.5}) {
    BenchServer server(bench, engine, workers);
    nlohmann::json row = measure(bench, server,
                                 {.robots = fleet,
                                  .seconds = bench.fleet_seconds,
                                  .warm_up_s = 2,
                                  .rate_hz = load * capacity / fleet,
                                  .deadline_ms = bench.deadline_ms,
                                  .seed = 2});
    row["case"] = fmt::format("{:.0f} % of capacity", 100 * load);
    row["workers"] = workers;
    const std::vector<double> refusals = server.refusals.milliseconds();
    row["refusal_p999_ms"] = percentile(refusals, 0.999);
    keep_row(rows, text, std::move(row));
  }
  std::vector<double> calm, disturbed;
  BenchServer server(bench, engine, workers);
  for (int block = 0; block < 2 * bench.blocks; ++block) {
    const bool nuisance = block % 2 != 0;
    nlohmann::json row = measure(bench, server,
                                 {.robots = fleet,
                                  .seconds = bench.seconds,
                                  .rate_hz = 0.5 * capacity / fleet,
                                  .deadline_ms = bench.deadline_ms,
                                  .nuisance = nuisance,
                                  .seed = 3});
    row["case"] = nuisance ? "50 %, bad clients" : "50 %, alone";
    row["workers"] = workers;
    (nuisance ? disturbed : calm).push_back(row["p99_ms"]);
    keep_row(rows, text, std::move(row));
  }
  const nlohmann::json result{{"rows", rows},
                              {"speed_up", speed_up},
                              {"capacity_per_second", capacity},
                              {"p99_ms_alone", middle(calm)},
                              {"p99_ms_beside_bad_clients", middle(disturbed)},
                              {"commit", bench_commit()},
                              {"cpu", processor()}};
  text += fmt::format("{} workers answer {:.2f} times what one does, on {}\n", workers,
                      speed_up[std::to_string(fleet)].get<double>(), processor());
  print_result(text, result, bench.json);
}

}  // namespace

void add_bench_serve(CLI::App& app) {
  const auto options = std::make_shared<ServeBench>();
  CLI::App* verb = app.add_subcommand(
      "serve", "robots on one server over loopback: throughput, deadlines, overload, bad clients");
  verb->add_option("--policy", options->policy, "checkpoint folder")->type_name("DIR");
  verb->add_option("--robots", options->robots, "at once; the last is the fleet with deadlines")
      ->delimiter(',')
      ->check(at_least(1))
      ->type_name("LIST");
  verb->add_option("--seconds", options->seconds, "of each block")->type_name("S");
  verb->add_option("--fleet-seconds", options->fleet_seconds, "of each run with deadlines")
      ->type_name("S");
  verb->add_option("--deadline-ms", options->deadline_ms, "of each request")->type_name("MS");
  verb->add_option("--blocks", options->blocks, "of each kind, in turns")
      ->check(at_least(1))
      ->type_name("N");
  verb->add_option("--batch", options->batch, "most requests in a batch; 0: what helps")
      ->check(CLI::Range(0, 64))
      ->type_name("N");
  verb->add_option("--load", options->load)->group("");
  add_json_option(*verb, options->json);
  verb->callback([options] { bench_serve(*options); });
}

}  // namespace gyre::apps
