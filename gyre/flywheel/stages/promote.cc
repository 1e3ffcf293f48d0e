#include "gyre/flywheel/stages/promote.h"

#include <string>

#include "gyre/core/error.h"
#include "gyre/flywheel/stages/stage_names.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The weights, on disk when this returns.
void copy_weights(const fs::path& from, const fs::path& to) {
  io::write_atomically(to, [&](const fs::path& partial) {
    std::error_code code;
    fs::copy_file(from, partial, code);
    if (code) io::throw_file_error(to, "write", code.value());
  });
}

// Makes the folder beside `policy` and renames it when it is whole.
void write_policy(const Checkpoint& promoted, const fs::path& weights, const fs::path& policy) {
  const fs::path partial = policy.string() + ".partial";
  const fs::path replaced = policy.string() + ".replaced";
  std::error_code code;
  fs::remove_all(partial, code);
  fs::remove_all(replaced, code);
  fs::create_directories(partial, code);
  if (code) io::throw_file_error(partial, "make", code.value());
  copy_weights(weights, partial / weights.filename());
  promoted.write(partial);
  if (fs::exists(policy)) fs::rename(policy, replaced);
  fs::rename(partial, policy);
  io::sync_folder_of(policy);
  fs::remove_all(replaced, code);
}

}  // namespace

fs::path promote(TurnContext& turn, const fs::path& candidate, const Report& report,
                 const std::vector<StoredData>& collected) {
  const Checkpoint& learnt = turn.policies.checkpoint(candidate);
  const json figures = report_json(report);
  json inputs = {{"policy", learnt.policy_hash},
                 {"parent", turn.start().policy_hash},
                 {"reason", report.decision.reason},
                 {"data", collected},
                 {"evaluation",
                  {{"trained", figures.at("trained").at("after")},
                   {"frontier", figures.at("frontier").at("after")}}}};
  const auto hash = turn.stages.run<std::string>(
      {.name = stage::kPromote, .inputs = inputs, .outputs = {}},
      [&] {
        Checkpoint promoted = learnt;
        promoted.about["policy_hash"] = learnt.policy_hash;
        promoted.about["parent"] = turn.start().policy_hash;
        promoted.about["turn"] = {{"run", report.run},
                                  {"data", collected},
                                  {"reason", report.decision.reason},
                                  {"evaluation", inputs.at("evaluation")}};
        write_policy(promoted, learnt.weights_path(), turn.folder() / "policy");
        return learnt.policy_hash;
      },
      [&](const std::string& known) { return turn.holds_policy("policy", known); });
  if (!turn.holds_policy("policy", hash)) {
    throw Error((turn.folder() / "policy").string(), "is not the candidate that was promoted",
                "is the disk damaged?");
  }
  return turn.folder() / "policy";
}

}  // namespace gyre::flywheel
