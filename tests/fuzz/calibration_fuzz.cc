// An arm's calibration file.
#include <cstdlib>
#include <string>

#include "gyre/robot/feetech/calibration.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::reject([&] {
    const auto calibration = feetech::Calibration::parse(text, "arm.json");
    // What was read can be written and read again.
    if (feetech::Calibration::parse(calibration.text(), "again").motors != calibration.motors) {
      std::abort();
    }
  });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {R"({
    "shoulder_pan": {
        "id": 1,
        "drive_mode": 0,
        "homing_offset": -291,
        "range_min": 742,
        "range_max": 3458
    }
})"};
}
