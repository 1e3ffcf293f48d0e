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
constexpr int64_t kWallNs = 200'000'000, kPosesNs = 95'000'000;
constexpr int kQuality = 85, kWallQuality = 75, kWallPixels = 128;

double seconds(int64_t ns) { return static_cast<double>(ns) * 1e-9; }

// At most kWallPixels wide and high.
Image small_picture(const Image& image) {
  const int longer = std::max(image.width, image.height);
  if (longer <= kWallPixels) return image;
  return io::resize(image, std::max(1, image.width * kWallPixels / longer),
                    std::max(1, image.height * kWallPixels / longer));
}

const char* kind_name(Scene::Shape::Kind kind) {
  constexpr const char* kNames[] = {"box", "sphere", "cylinder", "capsule", "ellipsoid", "mesh"};
  return kNames[static_cast<size_t>(kind)];
}

SceneShapes shapes_of(int robot, const Scene& scene) {
  SceneShapes told{.robot = robot};
  for (const Scene::Pose& pose : scene.poses) told.links.push_back(pose.link);
  for (const Scene::Shape& shape : scene.shapes) {
    const auto link = std::ranges::find(told.links, shape.link);
    if (link == told.links.end()) continue;
    told.shapes.push_back({.link = static_cast<int>(link - told.links.begin()),
                           .kind = kind_name(shape.kind),
                           .size = {std::begin(shape.size), std::end(shape.size)},
                           .position = {std::begin(shape.position), std::end(shape.position)},
                           .rotation = {std::begin(shape.rotation), std::end(shape.rotation)},
                           .rgba = {std::begin(shape.rgba), std::end(shape.rgba)}});
  }
  return told;
}

// True when something is due that was last told at `told_ns`; the clock may have been set back.
bool due(int64_t time_ns, int64_t period_ns, int64_t& told_ns) {
  if (std::abs(time_ns - told_ns) < period_ns) return false;
  told_ns = time_ns;
  return true;
}

}  // namespace

RobotFeed::RobotFeed(int robot, const Embodiment& contract, const run::Operator& operations,
                     Publisher& publisher)
    : robot_(robot),
      operations_(operations),
      publisher_(publisher),
      path_(contract),
      pictures_ns_(contract.cameras.size()) {
  samples_.robot = robot;
}

bool RobotFeed::wants(RecordKind kind) const {
  return kind != RecordKind::kHeader && kind != RecordKind::kGoal && kind != RecordKind::kTruth;
}

void RobotFeed::take(const Record& record) {
  switch (record.kind) {
    case RecordKind::kStep:
      return take(record.step);
    case RecordKind::kEvent:
      return take(record.event);
    case RecordKind::kPicture:
      return take(record.picture);
    case RecordKind::kScene:
      return take(record.get<Scene>(), record.time_ns);
    case RecordKind::kChunk:
      return take(record.get<ActionChunk>());
    case RecordKind::kRequest:
      request_ = std::get<RequestPtr>(record.shared);
      return;
    default:
      return;
  }
}

void RobotFeed::take(const Step& step) {
  if (watched(Audience::kClose)) sample(step);
  if (watched(Audience::kWall) && due(step.time_ns, kWallNs, told_wall_ns_)) {
    tell(Audience::kWall, status_frame(step), false);
  }
}

void RobotFeed::sample(const Step& step) {
  if (due(step.time_ns, kSampleNs, sampled_ns_)) {
    samples_.time_s.push_back(seconds(step.time_ns));
    samples_.state.push_back(step.state);
    samples_.sent.push_back(step.sent);
    const Proposal& wanted = step.of(Source::kPolicy);
    samples_.wanted.push_back(wanted.valid ? wanted.action : std::vector<float>());
    samples_.source.emplace_back(source_name(step.source));
  }
  if (!due(step.time_ns, kTellNs, told_ns_)) return;
  tell(Audience::kClose, frame_of(std::exchange(samples_, {.robot = robot_})), true);
  tell(Audience::kClose, status_frame(step), false);
}

std::string RobotFeed::status_frame(const Step& step) const {
  const run::LoopStatus now = operations_.status();
  return frame_of(Status{.robot = robot_,
                         .time_s = seconds(step.time_ns),
                         .mode = std::string(mode_name(now.mode)),
                         .source = std::string(source_name(now.source)),
                         .reasons = reasons_text(step.reasons),
                         .goal = now.goal,
                         .task = now.task,
                         .coached_s = now.coached_s,
                         .episode = now.episode,
                         .rung = now.rung,
                         .state_age_s = seconds(step.state_age_ns),
                         .picture_age_s = now.picture_age_s,
                         .chunk_age_s = now.chunk_age_s,
                         .inference_ms = now.inference_ms,
                         .queue_ms = times_.queue_ms,
                         .prefix_ms = times_.prefix_ms,
                         .sample_ms = times_.sampling_ms,
                         .network_ms = times_.network_ms,
                         .held_ticks = now.held_ticks,
                         .dropped_chunks = now.dropped_chunks,
                         .verdicts = now.verdicts,
                         .successes = now.successes,
                         .alarm = now.alarm,
                         .alarm_age_s = now.alarm_age_s,
                         .help = help_,
                         .holder = publisher_.holder(),
                         .asking = publisher_.asking()});
}

void RobotFeed::take(const Event& event) {
  if (const auto* asked = std::get_if<event::HelpAsked>(&event.body)) help_ = asked->why.view();
  if (std::holds_alternative<event::HelpGiven>(event.body) ||
      std::holds_alternative<event::EpisodeEnded>(event.body)) {
    help_.clear();
  }
  if (is_routine(event) || !watched(Audience::kAll)) return;
  tell(Audience::kAll,
       frame_of(EventLine{.robot = robot_,
                          .time_s = seconds(event.time_ns),
                          .author = std::string(event.author.view()),
                          .what = std::string(event_name(event)),
                          .text = event_text(event)}),
       false);
}

void RobotFeed::take(const ActionChunk& chunk) {
  times_ = chunk.times;
  if (!watched(Audience::kScene) || !request_ || request_->id != chunk.id) return;
  tell(Audience::kScene,
       frame_of(GripperPath{.robot = robot_,
                            .time_s = seconds(chunk.observation_time_ns),
                            .points = path_.points(request_->state, chunk)}),
       true);
}

void RobotFeed::take(const Scene& scene, int64_t time_ns) {
  if (!scene.shapes.empty()) {
    std::string frame = frame_of(shapes_of(robot_, scene));
    {
      const std::lock_guard lock(mutex_);
      shapes_ = frame;
    }
    if (watched(Audience::kScene)) tell(Audience::kScene, std::move(frame), false);
  }
  if (!watched(Audience::kScene) || !due(time_ns, kPosesNs, posed_ns_)) return;
  ScenePoses told{.robot = robot_, .time_s = seconds(time_ns)};
  for (const Scene::Pose& pose : scene.poses) {
    for (const double x : pose.position) told.poses.push_back(static_cast<float>(x));
    for (const double x : pose.rotation) told.poses.push_back(static_cast<float>(x));
  }
  tell(Audience::kScene, frame_of(told), true);
}

std::string RobotFeed::shapes() const {
  const std::lock_guard lock(mutex_);
  return shapes_;
}

void RobotFeed::take(const CameraPicture& picture) {
  const Image& image = picture.picture->image;
  const int64_t time_ns = picture.picture->time_ns;
  int64_t& told_ns = pictures_ns_.at(static_cast<size_t>(picture.camera));
  if (watched(Audience::kClose) && due(time_ns, kPictureNs, told_ns)) {
    tell(Audience::kClose, picture_frame(picture, io::encode_jpeg(image, kQuality)), true, true);
  }
  if (picture.camera == 0 && watched(Audience::kWall) && due(time_ns, kWallNs, shown_wall_ns_)) {
    tell(Audience::kWall,
         picture_frame(picture, io::encode_jpeg(small_picture(image), kWallQuality)), true, true);
  }
}

std::string RobotFeed::picture_frame(const CameraPicture& picture,
                                     const std::vector<uint8_t>& jpeg) const {
  const PictureHead head{.robot = static_cast<uint32_t>(robot_),
                         .camera = static_cast<uint32_t>(picture.camera),
                         .time_s = seconds(picture.picture->time_ns)};
  static_assert(sizeof head == PictureHead::kBytes);
  std::string message(PictureHead::kBytes + jpeg.size(), '\0');
  std::memcpy(message.data(), &head, PictureHead::kBytes);
  std::ranges::copy(jpeg, message.begin() + PictureHead::kBytes);
  return message;
}

}  // namespace gyre::console
