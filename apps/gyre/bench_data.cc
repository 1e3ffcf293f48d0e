// gyre bench data: what it costs to record, to load pictures in the order of training, and what the
// tools of `gyre data` cost on many episodes.
#include "bench_data.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "bench_facts.h"
#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/verify/data_loading.h"
#include "gyre/verify/data_scale.h"
#include "gyre/verify/measure_labels.h"
#include "gyre/verify/measure_recording.h"
#include "options.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct BenchDataOptions {
  verify::RecordingCase recording;
  verify::DataScale scale;
  verify::LoadingCase loading;
  verify::LabelScale labels;
  std::string part = "all";
  std::string folder = "bench_data";
  std::string json;
};

std::string describe_recording(const nlohmann::json& json) {
  std::string text;
  const auto row = [&](const char* what, const std::string& value) {
    text += fmt::format("  {:<16} {}\n", what, value);
  };
  row("recorded", fmt::format("{:.1f} s, {} attempts, {} steps, {} pictures, {:.1f} MB",
                              json["seconds"].get<double>(), json["attempts"].get<int64_t>(),
                              json["steps"].get<int64_t>(), json["pictures"].get<int64_t>(),
                              json["journal_bytes"].get<double>() * 1e-6));
  row("one core", fmt::format("{:.1f} %", 100 * json["cpu_share"].get<double>()));
  row("end of attempt",
      fmt::format("{:.1f} ms, at most {:.1f} ms", json["end_attempt_ms"]["median"].get<double>(),
                  json["end_attempt_ms"]["max"].get<double>()));
  row("memory", fmt::format("{:.0f} MB, {:+.1f} % since a third of the time",
                            json["resident_mb"]["end"].get<double>(),
                            100 * json["resident_growth"].get<double>()));
  const nlohmann::json& dataset = json["convert"];
  row("dataset",
      fmt::format("{:.1f} s for {} episodes, {} rows; {} pictures lost, {} episodes damaged",
                  dataset["seconds"].get<double>(), dataset["episodes"].get<int64_t>(),
                  dataset["rows"].get<int64_t>(), dataset["lost_pictures"].get<int64_t>(),
                  dataset["damaged"].get<int64_t>()));
  return text;
}

std::string describe_tools(const nlohmann::json& json) {
  std::string text =
      fmt::format("  {} episodes, {} frames: {:.0f} MB, made in {:.1f} s\n",
                  json["episodes"].get<int64_t>(), json["frames"].get<int64_t>(),
                  json["dataset_mb"].get<double>(), json["generate_s"].get<double>());
  for (const auto& [name, value] : json["tools"].items()) {
    text += fmt::format("  {:<16} {:>7.2f} s {:>7.0f} MiB\n", name, value["seconds"].get<double>(),
                        value["memory_mib"].get<double>());
  }
  return text;
}

std::string describe_loading(const nlohmann::json& json) {
  std::string text;
  for (const nlohmann::json& each : json["windows"]) {
    text += fmt::format("  {:<5} {} threads  {:>7.0f} frames/s, {:.2f} cores, {:.0f} of {} MiB\n",
                        each["codec"].get<std::string>(), each["workers"].get<int>(),
                        each["frames_per_s"].get<double>(), each["cores"].get<double>(),
                        each["grown_mib"].get<double>(), each["memory_mib"].get<int64_t>());
  }
  text +=
      fmt::format("  seek in 20 min    {:.2f} ms, 99 % {:.2f} ms\n",
                  json["seek_ms"]["median"].get<double>(), json["seek_ms"]["p99"].get<double>());
  text += fmt::format("  first batch       {:.2f} s of 1,000 episodes\n",
                      json["first_batch_s"].get<double>());
  text += fmt::format(
      "  resumed           {} of {} x {} samples differ\n", json["resume"]["differ"].get<int64_t>(),
      json["resume"]["starts"].get<int64_t>(), json["resume"]["samples"].get<int64_t>());
  if (json.contains("training")) {
    const nlohmann::json& training = json["training"];
    text += fmt::format(
        "  training          {:.1f} samples/s from video, {:.1f} from video again, {:.1f} from "
        "memory\n",
        training["video_samples_per_s"].get<double>(),
        training["again_samples_per_s"].get<double>(),
        training["memory_samples_per_s"].get<double>());
  }
  return text;
}

void write_loading_files(const fs::path& folder) {
  if (fs::exists(folder)) {
    throw Error(folder.string(), "is there already", "name another folder with --folder");
  }
  verify::write_loading_data(folder, progress_of("writing videos", "parts"), stop_requested);
}

// On files that are there, or in a folder of one's own that another process fills: what it took
// would count as memory of this one.
nlohmann::json measure_loading(BenchDataOptions& options) {
  const fs::path folder = options.folder;
  const bool own = !fs::exists(folder);
  if (own)
    run_apart({"bench", "data", "--part", "loading-files", "--folder", folder, "--json", "-"});
  options.loading.folder = folder;
  options.loading.stop = stop_requested;
  nlohmann::json result = verify::measure_loading(options.loading);
  if (own) fs::remove_all(folder);
  if (stop_requested()) throw Interrupted("bench data", "was interrupted", "start it again");
  return result;
}

std::string describe_labels(const nlohmann::json& json) {
  return fmt::format(
      "  {} in {} streams ({:.1f} MB): added in {:.2f} s; by episode {:.3f} ms, at most {:.3f} ms; "
      "the first after {:.0f} ms\n",
      json["labels"].get<int64_t>(), json["streams"].get<int64_t>(), json["mb"].get<double>(),
      json["add_s"].get<double>(), json["query_ms"]["median"].get<double>(),
      json["query_ms"]["max"].get<double>(), json["first_query_ms"].get<double>());
}

// A folder of one's own for as long as the measurement takes.
nlohmann::json measure_tools(const BenchDataOptions& options) {
  const fs::path folder = options.folder;
  if (fs::exists(folder)) {
    throw Error(folder.string(), "is there already", "name another folder with --folder");
  }
  const auto clean = [&] {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  };
  try {
    nlohmann::json result =
        verify::measure_data_scale(fs::read_symlink("/proc/self/exe"), folder, options.scale,
                                   {.writing = progress_of("writing the dataset", "episodes"),
                                    .running = progress_of("running the tools", "runs"),
                                    .stop = stop_requested});
    clean();
    return result;
  } catch (...) {
    clean();
    throw;
  }
}

void bench_data(BenchDataOptions& options) {
  options.recording.folder = options.folder;
  options.recording.stop = stop_requested;
  const auto wanted = [&](const char* part) {
    return options.part == part || options.part == "all";
  };
  nlohmann::json json;
  std::string text;
  if (options.part == "loading-files") {
    write_loading_files(options.folder);
    json["folder"] = options.folder;
    text += options.folder + "\n";
  }
  if (wanted("recording")) {
    json["recording"] = verify::measure_recording(options.recording);
    if (stop_requested()) throw Interrupted("bench data", "was interrupted", "start it again");
    text += "recording\n" + describe_recording(json["recording"]);
  }
  if (wanted("tools")) {
    json["tools"] = measure_tools(options);
    text += "tools\n" + describe_tools(json["tools"]);
  }
  if (wanted("loading")) {
    json["loading"] = measure_loading(options);
    text += "loading\n" + describe_loading(json["loading"]);
  }
  if (wanted("labels")) {
    options.labels.folder = options.folder;
    json["labels"] =
        verify::measure_labels(options.labels, progress_of("adding labels", "streams"));
    text += "labels\n" + describe_labels(json["labels"]);
  }
  print_result(text, json, options.json);
}

}  // namespace

void add_bench_data(CLI::App& bench) {
  const auto options = std::make_shared<BenchDataOptions>();
  CLI::App* verb =
      bench.add_subcommand("data",
                           "recording three cameras in real time: processor, memory, "
                           "losses; the tools of `gyre data` on "
                           "many episodes without pictures; labels; loading pictures in the "
                           "random order of training");
  verb->add_option("--part", options->part,
                   "of the measurement; loading-files writes the videos of `loading` and leaves "
                   "them")
      ->check(CLI::IsMember({"all", "recording", "tools", "labels", "loading", "loading-files"}))
      ->type_name("PART");
  verb->add_option("--seconds", options->recording.seconds, "of recording")
      ->check(at_least(1))
      ->type_name("S");
  verb->add_option("--attempt", options->recording.attempt_s, "seconds of each attempt")
      ->check(at_least(1))
      ->type_name("S");
  verb->add_option("--episodes", options->scale.episodes, "of the dataset that the tools run on")
      ->check(at_least(1))
      ->type_name("N");
  verb->add_option("--frames", options->scale.frames, "of that dataset in all")
      ->check(at_least(1))
      ->type_name("N");
  verb->add_option("--memory-mib", options->loading.memory_mib, "that loading may take")
      ->check(at_least(1))
      ->type_name("MIB");
  verb->add_option("--train-steps", options->loading.train_steps,
                   "of each training run of loading, 0: none")
      ->check(at_least(0))
      ->type_name("N");
  verb->add_option("--folder", options->folder,
                   "new folder to work in, which is removed; of loading also one of loading-files")
      ->type_name("DIR");
  add_json_option(*verb, options->json);
  verb->callback([options] { bench_data(*options); });
}

}  // namespace gyre::apps
