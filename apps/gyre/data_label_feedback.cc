// gyre data label feedback: what people said about the robot's work, as labels of it.
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/journal_rows.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_episodes.h"
#include "gyre/flywheel/feedback.h"
#include "options.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;
using flywheel::Remark;

// Each with its attempt.
struct Remarked {
  data::LabelledEpisode episode;
  std::vector<Remark> remarks;
};

std::optional<Remarked> remarked(const std::optional<data::BuiltEpisode>& built) {
  if (!built || !built->whole()) return {};
  std::vector<Remark> remarks = flywheel::remarks_of(built->episode);
  if (remarks.empty()) return {};
  return Remarked{.episode = data::labelled_episode(*built), .remarks = std::move(remarks)};
}

std::vector<Remarked> remarks_in(const fs::path& journal) {
  std::vector<Remarked> all;
  const auto add = [&](const std::optional<data::BuiltEpisode>& built) {
    if (auto one = remarked(built)) all.push_back(*std::move(one));
  };
  data::JournalReader reader(journal, {.pixels = data::Pixels::kNone});
  data::RowBuilder builder(data::Pixels::kNone);
  for (Record record; reader.next(record);) add(builder.take(record));
  add(builder.finish());
  return all;
}

void label_feedback(const std::string& folder, const std::string& json_file) {
  require_folder("journal", folder);
  const std::vector<Remarked> all = remarks_in(folder);
  if (all.empty()) {
    throw Error(folder, "has no words of a person about what the robot did",
                "whole attempts of a journal folder, with words said while it worked, have them");
  }
  std::map<std::string, std::vector<data::Label>> labels;  // by contract
  std::string text;
  nlohmann::json json = {{"remarks", nlohmann::json::array()}};
  for (const Remarked& one : all) {
    for (const Remark& remark : one.remarks) {
      const std::string_view meaning = flywheel::feedback_word(remark.meaning);
      data::Label label = data::label_for(one.episode, remark.begin, remark.end);
      label.text = std::string(meaning);
      labels[one.episode.contract_hash].push_back(std::move(label));
      text += fmt::format("episode {:<4} {:>4}:{:<4} {:<12} \"{}\"\n", one.episode.number,
                          remark.begin, remark.end, meaning, remark.words);
      json["remarks"].push_back({{"episode", one.episode.number},
                                 {"frames", {remark.begin, remark.end}},
                                 {"meaning", meaning},
                                 {"words", remark.words}});
    }
  }
  for (auto& [contract, found] : labels) {
    const data::LabelHead head{.name = "feedback",
                               .type = data::LabelType::kText,
                               .version = "1",
                               .author = "gyre data label feedback",
                               .kind = "program",
                               .time = data::utc_now(),
                               .contract_hash = contract};
    const data::LabelStream stream = data::write_labels(folder, head, std::move(found));
    json["streams"].push_back(nlohmann::json(data::stream_json(stream)));
  }
  print_result(text, json, json_file);
}

}  // namespace

void add_data_label_feedback(CLI::App& label) {
  struct Options {
    std::string folder, json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* verb = label.add_subcommand(
      "feedback", "label what people praised or blamed while the robot worked, from their words");
  verb->add_option("folder", options->folder, "journal folder")->required()->type_name("DIR");
  add_json_option(*verb, options->json);
  verb->callback([options] { label_feedback(options->folder, options->json); });
}

}  // namespace gyre::apps
