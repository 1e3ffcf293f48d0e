// gyre data tasks, drop-feature, reencode, stats: what a dataset says of the same frames.
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_edit_plan.h"
#include "options.h"

namespace gyre::apps {
namespace {

struct ChangeOptions {
  std::string folder, size;
  std::vector<std::string> rename, set, features;
  data::DatasetEdit::Encode encode;
  EditTarget target;
};

void list_words(const ChangeOptions& options) {
  const data::Dataset dataset(options.folder);
  std::map<std::string, std::vector<int64_t>> tasks;
  for (const data::DatasetEpisode& episode : dataset.episodes()) {
    for (const std::string& words : episode.tasks) tasks[words].push_back(episode.index);
  }
  std::string text;
  for (const auto& [words, episodes] : tasks) {
    text += fmt::format("{:>6} episodes  {}\n", episodes.size(), words);
  }
  print_result(text, tasks, options.target.json);
}

void change_tasks(const ChangeOptions& options) {
  require_folder("dataset", options.folder);
  if (options.rename.empty() && options.set.empty()) return list_words(options);
  carry_out(data::tasks_plan(options.folder, options.rename, options.set), options.target, "");
}

void drop_features(const ChangeOptions& options) {
  require_folder("dataset", options.folder);
  data::DatasetEdit edit = data::whole_dataset(options.folder);
  edit.drop = options.features;
  carry_out(edit, options.target, "");
}

void encode_anew(ChangeOptions& options) {
  require_folder("dataset", options.folder);
  data::DatasetEdit edit = data::whole_dataset(options.folder);
  if (!options.size.empty()) {
    const char* end = options.size.data() + options.size.size();
    const auto [after, first] = std::from_chars(options.size.data(), end, options.encode.width);
    const bool cross = first == std::errc() && after != end && *after == 'x';
    const auto [last, second] =
        std::from_chars(cross ? after + 1 : end, end, options.encode.height);
    const auto fits = [](int side) { return side >= 16 && side <= 8192 && side % 2 == 0; };
    if (!cross || second != std::errc() || last != end || !fits(options.encode.width) ||
        !fits(options.encode.height)) {
      throw Error(fmt::format("'{}'", options.size), "is no size of a video",
                  "write 320x240, even numbers from 16 to 8192");
    }
  }
  edit.encode = options.encode;
  carry_out(edit, options.target, "");
}

void compute_stats(const ChangeOptions& options) {
  require_folder("dataset", options.folder);
  carry_out(data::whole_dataset(options.folder), options.target, "");
}

}  // namespace

void add_data_change(CLI::App& data) {
  const auto options = std::make_shared<ChangeOptions>();
  const auto add_folder = [options](CLI::App& verb) {
    verb.add_option("dataset", options->folder, "LeRobotDataset folder")
        ->required()
        ->type_name("DIR");
  };
  CLI::App* tasks = data.add_subcommand("tasks", "list the words of a dataset, or change them");
  add_folder(*tasks);
  tasks->add_option("--rename", options->rename, "other words for a task")->type_name("OLD=NEW");
  tasks->add_option("--set", options->set, "the words of episodes: 3,7-9=fold the towel")
      ->type_name("EPISODES=WORDS");
  add_edit_target(*tasks, options->target);
  tasks->callback([options] { change_tasks(*options); });

  CLI::App* drop = data.add_subcommand("drop-feature", "leave columns or cameras out");
  add_folder(*drop);
  drop->add_option("features", options->features, "their names in meta/info.json")
      ->required()
      ->type_name("KEY...");
  add_edit_target(*drop, options->target);
  drop->callback([options] { drop_features(*options); });

  CLI::App* encode = data.add_subcommand("reencode", "encode the videos of a dataset anew");
  add_folder(*encode);
  encode->add_option("--codec", options->encode.codec, "h264 or av1; default: as it is")
      ->check(CLI::IsMember({"h264", "av1"}))
      ->type_name("NAME");
  encode->add_option("--crf", options->encode.crf, "quality; smaller is better and larger")
      ->check(CLI::Range(0, 63))
      ->type_name("N");
  encode->add_option("--group", options->encode.group, "frames from one key frame to the next")
      ->check(CLI::Range(1, 600))
      ->type_name("N");
  encode->add_option("--size", options->size, "pixels of every camera")->type_name("WxH");
  add_edit_target(*encode, options->target);
  encode->callback([options] { encode_anew(*options); });

  CLI::App* stats = data.add_subcommand("stats", "compute a dataset's statistics anew");
  add_folder(*stats);
  add_edit_target(*stats, options->target);
  stats->callback([options] { compute_stats(*options); });
}

}  // namespace gyre::apps
