#!/usr/bin/env bash
# Runs the program on folders that others wrote, and judges each command by what must happen:
#
#   scripts/cases.sh FOLDER [CASE...]
#
# FOLDER holds a folder for each case (c01-rename-map, ...) with a make.py that makes its input, and
# common.py. Inputs are made in build/cases (python3, and ffmpeg for videos, are needed for that
# alone). Prints a row for each expectation; exit code 1 if one of them does not hold.
# GYRE names the program (build/gyre), CASES_DIR the place for inputs and outputs.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
cases=$(cd "${1:?the folder of the cases}" && pwd)
shift
chosen=("$@")
gyre=$(realpath "${GYRE:-build/gyre}")
scratch=$(realpath -m "${CASES_DIR:-build/cases}")
mkdir -p "$scratch"

# --- making inputs -------------------------------------------------------------------------------
duckdb=${GYRE_DUCKDB:-$(find .deps -name 'libduckdb*.so' -print -quit 2>/dev/null)}

# The input of case $1, made anew when make.py or common.py changed.
make_input() {
  local name=$1 stamp
  stamp=$(cat "$cases/common.py" "$cases/$name/make.py" | cksum)
  [[ $(cat "$scratch/$name.made" 2>/dev/null) == "$stamp" ]] && return 0
  rm -rf "${scratch:?}/$name" "$scratch/$name.made"
  cp "$cases/common.py" "$scratch/"
  cp -r "$cases/$name" "$scratch/$name"
  (cd "$scratch/$name" && GYRE_DUCKDB=$(realpath "$root/$duckdb" 2>/dev/null || echo "$duckdb") \
    GOLDEN=$root/tests/golden python3 make.py) >"$scratch/$name.make.log" 2>&1 || return 1
  echo "$stamp" >"$scratch/$name.made"
}

# --- running and judging -------------------------------------------------------------------------
failed=0 rows=0
name="" in="" work=""

row() { # WHAT VERDICT [WHY]
  rows=$((rows + 1))
  [[ $2 == ok ]] || failed=$((failed + 1))
  printf '%-26s %-32s %-5s %s\n' "$name" "$1" "$2" "${3:-}"
}

# Begins a case; false when it is not wanted, or its input could not be made.
begin() { # CASE
  name=$1 in=$scratch/$1/input work=$scratch/$1/work
  [[ ${#chosen[@]} == 0 || " ${chosen[*]} " == *" ${1%%-*} "* || " ${chosen[*]} " == *" $1 "* ]] || return 1
  [[ -f $cases/$1/make.py ]] || { row "input" FAIL "no $cases/$1/make.py"; return 1; }
  make_input "$1" || { row "input" FAIL "make.py failed: see $scratch/$1.make.log"; return 1; }
  rm -rf "$work" && mkdir -p "$work"
}

# Runs the program; what it says lies in $work/LABEL.{out,err,code}.
run() { # LABEL ARGUMENTS...
  local label=$1
  shift
  last=$label
  timeout 300 "$gyre" "$@" >"$work/$label.out" 2>"$work/$label.err"
  echo $? >"$work/$label.code"
}

code() { cat "$work/$1.code"; }
why() { grep -h '^gyre:' "$work/$1.err" | tail -n 1 | cut -c 1-160; }

# The words that are missing in the file $1.
missing_words() { # FILE WORDS...
  local file=$1 word
  shift
  for word in "$@"; do grep -qF -- "$word" "$file" || printf "'%s' " "$word"; done
}

works() { # exit code 0, and standard output or error hold the words
  cat "$work/$last.out" "$work/$last.err" >"$work/$last.all"
  local lost
  lost=$(missing_words "$work/$last.all" "$@")
  if [[ $(code "$last") != 0 ]]; then
    row "$last" FAIL "exit code $(code "$last"): $(why "$last")"
  elif [[ -n $lost ]]; then
    row "$last" FAIL "does not say $lost"
  else
    row "$last" ok
  fi
}

refused() { # exit code 2, and one line that holds the words
  grep '^gyre:' "$work/$last.err" >"$work/$last.line"
  local lost
  lost=$(missing_words "$work/$last.line" "$@")
  if [[ $(code "$last") != 2 ]]; then
    row "$last" FAIL "exit code $(code "$last"), not a refusal: $(why "$last")"
  elif [[ $(wc -l <"$work/$last.line") != 1 ]]; then
    row "$last" FAIL "not one line"
  elif [[ -n $lost ]]; then
    row "$last" FAIL "does not say $lost: $(why "$last")"
  else
    row "$last" ok "$(why "$last")"
  fi
}

works_or_refused() { # either; the words belong to the refusal
  if [[ $(code "$last") == 0 ]]; then works; else refused "$@"; fi
}

# The errors that two evaluations (--json) measured.
errors_of() { node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  console.log(JSON.stringify([r.observations, r.errors]))' "$work/$1.json" 2>/dev/null || echo "none of $1"; }
same() { # LABEL LABEL
  if [[ $(errors_of "$1") == "$(errors_of "$2")" ]]; then row "$1 = $2" ok; else
    row "$1 = $2" FAIL "$(errors_of "$1" | cut -c 1-70) and $(errors_of "$2" | cut -c 1-70)"; fi
}
differ() { # LABEL LABEL
  if [[ -s $work/$1.json && -s $work/$2.json && $(errors_of "$1") != "$(errors_of "$2")" ]]; then
    row "$1 # $2" ok; else row "$1 # $2" FAIL "the same numbers, or none"; fi
}

# The numbers of a float32 tensor in a safetensors file.
tensor() { # FILE NAME
  node -e 'const b = require("fs").readFileSync(process.argv[1]), n = Number(b.readBigUInt64LE(0));
    const t = JSON.parse(b.subarray(8, 8 + n))[process.argv[2]], [from, to] = t.data_offsets;
    const v = []; for (let i = from; i < to; i += 4) v.push(b.readFloatLE(8 + n + i));
    console.log(JSON.stringify(v))' "$1" "$2" 2>/dev/null || echo "none in $1"
}
holds() { # WHAT TEXT TEXT: the two are equal
  if [[ $2 == "$3" ]]; then row "$1" ok; else row "$1" FAIL "$(cut -c 1-60 <<<"$2") and $(cut -c 1-60 <<<"$3")"; fi
}

words=(--tokenizer tests/vocabulary/unigram.model)
info() { run "$1" data info "$2"; }                                             # LABEL FOLDER
eval_with() { local l=$1 p=$2 d=$3; shift 3; run "$l" eval --policy "$p" --data "$d" "${words[@]}" --json "$work/$l.json" "$@"; }
train() { local l=$1; shift; run "$l" train --out "$work/$l.policy" --steps 1 "$@"; }
pi0=tests/golden/pi0

# --- the cases -----------------------------------------------------------------------------------
if begin c01-rename-map; then
  eval_with mapped "$in/policy" "$in/data" --only 0; works
  eval_with named "$in/policy" "$in/data" --only 0 --camera-names overhead,left_wrist_0_rgb,none; works
  same mapped named
  train train --start "$in/policy" --data "$in/data" --batch 2 "${words[@]}"; works
  holds "train keeps the map" "$(grep -c '"observation.images.overhead": "observation.images.base_0_rgb"' \
    "$work/train.policy/policy_preprocessor.json" 2>/dev/null)" 1
fi

if begin c02-same-last-word; then
  eval_with data "$in/policy" "$in/data" --only 0; works
  eval_with plain "$in/policy" "$in/plain" --only 0; works
  same data plain
  eval_with sides "$in/policy_sides" "$in/sides" --only 0 --camera-names left.rgb,right.rgb; works
  eval_with sides_plain "$in/policy_sides_plain" "$in/sides_plain" --only 0; works
  same sides sides_plain
  eval_with short "$in/policy" "$in/data" --only 0 --camera-names left_wrist,head
  refused rgb.left_wrist depth.left_wrist
fi

if begin c04-nan-in-stats; then
  info info "$in/data"; works observation.effort
  train train --data "$in/data"; works
  eval_with eval $pi0 "$in/data" --only 0 --stats "$in/data/meta/stats.json"; works
fi

if begin c05-libero-keys; then
  info data "$in/data"; works image wrist_image
  info parts "$in/parts"; works observation.states.joint.position
  eval_with libero $pi0 "$in/data" --only 0 --robot libero; works_or_refused --stats
fi

if begin c07-brackets-in-path; then
  info "take[12]" "$in/takes/take[12]"; works "2 x fold the cloth"
  info "w?" "$in/takes/w?"; works "2 x fold the cloth"
  eval_with brackets $pi0 "$in/takes/take[12]" --only 1 --stats "$in/plain/meta/stats.json"; works
  eval_with plain $pi0 "$in/plain" --only 1 --stats "$in/plain/meta/stats.json"; works
  same brackets plain
  info "blanks" "$in/cloth [take 2]"; works "2 x fold the cloth"
  info "letters" "$in/Tücher falten ✓"; works "2 x fold the cloth"
fi

if begin c08-key-equals-value-path; then
  eval_with task $pi0 "$in/task=demo" --only 1 --stats "$in/plain/meta/stats.json"; works
  eval_with demo $pi0 "$in/words_demo" --only 1 --stats "$in/plain/meta/stats.json"; works
  eval_with plain $pi0 "$in/plain" --only 1 --stats "$in/plain/meta/stats.json"; works
  same task plain
  differ demo plain
  info "episode_index=0" "$in/episode_index=0"; works "hang the cloth"
  info "timestamp=2026-01-05" "$in/timestamp=2026-01-05"; works "hang the cloth"
  info "seed=3" "$in/seed=3"; works "hang the cloth"
fi

if begin c10-normaliser-in-weights; then
  run info policy info "$in/policy"; works "state by mean/std of 14 fields"
  eval_with eval "$in/policy" "$in/data" --only 0; works
  train train --start "$in/policy" --data "$in/data" --batch 2 "${words[@]}"; works
  holds "train keeps the normaliser" \
    "$(tensor "$(ls "$work"/train.policy/policy_preprocessor_step_*_normalizer_processor.safetensors 2>/dev/null)" action.mean)" \
    "$(tensor "$in/policy/model.safetensors" unnormalize_outputs.buffer_action.mean)"
  run old_names policy info "$in/old_names"; works_or_refused "older LeRobot"
fi

if begin c11-compiled-prefix; then
  run compiled policy info "$in/compiled"; works_or_refused _orig_mod.
  run inside policy info "$in/compiled_inside"; works_or_refused _orig_mod.
  run parallel policy info "$in/parallel"; works_or_refused module.
fi

if begin c13-fractional-fps; then
  info ntsc "$in/ntsc"; works "29.97 a second"
  info slow "$in/slow"; works "0.5 a second"
  info slower "$in/slower"; works "0.4 a second"
  info thirty "$in/thirty"; works "30 a second"
fi

if begin c14-open-gop; then
  stats=(--stats "$in/h264/meta/stats.json")
  eval_with h264_0 $pi0 "$in/h264" --only 0 "${stats[@]}"; works
  eval_with h264_1 $pi0 "$in/h264" --only 1 "${stats[@]}"; works
  eval_with hevc_1 $pi0 "$in/hevc" --only 1 --stats "$in/hevc/meta/stats.json"; works
  eval_with intra_refresh_1 $pi0 "$in/intra_refresh" --only 1 --stats "$in/intra_refresh/meta/stats.json"; works
  eval_with closed_1 $pi0 "$in/closed" --only 1 --stats "$in/closed/meta/stats.json"; works
fi

if begin c16-depth-png; then
  info info "$in/png"; works "depth map" base_0_depth
  holds "one colour camera" "$(grep -c '^  camera ' "$work/info.out")" 1
  train train --data "$in/png"; works
  run cameras policy info "$work/train.policy"; works '["base_0_rgb 64x48"]'
fi

if begin c17-rotated-video; then
  info info "$in/data"; works
  eval_with turned $pi0 "$in/data" --only 1 --stats "$in/data/meta/stats.json"; works
  eval_with lying $pi0 "$in/lying" --only 1 --stats "$in/data/meta/stats.json"; works
  differ turned lying
fi

if begin c19-no-count; then
  info info "$in/data"; works
  train train --data "$in/data"; works
fi

if begin c20-null-place; then
  stats=(--stats "$in/good/meta/stats.json")
  info null "$in/null"; works "episodes 1"
  eval_with null_1 $pi0 "$in/null" --only 1 "${stats[@]}"; refused "episode 1" base_0_rgb
  eval_with good_1 $pi0 "$in/good" --only 1 "${stats[@]}"; works
  info doubles "$in/doubles"; works
  info single_precision "$in/single_precision"; works
  info plain_task "$in/plain_task"; works_or_refused tasks .parquet
fi

if begin c22-blank-line; then
  for each in windows spaces mark; do info $each "$in/$each"; works "2 of 2 present"; done
fi

if begin c23-nan-frame; then
  train all --data "$in/data"; refused "episode 3" "frame 9" left_wrist "--without 3" input/data
  train without --data "$in/data" --without 3; works
fi

if begin c25-double-times; then
  for each in time ints plain_bytes path_first; do
    info "info $each" "$in/$each"; works "2 of 2 present"
    train "train $each" --data "$in/$each"; works
  done
fi

if begin c26-hub-cache; then
  hub=$in/datasets--lab--cloth/snapshots/5f3d
  info snapshot "$hub"; works "2 of 2 present"
  eval_with eval "$in/models--lab--pi0/snapshots/5f3d" "$hub" --only 0; works
  info linked "$in/linked/data"; works "2 of 2 present"
  run openpi policy info "$in/linked/openpi"; works "asset         lab"
fi

if begin c28-no-input-features; then
  stats=(--stats "$in/data/meta/stats.json")
  eval_with nothing "$in/no_inputs" "$in/data" --only 0 "${stats[@]}"; refused --camera-names
  eval_with number "$in/no_inputs" "$in/data" --only 0 "${stats[@]}" --cameras 2; works_or_refused --camera-names
  both=base_0_rgb,left_wrist_0_rgb
  eval_with both "$in/no_inputs" "$in/data" --only 0 "${stats[@]}" --cameras 2 --camera-names $both; works
  eval_with names "$in/no_inputs" "$in/data" --only 0 "${stats[@]}" --camera-names $both; works
  same both names
  eval_with empty "$in/empty" "$in/data" --only 0 "${stats[@]}"; works empty_camera_0
fi

if begin c30-long-episode; then
  info info "$in/data"; works "72000"
  train train --data "$in/data"; works
fi

if begin c33-relative-gripper; then
  for each in named unnamed indexed; do eval_with $each "$in/policy" "$in/$each" --only 0; works; done
  same named unnamed
  same named indexed
fi

if begin c34-more-columns; then
  train plain --data "$in/plain"; works
  info language "$in/language"; works "2 of 2 present"
  train language --data "$in/language"; works
  train language_single --data "$in/language_single"; works
fi

echo "$((rows - failed)) of $rows expectations hold"
[[ $failed == 0 && $rows -gt 0 ]]
