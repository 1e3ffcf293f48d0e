#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {

// Plots as inline SVG. Colours and fonts are the page's: classes `before`, `after`, `grid`,
// `s0`..`s3` take them from the style sheet of report_page.cc, so that light and dark both look
// right.

struct RateRow {
  std::string label;
  Rate before, after;
};
struct RateGroup {
  std::string title;
  std::vector<RateRow> rows;
};

// One row a task: success before (ring) and after (dot) with their 95 % intervals, 0 to 100 %.
std::string rate_plot(const std::vector<RateGroup>& groups);

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  // x ascending
};

// Lines over a common x; the y axis begins at 0. "" when no series has two points.
std::string line_plot(const std::vector<Series>& series, const std::string& x_label,
                      const std::string& y_label);

// A plot as a file of its own, with eight colours for a white page.
std::string stand_alone(const std::string& svg);

// Text made safe for HTML and SVG.
std::string escape_html(const std::string& text);

}  // namespace gyre::flywheel
