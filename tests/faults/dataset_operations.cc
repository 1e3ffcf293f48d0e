#include "tests/faults/dataset_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "gyre/core/error.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_edit_plan.h"
#include "gyre/data/dataset_repair.h"
#include "gyre/data/dataset_verify.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/data/journal_testing.h"
#include "gyre/io/video.h"

namespace gyre::faults {
namespace {

namespace fs = std::filesystem;

constexpr int kSide = 32, kPictureStates = 50;

Embodiment dataset_contract(int side = kSide) {
  return {.name = "arm/joint",
          .action_period_s = 0.1,
          .state = {{.name = "elbow", .unit = "rad", .min = -1e6, .max = 1e6}},
          .action = {{.name = "elbow", .unit = "rad", .min = -1e6, .max = 1e6}},
          .cameras = {{"front", side, side, "fixed"}, {"wrist", side, side, "hand"}},
          .workspace = {}};
}

int64_t length_of(int64_t number) { return 3 + number % 5; }
float value_of(int64_t number, int64_t row) { return static_cast<float>(100 * number + row); }
uint8_t grey_of(int64_t number, int64_t row, int camera) {
  return static_cast<uint8_t>(20 + 4 * ((7 * number + 3 * row + 11 * camera) % kPictureStates));
}

data::EpisodeRows episode_of(int64_t number) {
  data::EpisodeRows episode{.embodiment = dataset_contract().name,
                            .task_name = fmt::format("hold/{}", number),
                            .family = "hold",
                            .instruction = number % 2 == 0 ? "hold still" : "wait",
                            .seed = static_cast<uint64_t>(number),
                            .success = true,
                            .rows = {}};
  for (int64_t i = 0; i < length_of(number); ++i) {
    data::Row row;
    row.index = i;
    row.time_ns = i * 100'000'000;
    for (int camera = 0; camera < 2; ++camera) {
      Image image = Image::black(kSide, kSide);
      std::ranges::fill(image.rgb, grey_of(number, i, camera));
      row.images.push_back(std::move(image));
    }
    row.state = row.action = {value_of(number, i)};
    row.task = episode.instruction;
    episode.rows.push_back(std::move(row));
  }
  return episode;
}

void note(Found& found, const std::string& what) {
  if (found.what[0] != 0) return;
  std::copy_n(what.begin(), std::min(what.size(), sizeof found.what - 1), found.what);
}

data::DatasetOptions files_of_one_episode() {
  data::DatasetOptions small;
  small.data_file_bytes = small.video_file_bytes = small.pending_bytes = 1;
  small.pending_episodes = 1;
  return small;
}

void append(const fs::path& dataset, int64_t number, const data::DatasetOptions& options) {
  data::DatasetWriter writer(dataset, dataset_contract(), options);
  writer.add(episode_of(number));
  writer.finish();
}

// Pictures are of one grey each; video changes it by less than two.
bool is_row_of(const data::Row& row, int64_t number, int64_t index) {
  const std::vector<float> value = {value_of(number, index)};
  bool good =
      row.index == index && row.state == value && row.action == value && row.images.size() == 2;
  for (int camera = 0; good && camera < 2; ++camera) {
    const Image& image = row.images[static_cast<size_t>(camera)];
    good = std::abs(image.rgb[image.rgb.size() / 2] - grey_of(number, index, camera)) <= 2;
  }
  return good;
}

void inspect_episode(const data::Dataset& dataset, int64_t number, Found& found) {
  try {
    const data::EpisodeRows episode = dataset.read(number);
    bool good = std::ssize(episode.rows) == length_of(number) &&
                episode.seed == static_cast<uint64_t>(number);
    for (int64_t i = 0; good && i < length_of(number); ++i) {
      good = is_row_of(episode.rows[static_cast<size_t>(i)], number, i);
    }
    if (good) return;
    ++found.misaligned;
    note(found, fmt::format("episode {} is another", number));
  } catch (const std::exception& error) {
    ++found.unreadable;
    note(found, error.what());
  }
}

// Each video file has as many frames as rows say.
void inspect_videos(const data::Dataset& dataset, Found& found) {
  std::map<fs::path, int64_t> rows;
  for (const data::DatasetEpisode& episode : dataset.episodes()) {
    for (const data::DatasetEpisode::Video& video : episode.videos) {
      rows[video.file] += episode.length;
    }
  }
  for (const auto& [file, count] : rows) {
    // More, where info.json would have come after.
    if (io::probe_video(file).frames >= count) continue;
    ++found.misaligned;
    note(found, file.string() + " has too few frames");
  }
}

std::optional<data::Dataset> opened(const fs::path& folder, const Saves& saves, Found& found) {
  if (!fs::exists(folder) && saves.saved == 0) return std::nullopt;
  try {
    return std::optional<data::Dataset>(std::in_place, folder);
  } catch (const std::exception& error) {
    found.unopened = 1;
    note(found, error.what());
    return std::nullopt;
  }
}

void count_lost(const data::Dataset& dataset, const Saves& saves, Found& found) {
  const int64_t episodes = std::ssize(dataset.episodes());
  found.lost = std::max<int64_t>(0, saves.saved - episodes);
  if (found.lost > 0) note(found, fmt::format("{} of {} episodes", episodes, saves.saved.load()));
  if (episodes > saves.begun) {
    ++found.misaligned;
    note(found, fmt::format("{} episodes of {}", episodes, saves.begun.load()));
  }
}

Found inspect_dataset(const fs::path& folder, const Saves& saves,
                      const data::DatasetOptions& options) {
  Found found;
  int64_t episodes = 0;
  if (const auto dataset = opened(folder, saves, found)) {
    episodes = std::ssize(dataset->episodes());
    count_lost(*dataset, saves, found);
    for (int64_t number = 0; number < episodes; ++number) inspect_episode(*dataset, number, found);
    inspect_videos(*dataset, found);
  }
  if (found.unopened > 0) return found;
  // What is left can be written on.
  try {
    append(folder, episodes, options);
    const data::Dataset longer(folder);
    if (std::ssize(longer.episodes()) != episodes + 1) throw Error("an append", "is not there");
    inspect_episode(longer, episodes, found);
  } catch (const std::exception& error) {
    found.unopened = 1;
    note(found, error.what());
  }
  return found;
}

constexpr int64_t kKnown = 2, kAppended = 3;  // episodes

// One writer after the other adds an episode.
Operation append_operation(std::string name, const data::DatasetOptions& options, bool exchanges) {
  return {.name = std::move(name),
          .prepare =
              [options](const fs::path& work) {
                for (int64_t n = 0; n < kKnown; ++n) append(work / "d", n, options);
              },
          .run =
              [options](const fs::path& work, Saves& saves) {
                for (int64_t n = kKnown; n < kKnown + kAppended; ++n) {
                  saves.begun = n + 1;
                  append(work / "d", n, options);
                  saves.saved = n + 1;
                }
              },
          .inspect =
              [options](const fs::path& work, const Saves& saves) {
                return inspect_dataset(work / "d", saves, options);
              },
          .known = kKnown,
          .exchanges = exchanges};
}

// A new dataset of several episodes.
Operation save_operation(std::string name, const data::DatasetOptions& options) {
  return {.name = std::move(name),
          .prepare = [](const fs::path&) {},
          .run =
              [options](const fs::path& work, Saves& saves) {
                saves.begun = kAppended;
                data::DatasetWriter writer(work / "d", dataset_contract(), options);
                for (int64_t n = 0; n < kAppended; ++n) writer.add(episode_of(n));
                writer.finish();
                saves.saved = kAppended;
              },
          .inspect =
              [options](const fs::path& work, const Saves& saves) {
                return inspect_dataset(work / "d", saves, options);
              }};
}

constexpr int kJournalSteps = 6;

data::testing::SpanOptions journal_span(int64_t number) {
  data::testing::SpanOptions span{.number = number, .seed = static_cast<uint64_t>(number)};
  span.steps = kJournalSteps;
  span.contract = dataset_contract(144);  // of H.264
  return span;
}

// What a journal held is in the dataset, or still in the journal.
Found inspect_converted(const fs::path& work, const Saves& saves) {
  Found found;
  if (const auto dataset = opened(work / "d", saves, found)) {
    count_lost(*dataset, saves, found);
    inspect_videos(*dataset, found);
    for (int64_t n = 0; n < std::ssize(dataset->episodes()); ++n) {
      const data::EpisodeRows episode = dataset->read(n);
      const float seed = static_cast<float>(n);
      const bool good = std::ssize(episode.rows) == kJournalSteps &&
                        episode.rows[1].state == std::vector{seed + 0.125f};
      if (!good) ++found.misaligned;
      if (!good) note(found, fmt::format("episode {} is another", n));
    }
  }
  if (data::convert_journal(work / "j", work / "again").episodes != kAppended) ++found.lost;
  return found;
}

Operation convert_operation() {
  return {.name = "convert",
          .prepare =
              [](const fs::path& work) {
                data::JournalFolder journal(work / "j", data::JournalFolder::Mode::kCreate);
                for (int64_t n = 0; n < kAppended; ++n) {
                  data::testing::write_span(journal, data::testing::small_span(journal_span(n)));
                }
              },
          .run =
              [](const fs::path& work, Saves& saves) {
                saves.begun = kAppended;
                data::convert_journal(work / "j", work / "d");
                saves.saved = kAppended;
              },
          .inspect = inspect_converted};
}

// The inputs stay as they are, and the result is there whole or not at all.
Operation merge_operation() {
  return {.name = "merge",
          .prepare =
              [](const fs::path& work) {
                for (int64_t n = 0; n < kKnown + kAppended; ++n) {
                  data::DatasetWriter writer(work / (n < kKnown ? "a" : "b"), dataset_contract());
                  writer.add(episode_of(n));
                  writer.finish();
                }
              },
          .run =
              [](const fs::path& work, Saves& saves) {
                saves.begun = kKnown + kAppended;
                data::edit_dataset(data::merge_plan({work / "a", work / "b"}),
                                   {.out = work / "d", .provenance = {}});
                saves.saved = kKnown + kAppended;
              },
          .inspect =
              [](const fs::path& work, const Saves& saves) {
                Found found = inspect_dataset(work / "d", saves, {});
                for (const char* input : {"a", "b"}) {
                  if (data::verify_dataset(work / input).findings.empty()) continue;
                  ++found.misaligned;
                  note(found, fmt::format("the input {} has changed", input));
                }
                return found;
              }};
}

// The last episode's rows are gone. The folder is the damaged one or the repaired one, and can be
// repaired again.
Operation repair_operation() {
  constexpr int64_t kWhole = 3;
  const auto repair = [](const fs::path& dataset) {
    return data::repair_dataset(dataset, {}, {.out = {}, .provenance = {}});
  };
  return {.name = "repair",
          .prepare =
              [](const fs::path& work) {
                for (int64_t n = 0; n <= kWhole; ++n) append(work / "d", n, files_of_one_episode());
                fs::remove(data::Dataset(work / "d").episode(kWhole).data_file);
              },
          .run = [repair](const fs::path& work, Saves&) { repair(work / "d"); },
          .inspect =
              [repair](const fs::path& work, const Saves& saves) {
                Found found;
                const auto look = [&](int64_t most) {
                  const auto dataset = opened(work / "d", saves, found);
                  if (!dataset) return;
                  if (std::ssize(dataset->episodes()) > most) ++found.misaligned;
                  for (int64_t n = 0; n < kWhole; ++n) inspect_episode(*dataset, n, found);
                };
                look(kWhole + 1);
                try {
                  repair(work / "d");
                } catch (const std::exception& error) {
                  found.unopened = 1;
                  note(found, error.what());
                }
                look(kWhole);
                return found;
              },
          .known = kWhole};
}

}  // namespace

std::vector<Operation> dataset_operations() {
  const data::DatasetOptions small = files_of_one_episode();
  return {append_operation("append", {}, true),
          append_operation("append, no exchange", {}, false),
          append_operation("append, files of one episode", small, true),
          append_operation("append, files of one episode, no exchange", small, false),
          save_operation("save", {}),
          convert_operation(),
          merge_operation(),
          repair_operation()};
}

}  // namespace gyre::faults
