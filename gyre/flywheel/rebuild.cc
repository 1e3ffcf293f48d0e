#include "gyre/flywheel/rebuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/conversion_record.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_edit_record.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/labels.h"
#include "gyre/flywheel/made.h"
#include "gyre/flywheel/recipe.h"
#include "gyre/flywheel/simulated.h"
#include "gyre/flywheel/turn_data.h"
#include "gyre/io/scratch_folder.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

[[noreturn]] void throw_stopped() {
  throw Interrupted("data rebuild", "was interrupted", "start it again");
}

// Journal files by content, and others' datasets by hash.
class Shelf {
 public:
  explicit Shelf(const RebuildOptions& options) {
    std::vector<fs::path> files;
    for (const fs::path& place : options.journals) {
      if (fs::is_regular_file(place)) files.push_back(place);
      std::error_code code;
      for (const auto& entry : fs::recursive_directory_iterator(place, code)) {
        const fs::path extension = entry.path().extension();
        if (extension == ".mcap" || extension == ".journal") files.push_back(entry.path());
      }
    }
    Progress progress("hashing journals", std::ssize(files), "files");
    int64_t done = 0;
    for (const fs::path& file : files) {
      if (stop_requested()) throw_stopped();
      files_.emplace(sha256_file(file, 16), file);
      progress.update(++done);
    }
    for (const fs::path& folder : options.datasets) {
      datasets_[data::Dataset(folder).hash()] = folder;
    }
  }
  std::optional<fs::path> file(const std::string& hash) const { return find(files_, hash); }
  std::optional<fs::path> dataset(const std::string& hash) const { return find(datasets_, hash); }
  const std::map<std::string, fs::path>& datasets() const { return datasets_; }

 private:
  static std::optional<fs::path> find(const std::map<std::string, fs::path>& all,
                                      const std::string& hash) {
    const auto found = all.find(hash);
    return found == all.end() ? std::nullopt : std::optional(found->second);
  }
  std::map<std::string, fs::path> files_, datasets_;
};

// Carries out the history of one dataset again.
class Rebuilder {
 public:
  Rebuilder(const Shelf& shelf, Rebuilt& result) : shelf_(shelf), result_(result) {}

  // False when something is missing, which Rebuilt::missing names.
  bool make(const ordered_json& history, const std::string& hash, const fs::path& out) {
    if (history.empty()) return take_foreign(hash, out);
    const ordered_json& step = history.back();
    ordered_json before = history;
    before.erase(before.size() - 1);
    if (data::is_conversion(step)) return convert(step, before, out);
    if (!step.contains("plan")) {
      return lacks(fmt::format("how `{}` was carried out: an older Gyre did not record it",
                               step.value("verb", "an edit")));
    }
    return edit(step, before, out);
  }

 private:
  bool lacks(std::string what) {
    result_.missing.push_back(std::move(what));
    return false;
  }

  bool take_foreign(const std::string& hash, const fs::path& out) {
    const std::optional<fs::path> folder = shelf_.dataset(hash);
    if (!folder) return lacks(fmt::format("dataset {}: name its folder with --data", hash));
    fs::create_directories(out.parent_path());
    fs::copy(*folder, out, fs::copy_options::recursive);
    return true;
  }

  bool convert(const ordered_json& step, const ordered_json& before, const fs::path& out) {
    if (step.contains("onto") && !make(before, step.at("onto"), out)) return false;
    const data::RecordedConversion recorded = data::recorded_conversion(step);
    // Under the names that they had, whatever they are called now.
    const fs::path links = scratch_.path() / fmt::format("journal_{}", ++folders_);
    fs::create_directories(links);
    std::vector<fs::path> files;
    bool all = true;
    for (const auto& [name, hash] : recorded.files) {
      const std::optional<fs::path> file = shelf_.file(hash);
      if (!file) {
        all = lacks(fmt::format("journal file {} ({})", name, hash));
        continue;
      }
      fs::path link = links / fs::path(name).filename();
      if (fs::exists(link)) {
        link = links / fmt::format("{}", files.size()) / link.filename();
        fs::create_directories(link.parent_path());
      }
      fs::create_symlink(fs::absolute(*file), link);
      files.push_back(link);
    }
    if (!all || files.empty()) return false;
    convert_files(recorded, files, out);
    return true;
  }

  void convert_files(const data::RecordedConversion& recorded, const std::vector<fs::path>& files,
                     const fs::path& out) {
    Embodiment contract;
    data::ConvertOptions options = recorded.options;
    if (recorded.one_contract) {
      data::JournalReader reader(files, {.pixels = data::Pixels::kNone});
      Record record;
      if (reader.next(record) && record.kind == RecordKind::kHeader) {
        contract = record.get<Header>().contract;
        options.contract = &contract;
      }
    }
    Progress progress("making " + out.filename().string(), 0, "episodes");
    options.progress = [&](int64_t done, int64_t) { progress.update(done); };
    options.stop = stop_requested;
    std::unique_ptr<TargetLabels>& labels = labels_[out];
    options.each = [&](const data::EpisodeRows& episode) {
      if (!labels) labels = std::make_unique<TargetLabels>(labelers(), contract_of(files));
      labels->add(episode);
    };
    if (data::convert_files(files, out, options).stopped) throw_stopped();
    if (!labels) return;
    fs::remove_all(out / "labels");  // of the dataset before it grew
    labels->write(out);
  }

  static Embodiment contract_of(const std::vector<fs::path>& files) {
    data::JournalReader reader(files, {.pixels = data::Pixels::kNone});
    for (Record record; reader.next(record);) {
      if (record.kind == RecordKind::kHeader) return record.get<Header>().contract;
    }
    throw Error(files.front().string(), "has no header");
  }

  static std::vector<std::shared_ptr<const Labeler>> labelers() {
    std::vector<std::shared_ptr<const Labeler>> all;
    for (const Recipe& recipe : standard_recipes()) {
      if (!recipe.labeler->learns()) all.push_back(recipe.labeler);
    }
    return all;
  }

  bool edit(const ordered_json& step, const ordered_json& before, const fs::path& out) {
    data::Provenance command{.verb = step.at("verb"), .arguments = step.at("arguments")};
    std::vector<fs::path> sources;
    bool all = true;
    const ordered_json& inputs = step.at("inputs");
    for (const ordered_json& input : inputs) {
      command.inputs.push_back(input.at("folder"));
      const fs::path source = scratch_.path() / fmt::format("input_{}", ++folders_);
      const ordered_json own =
          inputs.size() == 1 ? before : input.value("history", ordered_json::array());
      if (!make(own, input.at("hash"), source)) {
        all = false;
        continue;
      }
      const std::string now = data::Dataset(source).hash(), then = input.at("hash");
      if (now != then) {
        all = lacks(
            fmt::format("{} is made again as {}, it was {}", command.inputs.back(), now, then));
      }
      sources.push_back(source);
    }
    if (!all) return false;
    const data::EditReport report =
        data::edit_dataset(data::planned_edit(step.at("plan"), sources),
                           {.out = out, .provenance = command, .stop = stop_requested});
    if (report.stopped) throw_stopped();
    return true;
  }

  const Shelf& shelf_;
  Rebuilt& result_;
  io::ScratchFolder scratch_;
  int folders_ = 0;
  std::map<fs::path, std::unique_ptr<TargetLabels>> labels_;  // of the conversions so far
};

// Streams of people and models are taken from the datasets that were given.
void settle_labels(const json& labels, const Shelf& shelf, Rebuilt& result) {
  for (const auto& [hash, folder] : shelf.datasets()) data::copy_labels(folder, result.folder);
  std::set<std::string> there;
  const data::Labels streams(result.folder);
  for (const data::LabelStream& stream : streams.streams()) there.insert(stream.hash);
  for (const json& label : labels) {
    const std::string name = label.at("name"), hash = label.at("hash");
    if (there.contains(hash)) {
      result.labels.push_back(fmt::format("{} {}", name, hash));
    } else {
      result.missing.push_back(
          fmt::format("labels {} by {} ({}): name a dataset that has them with --data", name,
                      label.at("author").get<std::string>(), hash));
    }
  }
}

void rebuild_dataset(const json& made, const Shelf& shelf, const fs::path& out, Rebuilt& result) {
  const ordered_json history = ordered_json::parse(made.value("history", json::array()).dump());
  if (!Rebuilder(shelf, result).make(history, result.hash, out)) return;
  result.folder = out;
  result.now = data::Dataset(out).hash();
  settle_labels(made.value("labels", json::array()), shelf, result);
}

void demonstrate(const json& made, const run::Arena& arena, int workers, Rebuilt& result) {
  const json& how = made.at("demonstrations");
  const std::vector<std::string> robots = how.at("robots");
  std::vector<Embodiment> contracts;
  for (const std::string& robot : robots) {
    contracts.push_back(arena.contract(robot, made.at("image_size")));
  }
  const std::string wanted = made.at("contract_hash");
  const auto contract = std::ranges::find_if(
      contracts, [&](const Embodiment& e) { return e.contract_hash() == wanted; });
  if (contract == contracts.end()) {
    result.missing.push_back(fmt::format("a robot of contract {}: it has changed", wanted));
    return;
  }
  const TurnData data =
      demonstrate_again(arena, how.at("suite"), robots, contracts, how.at("episodes"), workers);
  if (!data.frames) throw_stopped();
  result.now = data.frames->content_hash(static_cast<int>(contract - contracts.begin()));
}

void simulate(const json& made, const run::Arena& arena, int workers, Rebuilt& result) {
  const auto hash = make_simulated(arena, made.at("simulated").get<Simulated>(), workers,
                                   result.name, [](auto&) {});
  if (!hash) throw_stopped();
  result.now = *hash;
}

}  // namespace

std::vector<Rebuilt> rebuild(const json& data, const run::Arena& arena,
                             const RebuildOptions& options) {
  if (fs::exists(options.out)) {
    throw Error(options.out.string(), "is there already", "name another folder with --out");
  }
  fs::create_directories(options.out);
  const Shelf shelf(options);
  std::vector<Rebuilt> all;
  for (const json& origin : data) {
    Rebuilt result{.name = origin.value("name", ""), .hash = origin.value("hash", "")};
    const json made = origin.value("made", json());
    if (!made.is_object()) {
      result.missing.emplace_back("how it was made: the policy's card does not say");
    } else if (made.contains("demonstrations")) {
      demonstrate(made, arena, options.workers, result);
    } else if (made.contains("simulated")) {
      simulate(made, arena, options.workers, result);
    } else {
      const std::string name = fs::path(result.name).filename().string();
      rebuild_dataset(made, shelf, options.out / fmt::format("{:02}_{}", all.size(), name), result);
    }
    if (!result.now.empty() && result.now != result.hash) {
      result.missing.push_back(
          fmt::format("equality: it is {}, it was {}", result.now, result.hash));
    }
    all.push_back(std::move(result));
  }
  return all;
}

}  // namespace gyre::flywheel
