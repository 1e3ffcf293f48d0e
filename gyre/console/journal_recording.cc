#include <algorithm>
#include <deque>
#include <set>
#include <utility>
#include <variant>

#include "gyre/console/event_text.h"
#include "gyre/console/field_infos.h"
#include "gyre/console/recording.h"
#include "gyre/core/error.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/journal_rows.h"
#include "gyre/data/picture_decoder.h"
#include "gyre/io/image_file.h"

namespace gyre::console {
namespace {

constexpr int kDecodedQuality = 85;  // of JPEG
constexpr size_t kEpisodesHeld = 4;  // with their pictures as the journal holds them

// An attempt of a journal as it is read: its rows, and the events between them.
struct ReadAttempt {
  data::BuiltEpisode built;
  std::vector<Mark> marks;
  std::set<std::filesystem::path> files;
  std::optional<bool> success;
  int alarms = 0;
};

// Reads attempt after attempt.
class AttemptReader {
 public:
  AttemptReader(std::vector<std::filesystem::path> files, data::Pixels pixels)
      : reader_(std::move(files), {.pixels = pixels}), builder_(pixels) {}

  std::optional<ReadAttempt> next() {
    while (reader_.next(record_)) {
      if (auto built = builder_.take(record_)) {
        ReadAttempt whole = finished(std::move(*built));
        note();
        return whole;
      }
      note();
    }
    auto last = builder_.finish();
    if (!last) return std::nullopt;
    return finished(std::move(*last));
  }

 private:
  ReadAttempt finished(data::BuiltEpisode built) {
    ReadAttempt whole = std::exchange(present_, {});
    const int64_t last = std::max<int64_t>(0, std::ssize(built.episode.rows) - 1);
    for (Mark& mark : whole.marks) mark.row = std::min(mark.row, last);
    whole.success = built.episode.success;
    whole.built = std::move(built);
    return whole;
  }

  // The record's part in the present attempt beside its rows.
  void note() {
    if (record_.kind == RecordKind::kHeader) {
      present_ = {};
      rows_ = 0;
    }
    present_.files.insert(reader_.file());
    if (record_.kind == RecordKind::kStep) rows_ += record_.step.action_start ? 1 : 0;
    if (record_.kind != RecordKind::kEvent || is_routine(record_.event)) return;
    const bool alarm = std::holds_alternative<event::Alarm>(record_.event.body);
    present_.alarms += alarm ? 1 : 0;
    const bool said = std::holds_alternative<event::Said>(record_.event.body);
    if (said) return;  // the rows tell
    present_.marks.push_back({.row = rows_,
                              .kind = std::string(event_name(record_.event)),
                              .text = event_text(record_.event),
                              .author = std::string(record_.event.author.view())});
  }

  data::JournalReader reader_;
  data::RowBuilder builder_;
  Record record_;
  ReadAttempt present_;
  int64_t rows_ = 0;
};

class JournalRecording final : public Recording {
 public:
  JournalRecording(const std::filesystem::path& folder, int id) : folder_(folder) {
    line_ = {.id = id, .path = folder.string(), .kind = "journal"};
  }

  const FolderLine& folder() const override { return line_; }

  // Reads the whole journal, without its pictures, when files have come since the last time.
  const std::vector<EpisodeLine>& episodes() override {
    std::vector<std::filesystem::path> files = data::journal_files(folder_);
    if (files == seen_) return episodes_;
    episodes_.clear();
    files_.clear();
    labelled_.clear();
    held_.clear();
    AttemptReader reader(files, data::Pixels::kNone);
    while (std::optional<ReadAttempt> attempt = reader.next()) add(*attempt);
    seen_ = std::move(files);
    return episodes_;
  }

  RecordedEpisode read(int64_t index) override {
    const Held& held = attempt(index);
    const Embodiment& contract = held.attempt.built.header->contract;
    RecordedEpisode recorded{
        .folder = line_.id, .index = index, .fps = 1 / contract.action_period_s};
    for (const CameraSpec& camera : contract.cameras) recorded.cameras.push_back(camera.name);
    recorded.state_fields = field_infos(contract.state);
    recorded.action_fields = field_infos(contract.action);
    recorded.marks = held.attempt.marks;
    add_rows(held.attempt.built.episode, recorded);
    std::ranges::stable_sort(recorded.marks, {}, &Mark::row);
    return recorded;
  }

  std::vector<std::string> pictures(int64_t index, size_t camera, int64_t from,
                                    int64_t to) override {
    Held& held = attempt(index);
    const std::vector<data::Row>& rows = held.attempt.built.episode.rows;
    if (camera >= held.decoders.size()) throw Error("camera", "there is none such");
    std::vector<std::string> files;
    to = std::min(to, std::ssize(rows));
    for (int64_t row = std::max<int64_t>(0, from); row < to; ++row) {
      const auto& recorded = rows[static_cast<size_t>(row)].recorded;
      files.push_back(camera < recorded.size() && recorded[camera]
                          ? file_of(recorded[camera], held.decoders[camera])
                          : "");
    }
    return files;
  }

  std::vector<int64_t> find(const data::FilterQuery&) override {
    throw Error(line_.path, "a journal cannot be asked in SQL",
                "make a dataset of it with `gyre data convert`");
  }

  const std::vector<data::LabelledEpisode>& labelled() override {
    episodes();
    return labelled_;
  }

 private:
  struct Held {
    int64_t index = 0;
    ReadAttempt attempt;
    std::vector<data::PictureDecoder> decoders;  // [C]
  };

  static std::string file_of(const std::shared_ptr<const EncodedPicture>& picture,
                             data::PictureDecoder& decoder) {
    if (picture->format != EncodedPicture::Format::kH264) {
      return {picture->bytes.begin(), picture->bytes.end()};
    }
    const std::vector<uint8_t> jpeg = io::encode_jpeg(decoder.decode(picture), kDecodedQuality);
    return {jpeg.begin(), jpeg.end()};
  }

  void add(const ReadAttempt& attempt) {
    const std::vector<data::Row>& rows = attempt.built.episode.rows;
    const auto by_hand = std::ranges::count_if(rows, &data::Row::intervention);
    const Embodiment& contract = attempt.built.header->contract;
    if (line_.embodiment.empty()) line_.embodiment = contract.name;
    line_.fps = 1 / contract.action_period_s;
    episodes_.push_back(
        {.index = std::ssize(episodes_),
         .rows = std::ssize(rows),
         .task = attempt.built.episode.instruction,
         .success = attempt.success,
         .by_hand =
             rows.empty() ? 0 : static_cast<double>(by_hand) / static_cast<double>(rows.size()),
         .alarms = attempt.alarms,
         .missing = rows.empty() ? "it has no control period" : ""});
    files_.emplace_back(attempt.files.begin(), attempt.files.end());
    const bool whole = attempt.built.whole();
    labelled_.push_back({.number = episodes_.back().index,
                         .recorded = {.hash = whole ? attempt.built.episode.hash() : "",
                                      .frames = std::ssize(rows)},
                         .length = std::ssize(rows),
                         .fps = line_.fps,
                         .contract_hash = contract.contract_hash()});
  }

  Held& attempt(int64_t index) {
    if (seen_.empty()) episodes();
    const auto known = std::ranges::find(held_, index, &Held::index);
    if (known != held_.end()) return *known;
    if (index < 0 || index >= std::ssize(files_)) throw Error(line_.path, "has no such episode");
    AttemptReader reader(files_[static_cast<size_t>(index)], data::Pixels::kEncoded);
    std::optional<ReadAttempt> read = reader.next();
    if (!read) throw Error(line_.path, "the episode is no longer there");
    Held held{.index = index, .attempt = std::move(*read), .decoders = {}};
    for (const CameraSpec& camera : held.attempt.built.header->contract.cameras) {
      held.decoders.emplace_back(camera.name);
    }
    if (held_.size() == kEpisodesHeld) held_.pop_front();
    return held_.emplace_back(std::move(held));
  }

  std::filesystem::path folder_;
  FolderLine line_;
  std::vector<std::filesystem::path> seen_;  // files that were read
  std::vector<EpisodeLine> episodes_;
  std::vector<std::vector<std::filesystem::path>> files_;  // of each episode
  std::vector<data::LabelledEpisode> labelled_;
  std::deque<Held> held_;  // newest last
};

}  // namespace

std::unique_ptr<Recording> open_journal_recording(const std::filesystem::path& folder, int id) {
  return std::make_unique<JournalRecording>(folder, id);
}

}  // namespace gyre::console
