// A URDF file, and its folder.
#include <filesystem>
#include <fstream>

#include "gyre/io/scratch_folder.h"
#include "gyre/robot/import/new_folder.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const io::ScratchFolder scratch;
  static int64_t number = 0;
  const std::filesystem::path file = scratch.path() / "arm.urdf";
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  fuzz::reject([&] {
    const RobotSource source = RobotSource::read(file);
    const FolderPlan plan = plan_folder(source, {.tool = "tool0",
                                                 .gripper = "finger",
                                                 .closed = "0",
                                                 .open = "0.04",
                                                 .acceleration = "10",
                                                 .home = "0",
                                                 .rate = "10"});
    const std::filesystem::path folder = scratch.path() / std::to_string(++number);
    write_new_folder("arm", source, plan, folder);
    std::filesystem::remove_all(folder);
  });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {fuzz::text_of("gyre/robot/testdata/two_joints.urdf")};
}
