#include "gyre/data/dataset_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

constexpr size_t kLeastPictures = 100;
constexpr int kFramesApart = 8;  // pictures that are no further apart are decoded in one go

}  // namespace

DatasetFrames::DatasetFrames(int image_width, int image_height, LoadOptions options)
    : FrameSet(image_width, image_height), options_(std::move(options)) {
  if (!options_.fit) options_.fit = io::resize;
}

DatasetFrames::~DatasetFrames() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  jobs_.clear();  // before the store whose rooms they hold
}

int DatasetFrames::add_on_disk(int embodiment, const Dataset& dataset, int64_t index,
                               EpisodeOnDisk episode, NonFiniteRows non_finite) {
  const bool in_columns =
      std::ranges::any_of(episode.tracks, [](const auto& track) { return track.file.empty(); });
  int added = 0;
  if (in_columns) {
    EpisodeRows whole = dataset.read(index);
    for (Row& row : whole.rows) {
      for (Image& image : row.images) image = options_.fit(image, image_width(), image_height());
    }
    added = add(embodiment, whole, non_finite);
  } else {
    auto block = make_block(embodiment, episode.rows, non_finite);
    std::vector<Track> tracks;
    const std::string name = fmt::format("{}: episode {}", dataset.folder().string(), index);
    for (PictureTrack& place : episode.tracks) {
      const int file = pool_.add(place.file, place.time_s(episode.rows.rows.size() - 1),
                                 place.tolerance_s, name);
      place.file.clear();
      tracks.push_back({.file = file, .place = std::move(place)});
    }
    tracks_.resize(episodes());
    tracks_.push_back(std::move(tracks));
    added = publish(std::move(block));
  }
  if (memory_bytes() > options_.memory_bytes) {
    throw Error(dataset.folder().string(),
                fmt::format("the rows up to episode {} take {} MiB, {} are allowed", index,
                            memory_bytes() >> 20, options_.memory_bytes >> 20),
                "raise --memory-mib, or leave episodes out");
  }
  return added;
}

PictureStore& DatasetFrames::begun() const {
  std::call_once(begin_, [this] {
    const size_t picture = static_cast<size_t>(image_width()) * image_height() * 3;
    const size_t slot = PictureStore::slot_bytes(picture);
    const size_t rows = memory_bytes();
    const size_t left = options_.memory_bytes - std::min(options_.memory_bytes, rows);
    const size_t decoders = left / 4;
    size_t slots = (left - decoders) / slot;
    if (slots < kLeastPictures) {
      throw Error(
          "--memory-mib",
          fmt::format("{} MiB are allowed, the rows take {}", options_.memory_bytes >> 20,
                      rows >> 20),
          fmt::format("give at least {}", ((rows + kLeastPictures * slot * 4 / 3) >> 20) + 1));
    }
    pool_.limit(decoders);
    store_ = std::make_unique<PictureStore>(
        picture, std::min<size_t>(slots, size() * static_cast<size_t>(cameras())));
    const int workers = options_.workers > 0
                            ? options_.workers
                            : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { serve(); });
  });
  return *store_;
}

FramePixels DatasetFrames::pixels(size_t frame, int camera) const {
  const Place place = place_of(frame);
  if (static_cast<size_t>(place.episode) >= tracks_.size() || tracks_[place.episode].empty()) {
    return FrameSet::pixels(frame, camera);
  }
  const Track& track = tracks_[place.episode][camera];
  const double time_s = track.place.time_s(place.row);
  PictureStore& store = begun();
  const uint64_t key = frame * cameras() + camera;
  while (true) {
    if (std::optional<FramePixels> found = store.find(key)) return *std::move(found);
    if (std::optional<PictureStore::Room> room = store.claim(key, false)) {
      Job job;
      job.push_back({.track = &track, .time_s = time_s, .room = *std::move(room)});
      decode(job);
    } else if (std::optional<FramePixels> found = store.find(key)) {
      return *std::move(found);
    } else {  // each slot is held or being filled
      const auto own = std::make_shared<std::vector<uint8_t>>(static_cast<size_t>(image_width()) *
                                                              image_height() * 3);
      pool_.read(track.file, {&time_s, 1}, track.place.tolerance_s,
                 [&](size_t, const io::VideoPicture& picture) { write(picture, *own); });
      return {.rgb = *own, .hold = own};
    }
  }
}

void DatasetFrames::ahead(std::span<const PictureAsked> pictures) const {
  struct Asked {
    const Track* track;
    double time_s;
    uint64_t key;
    size_t order;
  };
  std::vector<Asked> asked;
  for (const PictureAsked& picture : pictures) {
    const Place place = place_of(picture.frame);
    const auto episode = static_cast<size_t>(place.episode);
    if (episode >= tracks_.size() || tracks_[episode].empty()) continue;
    const Track& track = tracks_[episode][picture.camera];
    asked.push_back({.track = &track,
                     .time_s = track.place.time_s(place.row),
                     .key = picture.frame * cameras() + picture.camera,
                     .order = asked.size()});
  }
  if (asked.empty()) return;
  PictureStore& store = begun();
  std::ranges::sort(asked, [](const Asked& a, const Asked& b) {
    return std::pair(a.track->file, a.time_s) < std::pair(b.track->file, b.time_s);
  });
  std::vector<std::pair<size_t, Job>> jobs;  // by the first that was asked for
  for (const Asked& each : asked) {
    std::optional<PictureStore::Room> room = store.claim(each.key, true);
    if (!room) continue;
    const bool goes_on =
        !jobs.empty() && jobs.back().second.back().track->file == each.track->file &&
        (each.time_s - jobs.back().second.back().time_s) * each.track->place.fps <= kFramesApart;
    if (!goes_on) jobs.emplace_back(each.order, Job{});
    jobs.back().first = std::min(jobs.back().first, each.order);
    jobs.back().second.push_back(
        {.track = each.track, .time_s = each.time_s, .room = *std::move(room)});
  }
  std::ranges::sort(jobs, {}, &std::pair<size_t, Job>::first);
  {
    const std::lock_guard lock(mutex_);
    for (auto& [order, job] : jobs) jobs_.push_back(std::move(job));
  }
  wake_.notify_all();
}

void DatasetFrames::serve() const {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return end_ || !jobs_.empty(); });
    if (end_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    try {
      decode(job);
    } catch (const Error&) {
      // Its rooms are given back with the job; the error comes again to whoever asks.
    }
    job.clear();
    lock.lock();
  }
}

void DatasetFrames::decode(Job& job) const {
  std::vector<double> times_s;
  double tolerance_s = 0;
  for (const Wanted& wanted : job) {
    times_s.push_back(wanted.time_s);
    tolerance_s = std::max(tolerance_s, wanted.track->place.tolerance_s);
  }
  pool_.read(job.front().track->file, times_s, tolerance_s,
             [&](size_t i, const io::VideoPicture& picture) {
               write(picture, job[i].room.rgb());
               job[i].room.filled();
             });
}

void DatasetFrames::write(const io::VideoPicture& picture, std::span<uint8_t> rgb) const {
  if (picture.width == image_width() && picture.height == image_height()) {
    picture.write(rgb);
  } else {
    std::ranges::copy(options_.fit(picture.image(), image_width(), image_height()).rgb,
                      rgb.begin());
  }
}

}  // namespace gyre::data
