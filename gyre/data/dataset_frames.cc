#include "gyre/data/dataset_frames.h"

#include <fmt/format.h>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

constexpr size_t kLeastPictures = 100;
constexpr size_t kCodeBytes = size_t{6} << 20;  // of FFmpeg's code and its threads' stacks
constexpr int kNice = 10;                       // of threads that decode ahead
constexpr int kFramesApart = 8;  // pictures that are no further apart are decoded in one go

}  // namespace

DatasetFrames::DatasetFrames(int image_width, int image_height, LoadOptions options)
    : FrameSet(image_width, image_height), options_(std::move(options)) {
  if (!options_.fit) options_.fit = io::resize;
}

DatasetFrames::~DatasetFrames() {
  loaders_.reset();
  queue_.close();
  if (store_) store_->close();
  for (std::thread& thread : threads_) thread.join();
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
    size_t left = options_.memory_bytes - std::min(options_.memory_bytes, rows);
    left -= std::min(kCodeBytes, left / 10);
    const size_t decoders = left / 4;
    const size_t slots = (left - decoders) / slot;
    if (slots < kLeastPictures) {
      throw Error(
          "--memory-mib",
          fmt::format("{} MiB are allowed, the rows take {}", options_.memory_bytes >> 20,
                      rows >> 20),
          fmt::format("give at least {}", ((rows + kLeastPictures * slot * 3 / 2) >> 20) + 1));
    }
    pool_.limit(decoders);
    store_ = std::make_unique<PictureStore>(
        picture, std::min<size_t>(slots, size() * static_cast<size_t>(cameras())));
  });
  return *store_;
}

int DatasetFrames::workers() const {
  if (options_.workers > 0) return options_.workers;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

PictureLoaders& DatasetFrames::loaders() const {
  std::call_once(begin_loaders_, [this] {
    loaders_ = std::make_unique<PictureLoaders>(workers(), kNice,
                                                [this](const PictureJob& job) { carry_out(job); });
  });
  return *loaders_;
}

const DatasetFrames::Track* DatasetFrames::track_of(size_t frame, int camera, int* row) const {
  const Place place = place_of(frame);
  const auto episode = static_cast<size_t>(place.episode);
  if (episode >= tracks_.size() || tracks_[episode].empty()) return nullptr;
  *row = place.row;
  return &tracks_[episode][camera];
}

FramePixels DatasetFrames::pixels(size_t frame, int camera) const {
  int row = 0;
  const Track* track = track_of(frame, camera, &row);
  if (track == nullptr) return FrameSet::pixels(frame, camera);
  PictureStore& store = begun();
  const DecodeQueue::Wanted wanted{.file = track->file,
                                   .time_s = track->place.time_s(row),
                                   .tolerance_s = track->place.tolerance_s,
                                   .key = frame * cameras() + camera};
  while (true) {
    if (std::optional<FramePixels> found = store.find(wanted.key)) return *std::move(found);
    DecodeQueue::Job job = queue_.take(wanted.key).value_or(DecodeQueue::Job{wanted});
    const bool alone = job.size() == 1;
    try {
      if (decode(std::move(job), wanted.key)) continue;
    } catch (const Error&) {
      if (alone) throw;
      continue;  // another picture of the job may be the damaged one
    }
    // Each slot is held or being filled.
    const auto own = std::make_shared<std::vector<uint8_t>>(static_cast<size_t>(image_width()) *
                                                            image_height() * 3);
    pool_.read(wanted.file, {&wanted.time_s, 1}, wanted.tolerance_s,
               [&](size_t, const io::VideoPicture& picture) { write(picture, *own); });
    return {.rgb = *own, .hold = own};
  }
}

void DatasetFrames::ahead(std::span<const PictureAsked> pictures) const {
  struct Asked {
    DecodeQueue::Wanted wanted;
    double fps;
    size_t order;
  };
  std::vector<Asked> asked;
  for (const PictureAsked& picture : pictures) {
    int row = 0;
    const Track* track = track_of(picture.frame, picture.camera, &row);
    if (track == nullptr) continue;
    const uint64_t key = picture.frame * cameras() + picture.camera;
    if (begun().expect(key) || queue_.holds(key)) continue;
    asked.push_back({.wanted = {.file = track->file,
                                .time_s = track->place.time_s(row),
                                .tolerance_s = track->place.tolerance_s,
                                .key = key},
                     .fps = track->place.fps,
                     .order = asked.size()});
  }
  if (asked.empty()) return;
  std::ranges::sort(asked, {}, [](const Asked& each) {
    return std::tuple(each.wanted.file, each.wanted.time_s, each.order);
  });
  std::vector<std::pair<size_t, DecodeQueue::Job>> jobs;  // by the first that was asked for
  for (const Asked& each : asked) {
    if (!jobs.empty() && jobs.back().second.back().key == each.wanted.key) continue;
    const bool goes_on =
        !jobs.empty() && jobs.back().second.back().file == each.wanted.file &&
        (each.wanted.time_s - jobs.back().second.back().time_s) * each.fps <= kFramesApart;
    if (!goes_on) jobs.emplace_back(each.order, DecodeQueue::Job{});
    jobs.back().first = std::min(jobs.back().first, each.order);
    jobs.back().second.push_back(each.wanted);
  }
  std::ranges::sort(jobs, {}, &std::pair<size_t, DecodeQueue::Job>::first);
  std::vector<DecodeQueue::Job> ordered;
  for (auto& [order, job] : jobs) ordered.push_back(std::move(job));
  queue_.add(std::move(ordered), store_->slots());
  std::call_once(begin_threads_, [this] {
    for (int i = 0; i < workers(); ++i) threads_.emplace_back([this] { serve(); });
  });
}

PictureLoad DatasetFrames::load(std::span<const PictureAsked> pictures,
                                std::span<uint8_t> out) const {
  const size_t bytes = static_cast<size_t>(image_width()) * image_height() * 3;
  if (out.size() != pictures.size() * bytes) {
    throw Error("pictures",
                fmt::format("room for {} bytes, not {} x {}", out.size(), pictures.size(), bytes));
  }
  PictureJob orders;
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto [frame, camera] = pictures[i];
    const std::span<uint8_t> to = out.subspan(i * bytes, bytes);
    int row = 0;
    const Track* track = track_of(frame, camera, &row);
    const uint64_t key = frame * cameras() + camera;
    const std::optional<FramePixels> there =
        track == nullptr ? FrameSet::pixels(frame, camera) : begun().find(key);
    if (there) {
      std::ranges::copy(there->rgb, to.begin());
      continue;
    }
    orders.push_back({.file = track->file,
                      .time_s = track->place.time_s(row),
                      .tolerance_s = track->place.tolerance_s,
                      .apart_s = kFramesApart / track->place.fps,
                      .key = key,
                      .to = to.data()});
  }
  std::ranges::sort(orders, {},
                    [](const PictureOrder& each) { return std::pair(each.file, each.time_s); });
  std::deque<PictureJob> jobs;
  for (const PictureOrder& order : orders) {
    const bool goes_on = !jobs.empty() && jobs.back().back().file == order.file &&
                         order.time_s - jobs.back().back().time_s <= order.apart_s;
    if (!goes_on) jobs.emplace_back();
    jobs.back().push_back(order);
  }
  return {loaders(), loaders().begin(std::move(jobs))};
}

void DatasetFrames::carry_out(const PictureJob& job) const {
  const size_t bytes = static_cast<size_t>(image_width()) * image_height() * 3;
  std::vector<double> times_s;
  double tolerance_s = 0;
  for (const PictureOrder& order : job) {
    times_s.push_back(order.time_s);
    tolerance_s = std::max(tolerance_s, order.tolerance_s);
  }
  pool_.read(job.front().file, times_s, tolerance_s,
             [&](size_t i, const io::VideoPicture& picture) {
               const std::span<uint8_t> to(job[i].to, bytes);
               write(picture, to);
               std::optional<PictureStore::Room> room = store_->claim_unused(job[i].key);
               if (!room) return;
               std::ranges::copy(to, room->rgb().begin());
               room->filled();
             });
}

void DatasetFrames::serve() const {
  // Whoever learns from the pictures goes first: a step waits for its slowest thread.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
  while (store_->wait_for_room()) {
    std::optional<DecodeQueue::Job> job = queue_.next();
    if (!job) return;
    try {
      decode(*std::move(job), std::nullopt);
    } catch (const Error&) {
      // Its rooms are given back; the error comes again to whoever asks.
    }
  }
}

bool DatasetFrames::decode(DecodeQueue::Job job, std::optional<uint64_t> asked) const {
  PictureStore::Claim first = asked ? store_->claim(*asked, false) : PictureStore::Claim{};
  const bool fits = !asked || first.present || first.room;
  const int file = job.front().file;
  std::vector<double> times_s;
  double tolerance_s = 0;
  std::vector<PictureStore::Room> rooms;
  DecodeQueue::Job later;
  for (const DecodeQueue::Wanted& wanted : job) {
    const bool now = wanted.key == asked;
    // A job names each picture once. NOLINTNEXTLINE(bugprone-use-after-move)
    PictureStore::Claim claim = now ? std::move(first) : store_->claim(wanted.key, true);
    if (claim.room) {
      times_s.push_back(wanted.time_s);
      tolerance_s = std::max(tolerance_s, wanted.tolerance_s);
      rooms.push_back(*std::move(claim.room));
    } else if (!claim.present && !now) {
      later.push_back(wanted);
    }
  }
  queue_.put_back(std::move(later));
  if (rooms.empty()) return fits;
  pool_.read(file, times_s, tolerance_s, [&](size_t i, const io::VideoPicture& picture) {
    write(picture, rooms[i].rgb());
    rooms[i].filled();
  });
  return fits;
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
