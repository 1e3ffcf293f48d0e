#include "gyre/data/journal_messages.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/data/journal_schema.h"
#include "gyre/data/protobuf_schema.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

using protobuf::Bytes;
using protobuf::View;

constexpr int kLosslessSide = 128;                     // pixels; larger pictures are JPEG or video
constexpr const char* kCamera = "camera";              // metadata of a camera's channel: its index
constexpr const char* kUnixOffset = "unix_offset_ns";  // ... and unix time minus robot clock
constexpr const char* kVideoFormat = "h264";

struct Kind {
  RecordKind kind;
  std::string_view topic, schema;
};
constexpr Kind kKinds[] = {
    {RecordKind::kHeader, "/header", protobuf::Message<HeaderMessage>::kName},
    {RecordKind::kGoal, "/goal", protobuf::Message<Goal>::kName},
    {RecordKind::kRequest, "/request", protobuf::Message<RequestRecord>::kName},
    {RecordKind::kChunk, "/chunk", protobuf::Message<ActionChunk>::kName},
    {RecordKind::kPicture, "/camera/", protobuf::Message<CompressedImage>::kName},
    {RecordKind::kEvent, "/event", protobuf::Message<Event>::kName},
    {RecordKind::kTruth, "/truth", protobuf::Message<Truth>::kName},
    {RecordKind::kScene, "/scene", protobuf::Message<Scene>::kName},
    {RecordKind::kStep, "/step", protobuf::Message<Step>::kName}};

Bytes descriptors_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::kHeader:
      return protobuf::schema_of<Entry<HeaderMessage>>();
    case RecordKind::kGoal:
      return protobuf::schema_of<Entry<Goal>>();
    case RecordKind::kRequest:
      return protobuf::schema_of<Entry<RequestRecord>>();
    case RecordKind::kChunk:
      return protobuf::schema_of<Entry<ActionChunk>>();
    case RecordKind::kPicture:
      return protobuf::schema_of<CompressedImage>();
    case RecordKind::kEvent:
      return protobuf::schema_of<Entry<Event>>();
    case RecordKind::kTruth:
      return protobuf::schema_of<Entry<Truth>>();
    case RecordKind::kScene:
      return protobuf::schema_of<Entry<Scene>>();
    case RecordKind::kStep:
      return protobuf::schema_of<Entry<Step>>();
  }
  return {};
}

Timestamp timestamp(int64_t unix_ns) {
  const int64_t nanos = ((unix_ns % 1'000'000'000) + 1'000'000'000) % 1'000'000'000;
  return {(unix_ns - nanos) / 1'000'000'000, static_cast<int>(nanos)};
}

// Wraps where a damaged timestamp is out of range.
int64_t nanoseconds(const Timestamp& time) {
  return static_cast<int64_t>(static_cast<uint64_t>(time.seconds) * 1'000'000'000 +
                              static_cast<uint64_t>(static_cast<int64_t>(time.nanos)));
}
int64_t minus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

template <class T>
void encode_entry(const Record& record, const T& body, bool repeat, Bytes& out) {
  Entry<T> entry{record.tick, record.time_ns, {}, body};
  if (repeat) entry.repeat = true;
  protobuf::encode(entry, out);
}

// The body, or null when the bytes are malformed.
template <class T>
std::shared_ptr<T> decode_entry(View bytes, Record& record, bool& repeat) {
  Entry<T> entry;
  if (!protobuf::decode(bytes, entry)) return nullptr;
  record.tick = entry.record_tick;
  record.time_ns = entry.record_time_ns;
  repeat = entry.repeat.value_or(false);
  return std::make_shared<T>(std::move(entry.body));
}

template <class T>
bool decode_shared(View bytes, Record& record, bool& repeat) {
  std::shared_ptr<T> body = decode_entry<T>(bytes, record, repeat);
  if (body == nullptr) return false;
  record.shared = std::shared_ptr<const T>(std::move(body));
  return true;
}

HeaderMessage message_of_header(const Header& header, int64_t unix_offset_ns) {
  return {.contract = nlohmann::json(header.contract).dump(),
          .control_period_s = header.contract.control_period_s,
          .embodiment = header.contract.name,
          .contract_hash = header.contract.contract_hash(),
          .unix_offset_ns = unix_offset_ns,
          .attempt = header.attempt,
          .episode = header.episode,
          .program = header.program,
          .policy = header.policy,
          .policy_hash = header.policy_hash,
          .setup = header.setup};
}

bool decode_header(View bytes, Record& record, bool& repeat) {
  const std::shared_ptr<HeaderMessage> message = decode_entry<HeaderMessage>(bytes, record, repeat);
  if (message == nullptr) return false;
  Header header{.contract = {},
                .attempt = message->attempt,
                .episode = message->episode,
                .program = message->program,
                .policy = message->policy,
                .policy_hash = message->policy_hash,
                .start_state = {},
                .setup = message->setup};
  try {
    header.contract = nlohmann::json::parse(message->contract).get<Embodiment>();
    header.contract.control_period_s = message->control_period_s;
    header.contract.validate();
  } catch (const nlohmann::json::exception&) {
    return false;
  } catch (const Error&) {
    return false;
  }
  record.shared = std::make_shared<const Header>(std::move(header));
  return true;
}

// Whether the event is of a kind that is known here.
bool has_known_body(View bytes) {
  constexpr int kFirst = protobuf::Message<Event>::kBody;
  constexpr int kEnd = kFirst + static_cast<int>(std::variant_size_v<Event::Body>);
  for (protobuf::Field field; !bytes.empty() && take_field(bytes, field);) {
    if (field.number >= kFirst && field.number < kEnd) return field.wire == protobuf::kLength;
  }
  return false;
}

Decoded decode_event(View bytes, Record& record, bool& repeat) {
  const std::shared_ptr<Event> event = decode_entry<Event>(bytes, record, repeat);
  if (event == nullptr) return Decoded::kMalformed;
  record.event = *event;
  return has_known_body(bytes) ? Decoded::kRecord : Decoded::kUnknown;
}

bool decode_step(View bytes, Record& record, bool& repeat) {
  const std::shared_ptr<Step> step = decode_entry<Step>(bytes, record, repeat);
  if (step != nullptr) record.step = std::move(*step);
  return step != nullptr;
}

bool decode_chunk(View bytes, Record& record, bool& repeat) {
  if (!decode_shared<ActionChunk>(bytes, record, repeat)) return false;
  const auto& chunk = record.get<ActionChunk>();
  return chunk.horizon >= 0 && chunk.dim >= 0 &&
         static_cast<uint64_t>(chunk.horizon) * static_cast<uint64_t>(chunk.dim) ==
             chunk.actions.size();
}

void encode_picture(const Record& record, const Embodiment& contract, int64_t unix_offset_ns,
                    bool lossless, Bytes& out) {
  const Picture& picture = *record.picture.picture;
  lossless |= std::max(picture.image.width, picture.image.height) <= kLosslessSide;
  const auto camera = static_cast<size_t>(record.picture.camera);
  const CompressedImage image{
      .timestamp = timestamp(picture.time_ns + unix_offset_ns),
      .frame_id = contract.cameras.at(camera).name,
      .data = lossless ? io::encode_png(picture.image) : io::encode_jpeg(picture.image),
      .format = lossless ? "png" : "jpeg",
      .gyre_tick = record.tick};
  protobuf::encode(image, out);
}

template <class T>
bool number_of(const std::map<std::string, std::string>& metadata, const char* key, T& number) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return false;
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::shared_ptr<const EncodedPicture> encoded_picture(EncodedPicture::Format format, Bytes bytes) {
  return std::make_shared<const EncodedPicture>(
      EncodedPicture{.format = format, .bytes = std::move(bytes)});
}

bool take_pixels(CompressedImage& image, Pixels pixels, Picture& picture) {
  if (pixels == Pixels::kDecoded) {
    try {
      picture.image = io::decode_image(image.data, image.frame_id);
    } catch (const Error&) {
      return false;
    }
  } else if (pixels == Pixels::kEncoded) {
    const bool png = image.format == "png";
    picture.encoded = encoded_picture(
        png ? EncodedPicture::Format::kPng : EncodedPicture::Format::kJpeg, std::move(image.data));
  }
  return true;
}

bool take_pixels(CompressedVideo& video, Pixels pixels, Picture& picture) {
  if (video.format != kVideoFormat || video.data.empty()) return false;
  if (pixels == Pixels::kNone) return true;
  picture.encoded = encoded_picture(EncodedPicture::Format::kH264, std::move(video.data));
  return true;
}

// T: CompressedImage or CompressedVideo.
template <class T>
bool decode_picture(const JournalMessage& message, Pixels pixels, Record& record) {
  T image;
  int64_t unix_offset_ns = 0;
  if (!protobuf::decode(message.data, image) ||
      !number_of(message.metadata, kCamera, record.picture.camera) || record.picture.camera < 0 ||
      !number_of(message.metadata, kUnixOffset, unix_offset_ns)) {
    return false;
  }
  Picture picture{.image = {},
                  .time_ns = minus(nanoseconds(image.timestamp), unix_offset_ns),
                  .id = message.sequence};
  if (!take_pixels(image, pixels, picture)) return false;
  record.tick = image.gyre_tick;
  record.time_ns = minus(message.log_time_ns, unix_offset_ns);
  record.picture.picture = PictureRef(std::move(picture));
  return true;
}

}  // namespace

JournalTopic journal_topic(RecordKind kind, const Embodiment& contract, int camera,
                           int64_t unix_offset_ns) {
  const Kind& entry = kKinds[static_cast<size_t>(kind)];
  JournalTopic topic{std::string(entry.topic), std::string(entry.schema), descriptors_of(kind), {}};
  if (kind == RecordKind::kPicture) {
    topic.topic += contract.cameras.at(static_cast<size_t>(camera)).name;
    topic.metadata = {{kCamera, std::to_string(camera)},
                      {kUnixOffset, std::to_string(unix_offset_ns)}};
  }
  return topic;
}

JournalTopic video_topic(const Embodiment& contract, int camera, int64_t unix_offset_ns) {
  JournalTopic topic = journal_topic(RecordKind::kPicture, contract, camera, unix_offset_ns);
  topic.schema = protobuf::Message<CompressedVideo>::kName;
  topic.descriptors = protobuf::schema_of<CompressedVideo>();
  return topic;
}

void encode_video(const Record& record, const Embodiment& contract, int64_t unix_offset_ns,
                  std::vector<uint8_t> packet, std::vector<uint8_t>& out) {
  const auto camera = static_cast<size_t>(record.picture.camera);
  const CompressedVideo video{
      .timestamp = timestamp(record.picture.picture->time_ns + unix_offset_ns),
      .frame_id = contract.cameras.at(camera).name,
      .data = std::move(packet),
      .format = kVideoFormat,
      .gyre_tick = record.tick};
  protobuf::encode(video, out);
}

void encode_record(const Record& record, const Embodiment& contract, int64_t unix_offset_ns,
                   bool repeat, std::vector<uint8_t>& out, bool lossless) {
  switch (record.kind) {
    case RecordKind::kHeader:
      return encode_entry(record, message_of_header(record.get<Header>(), unix_offset_ns), repeat,
                          out);
    case RecordKind::kGoal:
      return encode_entry(record, record.get<Goal>(), repeat, out);
    case RecordKind::kRequest:
      return encode_entry(record, record.get<RequestRecord>(), repeat, out);
    case RecordKind::kChunk:
      return encode_entry(record, record.get<ActionChunk>(), repeat, out);
    case RecordKind::kPicture:
      return encode_picture(record, contract, unix_offset_ns, lossless, out);
    case RecordKind::kEvent:
      return encode_entry(record, record.event, repeat, out);
    case RecordKind::kTruth:
      return encode_entry(record, record.get<Truth>(), repeat, out);
    case RecordKind::kScene:
      return encode_entry(record, record.get<Scene>(), repeat, out);
    case RecordKind::kStep:
      return encode_entry(record, record.step, repeat, out);
  }
}

std::optional<RecordKind> record_kind(std::string_view schema) {
  for (const Kind& entry : kKinds) {
    if (entry.schema == schema) return entry.kind;
  }
  if (schema == protobuf::Message<CompressedVideo>::kName) return RecordKind::kPicture;
  return std::nullopt;
}

Decoded decode_record(const JournalMessage& message, Pixels pixels, Record& record, bool& repeat) {
  const std::optional<RecordKind> kind = record_kind(message.schema);
  if (!kind) return Decoded::kUnknown;
  record.kind = *kind;
  repeat = false;
  const auto decoded = [&] {
    switch (record.kind) {
      case RecordKind::kHeader:
        return decode_header(message.data, record, repeat);
      case RecordKind::kGoal:
        return decode_shared<Goal>(message.data, record, repeat);
      case RecordKind::kRequest:
        return decode_shared<RequestRecord>(message.data, record, repeat);
      case RecordKind::kChunk:
        return decode_chunk(message.data, record, repeat);
      case RecordKind::kPicture:
        return message.schema == protobuf::Message<CompressedVideo>::kName
                   ? decode_picture<CompressedVideo>(message, pixels, record)
                   : decode_picture<CompressedImage>(message, pixels, record);
      case RecordKind::kTruth:
        return decode_shared<Truth>(message.data, record, repeat);
      case RecordKind::kScene:
        return decode_shared<Scene>(message.data, record, repeat);
      case RecordKind::kStep:
        return decode_step(message.data, record, repeat);
      default:
        return false;
    }
  };
  if (record.kind == RecordKind::kEvent) return decode_event(message.data, record, repeat);
  return decoded() ? Decoded::kRecord : Decoded::kMalformed;
}

JournalTopic joints_topic(std::string_view topic) {
  return {std::string(topic),
          std::string(protobuf::Message<JointStates>::kName),
          protobuf::schema_of<JointStates>(),
          {}};
}

void encode_joints(std::span<const Field> fields, std::span<const float> values, int64_t unix_ns,
                   std::vector<uint8_t>& out) {
  JointStates joints{timestamp(unix_ns), {}};
  for (size_t i = 0; i < std::min(fields.size(), values.size()); ++i) {
    JointState& joint = joints.joints.emplace_back();
    joint.name = fields[i].name;
    (fields[i].kind == FieldKind::kVelocity ? joint.velocity : joint.position) = values[i];
  }
  protobuf::encode(joints, out);
}

}  // namespace gyre::data
