#!/usr/bin/env bash
# Kills of `gyre record` in the middle of a recording: each journal can be read, and only the attempts that
# were being made are not whole.
#   tests/faults/kill_record.sh PROGRAM KILLS
set -u
gyre=$(realpath "$1")
kills=$2
workers=2
cd "$(dirname "$0")/../.." || exit 1  # the program's defaults name files of assets/
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RANDOM=1
failed=0 whole=0
complain() { echo "FAILED: kill $kill: $1"; failed=1; }
field() { sed -n "s/^  \"$1\": \([0-9]*\),*$/\1/p" "$work/info"; }

for kill in $(seq "$kills"); do
  journal=$work/journal
  "$gyre" record --task open_drawer --embodiment panda --episodes 100000 --camera-size 32 \
    --workers $workers --journal "$journal" --out "$work/out" >"$work/log" 2>&1 &
  process=$!
  for _ in $(seq 600); do  # until a chunk is in the journal
    [ "$(cat "$journal"/*.mcap 2>/dev/null | wc -c)" -gt 5000 ] && break
    sleep 0.05
  done
  sleep 0.$((RANDOM % 90 + 10))
  kill -KILL $process 2>/dev/null || complain "it had ended: $(tail -1 "$work/log")"
  wait $process 2>/dev/null
  if ! "$gyre" data info "$journal" --json - >"$work/info" 2>"$work/log"; then
    complain "$(tail -1 "$work/log")"
    continue
  fi
  episodes=$(field episodes) unended=$(field episodes_unended) losses=$(field losses)
  [ "$episodes" -gt 0 ] || complain "no episode was found"
  [ "$unended" -le $workers ] || complain "$unended of $episodes episodes are not whole"
  # At most a torn chunk of each attempt that was being made, or a file that was only begun.
  [ "$losses" -le $workers ] || complain "$losses losses: $(cat "$work/info")"
  whole=$((whole + episodes - unended))
  if [ $((episodes - unended)) -gt 0 ] && [ ! -e "$work/dataset" ]; then
    "$gyre" data convert "$journal" --out "$work/dataset" --json - >"$work/info" 2>"$work/log" ||
      complain "$(tail -1 "$work/log")"
    [ "$(field episodes)" = $((episodes - unended)) ] || complain "not all of them are in the dataset"
  fi
  rm -rf "$journal" "$work/out" "$work"/out.*
done
[ $whole -gt 0 ] || { echo "FAILED: no kill left a whole episode"; failed=1; }
[ $failed = 0 ] && echo "$kills kills, $whole whole episodes before them: all can be read"
exit $failed
