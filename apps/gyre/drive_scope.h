#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "gyre/flywheel/scope.h"
#include "gyre/run/outcome_sink.h"
#include "gyre/run/session.h"

namespace gyre::apps {

struct ScopeFlags {
  std::string ledger;
  bool override_scope = false;
};
void add_scope_flags(CLI::App& verb, ScopeFlags& flags);

// A driven robot's part in the scope: words are asked about, and attempts become evidence.
class DriveScope {
 public:
  struct Driven {
    std::filesystem::path policy;  // its folder; "" of a remote one
    std::string policy_hash;       // "": nobody knows, and all is granted
    std::string robot;             // contract name
    double speed = 1;
    bool real = false;
    std::string journal;  // folder, or ""
  };

  // Without --ledger the one that the policy's folder lies in is taken, where it has evidence of
  // the policy; one that has none is no scope. Throws Error for a file that is no ledger.
  DriveScope(const ScopeFlags& flags, Driven driven);

  bool active() const { return !ledger_.empty(); }

  // Throws Error where the policy may not do this, nor does a person let it.
  void require(const std::string& words);
  // Any thread. The first refusal is overridden where a person said so, and that is entered.
  run::Permission permit(const std::string& words);
  // Enters the attempt as evidence. Missing outcomes, and answers of several policies, are none.
  void take(const run::AttemptEnd& attempt);

 private:
  void read();  // `mutex_` is held

  Driven driven_;
  std::filesystem::path ledger_;  // "": there is no scope
  flywheel::ScopeWords words_;
  std::vector<flywheel::ScopeCell> cells_;
  std::string session_;  // a name for its attempts
  std::mutex mutex_;
  flywheel::Scope scope_;
  bool may_override_ = false;
};

}  // namespace gyre::apps
