#!/usr/bin/env bash
# Records attempts of both arms with delays, several ways of joining chunks, thinking and reused pictures, until there
# are so many decisions, and computes all of them again: each must have the same bits.
#   tests/replay/decisions.sh PROGRAM [DECISIONS]
set -euo pipefail
gyre=$(realpath "$1")
wanted=${2:-60}
cd "$(dirname "$0")/../.."  # the program's defaults name files of assets/
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mapfile -t long < <("$gyre" sim --list | sed -n '/^long$/,/^[a-z]/p' | awk '/^  / { print $1 }')
tasks=(pick_place/red_cup/sink open_drawer "${long[0]}")
ways=("--method draws --delay_ticks 1.7 --jitter_ticks 1"
      "--method guided --delay_ticks 2 --reuse-pictures 0.02"
      "--method aligned --delay_ticks 1 --loss 0.1 --think true"
      "--method trained --delay_ticks 2 --policy assets/policies/nano_continued"
      "--method naive --reuse-pictures 0.05 --think true")
count() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

decisions=0 attempts=0
while [ "$decisions" -lt "$wanted" ] || [ "$attempts" -lt ${#ways[@]} ]; do
  robot=$([ $((attempts % 2)) = 0 ] && echo so101 || echo panda)
  # shellcheck disable=SC2086  # a way is several words
  "$gyre" sim --embodiment "$robot" --task "${tasks[$((attempts % 3))]}" --seed "$attempts" \
    --journal "$work/journal" --json "$work/sim.json" ${ways[$((attempts % 5))]} >/dev/null
  attempts=$((attempts + 1))
  decisions=$("$gyre" data info "$work/journal" --json - 2>/dev/null | count requests)
done
"$gyre" replay "$work/journal" --json "$work/replay.json" >/dev/null
for key in equal differing compared lost; do
  printf '%s %s, ' "$key" "$(count $key <"$work/replay.json")"
done
echo "attempts $attempts"
[ "$(count all_equal <"$work/replay.json")" = True ] || { echo "FAILED: not every decision has the same bits"; exit 1; }
