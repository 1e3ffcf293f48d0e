// gyre policy init: a folder of random weights; gyre policy convert: a folder in another layout.
#include "policy_make.h"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/policy/convert_folder.h"
#include "gyre/policy/initial_folder.h"
#include "options.h"

namespace gyre::apps {
namespace {

struct PolicyMakeOptions {
  std::string from, to;
  std::string preset, layout;
  std::string dtype = "float32";
  uint64_t seed = 0;
  bool outliers = false;
  std::string vocabulary = "assets/vocabulary/nano.model";
  FolderOptions given;
};

io::Dtype weight_type(const std::string& name) {
  return name == "bfloat16" ? io::Dtype::kBF16 : io::Dtype::kF32;
}

// Megabytes written so far.
std::function<void(uint64_t, uint64_t)> show(const std::string& folder) {
  const auto progress = std::make_shared<std::unique_ptr<Progress>>();
  return [progress, folder](uint64_t done, uint64_t total) {
    constexpr uint64_t kMegabyte = 1'000'000;
    if (!*progress) {
      *progress = std::make_unique<Progress>("writing " + folder,
                                             static_cast<int64_t>(total / kMegabyte), "MB");
    }
    (*progress)->update(static_cast<int64_t>(done / kMegabyte));
  };
}

void init(const PolicyMakeOptions& options) {
  const bool nano = options.preset == "nano";
  write_initial_folder(
      nano                           ? ModelConfig::nano()
      : options.preset == "pi0"      ? ModelConfig::pi0()
      : options.preset == "pi0_fast" ? ModelConfig::pi0_fast()
                                     : ModelConfig::pi05(),
      {.seed = options.seed, .type = weight_type(options.dtype), .outliers = options.outliers},
      options.to, nano ? Tokenizer::open(options.vocabulary) : nullptr, show(options.to));
}

void convert(const PolicyMakeOptions& options) {
  require_folder("policy", options.from);
  const Checkpoint checkpoint = Checkpoint::open(options.from, options.given);
  const FolderKind layout =
      options.layout == "lerobot" ? FolderKind::kLeRobot : FolderKind::kOpenpi;
  const auto lost =
      convert_folder(checkpoint, layout, weight_type(options.dtype), options.to, show(options.to));
  for (const std::string& line : lost) fmt::print(stderr, "warning: {}\n", line);
}

CLI::Option* add_dtype(CLI::App& verb, PolicyMakeOptions& options) {
  return verb.add_option("--dtype", options.dtype, "of the weights")
      ->check(CLI::IsMember({"float32", "bfloat16"}));
}

}  // namespace

void add_policy_make(CLI::App& policy) {
  const auto options = std::make_shared<PolicyMakeOptions>();
  CLI::App* make = policy.add_subcommand("init", "a folder of random weights");
  make->add_option("folder", options->to, "new or empty folder")->required()->type_name("DIR");
  make->add_option("--preset", options->preset,
                   "the published sizes, laid out as LeRobot does; or Gyre's own")
      ->required()
      ->check(CLI::IsMember({"pi0", "pi05", "pi0_fast", "nano"}));
  make->add_option("--vocabulary", options->vocabulary, "sentencepiece model of a nano")
      ->type_name("FILE");
  make->add_option("--seed", options->seed, "of the weights")->type_name("N");
  make->add_flag("--outliers", options->outliers,
                 "one input channel of 256 is 30 times as large, to test quantisation");
  add_dtype(*make, *options);
  make->callback([options] { init(*options); });

  CLI::App* change =
      policy.add_subcommand("convert", "a LeRobot or openpi folder in the other layout or type");
  change->add_option("from", options->from, "checkpoint folder")->required()->type_name("DIR");
  change->add_option("to", options->to, "new or empty folder")->required()->type_name("DIR");
  change->add_option("--layout", options->layout, "of the new folder")
      ->required()
      ->check(CLI::IsMember({"lerobot", "openpi"}));
  add_dtype(*change, *options);
  add_folder_flags(*change, options->given);
  change->callback([options] { convert(*options); });
}

}  // namespace gyre::apps
