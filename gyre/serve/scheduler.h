#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gyre::serve {

struct SchedulerOptions {
  int workers = 1;
  int batch = 1;                  // most jobs in one batch
  int64_t long_ns = 250'000'000;  // a job expected to take longer never takes the last worker
  size_t queue = 4096;            // most jobs that wait
};

// One request as the scheduler sees it.
struct Job {
  uint64_t id = 0;       // the caller's, unique
  uint64_t session = 0;  // among which service is shared evenly
  uint64_t kind = 0;     // jobs of one kind take alike long
  uint64_t group = 0;    // jobs of one kind and group may share a batch
  int64_t deadline_ns = 0;
  bool firm = false;  // better refused at once than late; else the deadline only sets the order
};

// Decides which requests are computed, and in which order. Pure: time is an argument, nothing waits
// and nobody else is called. One thread at a time.
//
// The order is earliest deadline first. A firm job is refused when it arrives if, by the times that
// its kind has taken so far, it or a firm job already accepted would be late. While that happens,
// service is shared evenly: the more a session is ahead of the one that has had least, the shorter
// the queue must be for its next job, so that robots which ask periodically are not refused by
// phase.
class Scheduler {
 public:
  explicit Scheduler(const SchedulerOptions& options);

  // The time that a job of `kind` takes, before the first one has been measured.
  void expect(uint64_t kind, int64_t nanoseconds);
  int64_t expected_ns(uint64_t kind) const;

  // Accepts the job, or returns why not: a phrase for the client.
  std::optional<std::string> admit(const Job& job, int64_t now_ns);

  struct Taken {
    std::vector<Job> jobs;    // they share one batch and run until finished()
    std::vector<Job> missed;  // firm jobs whose deadline has passed in the queue: not computed
  };
  // Gives a free worker the next jobs; no jobs when there is nothing that it may take.
  Taken take(int64_t now_ns);
  // `jobs` as take() gave them. `took_ns` 0: they failed, which says nothing about their kind.
  void finished(const std::vector<Job>& jobs, int64_t took_ns);

  // Drops the jobs of a session that has gone, except those that run; returns their ids.
  std::vector<uint64_t> forget(uint64_t session);

  size_t waiting() const { return queue_.size(); }
  int running() const { return static_cast<int>(running_.size()); }

 private:
  using Place = std::pair<int64_t, uint64_t>;  // deadline, order of arrival
  struct Cost {
    double mean_ns = 0, deviation_ns = 0;
    bool measured = false;
  };
  struct Running {
    int64_t end_ns = 0;  // expected
    bool lasting = false;
  };
  struct Share {
    double served_ns = 0;    // since the contention began
    int64_t refused_ns = 0;  // when it was last refused
  };

  bool lasts(uint64_t kind) const;
  bool has_short_kinds() const;
  int most_lasting() const;  // workers that long jobs may take
  void add_batch(std::map<Place, Job>::iterator at, int64_t now_ns, std::vector<Job>& jobs);
  // When `job` would start if it were accepted; nothing if it or an accepted firm job were late.
  std::optional<int64_t> start_of(const Job& job, int64_t now_ns) const;
  // The service that the job's session has had beyond the least among those that were refused
  // lately, in jobs like this one.
  double jobs_ahead(const Job& job, int64_t now_ns);
  void refused(const Job& job, int64_t now_ns);

  SchedulerOptions options_;
  std::map<uint64_t, Cost> costs_;  // by kind
  std::map<Place, Job> queue_;
  std::map<uint64_t, Running> running_;   // by the id of a batch's first job
  std::map<uint64_t, Share> shares_;      // by session, while there is contention
  std::optional<int64_t> contention_ns_;  // of the last refusal
  int64_t probed_ns_ = 0;  // when an idle server last took what it did not expect to be in time
  uint64_t arrivals_ = 0;
};

}  // namespace gyre::serve
