#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/record.h"

namespace gyre::data {

// What an MCAP file says of the messages on one topic.
struct JournalTopic {
  std::string topic;                 // "/step"
  std::string schema;                // "gyre.Step"
  std::vector<uint8_t> descriptors;  // protobuf FileDescriptorSet
  std::map<std::string, std::string> metadata;
};

// A message with what MCAP keeps beside its bytes.
struct JournalMessage {
  std::string_view schema;
  const std::map<std::string, std::string>& metadata;  // of its channel
  uint32_t sequence = 0;
  int64_t log_time_ns = 0;  // unix
  std::span<const uint8_t> data;
};

// What is read of pictures beside their times and numbers.
enum class Pixels {
  kNone,
  kEncoded,  // Picture::encoded
  kDecoded   // Picture::image; of H.264 `encoded` too
};

// The topic that records of this kind go to, one for each camera of the contract; `camera` for
// pictures. `unix_offset_ns`: unix time minus robot clock.
JournalTopic journal_topic(RecordKind kind, const Embodiment& contract, int camera,
                           int64_t unix_offset_ns);

// Appends the record's bytes. `repeat`: it stands in an earlier file too. A picture is PNG where it
// is small or `lossless`, else JPEG.
void encode_record(const Record& record, const Embodiment& contract, int64_t unix_offset_ns,
                   bool repeat, std::vector<uint8_t>& out, bool lossless = false);

// Large pictures are a stream of H.264 (journal_video.h) on the camera's topic; `packet` is that of
// the record's picture.
JournalTopic video_topic(const Embodiment& contract, int camera, int64_t unix_offset_ns);
void encode_video(const Record& record, const Embodiment& contract, int64_t unix_offset_ns,
                  std::vector<uint8_t> packet, std::vector<uint8_t>& out);

enum class Decoded {
  kRecord,
  kUnknown,  // an event of a kind that a newer program added, or not a message of Gyre
  kMalformed
};
// The other way. Fields that a newer program added are passed over; those that an older one did not
// write keep their defaults. A packet of H.264 comes out as it is: VideoStreams decodes it.
Decoded decode_record(const JournalMessage& message, Pixels pixels, Record& record, bool& repeat);

// The kind of the records with this schema; nothing for the others, which viewers read.
std::optional<RecordKind> record_kind(std::string_view schema);

// Name of the attachment that holds Header::start_state.
inline constexpr std::string_view kStartState = "start_state";

// For viewers: what the robot sensed and was sent in a Step, as foxglove.JointStates.
inline constexpr std::string_view kStateTopic = "/state", kCommandTopic = "/command";
JournalTopic joints_topic(std::string_view topic);
void encode_joints(std::span<const Field> fields, std::span<const float> values, int64_t unix_ns,
                   std::vector<uint8_t>& out);

}  // namespace gyre::data
