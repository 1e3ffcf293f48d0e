#include "gyre/robot/feetech/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/robot/feetech/registers.h"

namespace gyre::feetech {
namespace {

namespace fs = std::filesystem;
using OrderedJson = nlohmann::ordered_json;

constexpr int kMiddle = 2047;  // int(4095 / 2), where LeRobot puts the middle pose
const char* const kAgain = "calibrate the arm again: gyre robot calibrate";

OrderedJson parsed(const std::string& text, const std::string& where) {
  OrderedJson json = OrderedJson::parse(text, nullptr, false);
  if (json.is_discarded()) throw Error(where, "is not whole JSON: half written?", kAgain);
  if (!json.is_object() || json.empty()) throw Error(where, "holds no motors", kAgain);
  return json;
}

int whole(const OrderedJson& json, const char* key, const std::string& where) {
  const auto found = json.find(key);
  if (found == json.end()) throw Error(where, fmt::format("has no '{}'", key), kAgain);
  constexpr int64_t kMost = 1 << 20;
  if (!found->is_number_integer() || found->is_number_float() ||
      std::abs(found->get<int64_t>()) > kMost) {
    throw Error(where, fmt::format("'{}' is no whole number", key), kAgain);
  }
  return found->get<int>();
}

MotorCalibration motor_of(const std::string& name, const OrderedJson& json,
                          const std::string& file) {
  const std::string where = fmt::format("{}: {}", file, name);
  if (!json.is_object()) {
    throw Error(where, "is no table: the format of LeRobot's first version cannot be converted",
                kAgain);
  }
  constexpr const char* kKeys[] = {"id", "drive_mode", "homing_offset", "range_min", "range_max"};
  for (const auto& [key, value] : json.items()) {
    if (std::ranges::find(kKeys, key) == std::end(kKeys)) {
      throw Error(where, fmt::format("has an unknown key '{}'", key));
    }
  }
  MotorCalibration motor{.motor = name,
                         .id = whole(json, "id", where),
                         .drive_mode = whole(json, "drive_mode", where),
                         .homing_offset = whole(json, "homing_offset", where),
                         .range_min = whole(json, "range_min", where),
                         .range_max = whole(json, "range_max", where)};
  if (motor.id < 1 || motor.id > 253) throw Error(where, fmt::format("id {} is none", motor.id));
  if (motor.drive_mode != 0 && motor.drive_mode != 1) {
    throw Error(where, fmt::format("drive_mode {} is neither 0 nor 1", motor.drive_mode));
  }
  if (std::abs(motor.homing_offset) > kMostOffset) {
    throw Error(where,
                fmt::format("homing_offset {} is beyond +-{}, which a servo cannot keep",
                            motor.homing_offset, kMostOffset),
                kAgain);
  }
  if (motor.range_min < 0 || motor.range_max > kMostTick || motor.range_min >= motor.range_max) {
    throw Error(where,
                fmt::format("the range {} .. {} is empty or leaves 0 .. {}", motor.range_min,
                            motor.range_max, kMostTick),
                kAgain);
  }
  return motor;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

fs::path calibration_root() {
  if (const std::string root = environment("HF_LEROBOT_CALIBRATION"); !root.empty()) return root;
  if (const std::string home = environment("HF_LEROBOT_HOME"); !home.empty()) {
    return fs::path(home) / "calibration";
  }
  if (const std::string home = environment("HF_HOME"); !home.empty()) {
    return fs::path(home) / "lerobot" / "calibration";
  }
  return fs::path(environment("HOME")) / ".cache" / "huggingface" / "lerobot" / "calibration";
}

}  // namespace

Calibration Calibration::parse(const std::string& text, const std::string& where) {
  Calibration calibration;
  std::set<int> ids;
  const OrderedJson json = parsed(text, where);
  for (const auto& [name, motor] : json.items()) {
    calibration.motors.push_back(motor_of(name, motor, where));
    const int id = calibration.motors.back().id;
    if (!ids.insert(id).second) throw Error(where, fmt::format("has two motors of id {}", id));
  }
  const size_t last = text.find_last_of('}');
  calibration.ending = text.substr(last + 1);
  return calibration;
}

Calibration Calibration::load(const fs::path& file) {
  if (!fs::exists(file)) throw Error(file.string(), "there is no such calibration", kAgain);
  return parse(io::read_text(file), file.string());
}

std::string Calibration::text() const {
  OrderedJson json = OrderedJson::object();
  for (const MotorCalibration& motor : motors) {
    json[motor.motor] = {{"id", motor.id},
                         {"drive_mode", motor.drive_mode},
                         {"homing_offset", motor.homing_offset},
                         {"range_min", motor.range_min},
                         {"range_max", motor.range_max}};
  }
  return json.dump(4) + ending;
}

void Calibration::save(const fs::path& file) const {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  io::write_atomically(file, text());
}

const MotorCalibration* Calibration::find(const std::string& motor) const {
  const auto found = std::ranges::find(motors, motor, &MotorCalibration::motor);
  return found == motors.end() ? nullptr : &*found;
}

fs::path lerobot_calibration_file(const std::string& id, ArmRole role) {
  const bool leads = role == ArmRole::kLeader;
  const fs::path arms = calibration_root() / (leads ? "teleoperators" : "robots");
  const std::string kind = leads ? "_leader" : "_follower";
  for (const char* make : {"so", "so101", "so100"}) {
    fs::path file = arms / (make + kind) / (id + ".json");
    if (fs::exists(file)) return file;
  }
  return arms / ("so" + kind) / (id + ".json");
}

int homing_offset_for(const std::string& motor, int shaft) {
  const int offset = shaft - kMiddle;
  if (std::abs(offset) <= kMostOffset) return offset;
  throw Error(motor,
              fmt::format("stands at the seam of its encoder (tick {}): the offset {} is beyond "
                          "+-{}",
                          shaft, offset, kMostOffset),
              "move the joint a little to either side and begin again");
}

double normalised(NormMode mode, const MotorCalibration& motor, int tick) {
  const double low = motor.range_min, high = motor.range_max;
  const double within = std::clamp<double>(tick, low, high);
  const bool mirrored = motor.drive_mode != 0;
  switch (mode) {
    case NormMode::kRangeM100To100: {
      const double value = (within - low) / (high - low) * 200 - 100;
      return mirrored ? -value : value;
    }
    case NormMode::kRange0To100: {
      const double value = (within - low) / (high - low) * 100;
      return mirrored ? 100 - value : value;
    }
    case NormMode::kDegrees:
      return (tick - (low + high) / 2) * 360 / kMostTick;
  }
  return 0;
}

int unnormalised(NormMode mode, const MotorCalibration& motor, double value) {
  const double low = motor.range_min, high = motor.range_max;
  const bool mirrored = motor.drive_mode != 0;
  switch (mode) {
    case NormMode::kRangeM100To100: {
      const double within = std::clamp(mirrored ? -value : value, -100.0, 100.0);
      return static_cast<int>((within + 100) / 200 * (high - low) + low);
    }
    case NormMode::kRange0To100: {
      const double within = std::clamp(mirrored ? 100 - value : value, 0.0, 100.0);
      return static_cast<int>(within / 100 * (high - low) + low);
    }
    case NormMode::kDegrees:
      return static_cast<int>(value * kMostTick / 360 + (low + high) / 2);
  }
  return 0;
}

KnownPose KnownPose::load(const fs::path& file) {
  if (!fs::exists(file)) {
    throw Error(file.string(), "there is no known pose, so ticks cannot be told as radians",
                "run: gyre robot calibrate --only-pose");
  }
  KnownPose pose;
  const OrderedJson json = parsed(io::read_text(file), file.string());
  for (const auto& [name, joint] : json.items()) {
    const std::string where = fmt::format("{}: {}", file.string(), name);
    if (!joint.is_object() || !joint.contains("radians") || !joint["radians"].is_number() ||
        !joint.contains("mirrored") || !joint["mirrored"].is_boolean()) {
      throw Error(where, "needs shaft, radians and mirrored", "gyre robot calibrate --only-pose");
    }
    const int shaft = whole(joint, "shaft", where);
    if (shaft < 0 || shaft > kMostTick) throw Error(where, "its shaft is beyond 0 .. 4095");
    pose.joints.push_back(
        {name, shaft, joint["radians"].get<double>(), joint["mirrored"].get<bool>()});
  }
  return pose;
}

void KnownPose::save(const fs::path& file) const {
  OrderedJson json = OrderedJson::object();
  for (const Joint& joint : joints) {
    json[joint.name] = {
        {"shaft", joint.shaft}, {"radians", joint.radians}, {"mirrored", joint.mirrored}};
  }
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  io::write_atomically(file, json.dump(4) + "\n");
}

const KnownPose::Joint* KnownPose::find(const std::string& name) const {
  const auto found = std::ranges::find(joints, name, &Joint::name);
  return found == joints.end() ? nullptr : &*found;
}

fs::path known_pose_file(const fs::path& calibration) {
  fs::path file = calibration;
  return file.replace_extension(".pose.json");
}

}  // namespace gyre::feetech
