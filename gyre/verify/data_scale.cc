#include "gyre/verify/data_scale.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/verify/timing.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;

constexpr int kScaleJoints = 6;
constexpr double kPeriod = 0.02;

Embodiment scale_embodiment() {
  Embodiment e{.name = "arm/joint",
               .action_period_s = kPeriod,
               .state = {},
               .action = {},
               .cameras = {},
               .workspace = {}};
  for (int i = 0; i < kScaleJoints; ++i) {
    const Field field{.name = fmt::format("joint_{}", i + 1), .unit = "rad", .min = -4, .max = 4};
    e.state.push_back(field);
    e.action.push_back(field);
  }
  return e;
}

data::EpisodeRows scale_episode(int64_t number, int64_t frames, uint64_t seed) {
  Rng rng = Rng::stream(seed, fmt::format("episode {}", number));
  data::EpisodeRows episode{.embodiment = "arm/joint",
                            .task_name = fmt::format("task/{}", number % 20),
                            .family = "task",
                            .instruction = fmt::format("do thing number {}", number % 20),
                            .seed = static_cast<uint64_t>(number),
                            .success = rng.chance(0.7),
                            .rows = {}};
  double phase[kScaleJoints], speed[kScaleJoints];
  for (int i = 0; i < kScaleJoints; ++i) {
    phase[i] = rng.uniform(0, 6.28);
    speed[i] = rng.uniform(0.2, 2);
  }
  episode.rows.resize(static_cast<size_t>(frames));
  for (int64_t row = 0; row < frames; ++row) {
    data::Row& step = episode.rows[static_cast<size_t>(row)];
    step.index = row;
    step.time_ns = row * 20'000'000;
    step.task = episode.instruction;
    const double time = static_cast<double>(row) * kPeriod;
    for (int i = 0; i < kScaleJoints; ++i) {
      // As an encoder of 4096 ticks gives it.
      const double angle = std::sin(phase[i] + speed[i] * time);
      step.state.push_back(static_cast<float>(std::round(angle * 652) / 652));
      step.action.push_back(
          static_cast<float>(std::round(std::sin(phase[i] + speed[i] * (time + 0.1)) * 652) / 652));
    }
  }
  return episode;
}

double megabytes_below(const fs::path& folder) {
  uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return static_cast<double>(bytes) * 1e-6;
}

}  // namespace

void write_scale_dataset(const fs::path& folder, const DataScale& scale,
                         const std::function<void(int64_t, int64_t)>& progress,
                         const std::function<bool()>& stop) {
  if (scale.episodes < 1 || scale.frames < scale.episodes) {
    throw Error("bench data", "there must be as many frames as episodes");
  }
  data::DatasetWriter writer(folder, scale_embodiment(),
                             {.complete = false, .pending_bytes = 64'000'000});
  const int64_t mean = scale.frames / scale.episodes, spread = mean / 2;
  int64_t left = scale.frames;
  for (int64_t i = 0; i < scale.episodes; ++i) {
    if (stop && stop()) throw Interrupted("bench data", "was interrupted", "start it again");
    // Lengths go up and down around the mean; the last episode takes what is left.
    const int64_t rest = scale.episodes - i - 1;
    int64_t frames = spread == 0 ? mean : mean - spread + (i * 37 % (2 * spread + 1));
    frames = rest == 0 ? left : std::clamp<int64_t>(frames, 1, left - rest);
    writer.add(scale_episode(i, frames, scale.seed));
    left -= frames;
    if (progress) progress(i + 1, scale.episodes);
  }
  writer.finish();
}

Measured measure_program(const fs::path& program, const std::vector<std::string>& arguments) {
  const double start = wall_s();
  const pid_t child = ::fork();
  if (child < 0) throw Error("bench data", "cannot start a process");
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_WRONLY);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(nothing, STDERR_FILENO);
    std::vector<char*> words = {const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
      words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    ::execv(program.c_str(), words.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  return {.seconds = wall_s() - start,
          .memory_mib = static_cast<double>(usage.ru_maxrss) / 1024,
          .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

nlohmann::json measure_data_scale(const fs::path& program, const fs::path& folder,
                                  const DataScale& scale, const ScaleWatch& watch) {
  constexpr int kRuns = 3;  // the first one reads the files from the disk
  const double start = wall_s();
  write_scale_dataset(folder, scale, watch.writing, watch.stop);
  nlohmann::json result = {{"episodes", scale.episodes},
                           {"frames", scale.frames},
                           {"generate_s", wall_s() - start},
                           {"dataset_mb", megabytes_below(folder)}};
  const std::string dataset = folder.string();
  const std::vector<std::pair<std::string, std::vector<std::string>>> tools = {
      {"help", {"--help"}},
      {"info", {"data", "info", dataset}},
      {"verify_meta", {"data", "verify", "--meta", dataset}},
      {"verify_rows", {"data", "verify", "--fast", dataset}},
      {"filter_episodes", {"data", "filter", dataset, "--where", "length > 600 AND success"}},
      {"filter_steps",
       {"data", "filter", dataset, "--where", "success", "--having",
        "max(abs(action[1])) > 0.9 AND count(*) > 300"}}};
  const int64_t total = kRuns * std::ssize(tools);
  int64_t done = 0;
  nlohmann::json measured;
  for (const auto& [name, arguments] : tools) {
    std::vector<double> seconds;
    double memory = 0;
    for (int i = 0; i < kRuns; ++i) {
      if (watch.stop && watch.stop()) {
        throw Interrupted("bench data", "was interrupted", "start it again");
      }
      const Measured one = measure_program(program, arguments);
      seconds.push_back(one.seconds);
      memory = std::max(memory, one.memory_mib);
      if (one.exit_code != 0) {
        throw Error(fmt::format("gyre {}", fmt::join(arguments, " ")),
                    fmt::format("ended with {}", one.exit_code));
      }
      if (watch.running) watch.running(++done, total);
    }
    measured[name] = {{"seconds", median(seconds)}, {"memory_mib", memory}};
  }
  result["info_beyond_help_s"] =
      measured["info"]["seconds"].get<double>() - measured["help"]["seconds"].get<double>();
  result["tools"] = std::move(measured);
  result["reach"] = {{"generate_s", 120},         {"dataset_mb", 1000},  {"info_beyond_help_s", 1},
                     {"verify_meta_seconds", 30}, {"filter_seconds", 2}, {"memory_mib", 1024}};
  return result;
}

}  // namespace gyre::verify
