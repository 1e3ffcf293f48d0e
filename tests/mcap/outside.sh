#!/usr/bin/env bash
# What @mcap/core finds in the files of write_sample must be what their writer says.
#
#   outside.sh WRITE_SAMPLE NODE_MODULES
set -euo pipefail
[ -d "$2/@mcap/core" ] || { echo "no @mcap/core in $2; run scripts/setup.sh --all" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder" >"$folder/written"
node "$(dirname "$0")/read_mcap.mjs" "$2" "$folder"/*.mcap >"$folder/read"
diff "$folder/written" "$folder/read"
[ "$(wc -l <"$folder/read")" = 5 ]
cat "$folder/read"
