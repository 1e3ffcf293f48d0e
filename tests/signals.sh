#!/usr/bin/env bash
# Ctrl-C and SIGTERM in the middle of a recording: the program ends by itself with exit code 128 plus
# the signal's number, and everything that was recorded is a dataset that opens.
#   tests/signals.sh PROGRAM
set -u
gyre=$(realpath "$1")
cd "$(dirname "$0")/.." || exit 1  # the program's defaults name files of assets/
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $1"; failed=1; }

for pair in INT:130 TERM:143; do
  signal=${pair%:*} code=${pair#*:} out=$work/${pair%:*}
  # A shell's background jobs ignore SIGINT; env restores it.
  env --default-signal=INT "$gyre" record --task open_drawer --embodiment panda --episodes 100000 \
    --camera-size 32 --out "$out" >"$work/log" 2>&1 &
  process=$!
  for _ in $(seq 600); do  # until an episode is in the journal
    [ "$(stat -c %s "$out.journal" 2>/dev/null || echo 0)" -gt 50000 ] && break
    sleep 0.1
  done
  kill -"$signal" $process
  wait $process
  ended=$?
  [ $ended = "$code" ] || complain "SIG$signal: exit code $ended, not $code: $(tail -1 "$work/log")"
  "$gyre" data info "$out" >"$work/info" 2>&1 || complain "SIG$signal: $(cat "$work/info")"
  [ ! -e "$out.journal" ] || complain "SIG$signal: the journal is left beside the dataset"
done
[ $failed = 0 ] && echo "signals: all as they should be"
exit $failed
