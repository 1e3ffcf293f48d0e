#include "gyre/serve/scheduler.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gyre::serve {
namespace {

// Weight of the newest measurement, and how many times longer than expected it may count: one
// hiccup of the machine must not refuse robots for long.
constexpr double kNewest = 0.05, kMostLonger = 4;
constexpr int64_t kProbeNs = 200'000'000;  // an idle server tries at least so often
// A job's reserve against other times than expected: of the deviation of its own time, and of the
// time until its end.
constexpr double kDeviations = 3, kReserve = 0.1;
constexpr int64_t kContentionNs = 2'000'000'000;  // after a refusal service is still shared
// While service is shared, a session that is n jobs ahead waits for a queue that takes less than
// this share of its slack to the power n.
constexpr double kRoom = 0.7;

}  // namespace

Scheduler::Scheduler(const SchedulerOptions& options) : options_(options) {}

void Scheduler::expect(uint64_t kind, int64_t nanoseconds) {
  Cost& cost = costs_[kind];
  if (!cost.measured) cost.mean_ns = static_cast<double>(nanoseconds);
}

int64_t Scheduler::expected_ns(uint64_t kind) const {
  const auto found = costs_.find(kind);
  return found == costs_.end() ? 0 : std::llround(found->second.mean_ns);
}

bool Scheduler::lasts(uint64_t kind) const { return expected_ns(kind) > options_.long_ns; }

bool Scheduler::has_short_kinds() const {
  return std::any_of(costs_.begin(), costs_.end(),
                     [&](const auto& cost) { return !lasts(cost.first); });
}

int Scheduler::most_lasting() const {
  return options_.workers > 1 && has_short_kinds() ? options_.workers - 1 : options_.workers;
}

std::optional<int64_t> Scheduler::start_of(const Job& job, int64_t now_ns) const {
  // Workers as they become free; long jobs take those from `first_lasting` on.
  std::vector<int64_t> free(static_cast<size_t>(options_.workers), now_ns);
  const auto first_lasting = static_cast<size_t>(options_.workers - most_lasting());
  size_t quick = 0, lasting = free.size();
  for (const auto& [id, run] : running_) {
    int64_t& worker = run.lasting ? free[--lasting] : free[std::min(quick, free.size() - 1)];
    worker = std::max(run.end_ns, now_ns);
    if (!run.lasting) ++quick;
  }
  const Place place{job.deadline_ns, std::numeric_limits<uint64_t>::max()};
  std::optional<int64_t> start;
  const auto run = [&](const Job& next, bool newest) {
    const auto begin = free.begin() + (lasts(next.kind) ? static_cast<std::ptrdiff_t>(first_lasting)
                                                        : std::ptrdiff_t{0});
    int64_t& worker = *std::min_element(begin, free.end());
    const auto found = costs_.find(next.kind);
    const Cost cost = found == costs_.end() ? Cost{} : found->second;
    const auto own = std::llround(cost.mean_ns);
    if (newest) start = worker;
    worker += own;
    const auto reserve = newest ? std::llround(kDeviations * cost.deviation_ns +
                                               kReserve * static_cast<double>(worker - now_ns))
                                : 0;
    return !next.firm || worker + reserve <= next.deadline_ns;
  };
  bool placed = false;
  for (const auto& [at, waiting] : queue_) {
    if (!placed && place < at) {
      placed = true;
      if (!run(job, true)) return {};
    }
    // A job that is late already stays so; it is no reason to refuse others.
    const bool late = waiting.deadline_ns < now_ns + expected_ns(waiting.kind);
    if (!run(waiting, false) && placed && !late) return {};
  }
  if (!placed && !run(job, true)) return {};
  return start;
}

double Scheduler::jobs_ahead(const Job& job, int64_t now_ns) {
  if (!contention_ns_ || now_ns - *contention_ns_ > kContentionNs) {
    contention_ns_.reset();
    shares_.clear();
    return 0;
  }
  const auto contends = [&](const Share& share) {
    return share.refused_ns != 0 && now_ns - share.refused_ns <= kContentionNs;
  };
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [session, share] : shares_) {
    if (contends(share)) least = std::min(least, share.served_ns);
  }
  if (!std::isfinite(least)) return 0;
  // A newcomer begins level with the session that waits longest: no credit is saved up.
  Share& own = shares_[job.session];
  if (!contends(own)) own.served_ns = std::max(own.served_ns, least);
  return (own.served_ns - least) / static_cast<double>(std::max<int64_t>(expected_ns(job.kind), 1));
}

void Scheduler::refused(const Job& job, int64_t now_ns) {
  contention_ns_ = now_ns;
  shares_[job.session].refused_ns = now_ns;
}

std::optional<std::string> Scheduler::admit(const Job& job, int64_t now_ns) {
  if (queue_.size() >= options_.queue) return "the server is full";
  if (job.firm) {
    const double ahead = jobs_ahead(job, now_ns);
    std::optional<int64_t> start = start_of(job, now_ns);
    // The expected time may be wrong, and only a job that runs can tell.
    if (!start && queue_.empty() && running_.empty() && now_ns - probed_ns_ >= kProbeNs) {
      probed_ns_ = now_ns;
      start = now_ns;
    }
    if (!start) {
      refused(job, now_ns);
      return "it cannot be answered before its deadline";
    }
    const int64_t slack = job.deadline_ns - now_ns - expected_ns(job.kind);
    const double room = static_cast<double>(slack) * std::pow(kRoom, ahead);
    if (ahead > 0 && static_cast<double>(*start - now_ns) > room) {
      refused(job, now_ns);
      return "the server is busy and others wait longer";
    }
  }
  if (contention_ns_) {
    shares_[job.session].served_ns += static_cast<double>(expected_ns(job.kind));
  }
  queue_.emplace(Place{job.deadline_ns, arrivals_++}, job);
  return {};
}

Scheduler::Taken Scheduler::take(int64_t now_ns) {
  Taken taken;
  const int lasting = static_cast<int>(std::count_if(
      running_.begin(), running_.end(), [](const auto& run) { return run.second.lasting; }));
  const bool room = lasting < most_lasting();
  for (auto at = queue_.begin(); at != queue_.end();) {
    const Job& job = at->second;
    if (job.firm && job.deadline_ns <= now_ns) {
      taken.missed.push_back(job);
      at = queue_.erase(at);
    } else if (!room && lasts(job.kind)) {
      ++at;
    } else {
      taken.jobs.push_back(job);
      at = queue_.erase(at);
      if (options_.batch > 1) add_batch(at, now_ns, taken.jobs);
      break;
    }
  }
  if (taken.jobs.empty()) return taken;
  const Job& first = taken.jobs.front();
  const int64_t takes = expected_ns(first.kind) * static_cast<int64_t>(taken.jobs.size());
  running_[first.id] = {now_ns + takes, lasts(first.kind)};
  return taken;
}

// Idle workers take their part: a batch only gathers what none of them could begin at once.
void Scheduler::add_batch(std::map<Place, Job>::iterator at, int64_t now_ns,
                          std::vector<Job>& jobs) {
  const auto idle =
      static_cast<size_t>(std::max(1, options_.workers - static_cast<int>(running_.size())));
  const size_t most = std::min(static_cast<size_t>(options_.batch), (queue_.size() + idle) / idle);
  const Job first = jobs.front();
  const int64_t one = expected_ns(first.kind);
  int64_t earliest = first.firm ? first.deadline_ns : std::numeric_limits<int64_t>::max();
  while (at != queue_.end() && jobs.size() < most) {
    const Job& next = at->second;
    if (next.kind != first.kind || next.group != first.group) {
      ++at;
      continue;
    }
    if (next.firm) earliest = std::min(earliest, next.deadline_ns);
    if (now_ns + one * static_cast<int64_t>(jobs.size() + 1) > earliest) break;
    jobs.push_back(next);
    at = queue_.erase(at);
  }
}

void Scheduler::finished(const std::vector<Job>& jobs, int64_t took_ns) {
  running_.erase(jobs.front().id);
  if (took_ns <= 0) return;
  Cost& cost = costs_[jobs.front().kind];
  const double each = static_cast<double>(took_ns) / static_cast<double>(jobs.size());
  if (!cost.measured) {
    cost = {each, 0, true};
    return;
  }
  const double counted = std::min(each, kMostLonger * cost.mean_ns);
  const double off = std::abs(counted - cost.mean_ns);
  cost.mean_ns += kNewest * (counted - cost.mean_ns);
  cost.deviation_ns += kNewest * (off - cost.deviation_ns);
}

std::vector<uint64_t> Scheduler::forget(uint64_t session) {
  std::vector<uint64_t> dropped;
  for (auto at = queue_.begin(); at != queue_.end();) {
    if (at->second.session == session) {
      dropped.push_back(at->second.id);
      at = queue_.erase(at);
    } else {
      ++at;
    }
  }
  shares_.erase(session);
  return dropped;
}

}  // namespace gyre::serve
