#include "gyre/console/replay.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/data/journal_reader.h"

namespace gyre::console {
namespace {

constexpr double kStaggerS = 1.7;                         // between robots that play the same file
constexpr auto kNothingPlayed = std::chrono::seconds(1);  // before files are tried again

}  // namespace

Replay::Replay(std::vector<std::filesystem::path> files, size_t first, double skip_s, double speed)
    : files_(std::move(files)), first_(first), speed_(speed), skip_ns_(std::llround(skip_s * 1e9)) {
  data::JournalReader reader(files_.at(first_), {.pixels = data::Pixels::kNone});
  Record record;
  while (reader.next(record)) {
    if (record.kind != RecordKind::kHeader) continue;
    contract_ = record.get<Header>().contract;
    policy_ = record.get<Header>().policy;
    return;
  }
  throw Error(files_[first_].string(), "holds no header of a tape");
}

Replay::~Replay() { end(); }

void Replay::begin(run::TapeSink& sink) {
  thread_ = std::thread([this, &sink] { play(sink); });
}

void Replay::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Replay::wait_for(std::chrono::steady_clock::time_point moment) {
  std::unique_lock lock(mutex_);
  return !ended_.wait_until(lock, moment, [this] { return ending_; });
}

void Replay::play(run::TapeSink& sink) {
  bool played = false;  // something since the first file was begun
  for (size_t i = first_;; i = (i + 1) % files_.size()) {
    played |= play_file(files_[i], sink);
    const bool round = (i + 1) % files_.size() == first_;
    const auto pause = round && !played ? kNothingPlayed : std::chrono::seconds(0);
    if (!wait_for(std::chrono::steady_clock::now() + pause)) return;
    played &= !round;
  }
}

bool Replay::play_file(const std::filesystem::path& file, run::TapeSink& sink) {
  std::optional<data::JournalReader> reader;
  try {
    reader.emplace(file);
  } catch (const Error&) {  // an empty or foreign file: `gyre data info` tells of it
    return false;
  }
  Record record;
  bool ours = false;
  auto began = std::chrono::steady_clock::now();
  int64_t began_ns = 0;  // the file's clock
  while (reader->next(record)) {
    if (record.kind == RecordKind::kHeader) {
      ours = same_contract(record.get<Header>().contract, contract_);
      began = std::chrono::steady_clock::now();
      began_ns = record.time_ns + std::exchange(skip_ns_, 0);
      shift_ns_ = now_ns_ - began_ns;
    }
    if (!ours) continue;
    const bool numbers = record.kind == RecordKind::kStep || record.kind == RecordKind::kPicture;
    if (record.time_ns < began_ns && numbers) continue;
    const auto after_ns = static_cast<double>(record.time_ns - began_ns) / speed_;
    if (!wait_for(began + std::chrono::nanoseconds(std::llround(after_ns)))) return true;
    give(record, sink);
  }
  return ours;
}

void Replay::give(Record& record, run::TapeSink& sink) {
  record.time_ns += shift_ns_;
  if (record.kind == RecordKind::kStep) record.step.time_ns += shift_ns_;
  if (record.kind == RecordKind::kEvent) record.event.time_ns += shift_ns_;
  now_ns_ = std::max(now_ns_, record.time_ns);
  if (status_.wants(record.kind)) status_.take(record);
  if (sink.wants(record.kind)) sink.take(record);
}

std::vector<std::unique_ptr<Replay>> replayed_robots(const std::filesystem::path& folder, int count,
                                                     double speed) {
  const std::vector<std::filesystem::path> files = data::journal_files(folder);
  if (files.empty()) throw Error(folder.string(), "holds no journal", "give a journal's folder");
  std::vector<std::unique_ptr<Replay>> robots;
  const auto robots_count = static_cast<size_t>(count);
  size_t same = 0;
  for (size_t i = 0, last = files.size(); i < robots_count; ++i) {
    const size_t first = i * files.size() / robots_count;
    same = first == last ? same + 1 : 0;
    last = first;
    robots.push_back(
        std::make_unique<Replay>(files, first, static_cast<double>(same) * kStaggerS, speed));
  }
  return robots;
}

}  // namespace gyre::console
