#include "gyre/verify/measure_recording.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/run/journal_sink.h"
#include "gyre/verify/timing.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;

constexpr int kJoints = 7;
constexpr int kVariants = 8;         // pictures that take turns
constexpr int kPictureBuffers = 48;  // of each camera

Embodiment contract_of(const RecordingCase& wanted) {
  Embodiment e{.name = "bench/joint",
               .action_period_s = 1 / wanted.action_hz,
               .control_period_s = 1 / wanted.control_hz,
               .state = {},
               .action = {},
               .cameras = {},
               .workspace = {}};
  for (int i = 0; i < kJoints; ++i) {
    e.state.push_back({.name = fmt::format("joint{}", i), .unit = "rad", .min = -4, .max = 4});
  }
  e.action = e.state;
  for (int c = 0; c < wanted.cameras; ++c) {
    e.cameras.push_back({fmt::format("camera{}", c), wanted.width, wanted.height, "fixed"});
  }
  return e;
}

// A soft picture with a square that moves, and noise.
Image test_picture(const RecordingCase& wanted, int variant, Rng& rng) {
  Image image = Image::black(wanted.width, wanted.height);
  const int side = wanted.height / 4, left = variant * wanted.width / 16, top = wanted.height / 3;
  uint8_t* pixel = image.rgb.data();
  for (int y = 0; y < wanted.height; ++y) {
    for (int x = 0; x < wanted.width; ++x, pixel += 3) {
      const bool inside = x >= left && x < left + side && y >= top && y < top + side;
      const int base[] = {60 + 80 * x / wanted.width, 60 + 80 * y / wanted.height, 90};
      for (int c = 0; c < 3; ++c) {
        const auto noise = static_cast<int>(rng.below(2 * wanted.noise + 1)) - wanted.noise;
        pixel[c] = static_cast<uint8_t>((inside ? 200 : base[c]) + noise);
      }
    }
  }
  return image;
}

double resident_mb() {
  std::ifstream file("/proc/self/statm");
  int64_t size = 0, resident = 0;
  file >> size >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) * 1e-6;
}

// A robot's loop without the robot: states and pictures as they come due.
class Recording {
 public:
  explicit Recording(const RecordingCase& wanted)
      : wanted_(wanted),
        contract_(contract_of(wanted)),
        journal_(wanted.folder / "journal", data::JournalFolder::Mode::kCreate),
        attempts_(std::max<int64_t>(1, std::llround(wanted.seconds / wanted.attempt_s))) {
    Rng rng = Rng::stream(1, "test pictures");
    for (int i = 0; i < kVariants; ++i) variants_.push_back(test_picture(wanted, i, rng));
    for (int c = 0; c < wanted.cameras; ++c) {
      pools_.push_back(std::make_unique<PicturePool>(wanted.width, wanted.height, kPictureBuffers));
    }
    newest_.assign(pools_.size(), -1);
    shown_ = newest_;
    step_.resize(kJoints, kJoints, pools_.size());
    begin_ns_ = next_ns_ = clock_.now_ns();
  }

  void run() {
    const double cpu_begin_s = cpu_s(), begin_s = wall_s();
    for (int64_t number = 0; number < attempts_; ++number) {
      if (wanted_.stop && wanted_.stop()) break;
      attempt(number);
      if (number == attempts_ / 3) early_mb_ = resident_mb();
    }
    seconds_ = wall_s() - begin_s;
    cpu_share_ = (cpu_s() - cpu_begin_s) / seconds_;
    late_mb_ = resident_mb();
  }

  nlohmann::json report() const {
    return {{"seconds", seconds_},
            {"attempts", end_ms_.size()},
            {"end_attempt_ms",
             {{"median", median(end_ms_)}, {"max", *std::ranges::max_element(end_ms_)}}},
            {"cpu_share", cpu_share_},
            {"resident_mb", {{"third", early_mb_}, {"end", late_mb_}}},
            {"resident_growth", early_mb_ > 0 ? late_mb_ / early_mb_ - 1 : 0},
            {"pictures", pictures_},
            {"steps", steps_}};
  }
  const Embodiment& contract() const { return contract_; }

 private:
  RecordingCase wanted_;
  Embodiment contract_;
  SteadyClock clock_;
  data::JournalFolder journal_;
  int64_t attempts_;
  std::vector<Image> variants_;
  std::vector<std::unique_ptr<PicturePool>> pools_;
  std::vector<int64_t> newest_;  // id of each camera's newest picture
  std::vector<int64_t> shown_;   // periods of each camera up to it
  Step step_;
  int64_t tick_ = 0, begin_ns_ = 0, next_ns_ = 0, pictures_ = 0, steps_ = 0;
  std::vector<double> end_ms_;
  double seconds_ = 0, cpu_share_ = 0, early_mb_ = 0, late_mb_ = 0;

  void attempt(int64_t number) {
    run::Tape tape(contract_, run::Tape::WhenFull::kDrop);
    run::JournalSink sink(journal_, clock_, data::JournalOptions::Naming::kInOrder);
    tape.add(sink);
    const auto ticks = std::llround(wanted_.attempt_s * wanted_.control_hz);
    std::ranges::fill(shown_, -1);  // an attempt begins with a picture of each camera
    tape.begin_tick(tick_, clock_.now_ns());
    tape.put(std::make_shared<const Header>(Header{
        .contract = contract_,
        .attempt = true,
        .episode = {.number = number, .embodiment = contract_.name, .instruction = "hold still"}}));
    tape.put(std::make_shared<const Goal>(Goal{.id = number, .task = "hold still"}));
    tape.put(Event{.author = "bench", .body = event::EpisodeBegan{number}});
    for (int64_t i = 0; i < ticks; ++i) tick(tape, number, i);
    tape.begin_tick(tick_, clock_.now_ns());
    tape.put(Event{.author = "bench", .body = event::EpisodeEnded{number}});
    const double end_s = wall_s();
    tape.close();
    end_ms_.push_back((wall_s() - end_s) * 1e3);
  }

  void tick(run::Tape& tape, int64_t number, int64_t index) {
    clock_.sleep_until(next_ns_);
    const int64_t time_ns = clock_.now_ns();
    const int64_t period_ns = std::llround(1e9 / wanted_.control_hz);
    next_ns_ = std::max(next_ns_, time_ns - period_ns) + period_ns;  // no burst, as in ControlLoop
    tape.begin_tick(tick_, time_ns);
    for (size_t c = 0; c < pools_.size(); ++c) look(tape, c, time_ns);
    step_.tick = tick_++;
    step_.index = index;
    step_.time_ns = time_ns;
    step_.goal_id = number;
    step_.action_start = index % contract_.ticks_per_action() == 0;
    for (size_t j = 0; j < kJoints; ++j) {
      step_.state[j] = step_.sent[j] =
          static_cast<float>(std::sin(0.01 * static_cast<double>(tick_) + static_cast<double>(j)));
    }
    step_.pictures = newest_;
    tape.put(step_);
    ++steps_;
  }

  // A camera's picture that has come since the tick before.
  void look(run::Tape& tape, size_t camera, int64_t time_ns) {
    const auto due =
        static_cast<int64_t>(static_cast<double>(time_ns - begin_ns_) * 1e-9 * wanted_.camera_hz);
    if (due <= shown_[camera]) return;
    shown_[camera] = due;
    const int64_t id = ++newest_[camera];
    ++pictures_;
    const Image& image = variants_[(static_cast<size_t>(id) + camera) % variants_.size()];
    const PictureRef picture = pools_[camera]->make([&](Picture& free) {
      std::ranges::copy(image.rgb, free.image.rgb.begin());
      free.time_ns = time_ns;
      free.id = id;
    });
    if (picture) tape.put(CameraPicture{static_cast<int>(camera), picture});
  }
};

// A folder that goes away with the object.
struct Scratch {
  fs::path folder;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
};

int64_t bytes_below(const fs::path& folder) {
  int64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
  }
  return bytes;
}

}  // namespace

nlohmann::json measure_recording(const RecordingCase& wanted) {
  if (fs::exists(wanted.folder)) {
    throw Error(wanted.folder.string(), "exists already", "name a new folder");
  }
  const Scratch scratch{wanted.folder};
  Recording recording(wanted);
  recording.run();
  nlohmann::json json = recording.report();
  json["journal_bytes"] = bytes_below(wanted.folder / "journal");
  const double begin_s = wall_s();
  const data::Converted converted =
      data::convert_journal(wanted.folder / "journal", wanted.folder / "dataset");
  json["convert"] = {{"seconds", wall_s() - begin_s},
                     {"episodes", converted.episodes},
                     {"rows", converted.rows},
                     {"damaged", converted.damaged},
                     {"lost_pictures", converted.lost_pictures},
                     {"bytes", bytes_below(wanted.folder / "dataset")}};
  return json;
}

}  // namespace gyre::verify
