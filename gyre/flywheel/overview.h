#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gyre/flywheel/ledger.h"

namespace gyre::flywheel {

struct MeasuredRate {
  std::string suite, created;
  Rate rate;
};

// A policy of the ledger, with the newest evaluation of each suite.
struct KnownPolicy {
  std::string hash, parent;      // parent: "" where it is not known
  std::filesystem::path folder;  // where it lies, or lay
  std::string created;           // UTC
  std::string run;               // that learnt it, or ""
  bool here = false;             // its folder is there
  bool in_use = false;
  std::string verdict, reason;  // of its newest gate: "promoted", "kept" or ""
  std::vector<MeasuredRate> rates;
};

// All that a folder of runs knows, oldest first.
struct Overview {
  std::vector<KnownPolicy> policies;
  std::vector<PromotionEntry> decisions;
  std::vector<std::string> decided;          // when: UTC, one for each decision
  std::map<std::string, std::string> words;  // of each run: what was typed
  std::vector<UseEntry> uses;
};

// Reads the ledger alone; changes nothing. Empty where there is none. Throws Error for a file that
// is no ledger.
Overview read_overview(const std::filesystem::path& runs);

// For the terminal: a line a policy, children below their parents and further to the right.
std::string policies_text(const Overview& overview);

}  // namespace gyre::flywheel
