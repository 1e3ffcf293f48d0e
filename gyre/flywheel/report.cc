#include "gyre/flywheel/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

nlohmann::json comparison_json(const Comparison& comparison) {
  return {
      {"before", comparison.before}, {"after", comparison.after}, {"paired", comparison.paired}};
}

nlohmann::json families_json(const std::vector<FamilyComparison>& families) {
  auto json = nlohmann::json::object();
  for (const FamilyComparison& family : families) {
    json[family.family] = comparison_json(family.comparison);
  }
  return json;
}

std::string rate_cell(const Rate& rate) {
  if (rate.episodes == 0) return "-";
  return fmt::format("{:>3}/{:<3} {:>3.0f} % [{:>3.0f}, {:>3.0f}]", rate.successes, rate.episodes,
                     100 * rate.rate, 100 * rate.low, 100 * rate.high);
}

std::string row(const std::string& name, const Comparison& comparison) {
  return fmt::format("{:<24} {:<26} {:<26} {:>+6.1f} [{:>+6.1f}, {:>+6.1f}]\n", name,
                     rate_cell(comparison.before), rate_cell(comparison.after),
                     100 * comparison.paired.difference, 100 * comparison.paired.low,
                     100 * comparison.paired.high);
}

}  // namespace

nlohmann::json report_json(const Report& report) {
  nlohmann::json json = {
      {"run", report.run},
      {"command", report.command},
      {"machine", report.machine},
      {"bench", report.bench.empty() ? nlohmann::json() : nlohmann::json(report.bench)},
      {"trained", comparison_json(report.trained)},
      {"frontier", comparison_json(report.frontier)},
      {"families",
       {{"trained", families_json(report.trained_families)},
        {"frontier", families_json(report.frontier_families)}}},
      {"promoted", report.decision.promoted},
      {"reason", report.decision.reason},
      {"gate", report.gate ? nlohmann::json(*report.gate) : nlohmann::json()},
      {"collected",
       {{"episodes", report.episodes_collected},
        {"steps_by_policy", report.steps_by_policy},
        {"steps_by_helper", report.steps_by_helper}}},
      {"policies_and_data", nlohmann::json::array()},
      {"stages", nlohmann::json::object()},
  };
  for (const HashRow& hash : report.hashes) {
    json["policies_and_data"].push_back(
        {{"what", hash.what}, {"folder", hash.folder}, {"hash", hash.hash}, {"note", hash.note}});
  }
  for (const StageTime& stage : report.stages) json["stages"][stage.stage] = stage.seconds;
  return json;
}

std::string report_table(const Report& report) {
  std::string table = fmt::format("{:<24} {:<26} {:<26} {}\n", "success, 95 % intervals", "before",
                                  "after", "paired difference, points");
  const bool real = !report.bench.empty();
  table += row(real ? "bench" : "frontier", report.frontier);
  for (const auto& family : report.frontier_families) {
    table += row("  " + family.family, family.comparison);
  }
  if (!real) table += row("trained", report.trained);
  for (const auto& family : report.trained_families) {
    table += row("  " + family.family, family.comparison);
  }
  if (report.gate) table += "\n" + gate_table(*report.gate);
  if (real) table += "on a real bench, judged by a person: " + report.bench + "\n";
  return table + "\n" + report.decision.reason + "\n";
}

void write_report(const Report& report, const std::filesystem::path& folder) {
  io::write_atomically(folder / "report.json", report_json(report).dump(2) + "\n");
  io::write_atomically(folder / "report.html", report_page(report));
}

}  // namespace gyre::flywheel
