#include "gyre/robot/import/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre {
namespace {

using Names = std::vector<std::string>;
using Values = std::map<std::string, double>;

Names split(const std::string& text) {
  Names parts;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

double number(const std::string& flag, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    throw Error(flag, "'" + text + "' is no number");
  }
  return value;
}

double positive(const std::string& flag, const std::string& text) {
  const double value = number(flag, text);
  if (value <= 0) throw Error(flag, "'" + text + "' is not positive");
  return value;
}

Names gripper_joints(const RobotSource& source, const RobotAnswers& answers) {
  Names names = split(answers.gripper);
  for (const std::string& name : names) source.joint("--gripper", name);
  return names;
}

Names arm_joints(const RobotSource& source, const RobotAnswers& answers) {
  const Names gripper = gripper_joints(source, answers);
  Names names = split(answers.joints);
  for (const std::string& name : names) source.joint("--joints", name);
  if (!names.empty()) return names;
  for (const ImportedModel::Joint& joint : source.model.joints) {
    if (std::ranges::find(gripper, joint.name) == gripper.end()) names.push_back(joint.name);
  }
  return names;
}

// "2.5" for all joints, or "JOINT=2.5,...".
Values values_of(const RobotSource& source, const std::string& flag, const std::string& text,
                 const Names& joints) {
  Values values;
  for (const std::string& part : split(text)) {
    const size_t equals = part.find('=');
    if (equals == std::string::npos) {
      for (const std::string& joint : joints) values.try_emplace(joint, number(flag, part));
      continue;
    }
    const std::string joint = source.joint(flag, part.substr(0, equals)).name;
    if (std::ranges::find(joints, joint) == joints.end()) {
      throw Error(flag, "'" + joint + "' is no joint of the arm");
    }
    values[joint] = number(flag, part.substr(equals + 1));
  }
  return values;
}

Values velocities(const RobotSource& source, const RobotAnswers& answers, const Names& joints) {
  Values values = values_of(source, "--max-velocity", answers.velocity, joints);
  for (const std::string& joint : joints) {
    const auto told = source.limits.find(joint);
    if (told != source.limits.end() && told->second.velocity > 0) {
      values.try_emplace(joint, told->second.velocity);
    }
  }
  return values;
}

Values homes(const RobotSource& source, const RobotAnswers& answers, const Names& joints) {
  Values values = values_of(source, "--home", answers.home, joints);
  for (const std::string& name : joints) {
    const ImportedModel::Joint& joint = source.joint("joints", name);
    if (joint.home) values.try_emplace(name, *joint.home);
  }
  return values;
}

Names without(const Names& joints, const Values& values) {
  Names rest;
  for (const std::string& joint : joints) {
    if (!values.contains(joint)) rest.push_back(joint);
  }
  return rest;
}

// Joints whose names say that they are a gripper's.
std::string likely_gripper(const RobotSource& source) {
  Names likely;
  for (const ImportedModel::Joint& joint : source.model.joints) {
    std::string name = joint.name;
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const char* word : {"grip", "finger", "jaw"}) {
      if (name.find(word) == std::string::npos) continue;
      likely.push_back(joint.name);
      break;
    }
  }
  return fmt::format("{}", fmt::join(likely, ","));
}

// "BODY:x,y,z[,roll,pitch,yaw]", a site or a body.
FolderPlan::Tool tool_of(const RobotSource& source, const std::string& text) {
  const size_t colon = text.find(':');
  FolderPlan::Tool tool;
  tool.body = text.substr(0, colon);
  const Names& sites = source.model.sites;
  if (colon == std::string::npos && std::ranges::find(sites, text) != sites.end()) {
    tool.site = text;
    return tool;
  }
  if (!source.model.parent.contains(tool.body)) {
    Names known = sites;
    for (const auto& [body, parent] : source.model.parent) known.push_back(body);
    const std::string nearest = nearest_name(tool.body, known);
    throw Error("--tool", "'" + tool.body + "' is neither a site nor a body of the model",
                nearest.empty() ? fmt::format("it has {}", fmt::join(known, ", "))
                                : "did you mean '" + nearest + "'?");
  }
  if (colon == std::string::npos) return tool;
  const Names parts = split(text.substr(colon + 1));
  if (parts.size() != 3 && parts.size() != 6) {
    throw Error("--tool", "'" + text + "' has neither 3 nor 6 numbers",
                "give BODY:x,y,z or BODY:x,y,z,roll,pitch,yaw");
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    (i < 3 ? tool.position[i] : tool.turn[i - 3]) = number("--tool", parts[i]);
  }
  return tool;
}

FolderPlan::Joint joint_of(const RobotSource& source, const std::string& name) {
  const ImportedModel::Joint& joint = source.joint("--joints", name);
  const auto good = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; };
  if (!std::ranges::all_of(name, good)) {
    throw Error(source.file.string() + ": joint '" + name + "'",
                "has a name with other signs than letters, digits, _ and -", "rename it");
  }
  if (!joint.limited && joint.slides) {
    throw Error(source.file.string() + ": joint '" + name + "'", "slides without limits",
                "give it a range");
  }
  // A joint that turns without end has one turn.
  return {.name = name,
          .min = joint.limited ? joint.min : -std::numbers::pi,
          .max = joint.limited ? joint.max : std::numbers::pi};
}

// Bodies that touch what is grasped: those that move; beside a single one the body that carries it.
Names fingers_of(const RobotSource& source, const Names& gripper) {
  Names fingers;
  for (const std::string& name : gripper) fingers.push_back(source.joint("--gripper", name).body);
  if (fingers.size() == 1) {
    fingers.insert(fingers.begin(), source.model.parent.at(fingers.front()));
  }
  return fingers;
}

// Answers that are looked at for themselves.
void check_answers(const RobotSource& source, const RobotAnswers& answers) {
  if (!answers.tool.empty()) tool_of(source, answers.tool);
  if (!answers.closed.empty()) number("--closed", answers.closed);
  if (!answers.open.empty()) number("--open", answers.open);
  if (!answers.rate.empty()) positive("--rate", answers.rate);
}

}  // namespace

RobotSource RobotSource::read(const std::filesystem::path& file) {
  const std::string text = io::read_text(file);
  RobotSource source{.file = file, .urdf = is_urdf(text), .model = {}, .limits = {}};
  if (source.urdf) {
    Urdf urdf = read_urdf(text, file);
    source.model = import_model(urdf.text, file);
    source.limits = std::move(urdf.limits);
  } else {
    source.model = import_model(text, file);
  }
  if (source.model.joints.empty()) throw Error(file.string(), "has no joint", "name an arm's file");
  return source;
}

const ImportedModel::Joint& RobotSource::joint(const std::string& flag,
                                               const std::string& name) const {
  Names names;
  for (const ImportedModel::Joint& joint : model.joints) {
    if (joint.name == name) return joint;
    names.push_back(joint.name);
  }
  const std::string nearest = nearest_name(name, names);
  throw Error(flag, "the model has no joint '" + name + "'",
              nearest.empty() ? fmt::format("it has {}", fmt::join(names, ", "))
                              : "did you mean '" + nearest + "'?");
}

std::vector<RobotQuestion> missing_answers(const RobotSource& source, const RobotAnswers& answers) {
  check_answers(source, answers);
  std::vector<RobotQuestion> questions;
  const Names gripper = gripper_joints(source, answers);
  const ImportedModel::Joint* finger =
      gripper.empty() ? nullptr : &source.joint("--gripper", gripper.front());
  const std::string unit = finger == nullptr ? "rad or m" : finger->slides ? "m" : "rad";
  const auto usual = [&](double ImportedModel::Joint::*end) {
    return finger == nullptr || !finger->limited ? "" : fmt::format("{:.6g}", finger->*end);
  };
  if (gripper.empty()) {
    questions.push_back({&RobotAnswers::gripper, "--gripper", "the gripper's joints, as NAME,NAME",
                         likely_gripper(source)});
  }
  if (answers.closed.empty()) {
    questions.push_back({&RobotAnswers::closed, "--closed", "their value when closed, " + unit,
                         usual(&ImportedModel::Joint::min)});
  }
  if (answers.open.empty()) {
    questions.push_back({&RobotAnswers::open, "--open", "their value when open, " + unit,
                         usual(&ImportedModel::Joint::max)});
  }
  if (answers.tool.empty()) {
    questions.push_back({&RobotAnswers::tool, "--tool",
                         "the grasp frame, z along the fingers: a site or body, or "
                         "BODY:x,y,z,roll,pitch,yaw in m and rad",
                         source.model.sites.size() == 1 ? source.model.sites.front() : ""});
  }
  const Names joints = arm_joints(source, answers);
  const auto ask_joints = [&](std::string RobotAnswers::*answer, const char* flag,
                              const std::string& what, const Values& known, const char* usual) {
    const Names rest = without(joints, known);
    if (rest.empty()) return;
    questions.push_back(
        {answer, flag,
         fmt::format("{} of {}: a number, or JOINT=X,...", what, fmt::join(rest, ", ")), usual});
  };
  ask_joints(&RobotAnswers::velocity, "--max-velocity", "velocity limit",
             velocities(source, answers, joints), "");
  ask_joints(&RobotAnswers::acceleration, "--max-acceleration", "acceleration limit, 0 for none,",
             values_of(source, "--max-acceleration", answers.acceleration, joints), "");
  ask_joints(&RobotAnswers::home, "--home", "home position", homes(source, answers, joints), "0");
  if (answers.rate.empty()) {
    questions.push_back({&RobotAnswers::rate, "--rate", "a policy's actions a second", "10"});
  }
  return questions;
}

FolderPlan plan_folder(const RobotSource& source, const RobotAnswers& answers) {
  const std::vector<RobotQuestion> missing = missing_answers(source, answers);
  if (!missing.empty()) {
    Names told;
    for (const RobotQuestion& question : missing) {
      told.push_back(question.flag + " (" + question.question + ")");
    }
    throw Error(source.file.string(), fmt::format("does not tell {}", fmt::join(told, "; ")),
                "give these flags, or answer at a terminal");
  }
  FolderPlan plan{.joints = {},
                  .gripper = gripper_joints(source, answers),
                  .fingers = {},
                  .closed = number("--closed", answers.closed),
                  .open = number("--open", answers.open),
                  .tool = tool_of(source, answers.tool),
                  .rate = positive("--rate", answers.rate),
                  .cameras = split(answers.cameras),
                  .scale = answers.scale.empty() ? 0 : positive("--scale", answers.scale)};
  plan.fingers = fingers_of(source, plan.gripper);
  const Names joints = arm_joints(source, answers);
  const Values velocity = velocities(source, answers, joints);
  const Values acceleration = values_of(source, "--max-acceleration", answers.acceleration, joints);
  const Values jerk = values_of(source, "--max-jerk", answers.jerk, joints);
  const Values home = homes(source, answers, joints);
  for (const std::string& name : joints) {
    FolderPlan::Joint& joint = plan.joints.emplace_back(joint_of(source, name));
    joint.max_velocity = velocity.at(name);
    joint.max_acceleration = acceleration.at(name);
    joint.max_jerk = jerk.contains(name) ? jerk.at(name) : 0;
    joint.home = home.at(name);
  }
  if (answers.cameras.empty()) {
    plan.cameras = source.model.cameras;
    if (std::ranges::find(plan.cameras, "front") == plan.cameras.end()) {
      plan.cameras.insert(plan.cameras.begin(), "front");
    }
  }
  return plan;
}

}  // namespace gyre
