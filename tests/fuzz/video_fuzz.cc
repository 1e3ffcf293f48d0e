// Videos: the container is read by FFmpeg, and frames in the middle are looked for from several
// places. Seeds: key frames alone, and frames that refer to the one before.
#include <array>

#include "gyre/io/file.h"
#include "gyre/io/video.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;
namespace fs = std::filesystem;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] { (void)io::probe_video(file.path()); });
  fuzz::reject([&] {
    io::read_video(file.path(), std::array{0.1, 0.3, 0.5}, 1e-4, [](size_t, const Image&) {});
  });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  const fs::path file = fs::temp_directory_path() / "video_fuzz_seed.mp4";
  for (const int group : {1, 3}) {
    io::VideoWriter writer(file, 16, 16, 10, {.group = group});
    for (int i = 0; i < 7; ++i) {
      Image image = Image::black(16, 16);
      image.rgb[static_cast<size_t>(30 * i)] = 200;
      writer.add(image);
    }
    writer.finish();
    const auto bytes = io::read_bytes(file);
    seeds.emplace_back(bytes.begin(), bytes.end());
  }
  fs::remove(file);
  return seeds;
}
