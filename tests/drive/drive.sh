#!/usr/bin/env bash
# A robot of the kitchen is driven by the wall clock, ordered over the socket and by signals; its journal is whole.
#   tests/drive/drive.sh PROGRAM
set -u
gyre=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1  # the program's defaults name files of assets/
work=$(mktemp -d)
export XDG_RUNTIME_DIR=$work
long=stack/red_block/green_block  # takes the policy some seconds
socket=$work/gyre-sim-so101-ee.sock
driver=
trap '[ -n "$driver" ] && kill -9 $driver 2>/dev/null; rm -rf "$work"' EXIT
failed=0
complain() { echo "FAILED: $1"; failed=1; }
tell() { python3 tests/drive/client.py "$socket" "$@" 2>"$work/told" || complain "$(tail -1 "$work/told")"; }

# begin ARGUMENTS...: starts to drive in the background.
begin() {
  # A shell's background jobs ignore SIGINT; env restores it.
  env --default-signal=INT "$gyre" drive --robot sim:so101 --threads 1 "$@" >"$work/log" 2>&1 </dev/null &
  driver=$!
}
# ends CODE: the driver has ended with that code.
ends() {
  wait "$driver"
  local code=$?
  driver=
  [ $code = "$1" ] || complain "exit code $code, not $1: $(tail -1 "$work/log")"
}
# can COMMAND...: the tool of `gyre data` succeeds.
can() { "$gyre" data "$@" >"$work/info" 2>&1 || complain "data $*: $(tail -3 "$work/info")"; }

begin --journal "$work/journal" --task "$long"
tell '{"do":"pause","by":"anna"}' wait:mode=paused
[ "$(stat -c %a "$socket")" = 600 ] || complain "others may open the socket"
"$gyre" drive --robot sim:so101 >"$work/second" 2>&1 </dev/null
[ $? = 2 ] && [ "$(wc -l <"$work/second")" = 1 ] && grep -q "process $driver drives it" "$work/second" ||
  complain "a second driver: $(cat "$work/second")"
tell '{"say":"close the drawer"}' 'wait:goal=close the drawer' '{"do":"resume"}' wait:mode=policy
tell '{"do":"stop"}' wait:mode=stopped '{"do":"resume"}' '{"do":"clear"}' wait:mode=paused
up='drive:[0,0,0.005,0,0,0,1]:mode=human'
tell '{"do":"take"}' "$up" '{"do":"give"}' wait:mode=paused
tell '{"do":"resume"}' wait:mode=policy '{"do":"take"}' "$up" wait:mode=paused  # the person falls silent
awk '/^```python/ { on = 1; next } /^```/ { on = 0 } on' docs/driving.md >"$work/example.py"
python3 "$work/example.py" >"$work/told" 2>&1 && ! grep -q error "$work/told" ||
  complain "the example of docs/driving.md: $(tail -1 "$work/told")"
tell '{"do":"resume"}' wait:mode=policy '{"do":"success","by":"anna"}' wait:episode=1
kill -INT $driver
ends 130
can convert "$work/journal" "$work/dataset"
can verify "$work/dataset"
can info "$work/journal"
grep -q "episodes *2: 1 succeeded, 0 failed, 1 broke off" "$work/info" || complain "episodes: $(cat "$work/info")"
[ ! -e "$socket" ] || complain "the socket is left behind"

begin --journal "$work/second_run" --seconds 2 --json "$work/result.json"
ends 0
can info "$work/second_run"
grep -q '"lost_records": 0' "$work/result.json" || complain "records were lost: $(cat "$work/result.json")"

python3 tests/drive/keys.py "$socket" "$gyre" drive --robot sim:so101 --threads 1 --task "$long" \
  2>"$work/told" ||
  complain "keys: $(tail -1 "$work/told")"

[ $failed = 0 ] && echo "drive: all as it should be"
exit $failed
