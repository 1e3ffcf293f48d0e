#include "gyre/data/journal.h"

#include <chrono>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/data/journal_messages.h"

namespace gyre::data {
namespace {

// When pictures are given up, and until when: a tape's ring holds a second of pictures and more.
constexpr int64_t kTooLateNs = 500'000'000, kCaughtUpNs = 100'000'000;

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
    if (mcap_ != nullptr) tell_given_up(record.tick, record.time_ns);
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
  if (record.kind == RecordKind::kPicture && gives_up(record)) return;
  if (record.kind == RecordKind::kPicture || record.kind == RecordKind::kEvent) {
    tell_given_up(record.tick, record.time_ns);
  }
  if (record.kind == RecordKind::kGoal) goal_ = record;
  if (record.kind == RecordKind::kScene && !record.get<Scene>().shapes.empty()) shapes_ = record;
  last_tick_ = record.tick;
  last_time_ns_ = record.time_ns;
  write(record, false);
}

bool JournalWriter::gives_up(const Record& picture) {
  if (!options_.late_ns) return false;
  behind_ = options_.late_ns(picture.time_ns) > (behind_ ? kCaughtUpNs : kTooLateNs);
  if (behind_) ++given_up_[picture.picture.camera];
  return behind_;
}

void JournalWriter::tell_given_up(int64_t tick, int64_t time_ns) {
  for (const auto& [camera, count] : std::exchange(given_up_, {})) {
    Record lost;
    lost.kind = RecordKind::kEvent;
    lost.tick = tick;
    lost.time_ns = time_ns;
    lost.event = {.time_ns = time_ns,
                  .author = "journal",
                  .body = event::FrameLost{.camera = camera, .count = count}};
    write(lost, false);
  }
}

void JournalWriter::begin_file(int64_t time_ns) {
  ++chunk_;
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
  // A repeated record keeps its time in its own fields; the file goes by the time of writing.
  const int64_t time_ns = repeat ? file_begin_ns_ : record.time_ns;
  const int64_t wall_ns = options_.wall_ns();
  if (mcap_->chunk_bytes() > 0 &&
      (chunk_is_due(wall_ns) || time_ns - chunk_begin_ns_ >= options_.chunk_ns)) {
    end_chunk();
  }
  encode(record, repeat);
  const size_t size = mcap_->chunk_bytes();
  if (size > 0 && size + bytes_.size() > options_.chunk_bytes) {
    end_chunk();
    // The first picture of a chunk refers to none before.
    if (is_video(record)) encode(record, repeat);
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
    const Embodiment& contract = header_.get<Header>().contract;
    write_joints(state_, kStateTopic, contract.state, record.step.state, log_ns);
    write_joints(command_, kCommandTopic, contract.action, record.step.sent, log_ns);
  }
}

bool JournalWriter::is_video(const Record& record) const {
  return !options_.lossless && record.kind == RecordKind::kPicture &&
         is_video_picture(record.picture.picture->image);
}

// Into bytes_, as a message of the present chunk.
void JournalWriter::encode(const Record& record, bool repeat) {
  const Embodiment& contract = header_.get<Header>().contract;
  bytes_.clear();
  if (!is_video(record)) {
    return encode_record(record, contract, options_.unix_offset_ns, repeat, bytes_,
                         options_.lossless);
  }
  const int camera = record.picture.camera;
  std::vector<uint8_t> packet;
  video_.encode(contract.cameras.at(static_cast<size_t>(camera)), camera, *record.picture.picture,
                chunk_, packet);
  encode_video(record, contract, options_.unix_offset_ns, std::move(packet), bytes_);
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
  const bool video = is_video(record);
  Channel& channel = channels_[{record.kind, camera, video}];
  if (channel.id == 0) {
    const Embodiment& contract = header_.get<Header>().contract;
    const int64_t offset_ns = options_.unix_offset_ns;
    channel.id = add_channel(video ? video_topic(contract, camera, offset_ns)
                                   : journal_topic(record.kind, contract, camera, offset_ns));
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
  ++chunk_;
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
  if (mcap_ != nullptr) tell_given_up(last_tick_, last_time_ns_);
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
