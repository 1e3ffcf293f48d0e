#include "gyre/flywheel/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gyre::flywheel {
namespace {

constexpr double kPlotWidth = 860;

// A step of 1, 2 or 5 times a power of ten that divides `range` into about `parts`.
double nice_step(double range, int parts) {
  const double raw = range / parts;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw) return factor * power;
  }
  return 10 * power;
}

std::string text(double x, double y, const char* css_class, const std::string& content) {
  return fmt::format("<text x='{:.1f}' y='{:.1f}' class='{}'>{}</text>", x, y, css_class,
                     escape_html(content));
}

std::string line(double x1, double y1, double x2, double y2, const char* css_class) {
  return fmt::format("<line x1='{:.1f}' y1='{:.1f}' x2='{:.1f}' y2='{:.1f}' class='{}'/>", x1, y1,
                     x2, y2, css_class);
}

// An interval as a bar, its rate as a marker, figures on hover.
std::string interval(double left, double width, double y, const Rate& rate, const char* css_class) {
  if (rate.episodes == 0) return "";
  const auto x = [&](double value) { return left + value * width; };
  return fmt::format(
      "<g class='{0}'><title>{0}: {1} of {2}, {3:.0f} % [{4:.0f}, {5:.0f}]</title>"
      "<line x1='{6:.1f}' y1='{9:.1f}' x2='{7:.1f}' y2='{9:.1f}' class='bar'/>"
      "<circle cx='{8:.1f}' cy='{9:.1f}' r='5'/></g>",
      css_class, rate.successes, rate.episodes, 100 * rate.rate, 100 * rate.low, 100 * rate.high,
      x(rate.low), x(rate.high), x(rate.rate), y);
}

}  // namespace

std::string escape_html(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string rate_plot(const std::vector<RateGroup>& groups) {
  constexpr double kLeft = 190, kRight = 110, kRow = 38, kHead = 34, kTop = 30;
  const double width = kPlotWidth - kLeft - kRight;
  double height = kTop + 8;
  for (const RateGroup& group : groups) {
    height += kHead + kRow * static_cast<double>(group.rows.size());
  }
  std::string svg = fmt::format(
      "<svg viewBox='0 0 {} {}' role='img' "
      "aria-label='Success per task before and after'>",
      kPlotWidth, height);
  for (int percent = 0; percent <= 100; percent += 25) {
    const double x = kLeft + width * percent / 100;
    svg += line(x, kTop, x, height - 8, "grid");
    svg += text(x, kTop - 10, "tick middle", fmt::format("{} %", percent));
  }
  double y = kTop;
  for (const RateGroup& group : groups) {
    svg += text(0, y + 22, "group", group.title);
    y += kHead;
    for (const RateRow& row : group.rows) {
      svg += text(kLeft - 16, y + kRow / 2 + 4, "label end", row.label);
      svg += interval(kLeft, width, y + 12, row.before, "before");
      svg += interval(kLeft, width, y + 26, row.after, "after");
      svg += text(kLeft + width + 18, y + kRow / 2 + 4, "tick",
                  fmt::format("{:.0f} → {:.0f} %", 100 * row.before.rate, 100 * row.after.rate));
      y += kRow;
    }
  }
  return svg + "</svg>";
}

std::string line_plot(const std::vector<Series>& series, const std::string& x_label,
                      const std::string& y_label) {
  constexpr double kLeft = 62, kRight = 20, kTop = 34, kBottom = 46, kHeight = 300;
  double x_max = 0, y_max = 0;
  bool drawable = false;
  for (const Series& one : series) {
    drawable |= one.points.size() > 1;
    for (const auto& [x, y] : one.points) {
      x_max = std::max(x_max, x);
      if (std::isfinite(y)) y_max = std::max(y_max, y);
    }
  }
  if (!drawable || x_max <= 0 || y_max <= 0) return "";
  const double width = kPlotWidth - kLeft - kRight;
  const double height = kHeight - kTop - kBottom;
  const double y_step = nice_step(y_max, 4);
  const double y_top = y_step * std::ceil(y_max / y_step);
  const auto px = [&](double x) { return kLeft + width * x / x_max; };
  const auto py = [&](double y) { return kTop + height * (1 - y / y_top); };

  std::string svg = fmt::format("<svg viewBox='0 0 {} {}' role='img' aria-label='{} over {}'>",
                                kPlotWidth, kHeight, escape_html(y_label), escape_html(x_label));
  for (int i = 0; i * y_step <= y_top * 1.001; ++i) {
    const double y = i * y_step;
    svg += line(kLeft, py(y), kLeft + width, py(y), "grid");
    svg += text(kLeft - 10, py(y) + 4, "tick end", fmt::format("{:g}", y));
  }
  const double x_step = nice_step(x_max, 6);
  for (int i = 0; i * x_step <= x_max * 1.001; ++i) {
    const double x = i * x_step;
    svg += text(px(x), kTop + height + 20, "tick middle", fmt::format("{:g}", x));
  }
  svg += text(kLeft + width / 2, kHeight - 6, "tick middle", x_label);
  svg += text(0, 14, "tick", y_label);
  double legend = kLeft + width;
  for (size_t i = series.size(); i-- > 0;) {
    legend -= 26 + 7.2 * static_cast<double>(series[i].name.size());
    svg += fmt::format("<circle cx='{:.1f}' cy='10' r='5' class='s{} fill'/>", legend, i % 8);
    svg += text(legend + 10, 14, "tick", series[i].name);
  }
  for (size_t i = 0; i < series.size(); ++i) {
    std::string path;
    for (const auto& [x, y] : series[i].points) {
      if (!std::isfinite(y)) continue;
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : " L", px(x), py(y));
    }
    svg += fmt::format("<path d='{}' class='s{} curve'/>", path, i % 8);
  }
  return svg + "</svg>";
}

std::string stand_alone(const std::string& svg) {
  constexpr const char* kColours[] = {"#0b7a75", "#c2410c", "#4f46e5", "#98a2b3",
                                      "#b91c7c", "#16191f", "#a16207", "#15803d"};
  std::string style =
      "text{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#5c6675}"
      ".middle{text-anchor:middle}.end{text-anchor:end}.grid{stroke:#e2e6ec}"
      ".curve{fill:none;stroke-width:2}.group{font-weight:650;font-size:14px}"
      ".bar{stroke-width:4;stroke-linecap:round;opacity:.38}"
      ".before .bar{stroke:#98a2b3}.after .bar{stroke:#0b7a75}"
      ".before circle{fill:#fff;stroke:#98a2b3;stroke-width:2.5}.after circle{fill:#0b7a75}";
  for (int i = 0; i < 8; ++i) {
    style += fmt::format(".s{0}{{stroke:{1}}}.s{0}.fill{{fill:{1};stroke:none}}", i, kColours[i]);
  }
  const size_t inside = svg.find('>') + 1;
  return "<svg xmlns='http://www.w3.org/2000/svg'" + svg.substr(4, inside - 4) + "<style>" + style +
         "</style><rect width='100%' height='100%' fill='#fff'/>" + svg.substr(inside) + "\n";
}

}  // namespace gyre::flywheel
