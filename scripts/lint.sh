#!/usr/bin/env bash
# clang-tidy on every source that does not reach LibTorch (clang cannot parse its headers).
#   scripts/lint.sh BUILD_FOLDER [FILE ...]
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
shift
files=("$@")
if [ ${#files[@]} = 0 ]; then
  mapfile -t files < <(git ls-files 'gyre/*.cc' 'apps/*.cc' |
    grep -vE '^gyre/(model|train)/|^gyre/infer/reference|_fuzz\.cc$')
fi
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy-16 -p "$build" --quiet 2> >(grep -v 'warnings generated' >&2)
echo "lint: ${#files[@]} files clean"
