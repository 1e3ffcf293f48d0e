#include "gyre/data/journal.h"

#include <fmt/format.h>
#include <zlib.h>

#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

using nlohmann::json;

constexpr std::string_view kMagic = "GYREJNL1";
constexpr size_t kHeader = 9;  // length, CRC, type
constexpr uint8_t kContract = 'C', kBegin = 'B', kStep = 'S', kEnd = 'E';
constexpr std::chrono::milliseconds kSyncEvery{900};
static_assert(std::endian::native == std::endian::little);

uint32_t checksum(uint8_t type, const uint8_t* payload, size_t bytes) {
  const auto start = crc32(0, &type, 1);
  return static_cast<uint32_t>(crc32_z(start, payload, bytes));
}

json header_json(const Episode& e) {
  return {{"embodiment", e.embodiment},
          {"task_name", e.task_name},
          {"family", e.family},
          {"seed", e.seed},
          {"instruction", e.instruction}};
}

Episode header_from(const json& j) {
  Episode e;
  e.embodiment = j.at("embodiment");
  e.task_name = j.at("task_name");
  e.family = j.at("family");
  e.instruction = j.at("instruction");
  e.seed = j.at("seed");
  return e;
}

json step_json(const Step& s) {
  json images = json::array();
  for (const Image& image : s.observation.images) {
    images.push_back(json::binary(io::encode_png(image)));
  }
  return {{"index", s.index},
          {"time_ns", s.observation.time_ns},
          {"images", std::move(images)},
          {"state", s.observation.state},
          {"task", s.observation.task},
          {"subtask", s.observation.subtask},
          {"action", s.action},
          {"policy_action", s.policy_action},
          {"source", source_name(s.source)},
          {"intervention", s.intervention},
          {"clamped", s.clamped},
          {"clamp_reason", s.clamp_reason},
          {"chunk_id", s.chunk_id},
          {"chunk_index", s.chunk_index},
          {"inference_ms", s.inference_ms},
          {"grounding", s.grounding},
          {"tracking_residual", s.tracking_residual}};
}

Step step_from(const json& j, const std::string& name) {
  Step s;
  s.index = j.at("index");
  s.observation.time_ns = j.at("time_ns");
  for (const json& image : j.at("images")) {
    s.observation.images.push_back(io::decode_image(image.get_binary(), name));
  }
  s.observation.state = j.at("state").get<std::vector<float>>();
  s.observation.task = j.at("task");
  s.observation.subtask = j.at("subtask");
  s.action = j.at("action").get<std::vector<float>>();
  s.policy_action = j.at("policy_action").get<std::vector<float>>();
  s.source = source_from_name(j.at("source").get<std::string>());
  s.intervention = j.at("intervention");
  s.clamped = j.at("clamped");
  s.clamp_reason = j.at("clamp_reason");
  s.chunk_id = j.at("chunk_id");
  s.chunk_index = j.at("chunk_index");
  s.inference_ms = j.at("inference_ms");
  s.grounding = j.at("grounding").get<std::vector<float>>();
  s.tracking_residual = j.at("tracking_residual");
  return s;
}

[[noreturn]] void throw_foreign(const std::filesystem::path& file, const char* why) {
  throw Error(file.string(), fmt::format("a whole record with unknown content ({})", why),
              "read it with the version of Gyre that wrote it");
}

}  // namespace

JournalWriter::JournalWriter(const std::filesystem::path& file, const Embodiment& embodiment)
    : embodiment_(embodiment), last_sync_(std::chrono::steady_clock::now()) {
  embodiment_.validate();
  std::error_code no_file;
  if (std::filesystem::file_size(file, no_file) > 0 && !no_file) {
    JournalReader reader(file);
    require_same_contract(reader.embodiment(), "journal " + file.string(), embodiment_,
                          "robot " + embodiment_.name);
    while (reader.next()) {
    }
    dropped_bytes_ = reader.dropped_bytes();
    good_end_ = reader.good_end();
    if (dropped_bytes_ > 0) std::filesystem::resize_file(file, good_end_);
    out_ = std::make_unique<io::OutputFile>(file, io::OutputFile::Mode::kAppend);
    return;
  }
  out_ = std::make_unique<io::OutputFile>(file, io::OutputFile::Mode::kAppend);
  out_->write(kMagic);
  good_end_ = kMagic.size();
  append(kContract, json::to_cbor(json(embodiment_)));
  sync();
}

void JournalWriter::begin_episode(const Episode& header) {
  append(kBegin, json::to_cbor(header_json(header)));
  in_episode_ = true;
}

void JournalWriter::step(const Step& step) {
  const Observation& o = step.observation;
  if (!in_episode_) throw Error(out_->path().string(), "a step outside of an episode");
  if (o.state.size() != embodiment_.state.size() ||
      step.action.size() != embodiment_.action.size() ||
      o.images.size() != embodiment_.cameras.size()) {
    throw Error(out_->path().string(),
                fmt::format("step {} does not fit the contract {}", step.index, embodiment_.name));
  }
  append(kStep, json::to_cbor(step_json(step)));
  if (std::chrono::steady_clock::now() - last_sync_ > kSyncEvery) sync();
}

void JournalWriter::end_episode(std::optional<bool> success) {
  if (!in_episode_) throw Error(out_->path().string(), "no episode to end");
  in_episode_ = false;
  append(kEnd, json::to_cbor(success ? json(*success) : json()));
  sync();
}

void JournalWriter::append(uint8_t type, const std::vector<uint8_t>& payload) {
  std::vector<uint8_t> record(kHeader + payload.size());
  const auto length = static_cast<uint32_t>(payload.size());
  const uint32_t crc = checksum(type, payload.data(), payload.size());
  std::memcpy(record.data(), &length, 4);
  std::memcpy(record.data() + 4, &crc, 4);
  record[8] = type;
  std::copy(payload.begin(), payload.end(), record.begin() + kHeader);
  try {
    out_->write(record);
  } catch (const Error&) {
    // Half a record would hide all that come after it.
    std::error_code ignored;
    std::filesystem::resize_file(out_->path(), good_end_, ignored);
    throw;
  }
  good_end_ += static_cast<int64_t>(record.size());
}

void JournalWriter::sync() {
  out_->sync();
  last_sync_ = std::chrono::steady_clock::now();
}

struct JournalReader::Record {
  uint8_t type;
  size_t end;  // offset of the byte after it
  json payload;
};

JournalReader::JournalReader(const std::filesystem::path& file)
    : file_(file), bytes_(io::read_bytes(file)) {
  if (bytes_.size() < kMagic.size() || std::memcmp(bytes_.data(), kMagic.data(), 8) != 0) {
    throw Error(file.string(), "not a journal of Gyre", "name the file that a recording wrote");
  }
  good_end_ = kMagic.size();
  const std::optional<Record> first = record_at(good_end_);
  if (!first || first->type != kContract) {
    throw Error(file.string(), "the journal's contract is torn", "nothing was recorded; delete it");
  }
  good_end_ = first->end;
  try {
    embodiment_ = first->payload.get<Embodiment>();
  } catch (const json::exception& error) {
    throw_foreign(file, error.what());
  }
}

// The whole record that begins at `offset`, if one does.
std::optional<JournalReader::Record> JournalReader::record_at(size_t offset) const {
  if (bytes_.size() - offset < kHeader) return std::nullopt;
  const uint8_t* at = bytes_.data() + offset;
  const uint8_t type = at[8];
  if (type != kContract && type != kBegin && type != kStep && type != kEnd) return std::nullopt;
  uint32_t length = 0, crc = 0;
  std::memcpy(&length, at, 4);
  std::memcpy(&crc, at + 4, 4);
  if (bytes_.size() - offset - kHeader < length) return std::nullopt;
  if (checksum(type, at + kHeader, length) != crc) return std::nullopt;
  return Record{type, offset + kHeader + length,
                json::from_cbor(at + kHeader, at + kHeader + length)};
}

// The next whole record; damaged bytes before it are passed over and counted. Nothing when there is
// none: what follows `good_end_` is a torn tail.
std::optional<JournalReader::Record> JournalReader::read_record() {
  for (size_t offset = good_end_; offset + kHeader <= bytes_.size(); ++offset) {
    std::optional<Record> record = record_at(offset);
    if (!record) continue;
    lost_bytes_ += static_cast<int64_t>(offset - good_end_);
    good_end_ = record->end;
    return record;
  }
  return std::nullopt;
}

std::optional<JournalEpisode> JournalReader::next() try {
  std::optional<JournalEpisode> result = std::move(begun_);
  begun_.reset();
  while (true) {
    const int64_t lost_before = lost_bytes_;
    const std::optional<Record> record = read_record();
    if (!record) return result;
    if (result && lost_bytes_ != lost_before) result->damaged = true;
    if (record->type == kBegin) {
      if (result) {  // the one before broke off
        begun_ = JournalEpisode{header_from(record->payload), false};
        return result;
      }
      result = JournalEpisode{header_from(record->payload), false};
    } else if (record->type == kStep && result) {
      result->episode.steps.push_back(step_from(record->payload, file_.string()));
    } else if (record->type == kEnd && result) {
      if (record->payload.is_boolean()) result->episode.success = record->payload.get<bool>();
      result->ended = true;
      return result;
    }
  }
} catch (const json::exception& error) {
  throw_foreign(file_, error.what());
}

}  // namespace gyre::data
