#include "gyre/console/robot_feed.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "gyre/console/event_text.h"
#include "gyre/console/wire_json.h"
#include "gyre/io/image_file.h"

namespace gyre::console {
namespace {

constexpr int64_t kSampleNs = 19'000'000, kTellNs = 100'000'000, kPictureNs = 60'000'000;
constexpr int kQuality = 85;

double seconds(int64_t ns) { return static_cast<double>(ns) * 1e-9; }

}  // namespace

RobotFeed::RobotFeed(int robot, const Embodiment& contract, const run::Operator& operations,
                     Publisher& publisher)
    : robot_(robot),
      operations_(operations),
      publisher_(publisher),
      pictures_ns_(contract.cameras.size()) {
  samples_.robot = robot;
}

bool RobotFeed::wants(RecordKind kind) const {
  return kind == RecordKind::kStep || kind == RecordKind::kEvent || kind == RecordKind::kPicture;
}

void RobotFeed::take(const Record& record) {
  if (!publisher_.watched()) return;
  if (record.kind == RecordKind::kStep) take(record.step);
  if (record.kind == RecordKind::kEvent) take(record.event);
  if (record.kind == RecordKind::kPicture) take(record.picture);
}

void RobotFeed::take(const Step& step) {
  if (std::abs(step.time_ns - sampled_ns_) >= kSampleNs) {
    sampled_ns_ = step.time_ns;
    samples_.time_s.push_back(seconds(step.time_ns));
    samples_.state.push_back(step.state);
    samples_.sent.push_back(step.sent);
    const Proposal& wanted = step.of(Source::kPolicy);
    samples_.wanted.push_back(wanted.valid ? wanted.action : std::vector<float>());
    samples_.source.emplace_back(source_name(step.source));
  }
  if (std::abs(step.time_ns - told_ns_) < kTellNs) return;
  told_ns_ = step.time_ns;
  publisher_.publish(frame_of(std::exchange(samples_, {.robot = robot_})), false, true);
  tell_status(step);
}

void RobotFeed::tell_status(const Step& step) {
  const run::LoopStatus now = operations_.status();
  publisher_.publish(frame_of(Status{.robot = robot_,
                                     .time_s = seconds(step.time_ns),
                                     .mode = std::string(mode_name(now.mode)),
                                     .source = std::string(source_name(now.source)),
                                     .reasons = reasons_text(step.reasons),
                                     .goal = now.goal,
                                     .episode = now.episode,
                                     .rung = now.rung,
                                     .state_age_s = seconds(step.state_age_ns),
                                     .picture_age_s = now.picture_age_s,
                                     .chunk_age_s = now.chunk_age_s,
                                     .inference_ms = now.inference_ms,
                                     .held_ticks = now.held_ticks,
                                     .dropped_chunks = now.dropped_chunks,
                                     .verdicts = now.verdicts,
                                     .successes = now.successes,
                                     .alarm = now.alarm,
                                     .alarm_age_s = now.alarm_age_s,
                                     .holder = publisher_.holder(robot_)}),
                     false, false);
}

void RobotFeed::take(const Event& event) {
  if (is_routine(event)) return;
  publisher_.publish(frame_of(EventLine{.robot = robot_,
                                        .time_s = seconds(event.time_ns),
                                        .author = std::string(event.author.view()),
                                        .what = std::string(event_name(event)),
                                        .text = event_text(event)}),
                     false, false);
}

void RobotFeed::take(const CameraPicture& picture) {
  const auto camera = static_cast<size_t>(picture.camera);
  int64_t& told_ns = pictures_ns_.at(camera);
  const int64_t time_ns = picture.picture->time_ns;
  if (std::abs(time_ns - told_ns) < kPictureNs) return;
  told_ns = time_ns;
  const std::vector<uint8_t> jpeg = io::encode_jpeg(picture.picture->image, kQuality);
  const PictureHead head{.robot = static_cast<uint32_t>(robot_),
                         .camera = static_cast<uint32_t>(camera),
                         .time_s = seconds(time_ns)};
  static_assert(sizeof head == PictureHead::kBytes);
  std::string message(PictureHead::kBytes + jpeg.size(), '\0');
  std::memcpy(message.data(), &head, PictureHead::kBytes);
  std::ranges::copy(jpeg, message.begin() + PictureHead::kBytes);
  publisher_.publish(std::move(message), true, true);
}

}  // namespace gyre::console
