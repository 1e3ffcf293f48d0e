#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gyre/robot/import/urdf.h"
#include "gyre/robot/kinematics_import.h"

namespace gyre {

// An arm as a URDF or MJCF file tells it.
struct RobotSource {
  std::filesystem::path file;
  bool urdf = false;
  ImportedModel model;
  std::map<std::string, Urdf::Limits> limits;  // a URDF's

  // Throws Error naming the file.
  static RobotSource read(const std::filesystem::path& file);
  // Throws Error naming `flag` and the nearest name.
  const ImportedModel::Joint& joint(const std::string& flag, const std::string& name) const;
};

// Facts about an arm that its file does not tell, as a person gives them. "": not given.
struct RobotAnswers {
  std::string tool;     // a site or body, or BODY:x,y,z[,roll,pitch,yaw]: z along the fingers
  std::string joints;   // of the arm, in order; "": all but the gripper's
  std::string gripper;  // its joints
  std::string closed, open;
  std::string velocity;      // one number for all joints, or JOINT=V,...
  std::string acceleration;  // likewise
  std::string jerk;          // likewise; "": not limited
  std::string home;          // likewise
  std::string rate;          // actions a second
  std::string cameras;       // "": the model's own and the kitchen's "front"
  std::string scale;         // of the simulated kitchen; "": by the arm's reach
};

// One fact that is missing.
struct RobotQuestion {
  std::string RobotAnswers::*answer = nullptr;
  std::string flag;      // "--tool"
  std::string question;  // in words
  std::string usual;     // a usual answer; "": there is none
};

// Facts that neither the file nor `answers` tell, in the order to ask for them. Throws Error for an
// answer that is no good.
std::vector<RobotQuestion> missing_answers(const RobotSource& source, const RobotAnswers& answers);

// A robot folder before it is written.
struct FolderPlan {
  struct Joint {
    std::string name;
    double min = 0, max = 0;
    double max_velocity = 0, max_acceleration = 0, max_jerk = 0, home = 0;
  };
  struct Tool {
    std::string site;  // one of the model's; "": to be put on `body`
    std::string body;
    Vec3 position{}, turn{};  // metres; roll, pitch, yaw in rad as URDF has them
  };
  std::vector<Joint> joints;
  std::vector<std::string> gripper, fingers;
  double closed = 0, open = 0;
  Tool tool;
  double rate = 0;
  std::vector<std::string> cameras;
  double scale = 0;  // 0: by the arm's reach
};

// Throws Error naming the flag of an answer that is missing or no good.
FolderPlan plan_folder(const RobotSource& source, const RobotAnswers& answers);

}  // namespace gyre
