#!/usr/bin/env bash
# A recorded dataset goes through the tools of `gyre data`; every Parquet file that comes out is read by another
# program's reader and every video counted by ffprobe, with the same counts.
#   tests/datasets/outside.sh PROGRAM NODE_MODULES
set -u
gyre=$(realpath "$1")
modules=$(realpath "$2") || exit 2
here=$(cd "$(dirname "$0")" && pwd)
[ -d "$modules/hyparquet" ] || { echo "no hyparquet in $modules; run scripts/setup.sh --all" >&2; exit 2; }
cd "$here/../.." || exit 1  # the program's defaults name files of assets/
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { failed=$((failed + 1)); echo "FAILED: $1"; }

run() {  # the program, which must succeed
  "$gyre" "$@" >"$work/log" 2>&1 || complain "gyre $*: exit code $?: $(tail -1 "$work/log")"
}
# refuse CODE WORD COMMAND...: the exit code, and one line that holds the word.
refuse() {
  local code=$1 word=$2 found
  shift 2
  "$gyre" "$@" >/dev/null 2>"$work/log"
  found=$?
  [ $found = "$code" ] || complain "gyre $*: exit code $found, not $code"
  [[ $(cat "$work/log") == *"$word"* ]] && [ "$(wc -l <"$work/log")" = 1 ] ||
    complain "gyre $*: said '$(cat "$work/log")', not one line with '$word'"
}
number() {  # of a key in a dataset's meta/info.json
  node -p "JSON.parse(require('fs').readFileSync('$1/meta/info.json')).$2"
}

rows_in() {  # of the files that were read, those with the word in their path
  echo $(($(grep "$1" "$work/read" | sed 's/.*"rows":\([0-9]*\).*/\1/' | paste -sd+)))
}

# check FOLDER EPISODES: every file of it, read by others, says the same.
check() {
  local folder=$1 episodes=$2 frames rows video
  frames=$(number "$folder" total_frames)
  [ "$(number "$folder" total_episodes)" = "$episodes" ] ||
    complain "$folder: $(number "$folder" total_episodes) episodes, not $episodes"
  node "$here/read_parquet.mjs" "$modules" $(find "$folder" -name '*.parquet') >"$work/read" 2>"$work/log" ||
    complain "$folder: $(tail -1 "$work/log")"
  rows=$(rows_in /data/chunk)
  [ "$rows" = "$frames" ] || complain "$folder: the data files hold $rows rows, not $frames"
  rows=$(rows_in /meta/episodes/)
  [ "$rows" = "$episodes" ] || complain "$folder: meta/episodes holds $rows rows, not $episodes"
  for camera in "$folder"/videos/*; do
    video=0
    for file in $(find "$camera" -name '*.mp4'); do
      video=$((video + $(ffprobe -v error -count_frames -select_streams v:0 -show_entries stream=nb_read_frames \
        -of csv=p=0 "$file")))
    done
    [ "$video" = "$frames" ] || complain "$camera: $video frames, not $frames"
  done
  run data verify "$folder"
}

record=("$gyre" record --task open_drawer --embodiment panda --camera-size 32)
"${record[@]}" --episodes 4 --seed 1 --out "$work/a" >/dev/null 2>&1 || complain "record"
"${record[@]}" --episodes 2 --seed 9 --out "$work/b" >/dev/null 2>&1 || complain "record"
check "$work/a" 4

run data merge "$work/a" "$work/b" --out "$work/merged"
check "$work/merged" 6
run data split "$work/merged" --part train=0-3 --part val=4,5 --out "$work/parts"
check "$work/parts/train" 4
check "$work/parts/val" 2
run data trim "$work/parts/train" --keep 0=2: --keep all=3:-2 --out "$work/trimmed"
check "$work/trimmed" 4
run data filter "$work/trimmed" --where "length > 5" --having "count(*) > 5" --out "$work/filtered"
check "$work/filtered" 4
run data delete "$work/filtered" --episodes 1 --in-place
check "$work/filtered" 3
check "$work/filtered.backup" 4
run data tasks "$work/filtered" --set "0=pull it open" --out "$work/words"
check "$work/words" 3
run data tasks "$work/words"
grep -q "pull it open" "$work/log" || complain "tasks does not list the new words"
run data drop-feature "$work/words" source --out "$work/dropped"
check "$work/dropped" 3
run data reencode "$work/dropped" --group 4 --size 48x48 --out "$work/small"
check "$work/small" 3
run data stats "$work/small" --in-place
check "$work/small" 3
run data info "$work/small"
grep -q "made by .*data merge" "$work/log" || complain "info does not tell where the dataset comes from"
run data convert "$work/small" --to mcap --out "$work/mcap"
[ "$(find "$work/mcap" -name '*.mcap' | wc -l)" = 3 ] || complain "not a file of each episode"

# What does not fit is refused, and nothing changes.
before=$(cd "$work" && find a -type f -exec sha256sum {} + | sort)
refuse 2 "episodes are 0 to 3" data delete "$work/a" --episodes 4 --in-place
refuse 2 "every episode" data delete "$work/a" --episodes 0-3 --in-place
refuse 2 "frames 3:9999" data trim "$work/a" --keep 1=3:9999 --in-place
refuse 2 "feature 'source'" data merge "$work/a" "$work/small" --out "$work/none"
refuse 2 "is there already" data merge "$work/a" "$work/b" --out "$work/merged"
refuse 2 "lenght" data filter "$work/a" --where "lenght > 3"
refuse 2 "/proc/none" data merge "$work/a" "$work/b" --out /proc/none
run data delete "$work/a" --episodes 0 --in-place --dry-run
"$gyre" data merge "$work/a" "$work/b" --out "$work/none" --dry-run >/dev/null || complain "--dry-run"
bash -c "ulimit -f 8; exec '$gyre' data stats '$work/a' --in-place" >/dev/null 2>"$work/log"
[ $? = 2 ] && [ "$(wc -l <"$work/log")" = 1 ] || complain "a full disk: $(cat "$work/log")"
[ "$before" = "$(cd "$work" && find a -type f -exec sha256sum {} + | sort)" ] || complain "the dataset changed"
[ ! -e "$work/none" ] && [ -z "$(find "$work" -maxdepth 1 -name '*.partial-*')" ] || complain "something is left behind"

# A finding is exit code 1.
cp -r "$work/a" "$work/damaged"
sed -i 's/"total_frames": [0-9]*/"total_frames": 7/' "$work/damaged/meta/info.json"
"$gyre" data verify "$work/damaged" >"$work/log" 2>&1
[ $? = 1 ] && grep -q "counts: meta/info.json says 7 frames" "$work/log" || complain "verify: $(cat "$work/log")"
run data repair "$work/damaged" --out "$work/mended"
check "$work/mended" 4

[ $failed = 0 ] && echo "data tools: all as they should be"
exit $((failed > 0))
