#include "gyre/data/conversion_record.h"

#include <fmt/format.h>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/data/dataset.h"

namespace gyre::data {

using nlohmann::ordered_json;

ordered_json conversion_step(const std::vector<std::filesystem::path>& files,
                             const std::filesystem::path& out, const ConvertOptions& options) {
  ordered_json listed = ordered_json::array();
  Sha256 all;
  for (const std::filesystem::path& file : files) {
    const std::string hash = sha256_file(file, 16);
    listed.push_back({file.filename().string(), hash});
    all.update(hash);
  }
  const DatasetOptions& dataset = options.dataset;
  ordered_json step = {
      {"verb", kConversionVerb},
      {"arguments", ordered_json::array()},
      {"program", "gyre 0.1.0"},
      {"inputs", {{{"folder", "journal"}, {"hash", all.hex(16)}, {"files", std::move(listed)}}}},
      {"convert",
       {{"keep_failures", options.keep_failures},
        {"by_seed", options.by_seed},
        {"one_contract", options.contract != nullptr},
        {"complete", dataset.complete},
        {"codec", dataset.video.codec},
        {"crf", dataset.video.crf},
        {"group", dataset.video.group},
        {"fast_decode", dataset.video.fast_decode}}}};
  if (std::filesystem::exists(out / "meta/info.json")) step["onto"] = Dataset(out).hash();
  return step;
}

bool is_conversion(const ordered_json& step) {
  return step.is_object() && step.value("verb", "") == kConversionVerb;
}

RecordedConversion recorded_conversion(const ordered_json& step) {
  RecordedConversion recorded;
  try {
    const ordered_json& input = step.at("inputs").at(0);
    for (const ordered_json& file : input.at("files")) {
      recorded.files.emplace_back(file.at(0), file.at(1));
    }
    const ordered_json& convert = step.at("convert");
    recorded.options.keep_failures = convert.at("keep_failures");
    recorded.options.by_seed = convert.at("by_seed");
    recorded.one_contract = convert.at("one_contract");
    DatasetOptions& dataset = recorded.options.dataset;
    dataset.complete = convert.at("complete");
    dataset.video.codec = convert.at("codec");
    dataset.video.crf = convert.at("crf");
    dataset.video.group = convert.at("group");
    dataset.video.fast_decode = convert.value("fast_decode", false);  // younger than the others
  } catch (const nlohmann::json::exception& error) {
    throw Error("conversion", fmt::format("is not recorded whole ({})", error.what()));
  }
  return recorded;
}

}  // namespace gyre::data
