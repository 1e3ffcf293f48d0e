#include "gyre/data/testing.h"
#include "gyre/io/image_file.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::reject([&] { (void)io::decode_image({data, size}, "picture"); });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const Image picture = data::testing::moving_square(24, 16, 3);
  const auto png = io::encode_png(picture), jpeg = io::encode_jpeg(picture);
  return {{png.begin(), png.end()}, {jpeg.begin(), jpeg.end()}};
}
