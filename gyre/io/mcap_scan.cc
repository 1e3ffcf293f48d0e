#include "gyre/io/mcap_scan.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::io::mcap {
namespace {

constexpr size_t kTailBytes = kPrefixBytes + kFooterBytes + kMagic.size();  // footer and magic

// A few damaged bytes of the magic are a loss like another, not another format.
int magic_bytes_of(View file) {
  if (file.size() < kMagic.size()) return 0;
  int same = 0;
  for (size_t i = 0; i < kMagic.size(); ++i) same += file[i] == kMagic[i];
  return same;
}

// Its length may hold though its content does not.
bool may_be_damaged_inside(const Record& record) {
  return record.opcode == Opcode::kAttachment || record.opcode == Opcode::kMessage ||
         (record.opcode == Opcode::kChunk && parse_chunk(record.body).has_value());
}

bool is_message_index(View body) {
  Cursor cursor(body);
  cursor.number<uint16_t>();
  return cursor.block().size() % 16 == 0 && cursor.exhausted();
}

bool is_sound_attachment(View body) {
  const std::optional<Attachment> attachment = parse_attachment(body);
  return attachment && attachment->crc != 0 && crc_holds(*attachment, body);
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_file_error(file, "read", errno);
  struct stat status = {};
  const bool known = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  const auto size = static_cast<size_t>(known ? status.st_size : 0);
  void* address = size == 0 ? nullptr : mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int error_number = errno;
  ::close(descriptor);
  if (!known) throw Error(file.string(), "is not a file", "name an MCAP file");
  if (size == 0) throw Error(file.string(), "is empty", "name an MCAP file, or remove this one");
  if (address == MAP_FAILED) throw_file_error(file, "map", error_number);
  mapping_ = std::shared_ptr<const void>(
      address, [size](const void* at) { munmap(const_cast<void*>(at), size); });
  bytes_ = {static_cast<const uint8_t*>(address), size};
  if (magic_bytes_of(bytes_) + 1 < static_cast<int>(kMagic.size())) {
    throw Error(file.string(), "is not an MCAP file", "name one that Gyre or an MCAP tool wrote");
  }
}

Scanner::Scanner(View file, size_t max_chunk_bytes)
    : file_(file),
      end_(file.size()),
      search_budget_(16 * uint64_t{file.size()} + 4 * uint64_t{max_chunk_bytes}),
      decoder_(max_chunk_bytes) {
  if (magic_bytes_of(file) < static_cast<int>(kMagic.size())) {
    lose(std::min(file.size(), kMagic.size()), "the first bytes of the file are damaged");
  }
  at_ = std::min(file.size(), kMagic.size());
  read_summary();
}

// A file that was closed ends with a footer. Its summary describes every channel, also of chunks
// that lean on an earlier chunk for that.
void Scanner::read_summary() {
  if (file_.size() < kMagic.size() + kTailBytes) return;
  const size_t footer_at = file_.size() - kTailBytes;
  if (!std::ranges::equal(file_.last(kMagic.size()), kMagic)) return;
  const std::optional<Record> footer = record_at(footer_at);
  if (!footer || footer->opcode != Opcode::kFooter || footer->body.size() != kFooterBytes) return;
  Cursor fields(footer->body);
  auto start = fields.number<uint64_t>();
  fields.number<uint64_t>();
  const auto crc = fields.number<uint32_t>();
  if (start == 0) start = footer_at;  // no summary
  if (start < kMagic.size() || start > footer_at) return;
  const size_t crc_end = footer_at + kPrefixBytes + kFooterBytes - 4;
  if (crc != 0 && crc32_of(file_.subspan(start, crc_end - start)) != crc) return;
  Channels described;
  Cursor records(file_.subspan(start, footer_at - start));
  while (!records.rest().empty()) {
    const std::optional<Record> record = next_record(records);
    if (!record) return;
    if (record->opcode == Opcode::kSchema && !described.define_schema(record->body)) return;
    if (record->opcode == Opcode::kChannel && !described.define_channel(record->body)) return;
  }
  channels_ = std::move(described);
  end_ = start;
  complete_ = true;
}

std::optional<Record> Scanner::record_at(size_t at) const {
  Cursor cursor(file_.subspan(at));
  return next_record(cursor);
}

bool Scanner::next(Item& item) {
  while (at_ < end_) {
    std::optional<Record> record = record_at(at_);
    std::string reason = "the file ends within a record";
    if (take_chunk(record, item, reason)) return true;
    // As with a chunk: a CRC that holds tells more than the opcode.
    if (record && is_sound_attachment(record->body)) record->opcode = Opcode::kAttachment;
    if (record && record->opcode != Opcode::kChunk) {
      reason = "a record outside of chunks is damaged";
      const size_t after = at_ + kPrefixBytes + record->body.size();
      const Form form = form_of(*record);
      if (form == Form::kGood || (form == Form::kUnsure && follows_on(after))) {
        at_ = after;
        if (record->opcode == Opcode::kDataEnd || record->opcode == Opcode::kFooter) end_ = at_;
        if (take_loose(*record, item)) return true;
        continue;
      }
    }
    const size_t after = record ? at_ + kPrefixBytes + record->body.size() : 0;
    lose(record && follows_on(after) ? after : search(at_ + 1), std::move(reason));
  }
  return false;
}

// A chunk whose CRC holds is one even where its opcode or the record's length is damaged.
bool Scanner::take_chunk(const std::optional<Record>& record, Item& item, std::string& reason) {
  const bool named = file_[at_] == static_cast<uint8_t>(Opcode::kChunk);
  if (at_ + kPrefixBytes > end_) return false;
  const View rest = file_.subspan(at_ + kPrefixBytes, end_ - at_ - kPrefixBytes);
  const std::optional<ChunkHeader> chunk = parse_chunk(rest);
  if (!chunk) {
    if (named && record) reason = "a chunk's lengths are damaged";
    return false;
  }
  const bool framed = named && record && chunk->size <= record->body.size();
  const std::optional<View> records = decoder_.open(*chunk, !framed);
  if (!records) {
    if (named) reason = decoder_.reason();
    return false;
  }
  std::string malformed;
  const std::optional<ChunkTimes> times = check_chunk(*records, channels_, malformed);
  if (!times) {
    if (named) reason = malformed;
    return false;
  }
  if (times->messages > 0) note_time(times->first_ns, times->last_ns);
  item = {Opcode::kChunk, rest.first(chunk->size), *chunk, *times, *records};
  const size_t after = at_ + kPrefixBytes + chunk->size;
  const size_t said = framed ? at_ + kPrefixBytes + record->body.size() : after;
  at_ = said > after && follows_on(said) ? said : after;  // fields that a later version added
  if (said > after) item.records = decoder_.open(*chunk, false).value();  // that used its memory
  return true;
}

// Unsure: of a kind that is not known here or does not belong here, or with more fields than known.
Scanner::Form Scanner::form_of(const Record& record) const {
  Cursor cursor(record.body);
  switch (record.opcode) {
    case Opcode::kChunk:
      return Form::kBad;
    case Opcode::kMessageIndex:
      return is_message_index(record.body) ? Form::kGood : Form::kBad;
    case Opcode::kDataEnd:
      return record.body.size() == 4 ? Form::kGood : Form::kBad;
    case Opcode::kFooter:
      return record.body.size() == kFooterBytes ? Form::kGood : Form::kBad;
    case Opcode::kAttachment: {
      const std::optional<Attachment> attachment = parse_attachment(record.body);
      return attachment && crc_holds(*attachment, record.body) ? Form::kGood : Form::kBad;
    }
    case Opcode::kMessage: {  // almost any bytes pass for one, so also an index of another opcode
      const std::optional<MessageFields> message = parse_message(record.body);
      return message && channels_.find(message->channel) && !is_message_index(record.body)
                 ? Form::kGood
                 : Form::kBad;
    }
    case Opcode::kHeader:
      cursor.text();
      cursor.text();
      break;
    case Opcode::kSchema:
      cursor.number<uint16_t>();
      cursor.text();
      cursor.text();
      cursor.block();
      break;
    case Opcode::kChannel:
      cursor.number<uint32_t>();
      cursor.text();
      cursor.text();
      if (!parse_metadata(cursor.block())) return Form::kBad;
      break;
    case Opcode::kMetadata:
      cursor.text();
      if (!parse_metadata(cursor.block())) return Form::kBad;
      break;
    default:
      return Form::kUnsure;
  }
  if (!cursor.ok()) return Form::kBad;
  return cursor.exhausted() ? Form::kGood : Form::kUnsure;
}

bool Scanner::take_loose(const Record& record, Item& item) {
  channels_.begin_chunk();  // outside of chunks a later description takes the place of an earlier
  switch (record.opcode) {
    case Opcode::kSchema:
      if (!channels_.define_schema(record.body)) return false;
      break;
    case Opcode::kChannel:
      if (!channels_.define_channel(record.body)) return false;
      break;
    case Opcode::kMessage: {
      const uint64_t time = parse_message(record.body)->log_time_ns;
      note_time(time, time);
      break;
    }
    case Opcode::kAttachment:
    case Opcode::kMetadata:
      break;
    default:
      return false;
  }
  item = {record.opcode, record.body, {}, {}, {}};
  return true;
}

// True when the records from `at` on follow one another up to one whose CRC holds or to the end.
bool Scanner::follows_on(size_t at) {
  if (at <= proven_) return true;
  while (at < end_) {
    const std::optional<Record> record = record_at(at);
    if (!record) return false;
    if (is_sound(*record)) break;
    if (!may_be_damaged_inside(*record) && form_of(*record) == Form::kBad) return false;
    at += kPrefixBytes + record->body.size();
  }
  if (at > end_) return false;
  proven_ = at;
  return true;
}

bool Scanner::is_sound(const Record& record) {
  switch (record.opcode) {
    case Opcode::kDataEnd:
    case Opcode::kFooter:
      return form_of(record) == Form::kGood;
    case Opcode::kChunk: {
      const std::optional<ChunkHeader> chunk = parse_chunk(record.body);
      return chunk && chunk->size == record.body.size() && decoder_.open(*chunk, true).has_value();
    }
    case Opcode::kAttachment:
      return is_sound_attachment(record.body);
    default:
      return false;
  }
}

// The next place at which a chunk or an attachment begins whose CRC holds.
size_t Scanner::search(size_t from) {
  for (size_t at = from; at + kPrefixBytes <= end_; ++at) {
    const auto opcode = static_cast<Opcode>(file_[at]);
    if (opcode != Opcode::kChunk && opcode != Opcode::kAttachment) continue;
    const std::optional<Record> record = record_at(at);
    if (!record || at + kPrefixBytes + record->body.size() > end_) continue;
    uint64_t cost = record->body.size();
    if (opcode == Opcode::kChunk) {
      const std::optional<ChunkHeader> chunk = parse_chunk(record->body);
      if (!chunk || chunk->size != cost || chunk->uncompressed_crc == 0) continue;
      if (chunk->compression.empty() && chunk->records.size() != chunk->uncompressed_size) continue;
      cost += chunk->uncompressed_size;
    } else if (!parse_attachment(record->body)) {
      continue;
    }
    if (cost > search_budget_) continue;
    search_budget_ -= cost;
    if (is_sound(*record)) return at;
  }
  return end_;
}

void Scanner::lose(size_t next, std::string reason) {
  losses_.push_back({at_, next, last_good_ns_, std::nullopt, std::move(reason)});
  at_ = next;
}

void Scanner::note_time(uint64_t first_ns, uint64_t last_ns) {
  for (; open_losses_ < losses_.size(); ++open_losses_) {
    losses_[open_losses_].next_good_ns = first_ns;
  }
  last_good_ns_ = std::max(last_good_ns_.value_or(0), last_ns);
}

}  // namespace gyre::io::mcap
