#!/usr/bin/env bash
# Ctrl-C and SIGTERM in the middle of a verb: the program ends by itself with exit code 128 plus the
# signal's number, and everything that was recorded so far can be read.
#   tests/signals.sh PROGRAM
set -u
gyre=$(realpath "$1")
cd "$(dirname "$0")/.." || exit 1  # the program's defaults name files of assets/
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $1"; failed=1; }

# interrupt SIGNAL READY ARGUMENTS...: runs the program until the command READY succeeds, sends the
# signal, and checks the exit code. What the program prints goes to $work/log.
interrupt() {
  local signal=$1 ready=$2 code=130 process ended
  [ "$signal" = TERM ] && code=143
  shift 2
  # A shell's background jobs ignore SIGINT; env restores it.
  env --default-signal=INT "$gyre" "$@" >"$work/log" 2>&1 &
  process=$!
  for _ in $(seq 600); do
    eval "$ready" 2>/dev/null && break
    kill -0 $process 2>/dev/null || break
    sleep 0.1
  done
  kill -"$signal" $process 2>/dev/null
  wait $process
  ended=$?
  [ $ended = $code ] || complain "gyre $1, SIG$signal: exit code $ended, not $code: $(tail -1 "$work/log")"
}
# says WORDS: the last line of the log is one of the program's errors and holds WORDS.
says() {
  local line
  line=$(tail -1 "$work/log")
  [[ $line == "gyre: "*"$1"* ]] || complain "the last line lacks '$1': $line"
}
# readable FOLDER: `gyre data info` reads it.
readable() { "$gyre" data info "$1" >"$work/info" 2>&1 || complain "$1: $(tail -1 "$work/info")"; }
# holds COUNT PATTERN...: so many files match.
holds() { local count=$1; shift; [ "$(ls $* | wc -l)" -ge "$count" ]; }

slow=(--task clear_table --flow-steps 300)  # an attempt of many seconds
for signal in INT TERM; do
  out=$work/$signal
  interrupt $signal "holds 4 $out.journal/*.mcap" record --task open_drawer --embodiment panda \
    --episodes 100000 --camera-size 32 --out "$out"
  readable "$out"
  [ ! -e "$out.journal" ] || complain "record, SIG$signal: the journal is left beside the dataset"

  interrupt $signal "holds 4 $out.kept/*.mcap" record --task open_drawer --embodiment panda \
    --episodes 100000 --camera-size 32 --out "$out.second" --journal "$out.kept"
  readable "$out.second"
  readable "$out.kept"

  interrupt $signal "[ -s $out.sim/000000.mcap ]" sim "${slow[@]}" --journal "$out.sim"
  says "$out.sim"
  readable "$out.sim"

  interrupt $signal "grep -q evaluating $work/log" eval --suite trained --episodes 100000 \
    --json "$out.json"
  says "was interrupted after"
  grep -q '"interrupted": true' "$out.json" || complain "eval, SIG$signal: no result so far"

  interrupt $signal "grep -q demonstrations $work/log" train --simulate open_drawer:100000 --steps 9 \
    --embodiments panda --out "$out.policy"
  says "was interrupted before it began"
  interrupt $signal "[ -s $out.policy/metrics.jsonl ]" train --simulate open_drawer:4 \
    --embodiments panda --batch 8 --steps 100000 --out "$out.policy"
  "$gyre" policy info "$out.policy" >"$work/info" 2>&1 || complain "train, SIG$signal: $(cat "$work/info")"

  interrupt $signal "holds 4 $out.runs/*/journal/*.mcap" turn --trained-episodes 2 \
    --frontier-episodes 2 --collect-episodes 100000 --embodiments panda --runs "$out.runs"
  says "$out.runs"
  readable "$(echo "$out".runs/*/journal)"
done

# A tool that is stopped writes nothing, and the dataset is as it was.
copies=$(for _ in $(seq 40); do echo "$work/INT"; done)
interrupt INT "holds 1 $work/many.partial-*" data merge $copies --out "$work/many"
says "was interrupted"
[ -z "$(find "$work" -maxdepth 1 -name 'many*')" ] || complain "merge: something is left behind"
readable "$work/INT"

# A stopped turn goes on with what it has: the same command does not evaluate again.
interrupt INT "grep -q 'collecting' $work/log" turn --trained-episodes 2 --frontier-episodes 2 \
  --collect-episodes 100000 --embodiments panda --runs "$work/INT.runs"
grep -q "evaluate" "$work/log" && complain "turn: a stage that was done was run again"

[ $failed = 0 ] && echo "signals: all as they should be"
exit $failed
