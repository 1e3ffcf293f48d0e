#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gyre/data/journal_reader.h"
#include "gyre/policy/folder_options.h"

namespace gyre::verify {

struct ReplayOptions {
  std::optional<int64_t> episode;  // the number of one attempt; none: the whole journal
  std::optional<int64_t> step;     // the one decision in force at this control period of an episode
  std::filesystem::path policy;    // folder of the policy that is asked; "": the recorded one
  FolderOptions folder;            // completes the folder of another project
};

// The difference of two chunks in one action field, robot units.
struct FieldDifference {
  double sum_squares = 0, largest = 0;
  int64_t count = 0;  // of actions
  double rms() const;
  void add(double difference);
  void add(const FieldDifference& other);
};

// One decision: a recorded request, asked again.
struct ReplayedDecision {
  enum class Verdict {
    kEqual,     // the same bits, under the recorded terms
    kDiffers,   // other bits, under the recorded terms
    kCompared,  // equality cannot be claimed: `why` names both sides
    kLost,      // it cannot be asked again, or its answer is lost: `why`
  };
  int64_t episode = -1;  // number of the attempt; -1: between attempts
  int64_t step = 0;      // control period in which the answer was taken
  int64_t request_id = 0;
  double time_s = 0;  // of the frame, since the first request of its episode
  Verdict verdict = Verdict::kLost;
  std::string why;  // "" where equal
  std::string embodiment;
  std::vector<FieldDifference> fields;  // of the contract's action; empty where lost
};

// A journal's decisions, asked again.
struct Replay {
  std::string policy, policy_hash;  // that was asked
  std::vector<ReplayedDecision> decisions;
  int64_t equal = 0, differing = 0, compared = 0, lost = 0;
  // Over all decisions: name of the contract, and its action fields with their differences.
  struct Robot {
    std::string embodiment;
    std::vector<std::string> names, units;
    std::vector<double> ranges;  // max - min
    std::vector<FieldDifference> fields;
  };
  std::vector<Robot> robots;
  std::vector<data::JournalLoss> losses;
  bool all_equal() const { return equal > 0 && equal == std::ssize(decisions); }
};

// Asks the recorded policy, or another, every recorded request again and compares the chunks. Files
// are those of one journal, in order. An engine is opened as the journal says it was. Throws Error:
// no request, no such episode or step, a policy folder that is not there, or that has changed since
// (both hashes); Interrupted on request.
Replay replay(const std::vector<std::filesystem::path>& files, const ReplayOptions& options);

}  // namespace gyre::verify
