// A row of `gyre learn compare`.
#include <cstdlib>
#include <string>

#include "gyre/flywheel/compare/rows.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::reject([&] {
    const flywheel::CompareRow row = flywheel::parse_row(text, "line");
    // Rows that were read can be written and read again.
    if (flywheel::parse_row(flywheel::row_line(row), "again") != row) std::abort();
  });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {flywheel::row_line({.task = "frontier",
                              .recipe = "hg_dagger",
                              .helped = 10,
                              .seed = 1,
                              .key = "0123456789abcdef",
                              .collection = "fedcba9876543210",
                              .policy = "0011223344556677",
                              .outcomes = "0110",
                              .refused = "",
                              .seconds = 30,
                              .critic_seconds = 1.5,
                              .steps = 170}),
          flywheel::row_line({.task = "stack",
                              .recipe = "value_critic",
                              .key = "0123456789abcdef",
                              .collection = "",
                              .policy = "",
                              .outcomes = "",
                              .refused = "critic: 0 of 6 attempts succeeded, 4 are needed"})};
}
