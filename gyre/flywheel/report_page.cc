#include <fmt/format.h>
#include <openssl/evp.h>

#include <cctype>
#include <fstream>
#include <iterator>

#include "gyre/core/error.h"
#include "gyre/flywheel/report.h"
#include "gyre/flywheel/report_style.h"

namespace gyre::flywheel {
namespace {

std::string base64_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(file.string(), "the clip cannot be read", "run the turn again");
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

std::string percent(double rate) { return fmt::format("{:.0f} %", 100 * rate); }

std::string interval(const Rate& rate) {
  return fmt::format("{}/{} · {} <span class='soft'>[{:.0f}, {:.0f}]</span>", rate.successes,
                     rate.episodes, percent(rate.rate), 100 * rate.low, 100 * rate.high);
}

std::string points(const Difference& difference) {
  return fmt::format("{:+.1f} <span class='soft'>[{:+.1f}, {:+.1f}]</span>",
                     100 * difference.difference, 100 * difference.low, 100 * difference.high);
}

std::string card(const std::string& title, const std::string& body) {
  return "<section class='card'><h2>" + escape_html(title) + "</h2>" + body + "</section>\n";
}

std::string headline(const std::string& title, const std::string& what, const Comparison& c) {
  return card(title, fmt::format("<div class='figure'><span class='old'>{}</span> <span "
                                 "class='arrow'>→</span> <span class='new'>{}</span></div>"
                                 "<p>{} points, paired over {} episodes: {} gained, {} lost</p>"
                                 "<p class='soft small'>{}</p>",
                                 percent(c.before.rate), percent(c.after.rate), points(c.paired),
                                 c.paired.pairs, c.paired.gained, c.paired.lost, what));
}

std::string headlines(const Report& report) {
  if (!report.bench.empty()) {
    return headline("On the real bench",
                    "Laid out and judged by a person: " + escape_html(report.bench),
                    report.frontier);
  }
  return headline("Frontier", "What the policy was never shown before this turn.",
                  report.frontier) +
         headline("Trained tasks", "What it could already do, and must not forget.",
                  report.trained);
}

std::string table_row(const std::string& name, const Comparison& c, const char* css_class = "") {
  return fmt::format(
      "<tr class='{}'><td>{}</td><td class='num'>{}</td><td class='num'>{}</td>"
      "<td class='num'>{}</td></tr>",
      css_class, escape_html(name), interval(c.before), interval(c.after), points(c.paired));
}

// The reason without its first word, which the badge says.
std::string sentence(const std::string& reason) {
  const size_t colon = reason.find(": ");
  std::string rest = colon == std::string::npos ? reason : reason.substr(colon + 2);
  if (!rest.empty()) rest[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(rest[0])));
  return escape_html(rest);
}

constexpr const char* kComparisonHead =
    "<div class='scroll'><table><tr><th></th><th class='num'>before</th><th "
    "class='num'>after</th><th class='num'>paired difference, points</th></tr>";

std::string comparison_table(const Report& report) {
  const bool real = !report.bench.empty();
  std::string body =
      kComparisonHead + table_row(real ? "Bench" : "Frontier", report.frontier, "total");
  for (const auto& f : report.frontier_families) body += table_row(f.family, f.comparison);
  if (!real) body += table_row("Trained", report.trained, "total");
  for (const auto& f : report.trained_families) body += table_row(f.family, f.comparison);
  return card("Success, with 95 % intervals",
              body +
                  "</table></div><p class='soft small' style='margin:14px 0 0'>Rates with Wilson's "
                  "score interval. The "
                  "difference compares the two policies seed by seed, with Tango's score "
                  "interval.</p>");
}

std::string plot_card(const Report& report) {
  const auto rows = [](const std::vector<FamilyComparison>& families) {
    std::vector<RateRow> result;
    result.reserve(families.size());
    for (const auto& f : families) {
      result.push_back({f.family, f.comparison.before, f.comparison.after});
    }
    return result;
  };
  return card("Success per task",
              "<p class='soft small'><span class='key' style='background:var(--before)'></span>"
              "before &nbsp; <span class='key' style='background:var(--after)'></span>after; bars "
              "are 95 % intervals</p>" +
                  rate_plot({{"Frontier", rows(report.frontier_families)},
                             {"Trained", rows(report.trained_families)}}));
}

std::string clips_card(const Report& report) {
  if (report.clips.empty()) return "";
  std::string body = "<div class='two clips'>";
  for (const Clip& clip : report.clips) {
    body += fmt::format(
        "<figure><video controls muted loop autoplay playsinline "
        "src='data:video/mp4;base64,{}'></video><figcaption><b>{}</b><br><span "
        "class='soft'>{}</span></figcaption></figure>",
        base64_of(clip.file), escape_html(clip.title), escape_html(clip.caption));
  }
  return card("The same start, before and after", body + "</div>");
}

std::string collected_card(const Report& report) {
  const auto steps = static_cast<double>(report.steps_by_policy + report.steps_by_helper);
  const double helper = steps > 0 ? static_cast<double>(report.steps_by_helper) / steps : 0;
  return card(
      "What was collected on the frontier",
      fmt::format("<p>{} episodes, {:.0f} steps. The policy acted in {}, the helper took over and "
                  "corrected in {}.</p><div class='split'><div class='policy' "
                  "style='width:{:.1f}%'></div><div class='helper' style='width:{:.1f}%'></div>"
                  "</div><p class='soft small'><span class='key' style='background:var(--before)'>"
                  "</span>policy &nbsp; <span class='key' style='background:var(--after)'></span>"
                  "helper</p>",
                  report.episodes_collected, steps, percent(1 - helper), percent(helper),
                  100 * (1 - helper), 100 * helper));
}

std::string learning_card(const Report& report) {
  const std::string plot = line_plot(report.learning, "optimiser steps", "loss");
  return plot.empty() ? "" : card("Learning", plot);
}

std::string gate_card(const Report& report) {
  if (!report.gate) return "";
  const GateResult& gate = *report.gate;
  const int digits = gate.bench ? 4 : 2;
  std::string body =
      gate.bench
          ? "<p class='soft small'>A person laid out and judged attempts of both policies in "
            "blocks of two, in an order that was drawn and not told. p is Boschloo's, "
            "one-sided.</p>"
          : "<p class='soft small'>Fresh attempts, whose seeds follow from the new policy's hash. "
            "Each test errs with 2.5 % at most. z is Tango's statistic at the margin; a test holds "
            "when it reaches what is needed at one of the looks that were planned before.</p>";
  body += fmt::format(
      "<div class='scroll'><table><tr><th></th><th>against</th><th class='num'>must be above, "
      "points</th><th class='num'>it can see</th><th class='num'>pairs</th><th class='num'>paired "
      "difference, points</th><th class='num'>{}</th><th class='num'>{}</th><th></th></tr>",
      gate.bench ? "p" : "z", gate.bench ? "at most" : "needed");
  for (const GateRow& row : gate.rows) {
    body += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class='num'>{:+g}</td><td class='num'>{}</td><td "
        "class='num'>{} of {}</td><td class='num'>{}</td><td class='num'>{:.{}f}</td><td "
        "class='num'>{:.{}f}</td><td>{}</td></tr>",
        escape_html(row.name), row.against, -100 * row.margin,
        row.visible < 0 ? std::string("-")
                        : fmt::format("{:+.1f}", 100 * (row.visible - row.margin)),
        row.paired.pairs, row.most_pairs, points(row.paired), row.statistic, digits, row.boundary,
        digits, row.state);
  }
  for (const SafetyRow& row : gate.safety) {
    if (gate.bench) {
      body += fmt::format(
          "<tr><td>safety</td><td>{}</td><td colspan='6' class='wrap'>{} safety events in {} "
          "attempts, {} of the {}'s</td><td></td></tr>",
          row.against, row.candidate_events, row.attempts, row.reference_events, row.against);
      continue;
    }
    body += fmt::format(
        "<tr><td>safety</td><td>{}</td><td colspan='6' class='wrap'>{} safety events in {} "
        "attempts, "
        "{} of the {}'s; ratio at most {:.2f}</td><td>{}</td></tr>",
        row.against, row.candidate_events, row.attempts, row.reference_events, row.against,
        row.ratio_upper, row.holds ? "holds" : "fails");
  }
  return card(gate.bench   ? "On the real bench"
              : gate.quick ? "The quick gate"
                           : "The gate",
              body + "</table></div>");
}

std::string hashes_card(const Report& report) {
  std::string body = "<div class='scroll'><table>";
  for (const HashRow& row : report.hashes) {
    body += fmt::format(
        "<tr><td>{}<br><span class='soft small'>{}</span></td><td class='wrap'>"
        "<code>{}</code><br><code class='soft'>{}</code></td></tr>",
        escape_html(row.what), escape_html(row.note), escape_html(row.hash),
        escape_html(row.folder));
  }
  return card("Policies and data, by SHA-256", body + "</table></div>");
}

std::string stages_card(const Report& report) {
  double total = 0;
  for (const StageTime& stage : report.stages) total += stage.seconds;
  std::string body = "<div class='scroll'><table>";
  for (const StageTime& stage : report.stages) {
    body += fmt::format(
        "<tr><td>{}</td><td class='num'>{:.0f} s</td><td style='width:60%'><div "
        "class='split'><div class='helper' style='width:{:.1f}%'></div></div></td>"
        "</tr>",
        escape_html(stage.stage), stage.seconds, total > 0 ? 100 * stage.seconds / total : 0);
  }
  return card(fmt::format("Where {:.0f} s went", total), body + "</table></div>");
}

}  // namespace

std::string report_page(const Report& report) {
  const bool promoted = report.decision.promoted;
  std::string page =
      "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' "
      "content='width=device-width, initial-scale=1'><title>Gyre: one turn of the flywheel</title>"
      "<style>";
  page += kReportStyle;
  page += fmt::format(
      "</style></head><body><main><h1>One turn of the flywheel</h1><p class='soft'>{} · {}</p>"
      "<section class='card verdict'><span class='badge{}'>{}</span><span>{}.</span></section>",
      escape_html(report.run), escape_html(report.machine), promoted ? "" : " kept",
      promoted ? "Promoted" : "Kept", sentence(report.decision.reason));
  page += "<div class='two'>" + headlines(report) + "</div>";
  page += clips_card(report) + plot_card(report) + comparison_table(report) + gate_card(report) +
          collected_card(report) + learning_card(report) + stages_card(report) +
          hashes_card(report);
  return page + "<p class='soft small' style='margin-top:20px'>Made by <code>" +
         escape_html(report.command) + "</code></p></main></body></html>\n";
}

}  // namespace gyre::flywheel
