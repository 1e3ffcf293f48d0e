// gyre bench data-scale: what the tools of `gyre data` cost on many episodes.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/verify/data_scale.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct ScaleOptions {
  verify::DataScale scale;
  std::string folder, json;
};

void measure_scale(const ScaleOptions& options) {
  const bool keep = !options.folder.empty();
  const fs::path folder = keep ? fs::path(options.folder)
                               : fs::temp_directory_path() / fmt::format("gyre-scale-{}", getpid());
  if (fs::exists(folder)) {
    throw Error(folder.string(), "is there already", "name another folder with --folder");
  }
  nlohmann::json result;
  try {
    result =
        verify::measure_data_scale(fs::read_symlink("/proc/self/exe"), folder, options.scale,
                                   progress_of("writing the dataset", "episodes"), stop_requested);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    throw;
  }
  if (!keep) fs::remove_all(folder);
  std::string text = fmt::format(
      "{} episodes, {} frames: {:.0f} MB, made in {:.1f} s\n", options.scale.episodes,
      options.scale.frames, result["dataset_mb"].get<double>(), result["generate_s"].get<double>());
  for (const auto& [name, value] : result.items()) {
    if (!value.is_object() || !value.contains("memory_mib") || !value.contains("seconds")) continue;
    text += fmt::format("{:<16} {:>7.2f} s {:>7.0f} MiB\n", name, value["seconds"].get<double>(),
                        value["memory_mib"].get<double>());
  }
  print_result(text, result, options.json);
}

}  // namespace

void add_bench_data_scale(CLI::App& bench) {
  const auto options = std::make_shared<ScaleOptions>();
  CLI::App* verb = bench.add_subcommand(
      "data-scale", "the tools of `gyre data` on many episodes without pictures");
  verb->add_option("--episodes", options->scale.episodes, "of the dataset that is made")
      ->check(at_least(1))
      ->type_name("N");
  verb->add_option("--frames", options->scale.frames, "in all")->check(at_least(1))->type_name("N");
  verb->add_option("--folder", options->folder, "keep the dataset here")->type_name("DIR");
  add_json_option(*verb, options->json);
  verb->callback([options] { measure_scale(*options); });
}

}  // namespace gyre::apps
