#include "gyre/robot/import/urdf.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/robot/import/xml_tree.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

double number_of(const xml::Tree& element, const std::string& name) {
  const std::string text = xml::attribute(element, name);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::isfinite(value) && value > 0 ? value : 0;
}

// "package://NAME/meshes/a.stl" is looked for in the folders above the file, with and without NAME.
// "": it is nowhere.
std::string mesh_path(std::string name, const fs::path& file) {
  std::string without_package;
  for (const std::string prefix : {"package://", "model://"}) {
    if (!name.starts_with(prefix)) continue;
    name = name.substr(prefix.size());
    without_package = name.substr(name.find('/') + 1);
  }
  if (name.starts_with("file://")) name = name.substr(std::string("file://").size());
  fs::path folder = fs::absolute(file).parent_path();
  for (;;) {
    for (const std::string& below : {name, without_package}) {
      if (!below.empty() && fs::is_regular_file(folder / below)) {
        return (folder / below).lexically_normal().string();
      }
    }
    if (!folder.has_relative_path()) return "";
    folder = folder.parent_path();
  }
}

bool is_readable_kind(const fs::path& mesh) {
  std::string kind = mesh.extension().string();
  std::ranges::transform(kind, kind.begin(), [](unsigned char c) { return std::tolower(c); });
  return kind == ".stl" || kind == ".obj" || kind == ".msh";
}

// The mesh below a <visual> or <collision>; null for another shape.
xml::Tree* mesh_of(xml::Tree& shape) {
  xml::Tree* geometry = xml::find_child(shape, "geometry");
  return geometry == nullptr ? nullptr : xml::find_child(*geometry, "mesh");
}

// Gives the link's meshes whole paths.
void place_meshes(xml::Tree& link, const fs::path& file) {
  for (auto part = link.begin(); part != link.end();) {
    const bool seen = part->first == "visual";
    xml::Tree* mesh = seen || part->first == "collision" ? mesh_of(part->second) : nullptr;
    if (mesh == nullptr) {
      ++part;
      continue;
    }
    const std::string name = xml::attribute(*mesh, "filename");
    const std::string path = mesh_path(name, file);
    if (path.empty() || !is_readable_kind(path)) {
      if (!seen) {
        throw Error(file.string() + ": mesh " + name,
                    path.empty() ? "is nowhere in the folders above the file" : "is no STL or OBJ",
                    path.empty() ? "put it there" : "convert it");
      }
      part = link.erase(part);
      continue;
    }
    xml::set_attribute(*mesh, "filename", path);
    ++part;
  }
}

// MuJoCo 2.2 ends the program at a type that it does not know.
void check_joint(const xml::Tree& joint, const fs::path& file) {
  const std::string where = file.string() + ": joint " + xml::attribute(joint, "name");
  const std::vector<std::string> types = {"revolute", "continuous", "prismatic",
                                          "fixed",    "floating",   "planar"};
  const std::string type = xml::attribute(joint, "type");
  if (std::ranges::find(types, type) == types.end()) {
    throw Error(where, "has the type '" + type + "'", "URDF knows revolute, continuous, prismatic");
  }
  const xml::Tree* mimic = xml::find_child(joint, "mimic");
  if (mimic != nullptr && xml::attribute(*mimic, "multiplier").starts_with('-')) {
    throw Error(where, "mimics another one the other way round", "turn its axis round");
  }
}

}  // namespace

bool is_urdf(const std::string& text) {
  const size_t robot = text.find("<robot"), mujoco = text.find("<mujoco");
  return robot != std::string::npos && robot < mujoco;
}

Urdf read_urdf(const std::string& text, const fs::path& file) {
  xml::Tree document = xml::parse(text, file.string());
  xml::Tree& robot = xml::child(document, "robot");
  Urdf urdf;
  for (auto& [name, element] : robot) {
    if (name == "link") place_meshes(element, file);
    if (name != "joint") continue;
    check_joint(element, file);
    const xml::Tree* limit = xml::find_child(element, "limit");
    if (limit == nullptr) continue;
    urdf.limits[xml::attribute(element, "name")] = {.velocity = number_of(*limit, "velocity"),
                                                    .effort = number_of(*limit, "effort")};
  }
  xml::Tree& compiler = xml::child(xml::child(robot, "mujoco"), "compiler");
  for (const auto& [name, value] : {std::pair("fusestatic", "false"),
                                    {"discardvisual", "false"},
                                    {"strippath", "false"},
                                    {"balanceinertia", "true"},
                                    {"boundmass", "0.001"},
                                    {"boundinertia", "0.000001"}}) {
    xml::set_attribute(compiler, name, value);
  }
  urdf.text = xml::text_of(document);
  return urdf;
}

}  // namespace gyre
