#include "gyre/console/wire_types.h"

#include <gtest/gtest.h>

#include "gyre/io/file.h"
#include "tests/source_dir.h"

namespace gyre::console {
namespace {

TEST(WireTypes, ThePagesHaveThem) {
  const std::string file = source_dir() / "console/src/wire.ts";
  EXPECT_EQ(io::read_text(file), wire_types())
      << "make it again: gyre console --types > console/src/wire.ts, then `npm run build`";
}

}  // namespace
}  // namespace gyre::console
