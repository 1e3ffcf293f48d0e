#include "gyre/flywheel/lineage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "gyre/core/error.h"
#include "gyre/data/conversion_record.h"
#include "gyre/data/dataset_provenance.h"
#include "gyre/data/labels.h"
#include "gyre/data/recorded.h"
#include "gyre/flywheel/ledger_tables.h"
#include "gyre/flywheel/made.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// More parents than any policy has: a ledger that names a circle ends here.
constexpr int kMostParents = 100;

std::string word(const json& node, const char* key) {
  return node.is_object() && node.contains(key) && node[key].is_string()
             ? node[key].get<std::string>()
             : "";
}

fs::path real_path(const fs::path& path) {
  std::error_code unknown;
  const fs::path real = fs::weakly_canonical(path, unknown);
  return unknown ? path : real;
}

// Entries of a ledger, by hash and by folder.
class Entered {
 public:
  Entered(const fs::path& ledger, const std::string& table) {
    if (ledger.empty()) return;
    const io::Table rows = ledger_table(ledger, table);
    const std::vector<std::string>&hashes = rows.columns[0].strings,
          &folders = rows.columns[1].strings;
    for (size_t i = 0; i < hashes.size(); ++i) {
      folders_[hashes[i]] = folders[i];
      hashes_[real_path(folders[i])].push_back(hashes[i]);
    }
  }
  std::string folder(const std::string& hash) const {
    const auto found = folders_.find(hash);
    return found == folders_.end() ? "" : found->second;
  }
  // The hash that the ledger last entered for a folder, unless it is the present one; or "".
  std::string other(const fs::path& folder, const std::string& now) const {
    const auto found = hashes_.find(real_path(folder));
    if (found == hashes_.end()) return "";
    return std::ranges::find(found->second, now) == found->second.end() ? found->second.back() : "";
  }

 private:
  std::map<std::string, std::string> folders_;
  std::map<fs::path, std::vector<std::string>> hashes_;
};

json dataset_node(const std::string& name, const std::string& hash, const json& history) {
  json node = {{"kind", "dataset"}, {"name", name}, {"hash", hash}};
  if (!history.is_array() || history.empty()) {
    node["end"] = "nothing says how it was made";
    return node;
  }
  json before = history;
  before.erase(before.size() - 1);
  json step = history.back();
  json inputs = json::array();
  const json listed = step.value("inputs", json::array());
  step.erase("inputs");
  if (data::is_conversion(step)) {
    for (const json& input : listed) {
      inputs.push_back({{"kind", "journal"},
                        {"hash", word(input, "hash")},
                        {"files", input.value("files", json::array())}});
    }
    if (step.contains("onto")) inputs.push_back(dataset_node(name, word(step, "onto"), before));
  } else {
    for (const json& input : listed) {
      const json own = listed.size() == 1 ? before : input.value("history", json::array());
      inputs.push_back(dataset_node(word(input, "folder"), word(input, "hash"), own));
    }
  }
  node["step"] = std::move(step);
  node["inputs"] = std::move(inputs);
  return node;
}

json origin_node(const json& origin) {
  const json made = origin.value("made", json());
  const std::string name = word(origin, "name"), hash = word(origin, "hash");
  json node;
  if (made.is_object() && made.contains("demonstrations")) {
    node = {{"kind", "demonstrations"},
            {"name", name},
            {"hash", hash},
            {"made", made.at("demonstrations")}};
  } else if (made.is_object() && made.contains("simulated")) {
    node = {
        {"kind", "demonstrations"}, {"name", name}, {"hash", hash}, {"made", made.at("simulated")}};
  } else {
    node = dataset_node(name, hash, made.is_object() ? made.value("history", json()) : json());
    for (const char* key : {"labels", "recorded", "chosen"}) {
      if (made.is_object() && made.contains(key)) node[key] = made.at(key);
    }
  }
  for (const char* key : {"episodes", "frames"}) node[key] = origin.value(key, 0);
  return node;
}

void check_data(const json& origin, Lineage& lineage) {
  const fs::path folder = word(origin, "name");
  if (!fs::exists(folder / "meta/info.json")) return;
  const std::string now = data::Dataset(folder).hash(), then = word(origin, "hash");
  if (now == then) return;
  lineage.changes.push_back(
      fmt::format("dataset {} has changed since the policy learnt from it: it "
                  "was {} and is {}",
                  folder.string(), then, now));
}

// The policy that another one was learnt from: where the ledger knows its folder with all below it.
json parent_node(const std::string& hash, const Entered& policies, int depth, Lineage& lineage);

json policy_node(const fs::path& folder, const Checkpoint& policy, const Entered& policies,
                 int depth, Lineage& lineage) {
  const json& about = policy.about;
  json node = {{"kind", "policy"}, {"name", folder.string()}, {"hash", policy.policy_hash}};
  const std::string stated = word(about, "policy_hash");
  const std::string entered = !stated.empty() && stated != policy.policy_hash
                                  ? stated
                                  : policies.other(folder, policy.policy_hash);
  if (!entered.empty()) {
    lineage.changes.push_back(
        fmt::format("policy {} has changed since it was made: it was {} and is {}", folder.string(),
                    entered, policy.policy_hash));
  }
  for (const char* key : {"training", "turn"}) {
    if (about.contains(key)) node[key] = about.at(key);
  }
  json inputs = json::array();
  std::string parent = word(about, "parent");
  if (parent.empty()) parent = word(about.value("training", json()), "parent");
  if (!parent.empty()) inputs.push_back(parent_node(parent, policies, depth + 1, lineage));
  for (const json& origin : about.value("data", json::array())) {
    inputs.push_back(origin_node(origin));
    check_data(origin, lineage);
  }
  if (inputs.empty()) node["end"] = "nothing says what it learnt from";
  node["inputs"] = std::move(inputs);
  return node;
}

json parent_node(const std::string& hash, const Entered& policies, int depth, Lineage& lineage) {
  const fs::path folder = policies.folder(hash);
  json end = {{"kind", "policy"}, {"name", folder.string()}, {"hash", hash}};
  if (folder.empty() || depth > kMostParents || !fs::is_directory(folder)) {
    end["end"] = folder.empty() ? "its folder is not known" : "its folder is not here";
    return end;
  }
  try {
    Checkpoint policy = Checkpoint::open(folder);
    policy.hash_weights();
    if (policy.policy_hash == hash) return policy_node(folder, policy, policies, depth, lineage);
    lineage.changes.push_back(
        fmt::format("policy {} has changed since it was entered: it was {} and is {}",
                    folder.string(), hash, policy.policy_hash));
    end["end"] = "its folder has changed";
  } catch (const Error& error) {
    end["end"] = error.what();
  }
  return end;
}

json labels_json(const fs::path& folder) {
  json labels = json::array();
  const data::Labels streams(folder);
  for (const data::LabelStream& stream : streams.streams()) labels.push_back(label_card(stream));
  return labels;
}

std::string node_line(const json& node) {
  const std::string kind = word(node, "kind"), name = word(node, "name");
  std::string line = kind + (name.empty() ? "" : " " + name) + " " + word(node, "hash");
  if (node.contains("frames")) {
    line += fmt::format(", {} episodes, {} frames", node.at("episodes").dump(),
                        node.at("frames").dump());
  }
  if (node.contains("files")) line += fmt::format(", {} files", node.at("files").size());
  if (kind == "demonstrations") line += fmt::format(", made by seed: {}", node.at("made").dump());
  if (node.contains("end")) line += ": " + word(node, "end");
  return line;
}

std::string step_line(const json& step) {
  std::string line = "by " + word(step, "verb");
  for (const json& argument : step.value("arguments", json::array())) {
    line += ' ';
    line += argument.is_string() ? argument.get<std::string>() : argument.dump();
  }
  if (step.contains("convert")) line += " " + step.at("convert").dump();
  return line;
}

void add_lines(const json& node, const std::string& indent, std::string& text) {
  text += indent + node_line(node) + '\n';
  const std::string inner = indent + "  ";
  if (node.contains("training")) {
    const json& training = node.at("training");
    text += fmt::format("{}learnt in {} steps\n", inner, training.value("steps", json()).dump());
  }
  if (node.contains("turn")) {
    text += fmt::format("{}promoted by {}: {}\n", inner, word(node.at("turn"), "run"),
                        word(node.at("turn"), "reason"));
  }
  for (const json& label : node.value("labels", json::array())) {
    text += fmt::format("{}labels {} {} by {} ({}, version {}) {}\n", inner, word(label, "name"),
                        word(label, "hash"), word(label, "author"), word(label, "kind"),
                        word(label, "version"), word(label, "arguments"));
    text.erase(text.find_last_not_of(" \n") + 1);
    text += '\n';
  }
  const json recorded = node.value("recorded", json::array());
  constexpr size_t kALine = 6;
  for (size_t i = 0; i < recorded.size(); ++i) {
    if (i % kALine == 0) text += inner + (i == 0 ? "recorded " : "         ");
    text += recorded[i].get<std::string>();
    text += i % kALine == kALine - 1 || i + 1 == recorded.size() ? "\n" : " ";
  }
  if (node.contains("chosen")) text += inner + "chosen by " + node.at("chosen").dump() + '\n';
  if (node.contains("step")) text += inner + step_line(node.at("step")) + '\n';
  for (const json& input : node.value("inputs", json::array())) add_lines(input, inner, text);
}

}  // namespace

fs::path ledger_beside(const fs::path& folder) {
  fs::path place = real_path(folder);
  for (int up = 0; up < 3 && place.has_parent_path(); ++up) {
    place = place.parent_path();
    if (fs::is_regular_file(place / "ledger.db")) return place / "ledger.db";
  }
  return {};
}

std::vector<std::string> line_of_policy(const std::string& hash, const fs::path& ledger) {
  std::vector<std::string> line = {hash};
  if (!fs::is_regular_file(ledger)) return line;
  const LedgerRows policies(ledger, "policies");
  std::map<std::string, std::string> parents;
  for (size_t i = 0; i < policies.size(); ++i) {
    parents[policies.text(i, "hash")] = policies.text(i, "parent");
  }
  while (std::ssize(line) <= kMostParents) {
    const std::string parent = parents[line.back()];
    if (parent.empty()) break;
    line.push_back(parent);
  }
  return line;
}

Lineage lineage_of_policy(const fs::path& folder, const fs::path& ledger) {
  Lineage lineage;
  Checkpoint policy = Checkpoint::open(folder);
  policy.hash_weights();
  lineage.tree = policy_node(folder, policy, Entered(ledger, "policies"), 0, lineage);
  return lineage;
}

Lineage lineage_of_dataset(const fs::path& folder, const fs::path& ledger) {
  Lineage lineage;
  const data::Dataset dataset(folder);
  const std::string hash = dataset.hash();
  lineage.tree = dataset_node(folder.string(), hash, data::read_history(folder));
  lineage.tree["labels"] = labels_json(folder);
  json recorded = json::array();
  for (const data::Recorded& episode : data::recorded_episodes(dataset)) {
    recorded.push_back(episode.hash);
  }
  lineage.tree["recorded"] = std::move(recorded);
  lineage.tree["episodes"] = dataset.episodes().size();
  lineage.tree["frames"] = dataset.total_frames();
  const std::string entered = Entered(ledger, "datasets").other(folder, hash);
  if (!entered.empty()) {
    lineage.changes.push_back(
        fmt::format("dataset {} has changed since the ledger entered it: it was {} and is {}",
                    folder.string(), entered, hash));
  }
  return lineage;
}

std::string lineage_text(const Lineage& lineage) {
  std::string text;
  add_lines(lineage.tree, "", text);
  return text;
}

}  // namespace gyre::flywheel
