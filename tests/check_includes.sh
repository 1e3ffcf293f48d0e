#!/usr/bin/env bash
# scripts/check_includes.sh finds each kind of offence in a tree made for it, and none in a tree that keeps the rules.
#   tests/check_includes.sh CHECK
set -euo pipefail
check=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/gyre/{core,io,run,serve,sim,flywheel,infer,robot,model,train,extra}
cd "$tree"
for folder in run serve sim flywheel; do echo "gyre_folder($folder LIBRARIES gyre_core)" >gyre/$folder/CMakeLists.txt; done
echo '#include "gyre/core/a.h"' >gyre/io/b.h
echo '#include "gyre/infer/engine.h"' >gyre/run/port.h
echo '#include "gyre/model/policy.h"' >gyre/infer/reference.cc
echo '#include <torch/torch.h>' >gyre/train/step.cc
echo '#include <mujoco/mujoco.h>' >gyre/robot/kinematics_model.cc
echo '// Simulated or real, each arm of a similar size.' >gyre/flywheel/turn.h
"$check" . || { echo "FAILED: complains of a tree that keeps the rules"; exit 1; }

refused() {  # file, line to add, what the complaint must name
  cp "$1" kept 2>/dev/null || : >kept
  printf '%s\n' "$2" >>"$1"
  if said=$("$check" .); then echo "FAILED: accepts '$2' in $1"; exit 1; fi
  [[ $said == *"$1"* ]] && ! grep -qv "$1" <<<"$said" || { echo "FAILED: '$2' in $1 gives: $said"; exit 1; }
  if [ -s kept ]; then mv kept "$1"; else rm "$1" kept; fi
}
refused gyre/core/a.h '#include "gyre/io/b.h"'
refused gyre/core/a.h '#include "b.h"'
refused gyre/extra/a.h '#include "gyre/core/a.h"'
refused gyre/infer/engine.cc '#include "gyre/model/policy.h"'
refused gyre/infer/engine.cc '#include <ATen/ATen.h>'
refused gyre/robot/arm.cc '#include <mujoco/mujoco.h>'
refused gyre/flywheel/turn.h '#include "gyre/sim/suite.h"'
refused gyre/flywheel/turn.h '// the kitchen'
refused gyre/flywheel/turn.h 'auto robots = {"so101/ee", "panda/ee"};'
refused gyre/flywheel/turn.h 'auto suite = sim::suite("trained");'
refused gyre/flywheel/CMakeLists.txt 'target_link_libraries(gyre_flywheel gyre_sim)'
refused gyre/run/CMakeLists.txt 'target_link_libraries(gyre_run gyre_infer)'
refused gyre/serve/CMakeLists.txt 'target_link_libraries(gyre_serve gyre_infer)'
echo "include rules: all offences found"
