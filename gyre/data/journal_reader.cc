#include "gyre/data/journal_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/data/journal_messages.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

// Uncompressed. The writer ends a chunk at 1 MiB, unless one message alone is larger.
constexpr size_t kMaxChunkBytes = size_t{64} << 20;

std::optional<int64_t> signed_ns(std::optional<uint64_t> time) {
  if (!time) return std::nullopt;
  return static_cast<int64_t>(*time);
}

std::vector<fs::path> files_of(const fs::path& journal) {
  if (!fs::is_directory(journal)) return {journal};
  std::vector<fs::path> files = journal_files(journal);
  if (files.empty()) {
    throw Error(journal.string(), "holds no journal file", "name a folder with .mcap files");
  }
  return files;
}

}  // namespace

std::vector<fs::path> journal_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ".mcap") files.push_back(entry.path());
  }
  if (code) io::throw_file_error(folder, "read", code.value());
  std::sort(files.begin(), files.end());
  return files;
}

std::string JournalLoss::text() const {
  const auto seconds = [](int64_t ns) { return static_cast<double>(ns) * 1e-9; };
  std::string when = "at an unknown time";
  if (after_ns && before_ns) {
    when = fmt::format("between {:.3f} s and {:.3f} s", seconds(*after_ns), seconds(*before_ns));
  } else if (after_ns) {
    when = fmt::format("after {:.3f} s", seconds(*after_ns));
  } else if (before_ns) {
    when = fmt::format("before {:.3f} s", seconds(*before_ns));
  }
  const std::string what = end > begin
                               ? fmt::format("{} bytes from {} on are lost", end - begin, begin)
                               : "messages are lost";
  return fmt::format("{}: {} {} ({})", file.string(), what, when, reason);
}

std::vector<JournalLoss> losses_of(const fs::path& file, const std::vector<io::McapLoss>& losses) {
  std::vector<JournalLoss> found;
  for (const io::McapLoss& loss : losses) {
    found.push_back({file, loss.begin, loss.end, signed_ns(loss.last_good_ns),
                     signed_ns(loss.next_good_ns), loss.reason});
  }
  return found;
}

JournalReader::JournalReader(const fs::path& journal, const JournalReadOptions& options)
    : JournalReader(files_of(journal), options) {}

JournalReader::JournalReader(std::vector<fs::path> files, const JournalReadOptions& options)
    : files_(std::move(files)), options_(options) {
  if (Record record; read(record)) {
    first_ = std::move(record);
    return;
  }
  const std::string name =
      files_.size() == 1 ? files_.front().string() : files_.front().parent_path().string();
  if (foreign_) {
    throw Error(name, "is an MCAP file of another program", "name a journal that Gyre wrote");
  }
  throw Error(name, "holds no whole record", "nothing can be read from it");
}

bool JournalReader::next(Record& record) {
  if (first_) {
    record = std::move(*first_);
    first_.reset();
    return true;
  }
  return read(record);
}

bool JournalReader::read(Record& record) {
  while (true) {
    if (mcap_ == nullptr && !open_next_file()) return false;
    if (read_message(record)) return true;
    close_file();
  }
}

// The next record of the present file; false at its end.
bool JournalReader::read_message(Record& record) {
  bool any = false, ours = false;
  for (io::McapMessage message; mcap_->next(message);) {
    any = true;
    const io::McapChannel& channel = *message.channel;
    if (channel.schema == nullptr || channel.message_encoding != "protobuf") continue;
    const std::optional<RecordKind> kind = record_kind(channel.schema->name);
    if (!kind) continue;
    ours = true;
    if (!options_.kinds.empty() && std::ranges::find(options_.kinds, *kind) == options_.kinds.end())
      continue;
    const auto log_ns = static_cast<int64_t>(message.log_time_ns);
    bool repeat = false;
    Decoded decoded = decode_record(
        {channel.schema->name, channel.metadata, message.sequence, log_ns, message.data},
        options_.pixels, record, repeat);
    if (decoded == Decoded::kRecord && !take_packet(record)) decoded = Decoded::kMalformed;
    if (decoded == Decoded::kMalformed) {
      const std::string reason = "a message on " + channel.topic + " is malformed";
      if (malformed_.empty() || malformed_.back().reason != reason) {
        malformed_.push_back({file_, 0, 0, log_ns, log_ns, reason});
      }
      malformed_.back().before_ns = log_ns;
    }
    if (decoded != Decoded::kRecord || is_known(record, repeat)) continue;
    if (record.kind == RecordKind::kHeader) add_start_state(record);
    record_file_ = file_;
    unix_ns_ = log_ns;
    return true;
  }
  foreign_ |= any && !ours;
  return false;
}

// False for a packet of video that is damaged or lacks the one before.
bool JournalReader::take_packet(Record& record) {
  if (record.kind != RecordKind::kPicture) return true;
  PictureRef& picture = record.picture.picture;
  if (!picture->encoded || picture->encoded->format != EncodedPicture::Format::kH264) return true;
  picture = streams_.take(record.picture.camera, picture, options_.pixels == Pixels::kDecoded);
  return static_cast<bool>(picture);
}

// In a folder, a file that cannot be opened costs only itself.
bool JournalReader::open_next_file() {
  while (next_file_ < files_.size()) {
    file_ = files_[next_file_++];
    try {
      mcap_ = std::make_unique<io::McapReader>(
          file_, io::McapReadOptions{.max_chunk_bytes = kMaxChunkBytes});
      return true;
    } catch (const Error& error) {
      if (files_.size() == 1) throw;
      losses_.push_back({file_, 0, 0, {}, {}, error.what()});
    }
  }
  return false;
}

void JournalReader::close_file() {
  const std::vector<JournalLoss> damaged = losses_of(file_, mcap_->statistics().losses);
  losses_.insert(losses_.end(), damaged.begin(), damaged.end());
  losses_.insert(losses_.end(), malformed_.begin(), malformed_.end());
  malformed_.clear();
  mcap_.reset();
}

// Whether the record is a repeat of what has come out already. Remembers what comes out.
bool JournalReader::is_known(const Record& record, bool repeat) {
  switch (record.kind) {
    case RecordKind::kHeader: {
      const auto& header = std::get<HeaderPtr>(record.shared);
      if (repeat && header_ != nullptr && header_->attempt == header->attempt &&
          header_->episode.number == header->episode.number &&
          header_->contract == header->contract) {
        return true;
      }
      header_ = header;
      goals_.clear();
      shapes_ = false;
      return false;
    }
    case RecordKind::kGoal:
      return !goals_.insert(record.get<Goal>().id).second && repeat;
    case RecordKind::kScene:
      if (repeat && shapes_) return true;
      shapes_ |= !record.get<Scene>().shapes.empty();
      return false;
    default:
      return false;
  }
}

void JournalReader::add_start_state(Record& record) const {
  for (const io::McapAttachment& attachment : mcap_->attachments()) {
    if (attachment.name != kStartState) continue;
    Header header = record.get<Header>();
    header.start_state.assign(attachment.data.begin(), attachment.data.end());
    record.shared = std::make_shared<const Header>(std::move(header));
    return;
  }
}

}  // namespace gyre::data
