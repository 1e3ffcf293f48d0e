// Bytes of a driver that is a process of its own, in one piece and in small ones.
#include <cmath>
#include <cstdlib>

#include "gyre/robot/process/protocol.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

namespace {

// Bytes of all messages up to the first that is refused.
size_t read_all(std::span<const uint8_t> bytes, size_t piece) {
  process::Reader reader;
  size_t count = 0;
  fuzz::reject([&] {
    while (!bytes.empty()) {
      const size_t size = std::min(piece, bytes.size());
      reader.feed(bytes.first(size), [&](process::Message& message) {
        ++count;
        const auto* picture = std::get_if<process::PictureBytes>(&message);
        if (picture != nullptr && !picture->jpeg &&
            picture->bytes.size() != size_t(picture->width) * size_t(picture->height) * 3) {
          std::abort();
        }
      });
      bytes = bytes.subspan(size);
    }
  });
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  if (read_all(bytes, size + 1) != read_all(bytes, 7)) std::abort();
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {R"({"hello":1,"robot":"so101","joints":["a","gripper"],"cameras":{"front":[2,1]}})"
          "\n"
          R"({"state":[0.5,1],"time_ns":12})"
          "\n"
          R"({"picture":"front","time_ns":3,"width":2,"height":1,"format":"rgb","bytes":6})"
          "\nabcdef"
          R"({"fault":"it is hot"})"
          "\n"};
}
