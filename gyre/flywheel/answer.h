#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "gyre/io/parquet.h"

namespace gyre::flywheel {

// The answer to a question in SQL, for people and programs.

// One cell; a missing value is null, a list is an array.
nlohmann::json cell_json(const io::Column& column, size_t row);
// {"columns": [names], "rows": [{name: value}]}.
nlohmann::json answer_json(const io::Table& answer);
// Columns below each other, the first `most_rows` rows, and how many there are.
std::string answer_text(const io::Table& answer, size_t most_rows = 100);
// RFC 4180 with a line of names; a missing value is empty.
std::string answer_csv(const io::Table& answer);
// A stand-alone SVG: each column of numbers after the first as a line over the first one, or as
// bars where the first one is text or time. Throws Error when there is nothing to draw.
std::string answer_plot(const io::Table& answer);

}  // namespace gyre::flywheel
