#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gyre/run/arena.h"
#include "gyre/run/bench_desk.h"
#include "gyre/run/real_time.h"
#include "gyre/run/tape.h"

namespace gyre::run {

// A task of a bench: an arena's name and family, and the words for policy and person.
struct BenchTask {
  std::string name, family, words;
};

// A real robot on its table. A person lays each scene out, by its number, and judges each attempt.
// All attempts of one make() are a session on one tape, and the robot is connected for as long. Of
// several policies nothing but the tape says which one drives.
class RealArena : public Arena {
 public:
  // The only suite.
  static constexpr const char* kSuite = "bench";

  // A bench whose robot is connected, and the way to give it another attempt: called before a
  // session, and on its control thread between episodes.
  struct Place {
    std::unique_ptr<Bench> bench;
    std::function<void(const Attempt& attempt)> prepare;
  };
  struct Options {
    std::string embodiment;        // "so101/ee"
    std::vector<BenchTask> tasks;  // dealt round-robin
    std::function<Embodiment(int image_size)> contract;
    std::function<Place(int image_size)> open;  // throws Error where the robot does not answer
    // Lets people at the desk until it is done, they quit or a stop is requested; calls its look()
    // some times a second.
    std::function<void(BenchDesk& desk)> attend;
    double attempt_s = 60;  // BenchDesk::Options::attempt_s
    double hold_at_end_s = 0.3;
    RealTimeOptions real_time;
    std::vector<TapeSink*> sinks;  // that see every tape beside the attempts' own, a console's
  };
  // Throws Error without a task, or for one without words.
  explicit RealArena(Options options);

  bool real() const override { return true; }
  std::vector<std::string> suites() const override { return {kSuite}; }
  std::vector<std::string> embodiments() const override { return {options_.embodiment}; }
  Embodiment contract(const std::string& embodiment, int image_size) const override;
  // Attempt i has scene i, which is its number.
  std::vector<Attempt> deal(const std::string& suite, const std::vector<std::string>& embodiments,
                            int64_t count, uint64_t seed) const override;
  Attempt attempt(const std::string& task, const std::string& embodiment,
                  uint64_t seed) const override;
  std::unique_ptr<Bench> open(const Attempt& attempt, const BenchOptions& options) const override;
  // An attempt whose outcome a person discards is made again. One in which a person drove is a
  // success all the same unless `options.driver` is kPolicy: then the policy failed alone. Throws
  // Error for a trial without a policy.
  bool make(const std::vector<Trial>& trials, const AttemptOptions& options, int workers,
            const std::string& what, const TakeResult& take) const override;

 private:
  void require_known(const std::string& embodiment) const;

  Options options_;
};

}  // namespace gyre::run
