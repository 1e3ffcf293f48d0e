#include "gyre/robot/kinematics_import.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/io/file.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/kinematics_model.h"

namespace gyre {
namespace {

constexpr char kImportFile[] = "gyre_import.xml";
constexpr int kInertiaPoses = 64;
constexpr int kReachPoses = 20'000;

struct FreeModel {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct FreeData {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
using Model = std::unique_ptr<mjModel, FreeModel>;
using Data = std::unique_ptr<mjData, FreeData>;

std::string name_in(const mjModel* m, mjtObj type, int id) {
  const char* name = mj_id2name(m, type, id);
  return name == nullptr ? "" : name;
}

Model compiled(const std::string& text, const std::filesystem::path& file) {
  handle_mujoco_errors();
  auto files = std::make_unique<mjVFS>();
  mj_defaultVFS(files.get());
  mj_makeEmptyFileVFS(files.get(), kImportFile, static_cast<int>(text.size()));
  std::ranges::copy(text, static_cast<char*>(files->filedata[0]));
  char message[500] = "";
  Model model(mj_loadXML((file.parent_path() / kImportFile).string().c_str(), files.get(), message,
                         sizeof message));
  mj_deleteVFS(files.get());
  if (!model) throw Error(file.string(), one_line(message));
  return model;
}

// As MuJoCo writes the model that it has read last.
std::string saved_text(const mjModel* model, const std::filesystem::path& file) {
  const io::ScratchFolder scratch;
  const std::string path = (scratch.path() / "robot.xml").string();
  char message[500] = "";
  if (mj_saveLastXML(path.c_str(), model, message, sizeof message) == 0) {
    throw Error(file.string(), one_line(message));
  }
  return io::read_text(path);
}

bool turns_or_slides(const mjModel* m, int joint) {
  return m->jnt_type[joint] == mjJNT_HINGE || m->jnt_type[joint] == mjJNT_SLIDE;
}

// A position within the joint's range, or within a turn where it has none.
double position_in_range(const mjModel* m, int joint, Rng& rng) {
  if (m->jnt_limited[joint] == 0) return rng.uniform(-std::numbers::pi, std::numbers::pi);
  return rng.uniform(m->jnt_range[2 * joint], m->jnt_range[2 * joint + 1]);
}

// By joint id.
std::vector<double> most_inertia(const mjModel* m) {
  const Data data(mj_makeData(m));
  Rng rng = Rng::stream(1, "inertia");
  std::vector<double> most(static_cast<size_t>(m->njnt));
  for (int pose = 0; pose < kInertiaPoses; ++pose) {
    for (int id = 0; id < m->njnt; ++id) {
      if (turns_or_slides(m, id)) {
        data->qpos[m->jnt_qposadr[id]] = position_in_range(m, id, rng);
      }
    }
    mj_fwdPosition(m, data.get());
    for (int id = 0; id < m->njnt; ++id) {
      double& inertia = most[static_cast<size_t>(id)];
      inertia = std::max(inertia, data->qM[m->dof_Madr[m->jnt_dofadr[id]]]);
    }
  }
  return most;
}

// The unit of a tendon over several joints is theirs where it is their mean.
bool has_joints_unit(const mjModel* m, int actuator) {
  if (m->actuator_trntype[actuator] == mjTRN_JOINT) return true;
  if (m->actuator_trntype[actuator] != mjTRN_TENDON) return false;
  const int id = m->actuator_trnid[2 * actuator];
  double sum = 0;
  for (int i = m->tendon_adr[id]; i < m->tendon_adr[id] + m->tendon_num[id]; ++i) {
    sum += m->wrap_prm[i];
  }
  return std::abs(sum - 1) < 1e-3;
}

std::vector<std::string> joints_behind(const mjModel* m, int actuator) {
  const int id = m->actuator_trnid[2 * actuator];
  if (m->actuator_trntype[actuator] == mjTRN_JOINT) return {name_in(m, mjOBJ_JOINT, id)};
  std::vector<std::string> joints;
  if (m->actuator_trntype[actuator] != mjTRN_TENDON) return joints;
  for (int i = m->tendon_adr[id]; i < m->tendon_adr[id] + m->tendon_num[id]; ++i) {
    if (m->wrap_type[i] == mjWRAP_JOINT) {
      joints.push_back(name_in(m, mjOBJ_JOINT, m->wrap_objid[i]));
    }
  }
  return joints;
}

std::vector<ImportedModel::Actuator> actuators_of(const mjModel* m) {
  std::vector<ImportedModel::Actuator> actuators;
  for (int id = 0; id < m->nu; ++id) {
    const mjtNum* gain = m->actuator_gainprm + static_cast<ptrdiff_t>(id) * mjNGAIN;
    const mjtNum* bias = m->actuator_biasprm + static_cast<ptrdiff_t>(id) * mjNBIAS;
    actuators.push_back({.name = name_in(m, mjOBJ_ACTUATOR, id),
                         .joints = joints_behind(m, id),
                         .servo = m->actuator_biastype[id] == mjBIAS_AFFINE && bias[1] < 0 &&
                                  std::abs(gain[0] + bias[1]) < 1e-3 * gain[0] &&
                                  has_joints_unit(m, id)});
  }
  return actuators;
}

std::vector<ImportedModel::Joint> joints_in(const mjModel* m, const std::filesystem::path& file) {
  const std::vector<double> inertia = most_inertia(m);
  std::vector<ImportedModel::Joint> joints;
  for (int id = 0; id < m->njnt; ++id) {
    if (!turns_or_slides(m, id)) continue;
    ImportedModel::Joint joint;
    joint.name = name_in(m, mjOBJ_JOINT, id);
    joint.body = name_in(m, mjOBJ_BODY, m->jnt_bodyid[id]);
    if (joint.name.empty() || joint.body.empty()) {
      throw Error(file.string(),
                  joint.name.empty() ? "body '" + joint.body + "' has a joint without a name"
                                     : "the body of joint '" + joint.name + "' has no name",
                  "name it");
    }
    joint.slides = m->jnt_type[id] == mjJNT_SLIDE;
    joint.limited = m->jnt_limited[id] != 0;
    joint.min = m->jnt_range[2 * id];
    joint.max = m->jnt_range[2 * id + 1];
    joint.inertia = inertia[static_cast<size_t>(id)];
    if (m->nkey > 0) joint.home = m->key_qpos[m->jnt_qposadr[id]];
    joints.push_back(std::move(joint));
  }
  return joints;
}

}  // namespace

ImportedModel import_model(const std::string& text, const std::filesystem::path& file) {
  const Model model = compiled(text, file);
  const mjModel* m = model.get();
  ImportedModel result{.mjcf = saved_text(m, file),
                       .joints = joints_in(m, file),
                       .actuators = actuators_of(m),
                       .parent = {},
                       .sites = {},
                       .cameras = {}};
  for (int id = 1; id < m->nbody; ++id) {
    result.parent[name_in(m, mjOBJ_BODY, id)] = name_in(m, mjOBJ_BODY, m->body_parentid[id]);
  }
  for (int id = 0; id < m->nsite; ++id) result.sites.push_back(name_in(m, mjOBJ_SITE, id));
  for (int id = 0; id < m->ncam; ++id) result.cameras.push_back(name_in(m, mjOBJ_CAMERA, id));
  return result;
}

Reach reach_of(const RobotModel& model, const std::string& site,
               std::span<const std::string> joints) {
  const mjModel* m = &model.model();
  const Data data(mj_makeData(m));
  const int id = mj_name2id(m, mjOBJ_SITE, site.c_str());
  Rng rng = Rng::stream(1, "reach");
  Reach reach;
  for (int pose = 0; pose < kReachPoses; ++pose) {
    for (const std::string& joint : joints) {
      const int of = mj_name2id(m, mjOBJ_JOINT, joint.c_str());
      data->qpos[m->jnt_qposadr[of]] = position_in_range(m, of, rng);
    }
    mj_kinematics(m, data.get());
    const mjtNum* at = data->site_xpos + static_cast<ptrdiff_t>(3) * id;
    for (size_t axis = 0; axis < 3; ++axis) {
      reach.min[axis] = pose == 0 ? at[axis] : std::min(reach.min[axis], at[axis]);
      reach.max[axis] = pose == 0 ? at[axis] : std::max(reach.max[axis], at[axis]);
    }
    reach.outward = std::max(reach.outward, std::hypot(at[0], at[1]));
  }
  return reach;
}

Vec3 site_position(const RobotModel& model, const std::string& site,
                   const std::map<std::string, double>& joints) {
  const mjModel* m = &model.model();
  const Data data(mj_makeData(m));
  for (const auto& [joint, value] : joints) {
    const int id = mj_name2id(m, mjOBJ_JOINT, joint.c_str());
    if (id >= 0) data->qpos[m->jnt_qposadr[id]] = value;
  }
  mj_kinematics(m, data.get());
  const int id = mj_name2id(m, mjOBJ_SITE, site.c_str());
  const mjtNum* at = data->site_xpos + static_cast<ptrdiff_t>(3) * id;
  return {at[0], at[1], at[2]};
}

}  // namespace gyre
