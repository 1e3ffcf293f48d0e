#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/flywheel/scope.h"

// The scope's promises, on drawn outcomes or on attempts that were made.
namespace gyre::flywheel {

struct ScopeStudyConfig {
  int worlds = 10;
  int attempts = 40;
  int fresh = 200;
  int streams = 10;
  int stream = 2000;
  double person = 0.98;
  int every = 50;
  uint64_t seed = 1;
  template <class Visitor>
  void visit(Visitor& v) {
    v("worlds", worlds, "drawn truths of each kind");
    v("attempts", attempts, "attempts in each cell that the bounds rest on");
    v("fresh", fresh, "further attempts in each cell that the bounds are compared with");
    v("streams", streams, "drawn streams, from so much evidence and from none each");
    v("stream", stream, "attempts of a stream");
    v("person", person, "success of the person to whom an attempt is handed (0..1)");
    v("every", every, "attempts of a stream after which the scope is computed again");
    v("seed", seed, "draws everything");
  }
};

// One cell with the true success rate of a policy in it.
struct TrueCell {
  ScopeCell cell;
  std::string suite;  // "trained", "heldout", "frontier" or "long"
  double success = 0;
};

// Cells of the shape of the simulated tasks, on two robots, with the shipped policy's measured
// rates (docs/nano.md): by family for trained tasks, by suite for the others. Cells of one rate
// differ from it by a normal variable of spread 0.5 in the logit; a measured 100 % is 99.5 %.
std::vector<TrueCell> measured_cells(uint64_t seed);

// Shares of lower bounds that hold: {kinds: [{name, cells, holds, holds_fresh, mean_low}]}. Kinds
// of truth: "measured" as above; "additive", effects of spread 0.8 and cells of spread 0.4 around
// them; "independent", cells that share nothing, against the model. A bound holds where the true
// rate is not below it, and on fresh attempts where their rate is not.
nlohmann::json study_scope_bounds(const ScopeStudyConfig& config);

// One attempt of a stream: what comes of it whoever makes it.
struct StreamAttempt {
  ScopeCell cell;
  std::string suite;
  bool policy_succeeds = false, person_succeeds = false;
};

// A stream in which 60 % of the attempts are at trained tasks, 15 % at held-out combinations, 10 %
// at the frontier and 15 % at long tasks, each family of a suite alike.
std::vector<StreamAttempt> drawn_stream(const std::vector<TrueCell>& cells, int count,
                                        double person, uint64_t seed);

struct StreamResult {
  int64_t attempts = 0;
  int64_t alone = 0;            // failures where the policy made every attempt
  int64_t failures = 0;         // with the scope: of the policy and of the person
  int64_t person_failures = 0;  // of them
  int64_t asked = 0;            // handed at the edge: the policy tries, the person ends it
  int64_t refused = 0;          // handed outside
  double handed() const {
    return static_cast<double>(asked + refused) / static_cast<double>(attempts);
  }
};

// Goes through a stream with a scope that grows by it. Inside, the policy acts alone; at the edge
// it tries with a person beside it, who may end the attempt: the policy's outcome is evidence, the
// person's counts; outside, the person acts, and nothing is learnt.
StreamResult run_stream(const std::vector<StreamAttempt>& stream,
                        std::vector<CellEvidence> evidence, int every);

// {attempts, alone, failures, person_failures, asked, refused, handed, cut}
void to_json(nlohmann::json& json, const StreamResult& result);

// Streams of measured_cells, each from evidence in all cells and from none: {streams: [{evidence,
// runs, ...sums as above}]}. `progress` may be empty.
nlohmann::json study_scope_streams(const ScopeStudyConfig& config,
                                   const std::function<void(int64_t, int64_t)>& progress = {});

std::string scope_study_table(const nlohmann::json& study);  // {kinds, streams}, for the terminal

}  // namespace gyre::flywheel
