#!/usr/bin/env bash
# What a user gets for a wrong word, file or disk: one line on stderr that names it, exit code 2.
#   tests/cli_errors.sh PROGRAM
set -u
gyre=$(realpath "$1")
source_dir=$(cd "$(dirname "$0")/.." && pwd)
cd "$source_dir" || exit 1  # the program's defaults name files of assets/
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { failed=$((failed + 1)); echo "FAILED: $1"; }

# expect NAMED... -- COMMAND...: exit code 2, one line, holding every word of NAMED.
expect() {
  local words=()
  while [ "$1" != -- ]; do words+=("$1"); shift; done
  shift
  local output code
  output=$("$@" 2>&1 >/dev/null </dev/null)
  code=$?
  output=$(grep -v -E '^(reading|evaluating|recording|demonstrations|train)' <<<"$output")
  local bad=""
  [ $code = 2 ] || bad="exit code $code"
  [ -n "$output" ] && [ "$(printf '%s\n' "$output" | wc -l)" = 1 ] || bad+=" not one line"
  for word in "${words[@]}"; do
    [[ $output == *"$word"* ]] || bad+=" lacks '$word'"
  done
  if [ -n "$bad" ]; then
    failed=$((failed + 1))
    echo "FAILED ($bad): ${*:1}"
    printf '%s\n' "$output" | head -5
  fi
}

policy=$source_dir/assets/policies/nano
expect open_drawer -- "$gyre" sim --expert --task open_drawr
expect panda/ee -- "$gyre" sim --expert --task open_drawer --embodiment pandda/ee
expect trained -- "$gyre" eval --suite trainde --policy "$policy"
expect -- "$gyre" evl
expect --task --prompt -- "$gyre" sim
expect --camera-size -- "$gyre" sim --expert --task open_drawer --camera-size 3
expect --seed -- "$gyre" sim --expert --task open_drawer --seed -1
expect "no table" sim:panda -- "$gyre" drive --robot panda --by-hand
expect "no such calibration" calibrate -- env HF_LEROBOT_CALIBRATION=/nowhere "$gyre" drive --robot so101 --by-hand --port /dev/null
expect --port arm -- "$gyre" drive --robot so101
expect "no room" policy -- "$gyre" drive --robot sim:so101 --by-hand --policy assets/policies/nano
expect shoulder_pan "did you mean" -- "$gyre" robot setup-motors --port /dev/null --only shoulder_pn
expect so101 -- "$gyre" drive --robot sim:so10
expect "whole part" -- "$gyre" drive --robot sim:so101 --rate 77
expect start-limit -- "$gyre" drive --robot sim:so101 --start-limit 3
expect --remote -- "$gyre" sim --fleet 2
expect execute -- "$gyre" sim --task open_drawer --execute 0
expect --episodes -- "$gyre" record --episodes 0 --out "$work/none"
expect --episodes -- "$gyre" eval --episodes 0 --policy "$policy"
expect trained:800 -- "$gyre" train --simulate trained --steps 1 --out "$work/none"
expect trained -- "$gyre" train --simulate trainde:8 --steps 1 --out "$work/none"
expect --start -- "$gyre" train --simulate trained:8 --practise frontier:8 --steps 1 --out "$work/none"
expect --seed -- "$gyre" eval --sedd 3
expect --baselines -- "$gyre" turn --baselines
expect hg_dagger "did you mean" -- "$gyre" learn compare --recipes hg_daggr --runs "$work/none"
expect stack "did you mean" -- "$gyre" learn compare --tasks stak --runs "$work/none"
expect seeds -- "$gyre" learn compare --seeds 0 --runs "$work/none"
echo '{}' >"$work/rows.jsonl"
expect rows.jsonl "line 1" -- "$gyre" learn compare --out "$work/rows.jsonl" --runs "$work/none"
expect --policy-robot aloha libero -- "$gyre" policy info --policy-robot alohaa "$policy"
expect no/such -- "$gyre" policy info "$work/no/such"
expect no/such -- "$gyre" data info "$work/no/such"
expect no/such -- "$gyre" eval --policy "$work/no/such"

printf 'episodess = 3\n' >"$work/bad.toml"
expect bad.toml:1 episodess "'episodes'" -- "$gyre" eval --policy "$policy" --config "$work/bad.toml"
printf 'episodes = "many"\n' >"$work/bad.toml"
expect bad.toml:1 episodes -- "$gyre" eval --policy "$policy" --config "$work/bad.toml"

# A policy that was trained on other robots than this one.
expect panda/joint panda/ee -- "$gyre" sim --policy "$policy" --embodiment panda/joint --task open_drawer

# Truncated and broken checkpoints name the file.
cp -r "$policy" "$work/cut"
head -c 100000 "$policy/model.safetensors" >"$work/cut/model.safetensors"
expect cut/model.safetensors -- "$gyre" sim --policy "$work/cut" --task open_drawer
cp "$policy/model.safetensors" "$work/cut/" && printf '{"type": ' >"$work/cut/config.json"
expect cut/config.json -- "$gyre" sim --policy "$work/cut" --task open_drawer

# A full disk, and a file size limit: what was recorded stays, the error names the file.
expect /dev/full -- "$gyre" sim --expert --task open_drawer --json /dev/full
expect "$work/limited" -- bash -c "ulimit -f 8; '$gyre' record --task open_drawer --embodiment panda --episodes 1 --out '$work/limited'"
[ ! -e "$work/limited.journal" ] || complain "an empty recording is left behind"
expect "$work/tight" -- bash -c "ulimit -f 8; '$gyre' sim --expert --task open_drawer --journal '$work/tight'"
# The disk fills up while several attempts are being made: the workers end too, the journal is safe.
expect "$work/full" "gyre data convert $work/full.journal $work/full" -- timeout 60 bash -c "ulimit -f 100; '$gyre' record --embodiment panda --episodes 100 --camera-size 32 --out '$work/full'"
"$gyre" data convert "$work/full.journal" "$work/full" >/dev/null 2>&1 || complain "the recording was lost"
expect "$work/full.journal" "gyre data convert" -- "$gyre" record --task open_drawer --episodes 1 --out "$work/full"

# What cannot be computed again.
"$gyre" sim --task open_drawer --journal "$work/decided" >/dev/null
expect "$work/none" "is no journal" -- "$gyre" replay "$work/none"
expect assets/policies "holds no journal file" -- "$gyre" replay assets/policies
expect "no episode 7" -- "$gyre" replay "$work/decided" --episode 7
expect "--step 100000" "steps" -- "$gyre" replay "$work/decided" --step 100000
expect "--take-over-at" "--policy DIR" -- "$gyre" replay "$work/decided" --take-over-at 3
expect "--take-over-at 100000" -- "$gyre" replay "$work/decided" --take-over-at 100000 --policy "$policy"
expect "--step excludes --plot" -- "$gyre" replay "$work/decided" --step 1 --plot "$work/plot.svg"
expect "nothing to draw" -- "$gyre" replay "$work/decided" --plot "$work/plot.svg"

# Places that cannot be written, or that hold something else.
expect /sys/gyre -- "$gyre" sim --expert --task open_drawer --journal /sys/gyre
expect /sys/gyre -- "$gyre" record --task open_drawer --episodes 1 --out /sys/gyre
expect /sys/gyre -- "$gyre" record --task open_drawer --episodes 1 --out "$work/set" --journal /sys/gyre
expect /sys/gyre.mp4 -- "$gyre" sim --expert --task open_drawer --video /sys/gyre.mp4
mkdir "$work/other" && touch "$work/other/file"
expect "$work/other" "another folder" -- "$gyre" record --task open_drawer --episodes 1 --out "$work/other"
[ ! -e "$work/other.journal" ] || complain "a recording that never began is left behind"

# Two writers on one journal: the second is told who the first is, and changes nothing.
"$gyre" record --task open_drawer --embodiment panda --episodes 100000 --camera-size 32 \
  --out "$work/first" --journal "$work/shared" >/dev/null 2>&1 &
first=$!
for _ in $(seq 600); do [ -s "$work/shared/000000.mcap" ] && break; sleep 0.1; done
expect "$work/shared" "process $first " -- "$gyre" sim --expert --task open_drawer --journal "$work/shared"
expect "$work/shared" "process $first " -- "$gyre" record --task open_drawer --episodes 1 --out "$work/second" --journal "$work/shared"
kill -TERM $first
wait $first
expect "$work/shared" "holds a journal already" -- "$gyre" record --task open_drawer --episodes 1 --out "$work/second" --journal "$work/shared"

# Robot folders that are not what they should be.
# robot: a fresh copy of the SO-101 at $work/arm.
robot() { rm -rf "$work/arm" && cp -r assets/robots/so101 "$work/arm"; }
arm=("$gyre" sim --expert --task open_drawer --robot "$work/arm")
robot && rm "$work/arm/robot.xml"
expect arm/robot.xml -- "${arm[@]}"
robot && rm "$work/arm/robot.toml"
expect arm/robot.toml -- "${arm[@]}"
robot && sed -i '0,/<worldbody>/s//<asset><mesh name="base" file="base.stl"\/><\/asset><worldbody>/' "$work/arm/robot.xml"
expect arm/robot.xml base.stl -- "${arm[@]}"
robot && printf '<mujoco' >"$work/arm/robot.xml"
expect arm/robot.xml "XML" -- "${arm[@]}"
robot && sed -i 's/angle="radian"//' "$work/arm/robot.xml"
expect arm/robot.xml degrees radian -- "${arm[@]}"
robot && sed -i 's/"elbow_flex", /"elbow_flexx", /' "$work/arm/robot.toml"
expect arm/robot.toml joints "'elbow_flex'" -- "${arm[@]}"
robot && sed -i 's/^min = -1.92/min = -110/; s/^max = 1.92/max = 110/' "$work/arm/robot.toml"
expect arm/robot.toml joint.shoulder_pan degrees radians -- "${arm[@]}"
robot && sed -i 's/max_velocity/max_velocty/' "$work/arm/robot.toml"
expect arm/robot.toml: max_velocity -- "${arm[@]}"
robot && sed -i 's/"wrist"\]/"wrst"]/' "$work/arm/robot.toml"
expect arm/robot.toml cameras "'wrist'" -- "${arm[@]}"
robot && sed -i 's/^max_acceleration = 60/max_acceleration = 0.001/' "$work/arm/robot.toml"
expect so101 shoulder_pan -- "${arm[@]}"
expect --robot --embodiment -- "${arm[@]}" --embodiment panda
expect "$work/no/such" -- "$gyre" sim --expert --task open_drawer --robot "$work/no/such"
expect "$work/no/such" -- "$gyre" eval --policy "$policy" --embodiments "$work/no/such"

# A truncated dataset names its file; so does the lack of what reads it.
"$gyre" record --task open_drawer --embodiment panda --episodes 2 --seed 1 --out "$work/set" >/dev/null 2>&1
expect libduckdb.so setup.sh -- env GYRE_DUCKDB=/nowhere "$gyre" data info "$work/set"
expect libduckdb.so setup.sh -- env GYRE_DUCKDB=/nowhere "$gyre" record --task open_drawer --episodes 1 --out "$work/lost"
[ ! -e "$work/lost.journal" ] || complain "a recording that never began is left behind"
learn=("$gyre" train --data "$work/set" --out "$work/none" --steps 1)
expect --data-shares "2 numbers for 1" -- "${learn[@]}" --data-shares 1,2
expect lenght docs/data.md -- "${learn[@]}" --where "lenght > 3"
expect "no number from 0 up" "frame 3" -- "${learn[@]}" --weigh "2 - frame_index"
expect --memory-mib "give at least" -- "${learn[@]}" --memory-mib 1

# A label of a step, episode or type that there is not; a torn file of labels.
label=("$gyre" data label add "$work/set" --author ann --value success)
expect "episode 0" "frames 90000 to 90001" "has frames 0 to" -- "${label[@]}" --name note --type text --episodes 0 --frames 90000:90002
expect "has no episode 7" "0 to 1" -- "${label[@]}" --name outcome --episodes 7
expect "'outcom'" "'outcome'" -- "${label[@]}" --name outcom --episodes 0
expect "'success'" "is no number" -- "${label[@]}" --name quality --episodes 0
expect --author -- "$gyre" data label add "$work/set" --name outcome --value success --episodes 0
"${label[@]}" --name outcome --episodes 0 >/dev/null 2>&1 || complain "a verdict is not added"
head -c 300 "$(find "$work/set/labels" -name 'outcome-*.parquet')" >"$work/torn.parquet"
expect torn.parquet -- "$gyre" data label add "$work/set" --import "$work/torn.parquet"
expect "no such labels" -- "$gyre" data label drop "$work/set" --name quality
"$gyre" data label drop "$work/set" --name outcome >/dev/null 2>&1 || complain "labels are not dropped"
file=$(find "$work/set/data" -name '*.parquet' | head -1)
head -c 200 "$file" >"$file.cut" && mv "$file.cut" "$file"
expect file-000.parquet -- "$gyre" train --data "$work/set" --out "$work/policy" --steps 1

# Folders of LeRobot and openpi that are not what they should be.
golden=$source_dir/tests/golden
# folder NAME: a fresh copy of golden pi0 at $work/NAME.
folder() {
  rm -rf "${work:?}/$1" && mkdir "$work/$1"
  cp "$golden/pi0/config.json" "$golden/pi0/model.safetensors" "$work/$1/"
}
folder huge && printf '\377\377\377\377\377\377\377\177' | dd of="$work/huge/model.safetensors" conv=notrunc status=none
expect huge/model.safetensors header -- "$gyre" policy info "$work/huge"
folder dtype && LC_ALL=C sed -i 's/"dtype":"F32"/"dtype":"F99"/' "$work/dtype/model.safetensors"
expect dtype/model.safetensors F99 -- "$gyre" policy info "$work/dtype"
folder type && sed -i 's/"type": "pi0"/"type": "act"/' "$work/type/config.json"
expect type/config.json act -- "$gyre" policy info "$work/type"
folder lack && LC_ALL=C sed -i 's/state_proj.bias/state_proj.bios/' "$work/lack/model.safetensors"
expect lack/model.safetensors state_proj.bias -- "$gyre" policy info "$work/lack"
folder shards && mv "$work/shards/model.safetensors" "$work/shards/model-00001-of-00002.safetensors"
expect shards -- "$gyre" policy info "$work/shards"
mkdir -p "$work/jax/params"
expect jax JAX -- "$gyre" policy info "$work/jax"
expect tiny_gemma_like.model 700 512 -- "$gyre" policy info "$golden/pi0" --tokenizer "$golden/misc/tiny_gemma_like.model"
printf '{"norm_stats": {"state": {"mean": [0], "std": [1]}, "actions": {"mean": [0], "std": [1]}}}' >"$work/narrow.json"
"$gyre" record --task open_drawer --embodiment panda --episodes 1 --seed 1 --out "$work/one" >/dev/null 2>&1
expect --stats -- "$gyre" eval --policy "$golden/pi0" --data "$work/one" --only 0
expect observation.state 14 -- "$gyre" eval --policy "$golden/pi0" --data "$work/one" --only 0 --stats "$work/narrow.json" --tokenizer tests/vocabulary/unigram.model
expect type -- "$gyre" policy verify "$work/type"
folder bare
expect bare golden -- "$gyre" policy verify "$work/bare"

# The scope.
expect none.db ledger -- "$gyre" drive --robot sim:so101 --ledger "$work/none.db"
expect speed -- "$gyre" scope ask "open the drawer" --robot so101 --runs "$work/no_runs" --speed 3
expect --attempts -- "$gyre" scope measure --runs "$work/no_runs" --attempts 0
expect --person -- "$gyre" bench scope --person 2

[ $failed = 0 ] && echo "cli errors: all as they should be"
exit $((failed > 0))
