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
expect --seed -- "$gyre" eval --sedd 3
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

# A full disk, and a file size limit: recorded data stays, the error names the file.
expect /dev/full -- "$gyre" sim --expert --task open_drawer --json /dev/full
expect "$work/limited" -- bash -c "ulimit -f 8; '$gyre' record --task open_drawer --embodiment panda --episodes 1 --out '$work/limited'"
# The disk fills up while several episodes are being made: the workers end too.
expect "$work/full" -- timeout 60 bash -c "ulimit -f 400; '$gyre' record --task open_drawer --embodiment panda --episodes 100 --camera-size 32 --out '$work/full'"

# A truncated dataset names its file; so does the lack of what reads it, and a recording is safe.
"$gyre" record --task open_drawer --embodiment panda --episodes 2 --seed 1 --out "$work/set" >/dev/null 2>&1
expect libduckdb.so setup.sh -- env GYRE_DUCKDB=/nowhere "$gyre" data info "$work/set"
expect libduckdb.so lost.journal -- bash -c "rm -f '$work/lost.journal'; GYRE_DUCKDB=/nowhere '$gyre' record --task open_drawer --episodes 1 --out '$work/lost'"
"$gyre" data convert "$work/lost.journal" "$work/lost" >/dev/null 2>&1 || { echo "FAILED: the recording was lost"; failed=1; }
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

[ $failed = 0 ] && echo "cli errors: all as they should be"
exit $((failed > 0))
