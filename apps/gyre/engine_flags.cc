#include "engine_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <string>
#include <vector>

#include "gyre/infer/cpu/kernels.h"
#include "options.h"

namespace gyre::apps {

void add_engine_flags(CLI::App& verb, infer::EngineOptions& options, const char* engine) {
  const std::string group = "Inference engine";
  static const std::map<std::string, infer::EngineKind> kinds{
      {"cpu", infer::EngineKind::kCpu}, {"reference", infer::EngineKind::kReference}};
  verb.add_option_function<std::string>(
          "--engine", [&options](const std::string& name) { options.kind = kinds.at(name); },
          "cpu: kernels of our own; reference: LibTorch, float32")
      ->check(CLI::IsMember({"cpu", "reference"}))
      ->default_str(engine)
      ->type_name("NAME")
      ->group(group);
  const auto add_name = [&](const char* flag, std::string& name, const char* help,
                            std::vector<std::string> names, const char* otherwise) {
    const std::string text =
        fmt::format("{}: {}; auto: {}", help, fmt::join(names, ", "), otherwise);
    names.emplace_back("auto");
    verb.add_option(flag, name, text)->check(CLI::IsMember(names))->type_name("NAME")->group(group);
  };
  add_name("--precision", options.precision, "of the weights", infer::cpu::precision_names(),
           "f32; weights stored in bfloat16: bf16, or int12 without a fast bf16 product");
  add_name("--target", options.target, "instructions", infer::cpu::target_names(), "the best here");
  verb.add_option("--threads", options.threads, "threads of one inference")
      ->check(at_least(1))
      ->type_name("N")
      ->group(group);
  verb.add_option(
          "--reuse-pictures", options.reuse_pictures,
          "a camera's picture keeps its tokens while every patch changes by less than this (mean, "
          "pixels 0 .. 1); 0: only while it is the same")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("NUMBER")
      ->group(group);
  verb.add_flag("--pin", options.pin, "each thread stays on a core of its own")->group(group);
}

}  // namespace gyre::apps
