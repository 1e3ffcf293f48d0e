#include "gyre/console/field_infos.h"

namespace gyre::console {

std::vector<FieldInfo> field_infos(const std::vector<Field>& fields) {
  std::vector<FieldInfo> infos;
  for (const Field& field : fields) {
    infos.push_back({.name = field.name,
                     .unit = field.unit,
                     .kind = field.kind == FieldKind::kDelta      ? "delta"
                             : field.kind == FieldKind::kVelocity ? "velocity"
                                                                  : "position",
                     .min = field.min,
                     .max = field.max,
                     .gripper = field.gripper});
  }
  return infos;
}

}  // namespace gyre::console
