#include "gyre/flywheel/open_loop_plot.h"

#include <fmt/format.h>

#include <algorithm>

#include "gyre/flywheel/plot.h"

namespace gyre::flywheel {
namespace {

constexpr size_t kColumns = 2;
constexpr double kWidth = 430, kHeight = 170;  // of one joint's panel
constexpr double kLeft = 52, kRight = 12, kTop = 28, kBottom = 26;
constexpr double kKey = 28;  // above all panels

constexpr const char* kStyle =
    "text{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#5c6675}.name{font-weight:650;fill:"
    "#16191f}path{fill:none;stroke-width:1.8}.recorded{stroke:#98a2b3}.predicted{stroke:#0b7a75}"
    ".grid{stroke:#e2e6ec}";

struct Range {
  double low, high;
  double span() const { return high - low; }
};

Range range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

// Something to draw in, also for what never moves.
Range axis(const Range& a, const Range& b) {
  const Range range{std::min(a.low, b.low), std::max(a.high, b.high)};
  return range.span() > 0 ? range : Range{range.low, range.low + 1};
}

std::string words_at(double x, double y, const char* look, const std::string& words) {
  return fmt::format("<text x='{:.1f}' y='{:.1f}' {}>{}</text>", x, y, look, escape_html(words));
}

std::string panel(const JointSeries& joint) {
  const Range y = axis(range_of(joint.recorded), range_of(joint.predicted));
  const Range times = range_of(joint.time_s), x = axis(times, times);
  const double wide = kWidth - kLeft - kRight, high = kHeight - kTop - kBottom;
  const auto at = [&](double time, double value) {
    return fmt::format("{:.1f} {:.1f}", kLeft + (time - x.low) / x.span() * wide,
                       kTop + (y.high - value) / y.span() * high);
  };
  std::string svg = words_at(kLeft, kTop - 10, "class='name'", joint.joint);
  for (const double value : {y.low, y.high}) {
    const double line = kTop + (y.high - value) / y.span() * high;
    svg += fmt::format("<line x1='{}' x2='{}' y1='{:.1f}' y2='{:.1f}' class='grid'/>", kLeft,
                       kWidth - kRight, line, line);
    svg += words_at(kLeft - 6, line + 4, "text-anchor='end'", fmt::format("{:.2f}", value));
  }
  svg += words_at(kLeft, kHeight - 6, "", fmt::format("{:.0f} s", x.low));
  svg +=
      words_at(kWidth - kRight, kHeight - 6, "text-anchor='end'", fmt::format("{:.0f} s", x.high));
  for (const auto& [css_class, values] :
       {std::pair("recorded", &joint.recorded), std::pair("predicted", &joint.predicted)}) {
    std::string path;
    for (size_t i = 0; i < values->size(); ++i) {
      path += (i == 0 ? "M" : "L") + at(joint.time_s[i], (*values)[i]);
    }
    svg += fmt::format("<path class='{}' d='{}'/>", css_class, path);
  }
  return svg;
}

}  // namespace

std::string open_loop_plot(const OpenLoopResult& result, size_t joints) {
  std::vector<const JointSeries*> moving;
  for (const JointSeries& series : result.series) {
    if (series.recorded.size() > 1) moving.push_back(&series);
  }
  std::stable_sort(moving.begin(), moving.end(), [](const auto* a, const auto* b) {
    return range_of(a->recorded).span() > range_of(b->recorded).span();
  });
  moving.resize(std::min(joints, moving.size()));
  const double ahead = moving.empty() ? 0 : moving.front()->look_ahead_s;
  const size_t rows = (moving.size() + kColumns - 1) / kColumns;
  const double width = kColumns * kWidth, height = kKey + static_cast<double>(rows) * kHeight;
  std::string svg = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0} {1}' width='{0}' height='{1}'>"
      "<style>{2}</style><rect width='100%' height='100%' fill='#fff'/>",
      width, height, kStyle);
  svg += "<path class='recorded' d='M52 18h24'/>" + words_at(82, 22, "", "recorded");
  svg += "<path class='predicted' d='M162 18h24'/>" +
         words_at(192, 22, "", fmt::format("predicted {:.1f} s before", ahead));
  for (size_t i = 0; i < moving.size(); ++i) {
    const size_t row = i / kColumns, column = i % kColumns;
    svg +=
        fmt::format("<g transform='translate({} {})'>{}</g>", static_cast<double>(column) * kWidth,
                    kKey + static_cast<double>(row) * kHeight, panel(*moving[i]));
  }
  return svg + "</svg>\n";
}

}  // namespace gyre::flywheel
