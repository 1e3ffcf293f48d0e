#!/usr/bin/env bash
# Follows every include in the tree and refuses those that the architecture does not allow
# (docs/design.md, "Who may include whom"). Prints each offender; exits 1 when there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

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

while IFS=: read -r file _ line; do
  folder=${file#gyre/} folder=${folder%%/*}
  target=${line#*\"gyre/} target=${target%%/*}
  [ "$target" = "$folder" ] && continue
  [ -n "${may[$folder]+known}" ] || { complain "$file: folder '$folder' is not in the table"; continue; }
  allowed=" ${may[$folder]} "
  [[ $file == gyre/infer/reference* ]] && allowed+="model "
  [[ $allowed == *" $target "* ]] || complain "$file includes gyre/$target, which gyre/$folder may not"
done < <(git ls-files -co --exclude-standard 'gyre/*.h' 'gyre/*.cc' | xargs grep -n '#include "gyre/' || true)

torch_files=0
while read -r file; do
  torch_files=$((torch_files + 1))
  case $file in
    gyre/model/* | gyre/train/* | gyre/verify/* | gyre/infer/reference*) ;;
    *) complain "$file includes LibTorch" ;;
  esac
done < <(git ls-files -co --exclude-standard '*.h' '*.cc' | xargs grep -lE '#include [<"](torch|ATen|c10|gyre/model/torch)' || true)
[ "$torch_files" -le 25 ] || complain "$torch_files files include LibTorch; at most 25 may"

while read -r file; do
  [[ $file == gyre/sim/* || $file == gyre/robot/kinematics* ]] || complain "$file includes MuJoCo"
done < <(git ls-files -co --exclude-standard '*.h' '*.cc' | xargs grep -l '#include <mujoco/' || true)

exit $bad
