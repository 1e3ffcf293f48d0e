#include "tests/faults/inspect.h"

#include <algorithm>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/data/journal_reader.h"
#include "tests/faults/recorder.h"

namespace gyre::faults {
namespace {

bool is_picture_of(const Record& record) {
  const Picture& picture = *record.picture.picture;
  const int camera = record.picture.camera;
  const Picture expected = picture_of(record.tick, camera, record.time_ns);
  return shows_picture_at(record.tick, camera) && picture.id == expected.id &&
         picture.time_ns == expected.time_ns && picture.image == expected.image;
}

bool is_step_of(const Record& record) {
  const Step& step = record.step;
  const auto tick = static_cast<float>(record.tick);
  bool good = step.tick == record.tick && step.time_ns == record.time_ns &&
              step.state == std::vector{tick} && step.sent == std::vector{tick} &&
              step.pictures.size() == kCameras;
  for (int c = 0; good && c < kCameras; ++c) {
    good = step.pictures[static_cast<size_t>(c)] == picture_id_at(record.tick, c);
  }
  return good;
}

int64_t pictures_at(int64_t tick) {
  int64_t count = 0;
  for (int c = 0; c < kCameras; ++c) count += shows_picture_at(tick, c) ? 1 : 0;
  return count;
}

}  // namespace

Inspection inspect(const std::filesystem::path& folder) {
  Inspection found;
  const std::vector<std::filesystem::path> files = data::journal_files(folder);
  if (files.empty()) return found;  // killed before the first file
  try {
    data::JournalReader reader(files);
    int64_t next = 0, pictures = 0, gaps = 0;
    for (Record record; reader.next(record);) {
      if (record.kind == RecordKind::kPicture) {
        found.misaligned += is_picture_of(record) ? 0 : 1;
        ++pictures;
      }
      if (record.kind != RecordKind::kStep) continue;
      const bool gap = record.tick != next;
      gaps += gap ? 1 : 0;
      // Pictures come before their tick's Step, perhaps in an earlier chunk.
      const bool has_pictures = gap || pictures == pictures_at(record.tick);
      found.misaligned += is_step_of(record) && has_pictures ? 0 : 1;
      next = record.tick + 1;
      pictures = 0;
      found.newest = record.tick;
      ++found.steps;
    }
    if (gaps > 0 && reader.losses().empty()) ++found.misaligned;
  } catch (const Error& error) {
    const std::string what = error.what();
    const bool nothing_whole = what.find("holds no whole record") != std::string::npos ||
                               what.find("is empty") != std::string::npos ||
                               what.find("is not an MCAP file") != std::string::npos;
    // Nothing had come to the disk yet: whether that may be is a question of time.
    if (!nothing_whole) found.error = what;
  }
  return found;
}

}  // namespace gyre::faults
