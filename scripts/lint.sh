#!/usr/bin/env bash
# clang-tidy on the sources and tests that do not reach LibTorch, whose headers clang cannot parse. Batches of
# sources are checked together, because matching the standard library's headers is most of the work. A batch that
# passed and has not changed is not checked again (build/lint).
#
#   scripts/lint.sh [FOLDER ...]     by default: all folders of gyre/, and apps
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/flags.sh
folders=("$@")
[ ${#folders[@]} -gt 0 ] || folders=(core io data policy robot run serve sim infer verify flywheel apps)
mkdir -p build/lint
version=$(clang-tidy-16 --version)

sources() {  # of a folder, without LibTorch
  local root=gyre/$1
  [ "$1" != apps ] || root=apps
  git ls-files -co --exclude-standard "$root/*.cc" | grep -vE '_fuzz\.cc$' | while read -r file; do
    [ -f "$file" ] || continue
    [[ $file != gyre/infer/reference* ]] || continue
    grep -qE '#include [<"](torch/|ATen/|c10/|gyre/(model|train)/)' "$file" || echo "$file"
  done
}

# Kernels are compiled for several instruction sets by including themselves: one a batch.
batches=()
for folder in "${folders[@]}"; do
  size=8
  [[ $folder =~ ^(infer|verify)$ ]] && size=1
  for kind in -v -e; do
    while read -r -a batch; do
      [ ${#batch[@]} -gt 0 ] || continue
      unit=build/lint/$folder-$(basename "${batch[0]}")
      printf '#include "%s"\n' "${batch[@]}" >"$unit.new"
      cmp -s "$unit.new" "$unit" && rm "$unit.new" || mv "$unit.new" "$unit"
      batches+=("$unit")
    done < <(sources "$folder" | grep $kind '_test\.cc$' | xargs -n $size || true)
  done
done

check() {
  local unit=$1 stamp
  stamp=build/lint/$({ echo "$version ${flags[*]}"; cat .clang-tidy; clang++-16 "${flags[@]}" -E "$unit"; } |
    sha256sum | cut -c1-32).passed
  [ ! -f "$stamp" ] || return 0
  clang-tidy-16 --quiet --config-file=.clang-tidy "$unit" -- "${flags[@]}" 2> >(grep -v 'warnings generated' >&2)
  touch "$stamp"
}
export -f check
export version
export flags_text="${flags[*]@Q}"
printf '%s\n' "${batches[@]}" |
  xargs -P "$(nproc)" -I UNIT bash -c 'set -euo pipefail; eval "flags=($flags_text)"; check UNIT'
echo "lint: ${#batches[@]} batches clean"
