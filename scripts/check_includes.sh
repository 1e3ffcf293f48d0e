#!/usr/bin/env bash
# Checks every include against the architecture (docs/design.md, "Who may include whom"), and that gyre/flywheel
# names neither simulator nor robots. Prints each offender; exits 1 when there is one.
#   scripts/check_includes.sh [ROOT]     ROOT is the tree to check, by default this one
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

declare -A may=(
  [core]="" [io]="core"
  [data]="core io" [policy]="core io" [robot]="core io"
  [model]="core io policy"
  [train]="core io data policy model"
  [infer]="core io policy"
  [serve]="core io policy infer"
  [sim]="core io robot run"
  [run]="core io data policy infer serve robot"
  [flywheel]="core io data policy model train infer serve robot run"
  [console]="core io data policy robot run serve flywheel"
  [mind]="core io data policy model train infer serve robot run flywheel"
  [verify]="core io data policy model train infer serve robot run sim flywheel console mind"
)
bad=0
complain() { echo "include rule: $1"; bad=1; }

mapfile -t sources < <(find gyre apps tests bench \( -name '*.h' -o -name '*.cc' \) 2>/dev/null | sort)
[ ${#sources[@]} -gt 0 ] || { echo "include rule: no source under $PWD" >&2; exit 2; }
matches() { grep -nHE "$1" "${@:2}" || [ $? = 1 ]; }  # no match is no error

while IFS=: read -r file _ line; do
  [[ $file == gyre/* ]] || continue
  folder=${file#gyre/} folder=${folder%%/*}
  [[ ($file == *_test.cc || $file == */testing.h) && $line == *'"tests/'* ]] && continue
  if [[ $line != *'"gyre/'* ]]; then
    complain "$file: ${line#*include } is not written as a path from the root"
    continue
  fi
  target=${line#*\"gyre/} target=${target%%/*}
  [ "$target" = "$folder" ] && continue
  [ -n "${may[$folder]+known}" ] || { complain "$file: folder '$folder' is not in the table"; continue; }
  allowed=" ${may[$folder]} "
  [[ $file == gyre/infer/reference* ]] && allowed+="model "
  [[ $allowed == *" $target "* ]] || complain "$file includes gyre/$target, which gyre/$folder may not"
done < <(matches '^ *#include "' "${sources[@]}")

torch_files=0
while IFS=: read -r file _; do
  torch_files=$((torch_files + 1))
  case $file in
    gyre/model/* | gyre/train/* | gyre/verify/* | gyre/infer/reference*) ;;
    *) complain "$file includes LibTorch" ;;
  esac
done < <(matches '^ *#include [<"](torch|ATen|c10|gyre/model/torch)' "${sources[@]}" | sort -u -t: -k1,1)
[ "$torch_files" -le 25 ] || complain "$torch_files files include LibTorch; at most 25 may"

while IFS=: read -r file _; do
  [[ $file == gyre/sim/* || $file == gyre/robot/kinematics* ]] || complain "$file includes MuJoCo"
done < <(matches '^ *#include <mujoco/' "${sources[@]}")

# Engines, simulators and LibTorch reach gyre/run, gyre/serve and gyre/sim as arguments, never through the linker.
for folder in run serve sim; do
  while IFS=: read -r file line _; do
    complain "$file:$line links an engine, the model or LibTorch"
  done < <(matches '^[^#]*\b(gyre_(infer|model|train|verify|torch)|TORCH)\b' gyre/$folder/CMakeLists.txt)
done

while IFS=: read -r file line _; do
  complain "$file:$line names a simulator, a scene or a robot"
done < <(find gyre/flywheel \( -name '*.h' -o -name '*.cc' \) -exec \
  grep -niHE '\b(kitchen|panda|so-?101|mujoco)|\bsim(::|/)' {} + || true)
while IFS=: read -r file line _; do
  complain "$file:$line links the simulator"
done < <(matches '^[^#]*\bgyre_sim\b' gyre/flywheel/CMakeLists.txt)

exit $bad
