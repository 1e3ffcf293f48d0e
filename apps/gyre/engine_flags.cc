#include "engine_flags.h"

#include <map>
#include <string>

namespace gyre::apps {

void add_engine_flags(CLI::App& verb, infer::EngineOptions& options, const char* engine) {
  const std::string group = "How the policy is computed";
  static const std::map<std::string, infer::EngineKind> kinds{
      {"cpu", infer::EngineKind::kCpu}, {"reference", infer::EngineKind::kReference}};
  verb.add_option_function<std::string>(
          "--engine", [&options](const std::string& name) { options.kind = kinds.at(name); },
          "cpu: kernels of our own; reference: LibTorch, float32")
      ->check(CLI::IsMember({"cpu", "reference"}))
      ->default_str(engine)
      ->type_name("NAME")
      ->group(group);
  verb.add_option("--precision", options.precision,
                  "of the weights: f32, bf16, int8, int4; auto: as they are stored")
      ->check(CLI::IsMember({"auto", "f32", "bf16", "int8", "int4"}))
      ->type_name("NAME")
      ->group(group);
  verb.add_option("--target", options.target,
                  "instructions: portable, avx2, avx512, amx, neon; auto: the best here")
      ->check(CLI::IsMember({"auto", "portable", "avx2", "avx512", "amx", "neon"}))
      ->type_name("NAME")
      ->group(group);
  verb.add_option("--threads", options.threads, "threads of one inference")
      ->check(CLI::PositiveNumber)
      ->type_name("N")
      ->group(group);
  verb.add_option(
          "--reuse-pictures", options.reuse_pictures,
          "a picture none of whose patches changed by as much (mean, of 0 .. 1) is not looked "
          "at again; 0: only one that is the same")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("NUMBER")
      ->group(group);
  verb.add_flag("--pin", options.pin, "each thread stays on a core of its own")->group(group);
}

}  // namespace gyre::apps
