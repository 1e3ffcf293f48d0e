#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "gyre/core/goal.h"
#include "gyre/core/record.h"
#include "gyre/run/tape.h"

namespace gyre::flywheel {

// Control periods of one attempt in which the policy acted on a subtask of its own naming, where
// the simulator knows the true one.
struct Thoughts {
  int64_t periods = 0;
  int64_t wrong = 0;
  bool operator==(const Thoughts&) const = default;
};

// The thoughts of many attempts, from any thread.
class ThoughtStore {
 public:
  void put(int64_t index, const Thoughts& thoughts);
  Thoughts take(int64_t index);  // none where the attempt has not ended

 private:
  std::mutex mutex_;
  std::map<int64_t, Thoughts> thoughts_;
};

// Counts them on the tape of one attempt; the truth scores and steers nothing.
class ThoughtSink : public run::TapeSink {
 public:
  // `store` must outlive the sink and gets the count at the end.
  ThoughtSink(ThoughtStore& store, int64_t index) : store_(store), index_(index) {}

  std::string_view name() const override { return "thoughts"; }
  bool wants(RecordKind kind) const override {
    return kind == RecordKind::kGoal || kind == RecordKind::kTruth || kind == RecordKind::kStep;
  }
  void take(const Record& record) override;
  void end() override { store_.put(index_, thoughts_); }

 private:
  ThoughtStore& store_;
  int64_t index_;
  std::map<int64_t, std::string> named_;  // by goal: the subtask that the policy named
  std::string true_;
  Thoughts thoughts_;
};

}  // namespace gyre::flywheel
