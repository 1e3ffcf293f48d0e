#include "gyre/data/journal.h"

#include <chrono>

#include "gyre/core/error.h"
#include "gyre/data/journal_messages.h"

namespace gyre::data {
namespace {

int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

uint64_t mcap_time(int64_t unix_ns) { return static_cast<uint64_t>(std::max<int64_t>(unix_ns, 0)); }

}  // namespace

JournalWriter::JournalWriter(JournalFolder& folder, JournalOptions options)
    : folder_(folder), options_(std::move(options)) {
  if (!options_.wall_ns) options_.wall_ns = steady_ns;
  if (options_.calls == nullptr) options_.calls = &io::FileCalls::system();
  if (options_.sync_thread) sync_thread_ = std::make_unique<io::SyncThread>(*options_.calls);
}

JournalWriter::~JournalWriter() = default;

void JournalWriter::take(const Record& record) {
  if (record.kind == RecordKind::kHeader) {
    close();
    header_ = record;
    goal_.reset();
    shapes_.reset();
    part_ = 0;
    begin_file(record.time_ns);
    write(record, false);
    return;
  }
  if (mcap_ == nullptr) {
    throw Error(folder_.path().string(), "a record came before the tape's header");
  }
  if (record.time_ns - file_begin_ns_ >= options_.file_ns) {
    close();
    ++part_;
    begin_file(record.time_ns);
    write(header_, true);
    if (shapes_) write(*shapes_, true);
    if (goal_) write(*goal_, true);
  }
  if (record.kind == RecordKind::kGoal) goal_ = record;
  if (record.kind == RecordKind::kScene && !record.get<Scene>().shapes.empty()) shapes_ = record;
  write(record, false);
}

void JournalWriter::begin_file(int64_t time_ns) {
  const Header& header = header_.get<Header>();
  if (options_.naming == JournalOptions::Naming::kInOrder) {
    file_ = folder_.next_file();
  } else {
    if (header.attempt) last_number_ = header.episode.number;
    file_ = folder_.numbered_file(last_number_, header.attempt, part_);
  }
  channels_.clear();
  schemas_.clear();
  state_ = command_ = {};
  mcap_ =
      std::make_unique<io::McapWriter>(file_, io::McapWriter::Compression::kZstd, *options_.calls);
  file_begin_ns_ = time_ns;
  if (part_ > 0 || header.start_state.empty()) return;
  const uint64_t time = mcap_time(time_ns + options_.unix_offset_ns);
  const auto* bytes = reinterpret_cast<const uint8_t*>(header.start_state.data());
  mcap_->attachment(time, time, kStartState, "application/octet-stream",
                    {bytes, header.start_state.size()});
}

void JournalWriter::write(const Record& record, bool repeat) {
  const Header& header = header_.get<Header>();
  bytes_.clear();
  encode_record(record, header.contract, options_.unix_offset_ns, repeat, bytes_);
  // A repeated record keeps its time in its own fields; the file goes by the time of writing.
  const int64_t time_ns = repeat ? file_begin_ns_ : record.time_ns;
  const int64_t wall_ns = options_.wall_ns();
  const size_t size = mcap_->chunk_bytes();
  if (size > 0 && (chunk_is_due(wall_ns) || time_ns - chunk_begin_ns_ >= options_.chunk_ns ||
                   size + bytes_.size() > options_.chunk_bytes)) {
    end_chunk();
  }
  if (mcap_->chunk_bytes() == 0) {
    chunk_begin_ns_ = time_ns;
    chunk_wall_ns_ = wall_ns;
    if (!unsynced_) unsynced_wall_ns_ = wall_ns;
  }
  const int64_t log_ns = time_ns + options_.unix_offset_ns;
  Channel& channel = channel_of(record);
  if (record.kind == RecordKind::kPicture) {
    const Picture& picture = *record.picture.picture;
    put(channel, static_cast<uint32_t>(picture.id), log_ns,
        picture.time_ns + options_.unix_offset_ns);
  } else {
    put(channel, channel.count, log_ns, log_ns);
  }
  if (record.kind == RecordKind::kStep) {
    write_joints(state_, kStateTopic, header.contract.state, record.step.state, log_ns);
    write_joints(command_, kCommandTopic, header.contract.action, record.step.sent, log_ns);
  }
}

void JournalWriter::write_joints(Channel& channel, std::string_view topic,
                                 const std::vector<Field>& fields, const std::vector<float>& values,
                                 int64_t log_ns) {
  if (channel.id == 0) channel.id = add_channel(joints_topic(topic));
  bytes_.clear();
  encode_joints(fields, values, log_ns, bytes_);
  put(channel, channel.count, log_ns, log_ns);
}

void JournalWriter::put(Channel& channel, uint32_t sequence, int64_t log_ns, int64_t publish_ns) {
  mcap_->message(channel.id, sequence, mcap_time(log_ns), mcap_time(publish_ns), bytes_);
  ++channel.count;
}

JournalWriter::Channel& JournalWriter::channel_of(const Record& record) {
  const int camera = record.kind == RecordKind::kPicture ? record.picture.camera : 0;
  Channel& channel = channels_[{record.kind, camera}];
  if (channel.id == 0) {
    channel.id = add_channel(journal_topic(record.kind, header_.get<Header>().contract, camera,
                                           options_.unix_offset_ns));
  }
  return channel;
}

uint16_t JournalWriter::add_channel(const JournalTopic& topic) {
  uint16_t& schema = schemas_[topic.schema];
  if (schema == 0) schema = mcap_->add_schema(topic.schema, "protobuf", topic.descriptors);
  return mcap_->add_channel(topic.topic, "protobuf", schema, topic.metadata);
}

void JournalWriter::end_chunk() {
  mcap_->end_chunk();
  unsynced_ = true;
  sync_due();
}

// A sync ends the chunk too, so that it covers all that has come.
bool JournalWriter::chunk_is_due(int64_t wall_ns) const {
  return !options_.simulated &&
         (wall_ns - chunk_wall_ns_ >= options_.chunk_ns || sync_is_due(wall_ns));
}

bool JournalWriter::sync_is_due(int64_t wall_ns) const {
  return wall_ns - unsynced_wall_ns_ >= options_.sync_ns &&
         (sync_thread_ == nullptr || !sync_thread_->busy());
}

void JournalWriter::sync_due() {
  const int64_t wall_ns = options_.wall_ns();
  if (!unsynced_ || !sync_is_due(wall_ns)) return;
  if (sync_thread_) {
    sync_thread_->sync(mcap_->file(), !folder_synced_);
    folder_synced_ = true;
  } else {
    mcap_->sync();
  }
  unsynced_ = false;
  unsynced_wall_ns_ = wall_ns;  // of a chunk that is begun already
}

void JournalWriter::flush_due() {
  if (mcap_ == nullptr) return;
  if (mcap_->chunk_bytes() > 0 && chunk_is_due(options_.wall_ns())) end_chunk();
  sync_due();
}

void JournalWriter::end() {
  close();
  if (sync_thread_) sync_thread_->finish();
}

void JournalWriter::close() {
  if (mcap_ == nullptr) return;
  // After a failure they throw again, and the writer stays as it is.
  if (sync_thread_) {
    mcap_->finish();
    sync_thread_->close(mcap_->file());
  } else {
    mcap_->close();
  }
  mcap_.reset();
  folder_synced_ = unsynced_ = false;
}

}  // namespace gyre::data
