#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace gyre {

// A URDF file made ready for MuJoCo, and what MuJoCo leaves out of it.
struct Urdf {
  struct Limits {
    double velocity = 0;  // rad/s or m/s; 0: not said
    double effort = 0;    // N m or N; 0: not said
  };
  std::string text;                      // for import_model(): links stay apart, meshes found
  std::map<std::string, Limits> limits;  // of each joint that moves
};

bool is_urdf(const std::string& text);  // its first element is <robot>

// Throws Error naming the file: broken XML, or a mesh of a collision shape that is not there or of
// a kind that MuJoCo does not read. Such a mesh that is only seen is left out.
Urdf read_urdf(const std::string& text, const std::filesystem::path& file);

}  // namespace gyre
