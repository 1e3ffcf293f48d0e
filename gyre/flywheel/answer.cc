#include "gyre/flywheel/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/flywheel/plot.h"

namespace gyre::flywheel {
namespace {

using nlohmann::json;

std::string cell_text(const io::Column& column, size_t row) {
  const json cell = cell_json(column, row);
  if (cell.is_null()) return "";
  if (cell.is_string()) return cell.get<std::string>();
  return cell.is_number_float() ? fmt::format("{:.6g}", cell.get<double>()) : cell.dump();
}

// Letters, not bytes.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(const std::string& text, size_t width, bool right) {
  const std::string space(width - std::min(width, width_of(text)), ' ');
  return right ? space + text : text + space;
}

bool is_number(const io::Column& column) {
  return column.kind == io::ColumnKind::kInt64 || column.kind == io::ColumnKind::kFloat ||
         column.kind == io::ColumnKind::kDouble;
}

double number_at(const io::Column& column, size_t row) {
  const json cell = cell_json(column, row);
  return cell.is_number() ? cell.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

Series series_of(const io::Column& x, const io::Column& y) {
  Series series{y.name, {}};
  for (size_t row = 0; row < y.rows(); ++row) {
    const double at = number_at(x, row), value = number_at(y, row);
    if (std::isfinite(at) && std::isfinite(value)) series.points.emplace_back(at, value);
  }
  std::ranges::sort(series.points);
  return series;
}

// One bar a row for each column, names on the left.
std::string bar_plot(const io::Column& names, const std::vector<const io::Column*>& values) {
  constexpr double kRow = 20, kLeft = 240, kWidth = 420, kMargin = 30;
  const auto rows = static_cast<double>(names.rows());
  const double block = kRow * static_cast<double>(values.size()) + 6;
  double least = 0, most = 0;
  for (const io::Column* column : values) {
    for (size_t row = 0; row < names.rows(); ++row) {
      const double value = number_at(*column, row);
      if (!std::isfinite(value)) continue;
      least = std::min(least, value);
      most = std::max(most, value);
    }
  }
  const double scale = kWidth / std::max(most - least, 1e-300);
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">", kLeft + kWidth + 110,
                                rows * block + 2 * kMargin);
  for (size_t c = 0; c < values.size(); ++c) {
    svg += fmt::format("<text class=\"s{} fill\" x=\"{}\" y=\"16\">{}</text>", c,
                       kLeft + 140 * static_cast<double>(c), escape_html(values[c]->name));
  }
  for (size_t row = 0; row < names.rows(); ++row) {
    const double top = kMargin + static_cast<double>(row) * block;
    svg += fmt::format("<text x=\"{}\" y=\"{:.1f}\" class=\"end\">{}</text>", kLeft - 8,
                       top + kRow * 0.7, escape_html(cell_text(names, row)));
    for (size_t c = 0; c < values.size(); ++c) {
      const double value = number_at(*values[c], row);
      if (!std::isfinite(value)) continue;
      const double y = top + kRow * static_cast<double>(c);
      const double from = kLeft + (std::min(value, 0.0) - least) * scale;
      svg += fmt::format(
          "<rect class=\"s{} fill\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\"/>"
          "<text x=\"{:.1f}\" y=\"{:.1f}\">{:.4g}</text>",
          c, from, y + 2, std::abs(value) * scale, kRow - 4, from + std::abs(value) * scale + 6,
          y + kRow * 0.7, value);
    }
  }
  return svg + "</svg>";
}

}  // namespace

json cell_json(const io::Column& column, size_t row) {
  if (column.is_null(row)) return nullptr;
  switch (column.kind) {
    case io::ColumnKind::kBool:
      return column.bools[row] != 0;
    case io::ColumnKind::kInt64:
      return column.ints[row];
    case io::ColumnKind::kFloat:
      return column.floats[row];
    case io::ColumnKind::kDouble: {
      // Sums of whole numbers come as doubles.
      const double value = column.doubles[row];
      return value == std::floor(value) && std::abs(value) < 9e15
                 ? json(static_cast<int64_t>(value))
                 : json(value);
    }
    case io::ColumnKind::kString:
      return column.strings[row];
    case io::ColumnKind::kBytes:
      return fmt::format("{} bytes", column.strings[row].size());
    case io::ColumnKind::kList: {
      json list = json::array();
      const auto [first, end] = column.items(row);
      for (size_t i = first; i < end; ++i) list.push_back(cell_json(column.children[0], i));
      return list;
    }
    case io::ColumnKind::kStruct:
      break;
  }
  json fields = json::object();
  for (const io::Column& child : column.children) fields[child.name] = cell_json(child, row);
  return fields;
}

json answer_json(const io::Table& answer) {
  json names = json::array(), rows = json::array();
  for (const io::Column& column : answer.columns) names.push_back(column.name);
  for (size_t row = 0; row < answer.rows(); ++row) {
    json one = json::object();
    for (const io::Column& column : answer.columns) one[column.name] = cell_json(column, row);
    rows.push_back(std::move(one));
  }
  return {{"columns", names}, {"rows", rows}};
}

std::string answer_text(const io::Table& answer, size_t most_rows) {
  const size_t shown = std::min(answer.rows(), most_rows);
  std::vector<std::string> lines(shown + 1);
  for (const io::Column& column : answer.columns) {
    std::vector<std::string> cells = {column.name};
    for (size_t row = 0; row < shown; ++row) cells.push_back(cell_text(column, row));
    size_t width = 0;
    for (const std::string& cell : cells) width = std::max(width, width_of(cell));
    for (size_t i = 0; i < cells.size(); ++i) {
      lines[i] += lines[i].empty() ? "" : "  ";
      lines[i] += padded(cells[i], width, is_number(column));
    }
  }
  std::string text;
  for (std::string& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line;
    text += '\n';
  }
  return text + (shown < answer.rows() ? fmt::format("{} of {} rows; --json or --csv gives all\n",
                                                     shown, answer.rows())
                                       : fmt::format("{} rows\n", shown));
}

std::string answer_csv(const io::Table& answer) {
  const auto quoted = [](const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string result = "\"";
    for (const char c : text) result.append(c == '"' ? 2 : 1, c);
    return result + "\"";
  };
  std::string csv;
  for (size_t c = 0; c < answer.columns.size(); ++c) {
    csv += (c == 0 ? "" : ",") + quoted(answer.columns[c].name);
  }
  csv += "\r\n";
  for (size_t row = 0; row < answer.rows(); ++row) {
    for (size_t c = 0; c < answer.columns.size(); ++c) {
      const json cell = cell_json(answer.columns[c], row);
      csv += c == 0 ? "" : ",";
      if (!cell.is_null()) csv += quoted(cell.is_string() ? cell.get<std::string>() : cell.dump());
    }
    csv += "\r\n";
  }
  return csv;
}

std::string answer_plot(const io::Table& answer) {
  constexpr size_t kMostBars = 200, kMostColumns = 4;
  std::vector<const io::Column*> values;
  for (size_t c = 1; c < answer.columns.size() && values.size() < kMostColumns; ++c) {
    if (is_number(answer.columns[c])) values.push_back(&answer.columns[c]);
  }
  if (values.empty() || answer.rows() == 0) {
    throw Error("--plot", "needs rows with a number after the first column",
                "SELECT what the axis shows, then numbers");
  }
  const io::Column& x = answer.columns.front();
  if (!is_number(x) && answer.rows() > kMostBars) {
    throw Error(
        "--plot", fmt::format("cannot show {} bars", answer.rows()),
        fmt::format("ask for at most {} rows, or for numbers in the first column", kMostBars));
  }
  if (!is_number(x)) return stand_alone(bar_plot(x, values));
  std::vector<Series> series;
  for (const io::Column* column : values) series.push_back(series_of(x, *column));
  const std::string lines =
      line_plot(series, x.name, values.size() == 1 ? values.front()->name : "");
  if (lines.empty()) throw Error("--plot", "needs at least two rows", "ask for more");
  return stand_alone(lines);
}

}  // namespace gyre::flywheel
