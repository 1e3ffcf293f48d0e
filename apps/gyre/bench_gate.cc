// gyre bench gate: how often the gate of a turn promotes what it should and what it should not, on
// drawn outcomes.
#include "bench_gate.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "bench_facts.h"
#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/gate_study.h"
#include "options.h"

namespace gyre::apps {
namespace {

struct BenchGateOptions {
  flywheel::GateStudyConfig study;
  std::string json;
};

void bench_gate(const BenchGateOptions& options) {
  if (options.study.decisions < 1 || options.study.chains < 0) {
    throw Error("bench gate", "there is nothing to simulate", "give --decisions 1 or more");
  }
  if (!(options.study.discordance >= 0 && options.study.discordance <= 1)) {
    throw Error("--discordance", "is a share: from 0 to 1");
  }
  std::unique_ptr<Progress> progress;
  nlohmann::json study = flywheel::study_gate(
      options.study, flywheel::measured_nano(options.study.discordance),
      [&](int64_t done, int64_t total) {
        if (!progress) progress = std::make_unique<Progress>("deciding", total, "decisions");
        progress->update(done);
      },
      stop_requested);
  study["commit"] = bench_commit();
  study["seed"] = options.study.seed;
  print_result(flywheel::gate_study_table(study), study, options.json);
}

}  // namespace

void add_bench_gate(CLI::App& bench) {
  const auto options = std::make_shared<BenchGateOptions>();
  CLI::App* verb = bench.add_subcommand(
      "gate", "simulated decisions of a turn's gate, with the shipped policy's measured rates");
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->study);
  verb->callback([options, resolve] {
    resolve();
    bench_gate(*options);
  });
}

}  // namespace gyre::apps
