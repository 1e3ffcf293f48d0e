#!/usr/bin/env bash
# Compiles each header that does not reach LibTorch by itself, so that none relies on what was included before it.
# Headers named *-inl.h are parts of one source and are left out. Prints the errors; exits 1 when there are any.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/flags.sh

mapfile -t headers < <(git ls-files -co --exclude-standard 'gyre/*.h' 'apps/*.h' 'tests/*.h' | grep -v -- '-inl\.h$')
# Headers that include LibTorch, and headers that include one of those.
torch=$(grep -lE '#include <(torch|ATen|c10)/' "${headers[@]}" || true)
while true; do
  more=$(printf '#include "%s"\n' $torch | grep -lFf - "${headers[@]}" || true)
  more=$(printf '%s\n' $torch $more | sort -u)
  [ "$more" != "$torch" ] || break
  torch=$more
done
mapfile -t headers < <(printf '%s\n' "${headers[@]}" | grep -vxFf <(printf '%s\n' $torch))

export flags_text="${flags[*]@Q}"
printf '%s\n' "${headers[@]}" | xargs -P "$(nproc)" -I HEADER bash -c '
  eval "flags=($flags_text)"
  echo "#include \"HEADER\"" | g++ "${flags[@]}" -Werror -fsyntax-only -x c++ - || { echo "HEADER: does not compile by itself" >&2; exit 1; }'
echo "headers: ${#headers[@]} compile by themselves"
