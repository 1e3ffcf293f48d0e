#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gyre::flywheel {

// A policy that knows a little: trained from nothing for a few steps, as
// `gyre train --simulate NAME:EPISODES --steps STEPS --seed SEED` does.
struct WeakPolicy {
  std::string simulate;
  int episodes = 600;
  int64_t steps = 1500;
  uint64_t seed = 1;
  std::string vocabulary = "assets/vocabulary/nano.model";
  template <class Visitor>
  void visit(Visitor& v) {
    v("simulate", simulate, "suite or family of its demonstrations");
    v("episodes", episodes, "demonstrations attempted; those that succeed are learnt from");
    v("steps", steps, "optimiser steps");
    v("seed", seed, "draws demonstrations, weights and batches");
    v("vocabulary", vocabulary, "sentencepiece model");
  }
};

// One task that recipes are compared on: where they start, and what they learn from.
struct CompareTask {
  std::string name;  // of its file
  std::string attempts;
  std::string families_of;
  std::vector<std::string> robots;
  std::string policy;
  WeakPolicy weak;
  std::string old_suite;
  int old_episodes = 720;
  int helped = 40;
  int unhelped = 160;
  template <class Visitor>
  void visit(Visitor& v) {
    v("attempts", attempts, "suite, or family of `families_of`, of all attempts");
    v("families_of", families_of, "suite whose families can be named");
    v("robots", robots, "contracts of the robots");
    v("policy", policy, "checkpoint folder that recipes start from; \"\": a weak policy");
    v("weak", weak, "the weak policy, made once; its demonstrations are the old data");
    v("old_suite", old_suite, "with `policy`: suite of the demonstrations that are the old data");
    v("old_episodes", old_episodes, "with `policy`: how many are made");
    v("helped", helped, "attempts of the collection with help");
    v("unhelped", unhelped, "attempts of the collection without");
  }
  bool is_weak() const { return policy.empty(); }
  // Throws Error naming `file` and the field.
  void validate(const std::filesystem::path& file) const;
};

// The tasks of a folder, <name>.toml each, by name; `names` chooses, none: all. Throws Error for a
// folder without tasks, a file that cannot be read, and an unknown name with the nearest one.
std::vector<CompareTask> read_compare_tasks(const std::filesystem::path& folder,
                                            const std::vector<std::string>& names);

}  // namespace gyre::flywheel
