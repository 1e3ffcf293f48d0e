#include "serve_journal.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "gyre/core/clock.h"
#include "gyre/core/error.h"

namespace gyre::apps {
namespace {

constexpr size_t kMostWaiting = 256;           // exchanges, with their pictures
constexpr int64_t kUnusedNs = 60'000'000'000;  // after which a session's file is completed

RequestPtr record_of(const serve::Exchange& exchange) {
  const Request& request = *exchange.request;
  auto record = std::make_shared<RequestRecord>();
  record->id = request.id;
  record->goal_id = request.goal->id;
  record->frame_time_ns = exchange.arrival_ns;
  record->state = request.frame.state;
  for (size_t c = 0; c < request.frame.pictures.size(); ++c) {
    const PictureRef& picture = request.frame.pictures[c];
    record->pictures.push_back({.id = picture->id,
                                .pixel_hash = pixel_hash(picture->image),
                                .reused_id = c < exchange.reused.size() ? exchange.reused[c] : -1});
  }
  record->prompt = exchange.prompt;
  record->noise_seed = request.noise_seed;
  record->chunking = request.chunking;
  record->delay = request.delay;
  record->draws = request.draws;
  if (request.previous) {
    record->previous = request.previous->actions;
    record->previous_horizon = request.previous->horizon;
  }
  record->thought = exchange.thought;
  const Checkpoint& checkpoint = exchange.engine->checkpoint();
  record->flow_steps = request.flow_steps > 0 ? request.flow_steps : checkpoint.config.flow_steps;
  const infer::EngineDescription engine = exchange.engine->description();
  record->engine = engine.engine;
  record->precision = engine.precision;
  record->target = engine.target;
  record->threads = engine.threads;
  record->policy_hash = checkpoint.policy_hash;
  return record;
}

HeaderPtr header_of(const serve::Exchange& exchange) {
  auto header = std::make_shared<Header>();
  const Checkpoint& checkpoint = exchange.engine->checkpoint();
  header->contract = checkpoint.embodiments.at(exchange.request->embodiment).contract;
  header->program = "gyre serve";
  header->policy = checkpoint.folder.string();
  header->policy_hash = checkpoint.policy_hash;
  return header;
}

Record entry_of(RecordKind kind, int64_t time_ns) {
  Record record;
  record.kind = kind;
  record.time_ns = time_ns;
  return record;
}

std::vector<Record> records_of(const serve::Exchange& exchange) {
  const Request& request = *exchange.request;
  const int64_t begin = exchange.arrival_ns;
  std::vector<Record> records;
  records.push_back(entry_of(RecordKind::kGoal, begin));
  records.back().shared = request.goal;
  for (size_t c = 0; c < request.frame.pictures.size(); ++c) {
    Picture picture = *request.frame.pictures[c];
    picture.time_ns = begin;
    records.push_back(entry_of(RecordKind::kPicture, begin));
    records.back().picture = {static_cast<int>(c), PictureRef(std::move(picture))};
  }
  records.push_back(entry_of(RecordKind::kRequest, begin));
  records.back().shared = record_of(exchange);
  if (exchange.chunk != nullptr) {
    records.push_back(entry_of(RecordKind::kChunk, exchange.end_ns));
    ActionChunk chunk = *exchange.chunk;
    chunk.observation_time_ns = begin;  // as in the request: the robot's clock is not known here
    records.back().shared = std::make_shared<const ActionChunk>(std::move(chunk));
  } else {
    records.push_back(entry_of(RecordKind::kEvent, exchange.end_ns));
    records.back().event = {.time_ns = exchange.end_ns,
                            .author = "serve",
                            .body = event::InferenceFailed{request.id, exchange.failure.c_str()}};
  }
  return records;
}

}  // namespace

ServeJournal::ServeJournal(const std::filesystem::path& folder, bool lossless)
    : folder_(folder, data::JournalFolder::Mode::kContinue),
      lossless_(lossless),
      thread_([this] { write(); }) {}

ServeJournal::~ServeJournal() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (lost_ > 0) {
    fmt::print(stderr, "warning: {} of the exchanges are not in the journal\n", lost_);
  }
}

void ServeJournal::record(const serve::Exchange& exchange) noexcept {
  if (exchange.request == nullptr) return;  // refused before its pictures were read
  try {
    Entry entry{exchange.session, exchange.policy, header_of(exchange), records_of(exchange)};
    const std::lock_guard lock(mutex_);
    if (failed_ || entries_.size() >= kMostWaiting) {
      ++lost_;
      return;
    }
    entries_.push_back(std::move(entry));
  } catch (const std::exception&) {  // no memory: the robots go on
    const std::lock_guard lock(mutex_);
    ++lost_;
  }
  changed_.notify_one();
}

void ServeJournal::write() {
  std::unique_lock lock(mutex_);
  while (!ending_ || !entries_.empty()) {
    if (entries_.empty()) {
      changed_.wait_for(lock, std::chrono::milliseconds(200));
      if (failed_) continue;
    }
    std::deque<Entry> entries = std::exchange(entries_, {});
    lock.unlock();
    bool failed = false;
    try {
      for (Entry& entry : entries) write_entry(entry);
      end_unused(SteadyClock().now_ns());
    } catch (const Error& error) {
      fmt::print(stderr, "warning: the journal ends here, serving goes on: {}\n", error.what());
      failed = true;
    }
    lock.lock();
    if (failed) {
      failed_ = true;
      lost_ += std::ssize(entries);
      tapes_.clear();
    }
  }
  try {
    for (auto& [session, tape] : tapes_) tape.writer->end();
  } catch (const Error& error) {
    fmt::print(stderr, "warning: the journal is not complete: {}\n", error.what());
  }
}

void ServeJournal::write_entry(Entry& entry) {
  Tape& tape = tapes_[entry.session];
  if (!tape.writer) {
    const SteadyClock clock;
    tape.writer = std::make_unique<data::JournalWriter>(
        folder_, data::JournalOptions{.unix_offset_ns = clock.unix_ns(0), .lossless = lossless_});
  }
  const Header& header = *entry.header;
  if (tape.begun != header.contract.name + header.policy_hash) {  // another robot or policy
    tape.begun = header.contract.name + header.policy_hash;
    Record record = entry_of(RecordKind::kHeader, entry.records.front().time_ns);
    record.shared = entry.header;
    tape.writer->take(record);
  }
  for (Record& record : entry.records) {
    record.tick = tape.exchanges;
    tape.writer->take(record);
  }
  ++tape.exchanges;
  tape.used_ns = entry.records.back().time_ns;
}

void ServeJournal::end_unused(int64_t now_ns) {
  for (auto at = tapes_.begin(); at != tapes_.end();) {
    at->second.writer->flush_due();
    if (now_ns - at->second.used_ns > kUnusedNs) {
      at->second.writer->end();
      at = tapes_.erase(at);
    } else {
      ++at;
    }
  }
}

}  // namespace gyre::apps
