// robot.toml beside the SO-101's model.
#include <fstream>

#include "gyre/robot/robot_folder.h"
#include "tests/fuzz/fuzz.h"
#include "tests/source_dir.h"

using namespace gyre;
namespace fs = std::filesystem;

namespace {

const fs::path kArm = source_dir() / "assets/robots/so101";

// Made once: a folder whose model is a link.
const fs::path& robot_folder() {
  static const fs::path folder = [] {
    std::string pattern = (fs::temp_directory_path() / "robot_XXXXXX").string();
    const fs::path made = ::mkdtemp(pattern.data());
    fs::create_symlink(kArm / "robot.xml", made / "robot.xml");
    return made;
  }();
  return folder;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::ofstream(robot_folder() / "robot.toml", std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  fuzz::reject([&] { (void)RobotFolder::load(robot_folder().string()); });
  return 0;
}

std::vector<std::string> fuzz_seeds() { return {fuzz::text_of("assets/robots/so101/robot.toml")}; }
