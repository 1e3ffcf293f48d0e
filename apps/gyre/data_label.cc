// gyre data label add, list, drop: words of people and programs about recorded episodes.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data_verbs.h"
#include "gyre/core/error.h"
#include "gyre/data/dataset_edit_plan.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_episodes.h"
#include "gyre/data/labels_import.h"
#include "gyre/io/file.h"
#include "options.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;
using Episodes = std::vector<data::LabelledEpisode>;

struct LabelOptions {
  std::string folder, import, episodes, frames, type, value, file, stream, json;
  std::optional<int64_t> episode;
  data::LabelHead head{.kind = "person"};
};

std::vector<int64_t> numbers_of(const Episodes& episodes) {
  std::vector<int64_t> numbers;
  for (const data::LabelledEpisode& episode : episodes) numbers.push_back(episode.number);
  std::ranges::sort(numbers);
  return numbers;
}

const data::LabelledEpisode& numbered(const Episodes& episodes, int64_t number) {
  return *std::ranges::find(episodes, number, &data::LabelledEpisode::number);
}

// "10:20" are frames 10 to 19, "12" is one.
std::pair<int64_t, int64_t> parse_frames(const std::string& text) {
  int64_t first = 0, last = 0;
  const char* end = text.data() + text.size();
  std::from_chars_result read = std::from_chars(text.data(), end, first);
  last = first + 1;
  if (read.ec == std::errc() && read.ptr != end && *read.ptr == ':') {
    read = std::from_chars(read.ptr + 1, end, last);
  }
  if (read.ec != std::errc() || read.ptr != end || first < 0 || last <= first) {
    throw Error(fmt::format("--frames '{}'", text), "is no range of frames",
                "10:20 are frames 10 to 19, and 12 is one");
  }
  return {first, last};
}

void set_value(const LabelOptions& options, data::Label& label) {
  if (!data::is_number(options.head.type)) {
    label.text = options.value;
    return;
  }
  double value = 0;
  const char* end = options.value.data() + options.value.size();
  const auto [after, error] = std::from_chars(options.value.data(), end, value);
  if (options.value.empty() || error != std::errc() || after != end) {
    throw Error(fmt::format("--value '{}'", options.value),
                fmt::format("is no number, and labels of type {} are numbers",
                            data::label_type_word(options.head.type)));
  }
  label.value = value;
}

std::vector<data::Label> labels_of(const LabelOptions& options, const Episodes& episodes) {
  const std::vector<int64_t> known = numbers_of(episodes);
  const std::vector<int64_t> chosen =
      options.episodes == "all" ? known
                                : data::parse_episodes(options.episodes, known, options.folder);
  std::vector<data::Label> labels;
  for (const int64_t number : chosen) {
    const data::LabelledEpisode& episode = numbered(episodes, number);
    data::Label label{.recorded = episode.recorded.hash};
    if (!options.frames.empty()) {
      const auto [first, last] = parse_frames(options.frames);
      if (last > episode.length) {
        throw Error(fmt::format("{}: episode {}", options.folder, number),
                    fmt::format("frames {} to {} are not in it", first, last - 1),
                    fmt::format("it has frames 0 to {}", episode.length - 1));
      }
      label = data::label_for(episode, first, last);
    }
    set_value(options, label);
    labels.push_back(std::move(label));
  }
  return labels;
}

nlohmann::json listed(const data::LabelStream& stream) {
  nlohmann::json json = data::stream_json(stream);
  json["stream"] = stream.file.stem().string();
  return json;
}

std::string stream_line(const data::LabelStream& stream) {
  return fmt::format(
      "{:<28} {:<10} by {} ({}){}: {} labels, {} episodes\n", stream.file.stem().string(),
      data::label_type_word(stream.head.type), stream.head.author, stream.head.kind,
      stream.head.time.empty() ? "" : ", " + stream.head.time, stream.labels, stream.episodes);
}

std::vector<data::ImportedLabels> imported(const LabelOptions& options, const Episodes& episodes) {
  std::optional<data::LabelHead> head;
  if (!options.head.name.empty()) {
    head = options.head;
    head->arguments = "--import " + fs::path(options.import).filename().string();
    data::check_head(*head);
  }
  std::vector<data::ImportedLabels> all =
      data::import_labels(options.import, *io::Parquet::open(), episodes, head);
  for (data::ImportedLabels& one : all) {
    if (one.head.time.empty()) one.head.time = data::utc_now();
  }
  return all;
}

void add_labels(LabelOptions& options) {
  require_folder("dataset or journal", options.folder);
  data::LabelHead& head = options.head;
  if (options.import.empty() && (head.name.empty() || options.episodes.empty())) {
    throw Error("gyre data label add", "has nothing to add",
                "give --name, --episodes, --value and --author, or --import FILE");
  }
  if (!head.name.empty()) {
    head.type = data::parse_label_type(options.type.empty() ? head.name : options.type);
  }
  const Episodes episodes = data::labelled_episodes(fs::path(options.folder));
  std::vector<data::ImportedLabels> all;
  if (options.import.empty()) {
    head.time = data::utc_now();
    head.arguments = "--episodes " + options.episodes;
    if (!options.frames.empty()) head.arguments += " --frames " + options.frames;
    head.contract_hash = episodes.front().contract_hash;
    all.push_back({.head = head, .labels = labels_of(options, episodes)});
  } else {
    all = imported(options, episodes);
  }
  std::string text;
  nlohmann::json json = nlohmann::json::array();
  for (data::ImportedLabels& one : all) {
    const data::LabelStream stream =
        data::write_labels(options.folder, one.head, std::move(one.labels));
    text += "added " + stream_line(stream);
    json.push_back(listed(stream));
  }
  print_result(text, json, options.json);
}

// Streams by name, by author or by the name of their file.
std::vector<const data::LabelStream*> chosen_streams(const LabelOptions& options,
                                                     const data::Labels& labels) {
  std::vector<const data::LabelStream*> chosen;
  for (const data::LabelStream& stream : labels.streams()) {
    const bool fits = (options.head.name.empty() || stream.head.name == options.head.name) &&
                      (options.head.author.empty() || stream.head.author == options.head.author) &&
                      (options.stream.empty() || stream.file.stem() == options.stream);
    if (fits) chosen.push_back(&stream);
  }
  const bool asked =
      !options.head.name.empty() || !options.head.author.empty() || !options.stream.empty();
  if (chosen.empty() && asked) {
    throw Error(options.folder, "has no such labels",
                fmt::format("`gyre data label list {}` shows those that it has", options.folder));
  }
  return chosen;
}

// The labels of one episode, in frames of this folder.
void list_episode(const LabelOptions& options, const data::Labels& labels,
                  const std::vector<const data::LabelStream*>& chosen) {
  const Episodes episodes = data::labelled_episodes(fs::path(options.folder));
  data::parse_episodes(std::to_string(*options.episode), numbers_of(episodes), options.folder);
  const data::LabelledEpisode& episode = numbered(episodes, *options.episode);
  const auto found = labels.of(episode.recorded.hash);
  std::string text;
  nlohmann::json json = nlohmann::json::array();
  for (const data::LabelStream* stream : chosen) {
    for (const data::Label& label :
         found.at(static_cast<size_t>(stream - labels.streams().data()))) {
      const auto [first, last] = data::labelled_rows(label, episode);
      if (first == last) continue;
      nlohmann::json one = {{"name", stream->head.name}, {"author", stream->head.author}};
      one["frames"] = label.begin_ns ? nlohmann::json{first, last} : nlohmann::json();
      one["value"] = label.value ? nlohmann::json(*label.value) : nlohmann::json(*label.text);
      text += fmt::format("{:<20} {:<16} {:<12} {}\n", stream->head.name, stream->head.author,
                          label.begin_ns ? fmt::format("{}:{}", first, last) : "all",
                          label.value ? fmt::format("{}", *label.value) : *label.text);
      json.push_back(std::move(one));
    }
  }
  print_result(text, json, options.json);
}

void list_labels(const LabelOptions& options) {
  require_folder("dataset or journal", options.folder);
  const data::Labels labels((fs::path(options.folder)));
  const std::vector<const data::LabelStream*> chosen = chosen_streams(options, labels);
  if (!options.file.empty()) {
    if (chosen.size() != 1) {
      throw Error(options.folder, fmt::format("{} streams would be one file", chosen.size()),
                  "choose one with --stream");
    }
    io::write_atomically(options.file, io::read_text(chosen.front()->file));
  }
  if (options.episode) return list_episode(options, labels, chosen);
  std::string text;
  nlohmann::json json = nlohmann::json::array();
  for (const data::LabelStream* stream : chosen) {
    text += stream_line(*stream);
    json.push_back(listed(*stream));
  }
  print_result(text, json, options.json);
}

void drop_labels(const LabelOptions& options) {
  require_folder("dataset or journal", options.folder);
  if (options.head.name.empty() && options.stream.empty()) {
    throw Error("gyre data label drop", "names no labels", "add --name or --stream");
  }
  const data::Labels labels((fs::path(options.folder)));
  std::string text;
  nlohmann::json json = nlohmann::json::array();
  for (const data::LabelStream* stream : chosen_streams(options, labels)) {
    std::error_code failed;
    fs::remove(stream->file, failed);
    if (failed) io::throw_file_error(stream->file, "remove", failed.value());
    text += "dropped " + stream_line(*stream);
    json.push_back(listed(*stream));
  }
  print_result(text, json, options.json);
}

void add_folder(CLI::App& verb, LabelOptions& options) {
  verb.add_option("folder", options.folder, "dataset or journal folder")
      ->required()
      ->type_name("DIR");
  add_json_option(verb, options.json);
}

void add_choice(CLI::App& verb, LabelOptions& options) {
  verb.add_option("--name", options.head.name, "labels of this name")->type_name("NAME");
  verb.add_option("--author", options.head.author, "of this author")->type_name("NAME");
  verb.add_option("--stream", options.stream, "one stream, as `list` names it")->type_name("NAME");
}

void add_label_add(CLI::App& group) {
  const auto options = std::make_shared<LabelOptions>();
  CLI::App* add = group.add_subcommand("add", "add labels of a person, a program or a model");
  add_folder(*add, *options);
  add->add_option("--name", options->head.name, "of the labels: outcome, quality, ...")
      ->type_name("NAME");
  add->add_option("--type", options->type,
                  "outcome, quality, progress, value, advantage, target, subtask, words, text or "
                  "exclusion; default: the name")
      ->type_name("TYPE");
  add->add_option("--episodes", options->episodes, "3,7-9 or all")->type_name("EPISODES");
  add->add_option("--frames", options->frames,
                  "10:20 are frames 10 to 19 of each episode; default: the whole episode")
      ->type_name("A:B");
  add->add_option("--value", options->value,
                  "a number or text, by the type; the reason of an exclusion")
      ->type_name("VALUE");
  add->add_option("--author", options->head.author, "who says so")->type_name("NAME");
  add->add_option("--kind", options->head.kind, "person, program or model; default: person")
      ->type_name("KIND");
  add->add_option("--label-version", options->head.version, "of the author's rule or model")
      ->type_name("TEXT");
  add->add_option("--model-hash", options->head.model_hash, "of the model that said it")
      ->type_name("HASH");
  CLI::Option* import =
      add->add_option("--import", options->import,
                      "a file of labels: exported by Gyre, a sidecar of Gyre 0.1, LeRobot's "
                      "sarm_progress.parquet; or, with --name, columns episode_index, frame_index "
                      "and value or text")
          ->type_name("FILE");
  for (const char* other : {"--episodes", "--frames", "--value"}) {
    import->excludes(add->get_option(other));
  }
  add->callback([options] { add_labels(*options); });
}

}  // namespace

void add_data_label(CLI::App& data) {
  CLI::App* group = data.add_subcommand("label", "words about recorded episodes, beside them");
  group->require_subcommand(1);
  add_label_add(*group);
  add_data_label_feedback(*group);

  const auto shown = std::make_shared<LabelOptions>();
  CLI::App* list = group->add_subcommand("list", "the label streams of a folder");
  add_folder(*list, *shown);
  add_choice(*list, *shown);
  list->add_option("--episode", shown->episode, "its labels, frame by frame")->type_name("N");
  list->add_option("--export", shown->file, "write one stream as a Parquet file")
      ->type_name("FILE");
  list->callback([shown] { list_labels(*shown); });

  const auto dropped = std::make_shared<LabelOptions>();
  CLI::App* drop = group->add_subcommand("drop", "remove label streams");
  add_folder(*drop, *dropped);
  add_choice(*drop, *dropped);
  drop->callback([dropped] { drop_labels(*dropped); });
}

}  // namespace gyre::apps
