#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct mjModel_;

namespace gyre {

// A robot's own MuJoCo model, compiled from robot.xml: the base's frame is the world's. Constant,
// so threads may share it.
class RobotModel {
 public:
  struct Joint {
    std::string name;
    bool slides = false;  // metres instead of radians
    bool limited = false;
    double min = 0, max = 0;  // when limited
    std::string actuator;     // that drives the joint alone; "" for none
  };

  // Throws Error naming the file: missing or malformed, a missing mesh, angles in degrees.
  explicit RobotModel(const std::filesystem::path& xml);
  ~RobotModel();
  RobotModel(const RobotModel&) = delete;
  RobotModel& operator=(const RobotModel&) = delete;

  const std::filesystem::path& file() const { return file_; }
  const std::vector<Joint>& joints() const { return joints_; }  // hinges and slides
  const Joint* find_joint(std::string_view name) const;         // null for none
  bool has_body(const std::string& name) const;
  bool has_site(const std::string& name) const;
  bool has_actuator(const std::string& name) const;
  std::string camera_link(const std::string& camera) const;  // the body that carries it; "": none

  const mjModel_& model() const { return *model_; }

 private:
  std::filesystem::path file_;
  mjModel_* model_;
  std::vector<Joint> joints_;
};

// Makes MuJoCo's errors Errors of ours and keeps its warnings out of files. Call it before any
// other use of MuJoCo; it is safe to call again.
void handle_mujoco_errors();

// MuJoCo's messages have several lines; an Error has one.
std::string one_line(std::string_view message);

}  // namespace gyre
