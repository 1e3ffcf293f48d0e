// gyre bench infer: what a chunk costs, each case in a process of its own; gyre bench kernels: what
// the products and the attention inside cost.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench_data.h"
#include "bench_facts.h"
#include "bench_gate.h"
#include "bench_scope.h"
#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/infer/cpu/engine.h"
#include "gyre/infer/reference.h"
#include "gyre/policy/initial_folder.h"
#include "gyre/verify/measure_inference.h"
#include "gyre/verify/measure_kernels.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct BenchOptions {
  std::vector<std::string> presets, policies;
  std::vector<std::string> precisions = {"auto"}, targets = {"auto"};
  std::vector<int> threads = {1}, batches = {1}, cameras = {0}, steps = {0};
  std::vector<int> rows = {816, 51, 50, 32, 10, 1};
  std::vector<std::string> shapes = {"2048x2560", "1024x4096", "4096x1024"};
  std::vector<int> keys = {816};
  int prompt_tokens = 0;
  int warm_up = 1, repetitions = 3;
  std::string weights = (fs::temp_directory_path() / "gyre-bench").string();
  bool outliers = false;
  std::string against;
  std::string row;  // one case, as JSON: what a child process measures
  std::string json;
};

// Of a row that LibTorch's graph computes, in float32: no precision of the CPU engine.
const std::string kReference = "reference";

// Random weights of a published size, made once and kept.
fs::path preset_folder(const BenchOptions& options, const std::string& preset) {
  fs::path folder = fs::path(options.weights) / (preset + (options.outliers ? "-outliers" : ""));
  if (fs::exists(folder / "config.json")) return folder;
  fs::create_directories(options.weights);
  constexpr uint64_t kMegabyte = 1'000'000;
  std::unique_ptr<Progress> progress;
  write_initial_folder(preset == "pi0" ? ModelConfig::pi0() : ModelConfig::pi05(),
                       {.seed = 1, .type = io::Dtype::kBF16, .outliers = options.outliers}, folder,
                       nullptr, [&](uint64_t done, uint64_t total) {
                         if (!progress) {
                           progress = std::make_unique<Progress>(
                               "random weights " + folder.string(),
                               static_cast<int64_t>(total / kMegabyte), "MB");
                         }
                         progress->update(static_cast<int64_t>(done / kMegabyte));
                       });
  return folder;
}

// One case in a process of its own, so that its memory is its own.
nlohmann::json measure_apart(const nlohmann::json& wanted) {
  return run_apart({"bench", "infer", "--row", wanted.dump()});
}

void measure_row(const std::string& text) {
  const nlohmann::json wanted = nlohmann::json::parse(text);
  const Checkpoint checkpoint = Checkpoint::open(wanted.at("folder").get<std::string>());
  const verify::InferCase one{.weights = checkpoint.weights_path(),
                              .config = checkpoint.config,
                              .engine = {.precision = wanted.at("precision"),
                                         .target = wanted.at("target"),
                                         .threads = wanted.at("threads"),
                                         .pin = true},
                              .batch = wanted.at("batch"),
                              .cameras = wanted.at("cameras"),
                              .steps = wanted.at("steps"),
                              .prompt_tokens = wanted.at("prompt_tokens"),
                              .warm_up = wanted.at("warm_up"),
                              .repetitions = wanted.at("repetitions")};
  nlohmann::json row;
  if (one.engine.precision == kReference) {
    const verify::InferInputs given = verify::infer_inputs(one);
    row["actions"] = infer::reference_chunk(one.config, one.weights, given.images, given.mask,
                                            given.tokens, given.states, given.noise, given.steps);
  } else {
    row = verify::measure_inference(one);
  }
  fmt::print("{}\n", row.dump());
}

// How near a row's chunk is to the same chunk of a reference.
void compare(const std::string& against, const nlohmann::json& reference, nlohmann::json& row) {
  const auto ours = row.at("actions").get<std::vector<float>>();
  const auto theirs = reference.at("actions").get<std::vector<float>>();
  double dot = 0, own = 0, other = 0, worst = 0, largest = 0;
  for (size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    const double a = ours[i], b = theirs[i];
    dot += a * b;
    own += a * a;
    other += b * b;
    worst = std::max(worst, std::abs(a - b));
    largest = std::max(largest, std::abs(b));
  }
  row["against"] = against;
  row["cosine"] = dot / std::sqrt(own * other);
  row["max_abs"] = worst;
  row["largest_action"] = largest;
}

template <class T, class Next>
void each(const std::vector<T>& values, const Next& next) {
  for (const T& value : values) next(value);
}

void infer(const BenchOptions& options) {
  if (!options.row.empty()) return measure_row(options.row);
  if (options.presets.empty() && options.policies.empty()) {
    throw Error("bench infer", "there is nothing to measure",
                "give --preset pi0,pi05 or --policy DIR,...");
  }
  std::vector<nlohmann::json> cases;
  const auto add = [&](const char* kind, const std::string& name, const std::string& folder) {
    each(options.precisions, [&](const std::string& precision) {
      each(options.targets, [&](const std::string& target) {
        each(options.threads, [&](int threads) {
          each(options.batches, [&](int batch) {
            each(options.cameras, [&](int cameras) {
              each(options.steps, [&](int steps) {
                const bool usual = precision == "auto" && target == "auto" && threads == 1 &&
                                   batch == 1 && cameras == 0 && steps == 0;
                cases.push_back({{kind, name},
                                 {"folder", folder},
                                 {"precision", precision},
                                 {"target", target},
                                 {"threads", threads},
                                 {"batch", batch},
                                 {"cameras", cameras},
                                 {"steps", steps},
                                 {"default", usual},
                                 {"prompt_tokens", options.prompt_tokens},
                                 {"warm_up", options.warm_up},
                                 {"repetitions", options.repetitions}});
              });
            });
          });
        });
      });
    });
  };
  for (const std::string& policy : options.policies) {
    require_folder("policy", policy);
    add("policy", policy, policy);
  }
  for (const std::string& preset : options.presets) {
    add("preset", preset, preset_folder(options, preset).string());
  }

  nlohmann::json rows = nlohmann::json::array();
  std::string text =
      fmt::format("{:<22} {:>5} {:>8} {:>3} {:>5} {:>10} {:>10} {:>9} {:>6} {:>9}\n", "policy", "",
                  "target", "thr", "batch", "median ms", "p99 ms", "GFLOP/s", "share", "peak MiB");
  std::map<std::string, nlohmann::json> references;  // by what their numbers depend on
  Progress progress("measuring", static_cast<int64_t>(cases.size()), "cases");
  for (const nlohmann::json& wanted : cases) {
    nlohmann::json row = measure_apart(wanted);
    for (const char* key : {"preset", "policy", "default"}) {
      if (wanted.contains(key)) row[key] = wanted[key];
    }
    if (!options.against.empty()) {
      nlohmann::json same = wanted;
      same.update({{"precision", options.against},
                   {"target", "auto"},
                   {"threads", 1},
                   {"batch", 1},
                   {"warm_up", 1},
                   {"repetitions", 1}});
      same.erase("default");
      nlohmann::json& reference = references[same.dump()];
      if (reference.is_null()) reference = measure_apart(same);
      compare(options.against, reference, row);
    }
    row.erase("actions");
    row["commit"] = bench_commit();
    row["cpu"] = processor();
    const std::string name = row.value("preset", row.value("policy", ""));
    text += fmt::format(
        "{:<22} {:>5} {:>8} {:>3} {:>5} {:>10.2f} {:>10.2f} {:>9.1f} {:>6.2f} {:>9.0f}\n",
        name.substr(name.size() > 22 ? name.size() - 22 : 0), row["precision"].get<std::string>(),
        row["target"].get<std::string>(), row["threads"].get<int>(), row["batch"].get<int>(),
        row["median_ms"].get<double>(), row["p99_ms"].get<double>(), row["gflops"].get<double>(),
        row["share_of_peak"].get<double>(), row["peak_rss_mib"].get<double>());
    const nlohmann::json& stages = row["stages_ms"];
    const auto share = [&](const char* stage) {
      double all = 0;
      for (const char* each : {"vision", "language", "flow"}) all += stages[each].get<double>();
      return 100 * stages[stage].get<double>() / all;
    };
    text += fmt::format("{:>28} {:.0f} % vision, {:.0f} % language, {:.0f} % flow\n", "of it",
                        share("vision"), share("language"), share("flow"));
    if (row.contains("cosine")) {
      text += fmt::format("{:>28} cosine {:.8f}, largest difference {:.2e} of {:.2e}\n",
                          "to " + options.against, row["cosine"].get<double>(),
                          row["max_abs"].get<double>(), row["largest_action"].get<double>());
    }
    rows.push_back(std::move(row));
    progress.update(static_cast<int64_t>(rows.size()));
  }
  print_result(text, {{"rows", rows}}, options.json);
}

// All products and attentions that the options ask for.
std::vector<verify::KernelCase> kernel_cases(const BenchOptions& options) {
  using verify::KernelCase;
  constexpr int kHeadDim = 256;  // Gemma's
  std::vector<KernelCase> cases;
  std::vector<std::string> precisions = options.precisions;
  if (precisions == std::vector<std::string>{"auto"}) precisions = infer::cpu::precision_names();
  for (const std::string& target : options.targets) {
    const auto on = target == "auto" ? infer::cpu::best_target() : infer::cpu::target_named(target);
    for (const std::string& name : precisions) {
      const infer::cpu::Precision precision = infer::cpu::precision_named(name);
      for (const std::string& shape : options.shapes) {
        KernelCase one{.target = on, .precision = precision};
        char rest = 0;
        if (std::sscanf(shape.c_str(), "%dx%d%c", &one.k, &one.n, &rest) != 2 || one.k < 1 ||
            one.n < 1) {
          throw Error("--shape " + shape, "is not KxN", "write 1024x4096, for example");
        }
        for (const int rows : options.rows) {
          one.m = rows;
          cases.push_back(one);
        }
      }
      for (const int keys : options.keys) {
        for (const int rows : options.rows) {
          cases.push_back({.op = KernelCase::Op::kAttention,
                           .target = on,
                           .precision = precision,
                           .m = rows,
                           .k = kHeadDim,
                           .n = keys});
        }
      }
    }
  }
  return cases;
}

void kernels(const BenchOptions& options) {
  const std::vector<verify::KernelCase> cases = kernel_cases(options);
  nlohmann::json rows = nlohmann::json::array();
  std::string text = fmt::format("{:<9} {:>8} {:>5} {:>5} {:>12} {:>9} {:>9} {:>6}\n", "", "target",
                                 "", "rows", "K x N", "error", "GFLOP/s", "share");
  Progress progress("measuring", static_cast<int64_t>(cases.size()), "kernels");
  for (const auto& one : cases) {
    if (stop_requested()) throw Error("bench", "was interrupted", "start it again");
    nlohmann::json row = verify::measure_kernel(one);
    row["commit"] = bench_commit();
    row["cpu"] = processor();
    text += fmt::format("{:<9} {:>8} {:>5} {:>5} {:>12} {:>9.1e} {:>9.1f} {:>6.2f}\n",
                        row["op"].get<std::string>(), row["target"].get<std::string>(),
                        row["precision"].get<std::string>(), one.m,
                        fmt::format("{}x{}", one.k, one.n), row["error"].get<double>(),
                        row["gflops"].get<double>(), row["share_of_peak"].get<double>());
    rows.push_back(std::move(row));
    progress.update(static_cast<int64_t>(rows.size()));
  }
  print_result(text, {{"rows", rows}}, options.json);
}

template <class T>
CLI::Option* add_list(CLI::App& verb, const char* flag, std::vector<T>& values,
                      const std::string& help) {
  return verb.add_option(flag, values, help)->delimiter(',')->type_name("LIST");
}

}  // namespace

void add_bench(CLI::App& app) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App* verb = app.add_subcommand(
      "bench", "what inference and recording cost on this machine, and how the gate errs");
  verb->require_subcommand(1);
  const auto common = [&](CLI::App& sub) {
    add_list(sub, "--precision", options->precisions,
             fmt::format("auto, {}", fmt::join(infer::cpu::precision_names(), ", ")));
    add_list(sub, "--target", options->targets,
             fmt::format("auto, {}", fmt::join(infer::cpu::target_names(), ", ")));
    add_json_option(sub, options->json);
  };
  CLI::App* chunks = verb->add_subcommand("infer", "a chunk of a policy; lists give all cases");
  add_list(*chunks, "--preset", options->presets, "random weights of full size: pi0, pi05")
      ->check(CLI::IsMember({"pi0", "pi05"}));
  add_list(*chunks, "--policy", options->policies, "checkpoint folders");
  add_list(*chunks, "--threads", options->threads, "threads of one inference");
  add_list(*chunks, "--batch", options->batches, "robots at once");
  add_list(*chunks, "--cameras", options->cameras, "pictures that are there; 0: all");
  add_list(*chunks, "--steps", options->steps, "flow steps; 0: the policy's");
  chunks->add_option("--prompt-tokens", options->prompt_tokens, "0: the longest prompt")
      ->check(at_least(0))
      ->type_name("N");
  chunks->add_option("--warm-up", options->warm_up, "chunks before it counts")
      ->check(at_least(1))
      ->type_name("N");
  chunks->add_option("--repetitions", options->repetitions, "chunks that count")
      ->check(at_least(1))
      ->type_name("N");
  chunks->add_option("--weights", options->weights, "where random weights are kept (8 GB each)")
      ->type_name("DIR");
  chunks->add_flag("--outliers", options->outliers,
                   "random weights with a channel of 256 30 times as large, to test quantisation");
  std::vector<std::string> references = infer::cpu::precision_names();
  references.push_back(kReference);
  chunks
      ->add_option("--against", options->against,
                   "also say how near each chunk is to that of another precision, or of LibTorch's "
                   "graph in float32 (reference)")
      ->check(CLI::IsMember(references))
      ->type_name("NAME");
  chunks->add_option("--row", options->row)->group("");
  common(*chunks);
  chunks->callback([options] { infer(*options); });

  CLI::App* products = verb->add_subcommand(
      "kernels", "matrix products and attention with cold operands: error and speed");
  add_list(*products, "--rows", options->rows, "rows that are multiplied, tokens that attend");
  add_list(*products, "--shape", options->shapes, "of the weights, KxN");
  add_list(*products, "--keys", options->keys, "that each token of eight heads attends to");
  common(*products);
  products->callback([options] { kernels(*options); });
  add_bench_data(*verb);
  add_bench_serve(*verb);
  add_bench_drive(*verb);
  add_bench_robot(*verb);
  add_bench_gate(*verb);
  add_bench_scope(*verb);
}

}  // namespace gyre::apps
