#include "gyre/flywheel/stages/stage.h"

#include "gyre/core/error.h"
#include "gyre/core/hash.h"

namespace gyre::flywheel {

std::string StageId::key() const {
  const nlohmann::json all = {name, version, inputs};
  return sha256_hex(all.dump(), 16);
}

void Stages::begin(const StageId& id) {
  stop_if_requested();
  if (!state_.begun(id.name, id.key())) {
    for (const std::filesystem::path& output : id.outputs) {
      const std::filesystem::path path = state_.folder() / output;
      std::error_code code;
      std::filesystem::remove_all(path, code);
      if (code) throw Error(path.string(), "cannot be removed (" + code.message() + ")");
    }
    state_.begin(id.name, id.key());
  }
  if (began_) began_(id.name);
}

void Stages::interrupt() const {
  throw Interrupted(state_.folder().string(), "interrupted; what is done so far is kept",
                    "give the same command again to go on");
}

}  // namespace gyre::flywheel
