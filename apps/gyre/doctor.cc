// gyre doctor: what is here, how fast it is, and what is missing.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "gyre/core/error.h"
#include "gyre/io/parquet.h"
#include "gyre/model/backend.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

// The first line of /proc/cpuinfo with this key.
std::string processor_line(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key)) return line.substr(std::min(line.find(':') + 2, line.size()));
  }
  return "unknown";
}

// Of the instruction sets that matter to a policy, those that are here.
std::string instruction_sets() {
  const std::string flags = " " + processor_line("flags") + " ";
  std::string here;
  for (const char* set :
       {"avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16"}) {
    if (flags.find(fmt::format(" {} ", set)) != std::string::npos) {
      here += (here.empty() ? "" : " ") + std::string(set);
    }
  }
  return here.empty() ? "none of those known" : here;
}

// Runs `check`; what it throws is what is missing.
template <class Check>
std::string tried(nlohmann::json& missing, const std::string& what, const Check& check) {
  try {
    return check();
  } catch (const std::exception& error) {
    missing.push_back(what + ": " + error.what());
    return "missing";
  }
}

// A robot in its scene, and a picture of each camera.
std::string try_simulator() {
  const sim::KitchenArena arena;
  const auto bench = arena.open(arena.attempt("open_drawer", "so101/ee", 1), {});
  for (Camera* const camera : bench->cameras()) {
    const PictureRef picture = camera->newest();
    if (!picture || picture->image == Image::black(picture->image.width, picture->image.height)) {
      throw Error("simulator", "its cameras see nothing", "check the OSMesa library");
    }
  }
  return "works, cameras too";
}

void run(const std::string& where) {
  nlohmann::json missing = nlohmann::json::array();
  const model::Backend backend = model::backend();
  nlohmann::json info = {
      {"gyre", GYRE_VERSION},
      {"compiler", __VERSION__},
      {"processor", processor_line("model name")},
      {"cores", std::thread::hardware_concurrency()},
      {"instructions", instruction_sets()},
      {"libtorch", fmt::format("{}, its kernels use {}", backend.libtorch, backend.processor)},
      {"devices", backend.devices},
      {"gflops_one_core", model::product_gflops()}};
  info["duckdb"] = tried(missing, "Parquet", [] { return io::Parquet::open()->version(); });
  info["simulator"] = tried(missing, "simulator", try_simulator);
  info["policy"] = tried(missing, "shipped policy", [] {
    require_folder("policy", "assets/policies/nano");
    return std::string("assets/policies/nano");
  });
  info["missing"] = missing;

  std::string text;
  for (const auto& [key, value] : info.items()) {
    if (key == "missing" || key == "gflops_one_core") continue;
    text += fmt::format("  {:<14} {}\n", key,
                        value.is_string() ? value.get<std::string>() : value.dump());
  }
  text += fmt::format("  {:<14} {:.1f} GFLOP/s (float32 products, one core)\n", "speed",
                      info["gflops_one_core"].get<double>());
  if (missing.empty()) text += "  nothing is missing\n";
  for (const auto& what : missing) {
    text += fmt::format("  {:<14} {}\n", "MISSING", what.get<std::string>());
  }
  print_result(text, info, where);
}

}  // namespace

void add_doctor(CLI::App& app) {
  const auto where = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("doctor", "versions, devices, speed, and what is missing");
  add_json_option(*verb, *where);
  verb->callback([where] { run(*where); });
}

}  // namespace gyre::apps
