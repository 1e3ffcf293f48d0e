#include "gyre/console/qr_code.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "gyre/core/testing.h"

namespace gyre::console {
namespace {

// [rows][columns] of modules, true where they are dark.
std::vector<std::vector<bool>> modules(const std::string& drawn) {
  std::vector<std::vector<bool>> rows;
  std::istringstream lines(drawn);
  for (std::string line; std::getline(lines, line);) {
    std::vector<bool> upper, lower;
    for (size_t i = 0; i < line.size();) {
      const std::string mark = line[i] == ' ' ? " " : line.substr(i, 3);
      i += mark.size();
      upper.push_back(mark == " " || mark == "▄");
      lower.push_back(mark == " " || mark == "▀");
    }
    rows.push_back(upper);
    rows.push_back(lower);
  }
  return rows;
}

TEST(QrCode, HasThreeFindersAndAQuietZone) {
  const auto rows = modules(qr_code("https://192.168.1.5:8080/#token=0123456789abcdef", false));
  const size_t width = rows[0].size();
  ASSERT_GE(width, 25U);
  // A finder: a dark ring of 7 x 7 modules, a light one inside it, 3 x 3 dark ones in the middle.
  const auto finder = [&](size_t left, size_t top) {
    for (size_t y = 0; y < 7; ++y) {
      for (size_t x = 0; x < 7; ++x) {
        const size_t from_edge = std::min({x, y, 6 - x, 6 - y});
        if (rows[top + y][left + x] != (from_edge != 1)) return false;
      }
    }
    return true;
  };
  EXPECT_TRUE(finder(2, 2));
  EXPECT_TRUE(finder(width - 9, 2));
  EXPECT_TRUE(finder(2, width - 9));
  EXPECT_FALSE(finder(width - 9, width - 9));
  for (const auto& row : rows) EXPECT_FALSE(row[0] || row[1] || row[width - 1]);
}

TEST(QrCode, ATextThatIsTooLongIsRefused) {
  EXPECT_NE(message_of([] { qr_code(std::string(4000, 'x'), false); }), "");
}

}  // namespace
}  // namespace gyre::console
