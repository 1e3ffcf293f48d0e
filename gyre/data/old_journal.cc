#include "gyre/data/old_journal.h"

#include <fmt/format.h>
#include <zlib.h>

#include <bit>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

using nlohmann::json;

constexpr std::string_view kMagic = "GYREJNL1";
constexpr size_t kHeader = 9;  // length, CRC, type
constexpr uint8_t kContract = 'C', kBegin = 'B', kStep = 'S', kEnd = 'E';
static_assert(std::endian::native == std::endian::little);

uint32_t checksum(uint8_t type, const uint8_t* payload, size_t bytes) {
  const auto start = crc32(0, &type, 1);
  return static_cast<uint32_t>(crc32_z(start, payload, bytes));
}

EpisodeRows header_from(const json& j) {
  EpisodeRows e;
  e.embodiment = j.at("embodiment");
  e.task_name = j.at("task_name");
  e.family = j.at("family");
  e.instruction = j.at("instruction");
  e.seed = j.at("seed");
  return e;
}

Row step_from(const json& j, const std::string& name) {
  Row s;
  s.index = j.at("index");
  s.time_ns = j.at("time_ns");
  for (const json& image : j.at("images")) {
    s.images.push_back(io::decode_image(image.get_binary(), name));
  }
  s.state = j.at("state").get<std::vector<float>>();
  s.task = j.at("task");
  s.subtask = j.at("subtask");
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

struct OldJournalReader::Record {
  uint8_t type;
  size_t end;  // offset of the byte after it
  json payload;
};

OldJournalReader::OldJournalReader(const std::filesystem::path& file)
    : file_(file), bytes_(io::read_bytes(file)) {
  if (bytes_.size() < kMagic.size() || std::memcmp(bytes_.data(), kMagic.data(), 8) != 0) {
    throw Error(file.string(), "not a journal of Gyre", "name the file that a recording wrote");
  }
  try {
    const std::optional<Record> first = record_at(kMagic.size());
    if (!first || first->type != kContract) {
      throw Error(file.string(), "the journal's contract is torn",
                  "nothing was recorded; delete it");
    }
    good_end_ = first->end;
    embodiment_ = first->payload.get<Embodiment>();
  } catch (const json::exception& error) {
    throw_foreign(file, error.what());
  }
}

bool OldJournalReader::is_old_journal(const std::filesystem::path& file) {
  std::string begin(kMagic.size(), '\0');
  return std::ifstream(file, std::ios::binary).read(begin.data(), std::ssize(begin)) &&
         begin == kMagic;
}

// The whole record that begins at `offset`, if one does.
std::optional<OldJournalReader::Record> OldJournalReader::record_at(size_t offset) const {
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
std::optional<OldJournalReader::Record> OldJournalReader::read_record() {
  for (size_t offset = good_end_; offset + kHeader <= bytes_.size(); ++offset) {
    std::optional<Record> record = record_at(offset);
    if (!record) continue;
    lost_bytes_ += static_cast<int64_t>(offset - good_end_);
    good_end_ = record->end;
    return record;
  }
  return std::nullopt;
}

std::optional<OldJournalEpisode> OldJournalReader::next() try {
  std::optional<OldJournalEpisode> result = std::move(begun_);
  begun_.reset();
  while (true) {
    const int64_t lost_before = lost_bytes_;
    const std::optional<Record> record = read_record();
    if (!record) return result;
    if (result && lost_bytes_ != lost_before) result->damaged = true;
    if (record->type == kBegin) {
      if (result) {  // the one before broke off
        begun_ = OldJournalEpisode{header_from(record->payload), false};
        return result;
      }
      result = OldJournalEpisode{header_from(record->payload), false};
    } else if (record->type == kStep && result) {
      result->episode.rows.push_back(step_from(record->payload, file_.string()));
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
