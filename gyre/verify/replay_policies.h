#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "gyre/core/record.h"
#include "gyre/infer/engine.h"
#include "gyre/policy/folder_options.h"

namespace gyre::verify {

// The policies that a replay asks, each opened as the journal says it was: engine, precision,
// instruction set and threads, as far as this machine has them.
class ReplayPolicies {
 public:
  // `folder`: the policy that is asked in place of the recorded one; "": the one that each header
  // names.
  ReplayPolicies(std::filesystem::path folder, FolderOptions given);

  // Throws Error: no such folder; a recorded policy whose folder has changed since, naming both
  // hashes; a policy that was not trained on this robot, naming both sides.
  const infer::Engine& engine(const Header& header, const infer::EngineDescription& recorded);

 private:
  std::filesystem::path folder_of(const Header& header) const;

  std::filesystem::path folder_;
  FolderOptions given_;
  std::map<std::string, std::unique_ptr<infer::Engine>> engines_;  // by folder, robot and terms
};

// The engine that answered a recorded request.
infer::EngineDescription recorded_engine(const RequestRecord& request);

// The terms under which `engine` answers other than recorded, both sides in one line: policy,
// engine, precision or instruction set. "" where they are the same; the number of threads changes
// no bit.
std::string other_terms(const std::string& policy_hash, const infer::EngineDescription& recorded,
                        const infer::Engine& engine);

}  // namespace gyre::verify
